import { boundAt } from './certificate'
import { hasExactTargets, recenter } from './convex'
import { type Dual, useAllPools } from './dual'
import { type DescentMemory, descend } from './newton'

/**
 * Lowers the bound with gas, B = ( r . h + sum_i max(0, arb_i - m q_i) ) / m, over the shadow prices: the corners of the
 * maximum are rounded by a proximal term that follows the solution.
 * @param logPrices the start; overwritten with the prices of the least bound found.
 * @returns the pools that pay for their gas at those prices, at least in part.
 */
export function lowerGasBound(
  dual: Dual,
  logPrices: Float64Array,
  memory: DescentMemory,
  center: Float64Array,
): readonly number[] {
  const { share, useCenter, use, market } = dual
  useAllPools(dual)
  const start = boundAt(dual, logPrices)
  let best = start.bound
  const level = start.cheapest
  const profits = dual.profit
  const point = Float64Array.from(logPrices)
  dual.depthCap = Number.POSITIVE_INFINITY
  share.center.set(center)
  share.softness = hasExactTargets(market) ? 0 : 1e-4
  for (let i = 0; i < market.poolCount; i++) {
    useCenter[i] = (profits[i] as number) > level * (market.gas[i] as number) ? 1 : 0
  }
  dual.gasSoftness = 0.5
  let stale = 0
  for (let round = 0; round < 20 && stale < 4; round++) {
    descend(dual, point, memory, { tolerance: 1e-9, fall: 1e-12, iterations: 30 })
    useCenter.set(use)
    if (share.softness > 0) recenter(dual)
    const { bound } = boundAt(dual, point)
    stale = bound < best - 1e-10 ? 0 : stale + 1
    if (bound < best) {
      best = bound
      logPrices.set(point)
    }
    dual.gasSoftness = Math.max(0.02, dual.gasSoftness * 0.7)
  }
  dual.gasSoftness = 0
  const pools: number[] = []
  for (let i = 0; i < market.poolCount; i++) if ((useCenter[i] as number) > 0.01) pools.push(i)
  return pools
}
