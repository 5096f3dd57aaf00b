import { solveRouting } from '@/lib/core/routing/solveRouting'
import {
  type Comparison,
  compareCosts,
  describeComparisons,
  goalRatio,
  listDear,
  listLosses,
  toRatio,
} from './compareCosts'
import { drawMarketWithGas } from './marketWithGas'
import {
  type BenchReport,
  listMissed,
  type Measurement,
  measureAtMost,
  measureOnly,
  quantile,
  writeRatio,
} from './measurement'
import type { MarketSize } from './routingMarkets'

type Case = MarketSize & {
  /** What calling a pool costs; the portfolio is worth 100,000. */
  readonly gas: number
  readonly markets: number
  /** Markets of these in which the splits are worked out too. */
  readonly splitMarkets: number
}

const cases: readonly Case[] = [
  { tokens: 5, pools: 20, gas: 0, markets: 40, splitMarkets: 40 },
  { tokens: 10, pools: 60, gas: 0, markets: 40, splitMarkets: 40 },
  { tokens: 10, pools: 60, gas: 0.24, markets: 40, splitMarkets: 40 },
  { tokens: 10, pools: 60, gas: 4.8, markets: 40, splitMarkets: 40 },
  { tokens: 20, pools: 200, gas: 0, markets: 40, splitMarkets: 20 },
  { tokens: 100, pools: 1_000, gas: 0, markets: 20, splitMarkets: 5 },
  { tokens: 100, pools: 10_000, gas: 0, markets: 10, splitMarkets: 2 },
]

function compareCase({ gas, markets, splitMarkets, ...size }: Case): readonly Comparison[] {
  return Array.from({ length: markets }, (_, index) => {
    const seed = index + 1
    const problem = drawMarketWithGas(size, gas, seed)
    const name = `market ${seed} of ${nameCase({ ...size, gas })}`
    const ways = seed <= splitMarkets ? (['singlePaths', 'splits'] as const) : (['singlePaths'] as const)
    return compareCosts({ name, problem, solution: solveRouting(problem), ways })
  })
}

function nameCase({ tokens, pools, gas }: Pick<Case, 'tokens' | 'pools' | 'gas'>): string {
  return `${tokens} x ${pools}, ${gas === 0 ? 'no gas' : `gas ${gas} a pool`}`
}

/** What the joint plan costs against N separate swaps on the same pools, with the same fees and gas, to the same end weights. */
export async function measureCosts(): Promise<BenchReport> {
  const results = cases.map((one) => ({ name: nameCase(one), comparisons: compareCase(one) }))
  const all = results.flatMap(({ comparisons }) => comparisons)
  const ratiosOf = (way: 'singlePaths' | 'splits') => all.flatMap((one) => toRatio(one, way) ?? [])
  const [single, split] = [ratiosOf('singlePaths'), ratiosOf('splits')]
  const goals: readonly Measurement[] = [
    measureAtMost({
      name: 'all: joint over single paths, median',
      value: quantile(single, 0.5),
      goal: goalRatio,
      write: writeRatio,
    }),
    measureAtMost({
      name: 'all: joint over single paths, worst',
      value: Math.max(...single),
      goal: 1,
      write: writeRatio,
    }),
    measureOnly('all: joint over splits, median', writeRatio(quantile(split, 0.5))),
    measureAtMost({ name: 'all: joint over splits, worst', value: Math.max(...split), goal: 1, write: writeRatio }),
  ]
  return {
    title: 'Joint plan against separate swaps',
    measurements: [...results.flatMap(({ name, comparisons }) => describeComparisons(name, comparisons)), ...goals],
    losses: [
      ...listLosses(all),
      ...results.flatMap(({ name, comparisons }) => listDear(name, comparisons)),
      ...listMissed(goals),
    ],
  }
}
