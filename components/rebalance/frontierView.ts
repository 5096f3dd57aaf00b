import { formatUsd } from '@/lib/core/numbers/format'
import type { FrontierPlan } from '@/lib/core/rebalance/plan'

/** One plan of the frontier, as it is drawn and told. */
export type FrontierPoint = {
  readonly legs: number
  readonly costUsd: bigint
  readonly driftBps: number
}

const bpsPerPoint = 100

/** A drift that is left, without a sign: 10 is `0.1 pp`. */
export function formatDriftLeft(driftBps: number): string {
  return `${(Math.round(driftBps / 10) / 10).toFixed(1)} pp`
}

/** `1 trade`, `5 trades`. */
export function countTrades(count: number): string {
  return `${count} ${count === 1 ? 'trade' : 'trades'}`
}

/** The plans from the fewest trades to the planner's own choice. */
export function toFrontierPoints(frontier: readonly FrontierPlan[]): readonly FrontierPoint[] {
  return frontier.map(({ plan }) => ({
    legs: plan.legs.length,
    costUsd: plan.cost.totalUsd,
    driftBps: plan.driftAfterBps,
  }))
}

/** What a slider reads out: `5 trades, costs $12.30, leaves 0.1 pp of drift`. */
export function describePoint({ legs, costUsd, driftBps }: FrontierPoint): string {
  return `${countTrades(legs)}, costs ${formatUsd(costUsd)}, leaves ${formatDriftLeft(driftBps)} of drift`
}

/**
 * The plan that a choice of at most so many trades comes to: the one with the most trades among those, or the one with the fewest
 * of all. Without a choice it is the planner's own, the last one.
 */
export function selectPoint<Point extends { readonly legs: number }>(
  points: readonly Point[],
  mostLegs: number | undefined,
): Point | undefined {
  if (mostLegs === undefined) return points.at(-1)
  return points.filter(({ legs }) => legs <= mostLegs).at(-1) ?? points[0]
}

/** Where a slider comes to rest that was moved towards a number for which there may be no plan of its own. */
export function stepTo(points: readonly FrontierPoint[], from: number, wanted: number): number {
  const above = points.find(({ legs }) => legs >= wanted)
  const below = points.filter(({ legs }) => legs <= wanted).at(-1)
  const found = wanted > from ? (above ?? below) : (below ?? above)
  return found?.legs ?? from
}

/** One bar and one dot of the chart, in floats. */
export type FrontierRow = { readonly legs: number; readonly driftPoints: number; readonly costDollars: number }

const usdPerCent = 10n ** 16n

/** The rows of the chart, cents and tenths of a basis point exact enough to be drawn. */
export function toFrontierRows(points: readonly FrontierPoint[]): readonly FrontierRow[] {
  return points.map(({ legs, driftBps, costUsd }) => ({
    legs,
    driftPoints: driftBps / bpsPerPoint,
    costDollars: Number(costUsd / usdPerCent) / 100,
  }))
}
