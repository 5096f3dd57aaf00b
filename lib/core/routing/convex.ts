import type { Dual } from './dual'
import type { Market } from './market'
import { type DescentMemory, descend } from './newton'
import { cheapestShare, projectShares } from './shares'

/** Where a convex solve ended; the flows are left in the dual. */
export interface ConvexResult {
  /** Worth of all holdings after the flows, value units. */
  readonly value: number
  /** Greatest error of an end weight against the wanted weight. */
  readonly error: number
}

/** From the reference prices; from given prices; or from given prices with no second try. */
export type Start = 'cold' | 'warm' | 'quick'

/** An end weight may miss by this much before a plan counts as not found. */
export const solvedTolerance = 3e-10

const finest = 2e-15

/** True where the bands leave no choice, or none that is worth anything. */
export function hasExactTargets({ lower, upper }: Market): boolean {
  let lowers = 0
  let uppers = 0
  for (let j = 0; j < lower.length; j++) {
    lowers += lower[j] as number
    uppers += upper[j] as number
  }
  return lowers >= 1 - 1e-12 || uppers <= 1 + 1e-12
}

/** Holdings clipped into the bands: the weights nearest to doing nothing. */
export function nearestShares(market: Market): Float64Array {
  const weights = Float64Array.from(market.holdings)
  projectShares(market.lower, market.upper, weights)
  return weights
}

function totalNet({ net }: Dual): number {
  let total = 0
  for (const held of net) total += held
  return total
}

/** Descends for the fixed end weights in `share.center`: first on pools made shallower, whose corners are blunter. */
function descendToCenter(dual: Dual, logPrices: Float64Array, memory: DescentMemory, start: Start): number {
  dual.share.softness = 0
  if (start !== 'cold') {
    dual.depthCap = Number.POSITIVE_INFINITY
    const { error } = descend(dual, logPrices, memory, { tolerance: finest, iterations: 30 })
    if (error <= solvedTolerance || start === 'quick') return error
    logPrices.fill(0)
  }
  const most = dual.deepest
  for (let cap = 100; cap < most / 3; cap *= 30) {
    dual.depthCap = cap
    descend(dual, logPrices, memory, { tolerance: 1e-3, iterations: 40 })
  }
  dual.depthCap = Number.POSITIVE_INFINITY
  return descend(dual, logPrices, memory, { tolerance: finest, iterations: 100 }).error
}

/**
 * Descends over the bands by the proximal method. Where the weights found miss their bands by more than rounding, descends
 * once more for those weights; the prices of the bands are kept, for they make the better bound.
 */
function descendInBands(dual: Dual, logPrices: Float64Array, memory: DescentMemory, start: Start): number {
  const { share } = dual
  const most = dual.deepest
  if (start === 'cold') share.center.set(nearestShares(dual.market))
  share.level = 0
  for (let cap = start === 'cold' ? 100 : most; cap < most / 3; cap *= 30) {
    dual.depthCap = cap
    share.softness = Math.max(softest, 1 / cap)
    descend(dual, logPrices, memory, { tolerance: 1e-3, iterations: 40 })
    recenter(dual)
  }
  dual.depthCap = Number.POSITIVE_INFINITY
  share.softness = Math.min(1e-2, Math.max(softest, 1 / most))
  let tired = 0
  let gap = Number.POSITIVE_INFINITY
  const limits = () => ({ tolerance: Math.max(1e-11, 2e-15 / share.softness), fall: 1e-18, iterations: 25 })
  for (let round = 0; round < (start === 'quick' ? 8 : 30); round++) {
    const { value, ended } = descend(dual, logPrices, memory, limits())
    if (ended === 'lost') break
    if (ended === 'tired') tired++
    const hard = cheapestShare(share.lower, share.upper, dual.rates)
    gap = ((value * dual.cheapest) / hard - totalNet(dual)) / value
    const moved = recenter(dual)
    if (gap <= 1e-12 || moved <= 1e-10 || tired > 3) break
    share.softness = Math.max(1e-8, share.softness * 0.3)
  }
  const miss = bandError(dual)
  const inBands = miss <= solvedTolerance
  if (inBands && gap <= 1e-11) return miss
  const { softness } = share
  const error = descendToCenter(dual, Float64Array.from(logPrices), memory, start === 'quick' ? 'quick' : 'warm')
  if (!inBands || error <= solvedTolerance) return error
  share.softness = softness
  descend(dual, logPrices, memory, limits())
  return bandError(dual)
}

/** The first softness of ties: rounding moves a weight by 1e-16 over it. */
const softest = 1e-5

/** How far outside its band the worst share of the holdings after all flows lies. */
function bandError(dual: Dual): number {
  const { lower, upper } = dual.market
  const total = totalNet(dual)
  let worst = 0
  for (let j = 0; j < lower.length; j++) {
    const weight = (dual.net[j] as number) / total
    const miss = Math.max((lower[j] as number) - weight, weight - (upper[j] as number))
    if (!(miss <= worst)) worst = miss
  }
  return worst
}

/** Moves the centre of the proximal term to the weights found; returns how far it moved. */
export function recenter({ share }: Dual): number {
  const { center, gradient, lower, upper } = share
  let moved = 0
  let total = 0
  for (const part of gradient) total += part
  const next = gradient.map((part) => part / total)
  if (share.penalty === Number.POSITIVE_INFINITY) projectShares(lower, upper, next)
  for (let j = 0; j < center.length; j++) {
    moved = Math.max(moved, Math.abs((next[j] as number) - (center[j] as number)))
    center[j] = next[j] as number
  }
  return moved
}

/**
 * Solves the problem without gas over the pools that the dual may use.
 * @param logPrices log shadow prices over reference prices: the start unless `start` is cold, overwritten with the solution.
 */
export function solveConvex(dual: Dual, logPrices: Float64Array, memory: DescentMemory, start: Start): ConvexResult {
  dual.gasSoftness = 0
  if (start === 'cold') logPrices.fill(0)
  let error: number
  if (hasExactTargets(dual.market)) {
    dual.share.center.set(nearestShares(dual.market))
    error = descendToCenter(dual, logPrices, memory, start)
  } else {
    error = descendInBands(dual, logPrices, memory, start)
  }
  return { value: totalNet(dual), error }
}
