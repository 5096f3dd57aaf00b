import { makerAccount } from '@/devnet/accounts'
import { seededRandom } from '@/devnet/seededRandom'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import type { Pool } from '@/lib/core/snapshot'
import { deepenMarket } from '@/lib/testing/fidelity/deepenMarket'
import {
  countTrials,
  drawTrials,
  type QuotedTrial,
  quoteTrials,
  type TrialCounts,
} from '@/lib/testing/fidelity/swapTrials'
import { type BenchReport, listMissed, type Measurement, measureAtMost, measureOnly } from './measurement'
import { type BenchChain, withBenchChain } from './sending'

const swapsPerKind = 10_000
/** Of the drawn swaps a few are refused on both sides: so many more are drawn that enough remain. */
const spare = 1.25
const seed = 17
const kinds = [
  { kind: 'constantProduct', name: 'v2 against the router' },
  { kind: 'concentrated', name: 'v3 against QuoterV2' },
  { kind: 'singleton', name: 'v4 against V4Quoter' },
] as const

/** Random swaps of one kind of pool, until enough were compared. */
async function compareKind(
  { client }: BenchChain,
  request: { readonly pools: readonly Pool[]; readonly blockHash: `0x${string}`; readonly random: () => number },
): Promise<TrialCounts> {
  const { pools, blockHash, random } = request
  const count = Math.ceil((swapsPerKind * spare) / pools.length)
  const quoted: QuotedTrial[] = []
  for (const pool of pools) {
    quoted.push(...(await quoteTrials(client, { trials: drawTrials(pool, { count, random }), blockHash })))
  }
  return countTrials(quoted)
}

function reportKind(name: string, counts: TrialCounts, pools: number): readonly Measurement[] {
  const { compared, crossing, crossingMany, refused, wrong, worst } = counts
  const write = (value: number) => value.toLocaleString('en-US')
  return [
    measureAtMost({
      name: `${name}: largest difference of ${write(compared)} swaps`,
      value: compared < swapsPerKind || wrong > 0 ? Number.NaN : Number(worst),
      goal: 0,
      write: (wei) => `${wei} wei`,
    }),
    measureOnly(
      '  pools; crossing a tick, more than five; beyond the ticks that were read',
      [pools, crossing, crossingMany, refused].map(write).join(', '),
    ),
  ]
}

/** Random swaps in every pool of a crowded market with protocol fees: the replay against the deployed quoters. */
export function measureSwapFidelity(): Promise<BenchReport> {
  return withBenchChain(async (chain) => {
    const random = seededRandom(seed)
    const read = () => readSnapshot(chain.client, { deployment, account: makerAccount.address })
    await deepenMarket(chain.devnet, { pools: (await read()).pools, random })
    const { pools, block } = await read()
    const measurements: Measurement[] = []
    for (const { kind, name } of kinds) {
      const ofKind = pools.filter((pool) => pool.kind === kind)
      const counts = await compareKind(chain, { pools: ofKind, blockHash: block.hash, random })
      measurements.push(...reportKind(name, counts, ofKind.length))
    }
    return { title: 'Exact replay of single swaps', measurements, losses: listMissed(measurements) }
  })
}
