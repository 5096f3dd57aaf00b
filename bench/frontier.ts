import { type FrontierPoint, solveFrontier } from '@/lib/core/routing/solveRouting'
import { verifyRoutingSolution } from '@/lib/core/routing/verify'
import { drawMarketWithGas } from './marketWithGas'
import { type Measurement, measureOnly, quantile, writeMs } from './measurement'
import type { MarketSize } from './routingMarkets'

const markets = 20

/** Shares of the portfolio below which a plan is no further from its targets, and no poorer. */
const sameDistance = 1e-6
const sameValue = 1e-9

/** More calls must never leave a portfolio further from its targets, nor poorer where it reaches them. */
function findStepBack(points: readonly FrontierPoint[]): number | undefined {
  return points.find(({ solution }, at) => {
    const before = points[at - 1]?.solution
    if (before === undefined) return false
    if (before.status === 'solved')
      return solution.status !== 'solved' || solution.value < before.value * (1 - sameValue)
    return solution.status !== 'solved' && solution.distance > before.distance + sameDistance
  })?.calls
}

/** The best plan for every number of pool calls: how long it takes, and whether every step is one forward. */
export function measureFrontier(
  size: MarketSize,
  gas: number,
): { readonly measurements: readonly Measurement[]; readonly losses: readonly string[] } {
  const name = `${size.tokens} x ${size.pools}, gas ${gas} a pool: frontier`
  const outcomes = Array.from({ length: markets }, (_, index) => {
    const problem = drawMarketWithGas(size, gas, index + 1)
    const started = performance.now()
    const points = solveFrontier(problem)
    const solveMs = performance.now() - started
    const wrong = points.find(({ solution }) => verifyRoutingSolution(problem, solution).status !== 'ok')
    const stepBack = findStepBack(points)
    const faults = [
      ...(wrong === undefined
        ? []
        : [`market ${index + 1} of ${name}: the plan of ${wrong.calls} calls is not what it says`]),
      ...(stepBack === undefined ? [] : [`market ${index + 1} of ${name}: ${stepBack} calls are worse than one less`]),
    ]
    return { solveMs, points: points.length, faults }
  })
  const times = outcomes.map(({ solveMs }) => solveMs)
  const counts = outcomes.map(({ points }) => points)
  return {
    measurements: [
      measureOnly(
        `${name}, solve time, median (worst)`,
        `${writeMs(quantile(times, 0.5))} (${writeMs(Math.max(...times))}), ${quantile(counts, 0.5)} points`,
      ),
    ],
    losses: outcomes.flatMap(({ faults }) => faults),
  }
}
