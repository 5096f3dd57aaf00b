import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { composeKnownPool } from '@/lib/core/poolList'
import type { Snapshot } from '@/lib/core/snapshot'
import {
  type BenchReport,
  listMissed,
  type Measurement,
  measureAtMost,
  measureOnly,
  quantile,
  writeKilobytes,
  writeMs,
} from './measurement'
import { type BenchChain, withBenchChain } from './sending'

const runs = 15

type Traffic = { requests: number; sentBytes: number; receivedBytes: number }

/** Counts what travels while something is read. */
async function watchTraffic(read: () => Promise<Snapshot>): Promise<{ readonly snapshot: Snapshot } & Traffic> {
  const traffic: Traffic = { requests: 0, sentBytes: 0, receivedBytes: 0 }
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const answer = await send(input, init)
    const bytes = await answer.arrayBuffer()
    traffic.requests += 1
    traffic.sentBytes += typeof init?.body === 'string' ? init.body.length : 0
    traffic.receivedBytes += bytes.byteLength
    return new Response(bytes, { status: answer.status, headers: answer.headers })
  }
  try {
    return { snapshot: await read(), ...traffic }
  } finally {
    globalThis.fetch = send
  }
}

async function measureReads(
  name: string,
  { goal, read }: { readonly goal: number; readonly read: () => Promise<Snapshot> },
): Promise<readonly Measurement[]> {
  const { requests, sentBytes, receivedBytes } = await watchTraffic(read)
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now()
    await read()
    times.push(performance.now() - started)
  }
  const traffic = `${writeKilobytes(sentBytes)}, ${writeKilobytes(receivedBytes)}`
  return [
    measureAtMost({ name: `${name}: rounds of requests`, value: requests, goal, write: String }),
    measureOnly(
      '  sent, received; median, slowest',
      `${traffic}; ${writeMs(quantile(times, 0.5))}, ${writeMs(Math.max(...times))}`,
    ),
  ]
}

/** What a snapshot costs to read: on the very first visit, after a reload, and with every block. */
export function measureReading(): Promise<BenchReport> {
  return withBenchChain(async ({ devnet, client }: BenchChain) => {
    const request = { deployment, account: devnet.accounts.demo.address }
    const previous = await readSnapshot(client, request)
    const knownPools = previous.pools.map(composeKnownPool)
    const measurements = [
      ...(await measureReads('first', { goal: 3, read: () => readSnapshot(client, request) })),
      ...(await measureReads('after a reload', {
        goal: 1,
        read: () => readSnapshot(client, { ...request, knownPools }),
      })),
      ...(await measureReads('with a block', {
        goal: 1,
        read: () => readSnapshot(client, { ...request, knownPools, previous }),
      })),
    ]
    return { title: `Reading ${previous.pools.length} pools`, measurements, losses: listMissed(measurements) }
  })
}
