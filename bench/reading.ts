import { createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { composeKnownPool } from '@/lib/core/poolList'
import type { Snapshot } from '@/lib/core/snapshot'
import { type FaultRule, startFaultyRpc } from '@/lib/testing/faultyRpc'
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

/** The first read of a visit, over and over, while one of two endpoints fails; a new client knows nothing of that. */
async function measureFaultyReads(devnet: BenchChain['devnet']): Promise<readonly Measurement[]> {
  const [faulty, sound] = [await startFaultyRpc(devnet.rpcUrl), await startFaultyRpc(devnet.rpcUrl)]
  const faults: readonly (readonly [string, FaultRule])[] = [
    ['never answers', { action: { kind: 'hang' } }],
    ['takes 20 s every third time', { action: { kind: 'delay', ms: 20_000 }, every: 3 }],
    ['drops in the middle of the body', { action: { kind: 'drop', afterBytes: 500 } }],
    ['answers 429', { action: { kind: 'status', status: 429 } }],
  ]
  const measurements: Measurement[] = []
  for (const [name, rule] of faults) {
    faulty.setRules([rule])
    const times: number[] = []
    for (let run = 0; run < runs; run += 1) {
      const client = createChainClient({ deployment, rpcUrls: [faulty.url, sound.url] })
      const started = performance.now()
      await readSnapshot(client, { deployment, account: devnet.accounts.demo.address })
      times.push(performance.now() - started)
    }
    measurements.push(
      measureAtMost({
        name: `one of two endpoints ${name}: p95`,
        value: quantile(times, 0.95),
        goal: 5_000,
        write: writeMs,
      }),
    )
  }
  await Promise.all([faulty.stop(), sound.stop()])
  return measurements
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
      ...(await measureFaultyReads(devnet)),
    ]
    return { title: `Reading ${previous.pools.length} pools`, measurements, losses: listMissed(measurements) }
  })
}
