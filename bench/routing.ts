import { solveRouting } from '@/lib/core/routing/solveRouting'
import { verifyRoutingSolution } from '@/lib/core/routing/verify'
import {
  type BenchReport,
  listMissed,
  type Measurement,
  measureAtMost,
  measureOnly,
  quantile,
  writeMs,
  writeRatio,
} from './measurement'
import { drawMarket, type MarketSize } from './routingMarkets'
import { swapSeparately } from './separateRoutes'

type Case = MarketSize & {
  readonly markets: number
  /** The most that the median solve may take. */
  readonly goalMs?: number
}

const cases: readonly Case[] = [
  { tokens: 5, pools: 20, markets: 40 },
  { tokens: 10, pools: 60, markets: 40 },
  { tokens: 20, pools: 200, markets: 40, goalMs: 1 },
  { tokens: 100, pools: 1_000, markets: 20, goalMs: 20 },
  { tokens: 100, pools: 10_000, markets: 10, goalMs: 50 },
]
const repeats = 3
const goalGap = 1e-8
const goalCostRatio = 0.85

const writeGap = (gap: number) => gap.toExponential(1)

type Outcome = {
  readonly solveMs: number
  readonly gap: number
  /** Cost of the joint plan over that of separate swaps. */
  readonly costRatio: number
  readonly poolCalls: number
  readonly fault: string | undefined
}

function measureMarket(size: MarketSize, seed: number): Outcome {
  const problem = drawMarket(size, seed)
  const times: number[] = []
  let solution = solveRouting(problem)
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const started = performance.now()
    solution = solveRouting(problem)
    times.push(performance.now() - started)
  }
  const separately = swapSeparately(problem)
  const verdict = verifyRoutingSolution(problem, solution)
  const name = `market ${seed} of ${size.tokens} x ${size.pools}`
  return {
    solveMs: quantile(times, 0.5),
    gap: solution.status === 'solved' ? 1 - solution.value / solution.bound : Number.NaN,
    costRatio: (solution.valueBefore - solution.value) / (solution.valueBefore - separately),
    poolCalls: solution.trades.length,
    fault:
      solution.status !== 'solved'
        ? `${name}: ${solution.reason}`
        : verdict.status === 'violated'
          ? `${name}: ${verdict.violations.map(({ kind }) => kind).join(', ')}`
          : undefined,
  }
}

type CaseReport = {
  readonly measurements: readonly Measurement[]
  readonly ratios: readonly number[]
  readonly losses: readonly string[]
}

function measureCase({ markets, goalMs, ...size }: Case): CaseReport {
  const name = `${size.tokens} x ${size.pools}`
  measureMarket(size, 0)
  const outcomes = Array.from({ length: markets }, (_, index) => measureMarket(size, index + 1))
  const times = outcomes.map(({ solveMs }) => solveMs)
  // Where single routes cannot carry the trades at all there is nothing to compare with.
  const ratios = outcomes.map(({ costRatio }) => costRatio).filter((ratio) => !Number.isNaN(ratio))
  const median = quantile(times, 0.5)
  const measurements = [
    goalMs === undefined
      ? measureOnly(`${name}: solve time, median`, writeMs(median))
      : measureAtMost({ name: `${name}: solve time, median`, value: median, goal: goalMs, write: writeMs }),
    measureOnly(`${name}: solve time, 95 %`, writeMs(quantile(times, 0.95))),
    measureAtMost({
      name: `${name}: certified relative gap, worst`,
      value: Math.max(...outcomes.map(({ gap }) => gap)),
      goal: goalGap,
      write: writeGap,
    }),
    measureOnly(`${name}: cost over separate swaps, median`, writeRatio(quantile(ratios, 0.5))),
    measureOnly(`${name}: cost over separate swaps, worst`, writeRatio(Math.max(...ratios))),
    measureOnly(
      `${name}: pool calls, median`,
      String(
        quantile(
          outcomes.map(({ poolCalls }) => poolCalls),
          0.5,
        ),
      ),
    ),
  ]
  const ratio = quantile(ratios, 0.5)
  const dear = ratio > goalCostRatio ? [`${name}: cost over separate swaps, median ${writeRatio(ratio)}`] : []
  const faults = outcomes.flatMap(({ fault }) => (fault === undefined ? [] : [fault]))
  return { measurements, ratios, losses: [...faults, ...dear] }
}

/** Speed, certificate and cost of the joint planner on frozen synthetic markets. */
export async function measureRouting(): Promise<BenchReport> {
  const results = cases.map(measureCase)
  const ratios = results.flatMap((result) => result.ratios)
  const measurements = [
    ...results.flatMap((result) => result.measurements),
    measureAtMost({
      name: 'all markets: cost over separate swaps, median',
      value: quantile(ratios, 0.5),
      goal: goalCostRatio,
      write: writeRatio,
    }),
    measureAtMost({
      name: 'all markets: cost over separate swaps, worst',
      value: Math.max(...ratios),
      goal: 1,
      write: writeRatio,
    }),
  ]
  return {
    title: 'Joint planner on frozen markets',
    measurements,
    losses: [...results.flatMap(({ losses }) => losses), ...listMissed(measurements)],
  }
}
