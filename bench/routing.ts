import type { RoutingProblem } from '@/lib/core/routing/problem'
import type { RoutingSolution } from '@/lib/core/routing/solution'
import { solveRouting } from '@/lib/core/routing/solveRouting'
import { verifyRoutingSolution } from '@/lib/core/routing/verify'
import { measureFrontier } from './frontier'
import { drawMarketWithGas } from './marketWithGas'
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
import { measureHeapGrowth } from './memory'
import { drawMarket, type MarketSize } from './routingMarkets'

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

type GasCase = {
  /** What calling a pool costs; the portfolio is worth 100,000. */
  readonly gas: number
  /** The most that the median and the worst certified gap may be, in basis points. */
  readonly goalMedianBps?: number
  readonly goalWorstBps: number
}

const gasSize: MarketSize = { tokens: 10, pools: 60 }
const gasMarkets = 100
const gasCases: readonly GasCase[] = [
  { gas: 0.24, goalMedianBps: 0.1, goalWorstBps: 0.3 },
  { gas: 4.8, goalWorstBps: 6 },
]

const goalHeapGrowth = 200_000

const writeGap = (gap: number) => gap.toExponential(1)
const writeBps = (bps: number) => `${bps.toFixed(3)} bps`

type Outcome = {
  readonly solution: RoutingSolution
  readonly solveMs: number
  readonly fault: string | undefined
}

function measureMarket(name: string, problem: RoutingProblem): Outcome {
  const times: number[] = []
  let solution = solveRouting(problem)
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const started = performance.now()
    solution = solveRouting(problem)
    times.push(performance.now() - started)
  }
  const verdict = verifyRoutingSolution(problem, solution)
  return {
    solution,
    solveMs: quantile(times, 0.5),
    fault:
      solution.status !== 'solved'
        ? `${name}: ${solution.reason}`
        : verdict.status === 'violated'
          ? `${name}: ${verdict.violations.map(({ kind }) => kind).join(', ')}`
          : undefined,
  }
}

type Part = { readonly measurements: readonly Measurement[]; readonly losses: readonly string[] }

const listFaults = (outcomes: readonly Outcome[]) => outcomes.flatMap(({ fault }) => fault ?? [])

function measureCase({ markets, goalMs, ...size }: Case): Part {
  const name = `${size.tokens} x ${size.pools}`
  measureMarket(name, drawMarket(size, 0))
  const outcomes = Array.from({ length: markets }, (_, index) =>
    measureMarket(`market ${index + 1} of ${name}`, drawMarket(size, index + 1)),
  )
  const times = outcomes.map(({ solveMs }) => solveMs)
  const gaps = outcomes.map(({ solution }) =>
    solution.status === 'solved' ? 1 - solution.value / solution.bound : Number.NaN,
  )
  const calls = outcomes.map(({ solution }) => solution.trades.length)
  const median = quantile(times, 0.5)
  return {
    measurements: [
      goalMs === undefined
        ? measureOnly(`${name}: solve time, median`, writeMs(median))
        : measureAtMost({ name: `${name}: solve time, median`, value: median, goal: goalMs, write: writeMs }),
      measureOnly(`${name}: solve time, 95 %`, writeMs(quantile(times, 0.95))),
      measureAtMost({
        name: `${name}: certified relative gap, worst`,
        value: Math.max(...gaps),
        goal: goalGap,
        write: writeGap,
      }),
      measureOnly(`${name}: pool calls, median`, String(quantile(calls, 0.5))),
    ],
    losses: listFaults(outcomes),
  }
}

function measureGasCase({ gas, goalMedianBps, goalWorstBps }: GasCase): Part {
  const name = `${gasSize.tokens} x ${gasSize.pools}, gas ${gas} a pool`
  const outcomes = Array.from({ length: gasMarkets }, (_, index) =>
    measureMarket(`market ${index + 1} of ${name}`, drawMarketWithGas(gasSize, gas, index + 1)),
  )
  const times = outcomes.map(({ solveMs }) => solveMs)
  const gaps = outcomes.map(({ solution }) => solution.gapBps ?? Number.NaN)
  const median = quantile(gaps, 0.5)
  return {
    measurements: [
      measureOnly(`${name}: solve time, median`, writeMs(quantile(times, 0.5))),
      measureOnly(`${name}: solve time, 95 %`, writeMs(quantile(times, 0.95))),
      goalMedianBps === undefined
        ? measureOnly(`${name}: certified gap, median`, writeBps(median))
        : measureAtMost({
            name: `${name}: certified gap, median`,
            value: median,
            goal: goalMedianBps,
            write: writeBps,
          }),
      measureAtMost({
        name: `${name}: certified gap, worst`,
        value: Math.max(...gaps),
        goal: goalWorstBps,
        write: writeBps,
      }),
    ],
    losses: listFaults(outcomes),
  }
}

/** Speed, certificate and memory of the joint planner on frozen synthetic markets. */
export async function measureRouting(): Promise<BenchReport> {
  const parts: readonly Part[] = [
    ...cases.map(measureCase),
    ...gasCases.map(measureGasCase),
    ...gasCases.map(({ gas }) => measureFrontier(gasSize, gas)),
  ]
  const measurements = [
    ...parts.flatMap((part) => part.measurements),
    measureAtMost({
      name: '1,000 solves: growth of the heap',
      value: measureHeapGrowth(),
      goal: goalHeapGrowth,
      write: writeKilobytes,
    }),
  ]
  return {
    title: 'Joint planner on frozen markets',
    measurements,
    losses: [...parts.flatMap(({ losses }) => losses), ...listMissed(measurements)],
  }
}
