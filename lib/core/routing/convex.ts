import { type Dual, usePools } from './dual'
import { type Goal, measureMisses, projectShares, sum, unbounded } from './market'
import { descend, solvedTolerance } from './newton'
import { cheapestShare } from './shares'

/** Where a convex solve starts and ends. */
export interface Point {
  /** Log shadow prices over reference prices. */
  readonly logPrices: Float64Array
  /** End weights. */
  readonly weights: Float64Array
}

/** Quick for one of many attempts from a good start. */
export type Effort = 'quick' | 'thorough'

/** What a convex solve is asked for. */
export interface ConvexTask {
  readonly pools: Int32Array
  readonly goal: Goal
  readonly effort: Effort
  /** What leaving the bands costs; infinite where they must hold. */
  readonly penalty: number
}

/** The first softness of ties: rounding moves a weight by 1e-16 over it. */
const softest = 1e-5

/** Descends for the fixed end weights in `share.center`. */
function descendToCenter(dual: Dual, logPrices: Float64Array): number {
  dual.share.softness = 0
  return descend(dual, logPrices, { tolerance: 2e-15, iterations: 60 }).error
}

/**
 * Descends over the bands by the proximal method. Where the weights found miss hard bands by more than rounding, descends
 * once more for those weights; the prices of the bands are kept, for they make the better bound.
 */
function descendInBands(dual: Dual, logPrices: Float64Array, effort: Effort): number {
  const { share } = dual
  const isHard = share.penalty === unbounded
  share.softness = isHard ? Math.min(1e-2, Math.max(softest, 1 / dual.deepest)) : 1e-3
  let tired = 0
  let gap = unbounded
  for (let round = 0; round < (effort === 'quick' ? 8 : 30) && tired < 4; round++) {
    const tolerance = Math.max(1e-11, 2e-15 / share.softness)
    const { value, isTired } = descend(dual, logPrices, { tolerance, fall: 1e-18, iterations: 25 })
    if (isTired) tired++
    gap = ((value * dual.cheapest) / cheapestShare(dual.goal, dual.rates) - sum(dual.net)) / value
    const moved = recenter(dual)
    if (!isTired && ((isHard && gap <= 1e-12) || moved <= 1e-10)) break
    share.softness = Math.max(1e-8, share.softness * 0.3)
  }
  const miss = Math.max(...measureMisses(dual.goal, weightsOf(dual)))
  if (!isHard || (miss <= solvedTolerance && gap <= 1e-11)) return miss
  return descendToCenter(dual, Float64Array.from(logPrices))
}

function weightsOf({ net }: Dual): Float64Array {
  const total = sum(net)
  return net.map((held) => held / total)
}

/** Moves the centre of the proximal term to the weights found; returns how far it moved. */
export function recenter({ share, goal }: Dual): number {
  const { center, gradient } = share
  const total = sum(gradient)
  const before = Float64Array.from(center)
  center.set(gradient.map((part) => part / total))
  if (share.penalty === unbounded) projectShares(goal, center)
  return Math.max(...center.map((weight, j) => Math.abs(weight - (before[j] as number))))
}

/**
 * Solves without gas; the flows are left in the dual.
 * @param point the start; overwritten with the solution.
 * @returns the greatest error of an end weight; of little meaning where bands may be left.
 */
export function solveConvex(dual: Dual, point: Point, { pools, goal, effort, penalty }: ConvexTask): number {
  const { share } = dual
  const { logPrices, weights } = point
  usePools(dual, pools, goal)
  dual.gasSoftness = 0
  share.penalty = penalty
  const isHard = penalty === unbounded
  const isFixed = isHard && goal.isExact
  share.center.set(isFixed ? goal.center : weights)
  if (isHard && !isFixed) projectShares(goal, share.center)
  const error = isFixed ? descendToCenter(dual, logPrices) : descendInBands(dual, logPrices, effort)
  weights.set(weightsOf(dual))
  return error
}
