import { boundAt } from './certificate'
import { type Point, recenter } from './convex'
import { type Dual, usePools } from './dual'
import { descend } from './newton'

/**
 * Lowers the bound with gas, B = ( r . h + sum_i max(0, arb_i - m q_i) ) / m, over the shadow prices: the corners of the
 * maximum are rounded by a proximal term that follows the solution.
 * @param logPrices the start; overwritten with the prices of the least bound found.
 * @param weights where the proximal term of the bands starts.
 * @returns the pools that pay for their gas at those prices, at least in part.
 */
export function lowerGasBound(dual: Dual, { logPrices, weights }: Point): Int32Array {
  const { share, useCenter, use, market } = dual
  const { bound, cheapest } = boundAt(dual, logPrices)
  let best = bound
  for (let i = 0; i < market.poolCount; i++) {
    useCenter[i] = (dual.profit[i] as number) > cheapest * (market.gas[i] as number) ? 1 : 0
  }
  const point = Float64Array.from(logPrices)
  share.center.set(market.isExact ? market.center : weights)
  let softness = 0.5
  let stale = 0
  for (let round = 0; round < 20 && stale < 4; round++) {
    usePools(dual, market.everything, market)
    dual.gasSoftness = softness
    share.softness = market.isExact ? 0 : 1e-4
    descend(dual, point, { tolerance: 1e-9, fall: 1e-12, iterations: 30 })
    useCenter.set(use)
    if (!market.isExact) recenter(dual)
    const next = boundAt(dual, point).bound
    stale = next < best - 1e-10 ? 0 : stale + 1
    if (next < best) {
      best = next
      logPrices.set(point)
    }
    softness = Math.max(0.02, softness * 0.7)
  }
  return market.everything.filter((i) => (useCenter[i] as number) > 0.01)
}
