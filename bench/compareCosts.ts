import type { RoutingProblem } from '@/lib/core/routing/problem'
import type { RoutingSolution } from '@/lib/core/routing/solution'
import { type Measurement, measureOnly, quantile, writeRatio } from './measurement'
import { type SeparateOutcome, type SeparateWay, swapSeparately } from './separateTrades'

/** One problem solved jointly and swap by swap. */
export type Comparison = {
  readonly name: string
  /** What the joint plan loses, gas included; negative where the pools pay more than the reference prices. */
  readonly cost: number
  readonly gapBps: number | null
  readonly poolCalls: number
  /** The same for separate swaps; undefined where these were not asked for or cannot be carried out. */
  readonly separate: { readonly [Way in SeparateWay]?: Pick<SeparateOutcome, 'poolCalls'> & { readonly cost: number } }
  /** Ways in which the swaps found no route. */
  readonly stuck: readonly SeparateWay[]
}

const ways: readonly SeparateWay[] = ['singlePaths', 'splits']
const words = { singlePaths: 'single paths', splits: 'splits' } as const satisfies Record<SeparateWay, string>

/** Differences below this part of the cost are rounding: the same trades are found both ways. */
const rounding = 1e-6

/** Holds a joint plan against separate swaps on the same pools. */
export function compareCosts(request: {
  readonly name: string
  readonly problem: RoutingProblem
  readonly solution: RoutingSolution
  readonly ways: readonly SeparateWay[]
}): Comparison {
  const { name, problem, solution } = request
  const { valueBefore, value, gapBps, trades } = solution
  const outcomes = request.ways.map((way) => ({ way, outcome: swapSeparately(problem, way) }))
  const separate = Object.fromEntries(
    outcomes.flatMap(({ way, outcome }) =>
      outcome === undefined ? [] : [[way, { poolCalls: outcome.poolCalls, cost: valueBefore - outcome.value }]],
    ),
  )
  const stuck = outcomes.filter(({ outcome }) => outcome === undefined).map(({ way }) => way)
  return { name, cost: valueBefore - value, gapBps, poolCalls: trades.length, separate, stuck }
}

/** Cost of the joint plan over that of separate swaps; undefined where either cannot be said or the swaps cost nothing. */
export function toRatio({ cost, separate, gapBps }: Comparison, way: SeparateWay): number | undefined {
  const other = separate[way]
  if (other === undefined || gapBps === null || other.cost <= 0) return undefined
  const ratio = cost / other.cost
  return Math.abs(ratio - 1) <= rounding ? 1 : ratio
}

/** The ratios of some problems, and the pool calls of each way. */
export function describeComparisons(name: string, comparisons: readonly Comparison[]): readonly Measurement[] {
  return ways.flatMap((way) => {
    const counted = comparisons.filter((one) => toRatio(one, way) !== undefined)
    if (counted.length === 0) return []
    const ratios = counted.map((one) => toRatio(one, way) ?? Number.NaN)
    const calls = (of: (one: Comparison) => number) => quantile(counted.map(of), 0.5)
    const stuck = comparisons.filter((one) => one.stuck.includes(way)).length
    return [
      measureOnly(
        `${name}: joint over ${words[way]}, median (worst)`,
        `${writeRatio(quantile(ratios, 0.5))} (${writeRatio(Math.max(...ratios))}), pool calls ${calls(({ poolCalls }) => poolCalls)} for ${calls(({ separate }) => separate[way]?.poolCalls ?? 0)}, ${counted.length} problems${stuck === 0 ? '' : `; ${stuck} more that ${words[way]} cannot carry`}`,
      ),
    ]
  })
}

/** The most that the joint plan is to cost in the median, as a part of single paths. */
export const goalRatio = 0.85

/** A line where the joint plan saves less than it is to save in the median. */
export function listDear(name: string, comparisons: readonly Comparison[]): readonly string[] {
  const counted = comparisons.filter((one) => toRatio(one, 'singlePaths') !== undefined)
  const median = quantile(
    counted.map((one) => toRatio(one, 'singlePaths') ?? Number.NaN),
    0.5,
  )
  if (!(median > goalRatio)) return []
  const ties = counted.filter((one) => one.poolCalls >= (one.separate.singlePaths?.poolCalls ?? 0)).length
  const why = ties > 0 ? `; in ${ties} of ${counted.length} the joint plan calls no fewer pools` : ''
  return [`${name}: ${writeRatio(median)} of single paths in the median (goal ${goalRatio})${why}`]
}

/** A line for each problem that separate swaps solve at less cost, with what is known of the reason. */
export function listLosses(comparisons: readonly Comparison[]): readonly string[] {
  return comparisons.flatMap((one) =>
    ways.flatMap((way) => {
      const ratio = toRatio(one, way)
      if (ratio === undefined || ratio <= 1) return []
      const gap =
        one.gapBps === null ? 'without a certificate' : `certified within ${one.gapBps.toFixed(3)} bps of the best`
      return [`${one.name}: ${ratio.toFixed(5)} of ${words[way]}; the joint plan is ${gap}`]
    }),
  )
}
