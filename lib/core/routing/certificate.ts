import { type Dual, evaluateDual, rebase, useAllPools, usePools } from './dual'
import { cheapestShare } from './shares'

/**
 * The bound that no plan on all pools of the market can beat, at these log prices: every pool whole, gas as it is, bands hard.
 * @returns the bound in value units and m.
 */
export function boundAt(dual: Dual, logPrices: Float64Array): { readonly bound: number; readonly cheapest: number } {
  const { market, rates, profit } = dual
  const kept = { ...saveLimits(dual) }
  dual.depthCap = Number.POSITIVE_INFINITY
  dual.gasSoftness = 0
  dual.share.softness = 0
  useAllPools(dual)
  rebase(dual, logPrices)
  evaluateDual(dual, new Float64Array(market.tokenCount))
  const cheapest = cheapestShare(market.lower, market.upper, rates)
  let total = 0
  for (let j = 0; j < market.tokenCount; j++) {
    total += (rates[j] as number) * (market.holdings[j] as number)
  }
  for (let i = 0; i < market.poolCount; i++) {
    total += Math.max(0, (profit[i] as number) - cheapest * (market.gas[i] as number))
  }
  restoreLimits(dual, kept)
  return { bound: total / cheapest, cheapest }
}

interface Limits {
  readonly pools: Int32Array
  readonly depthCap: number
  readonly gasSoftness: number
  readonly softness: number
}

function saveLimits(dual: Dual): Limits {
  return {
    pools: dual.pools.slice(0, dual.poolCount),
    depthCap: dual.depthCap,
    gasSoftness: dual.gasSoftness,
    softness: dual.share.softness,
  }
}

function restoreLimits(dual: Dual, limits: Limits): void {
  usePools(dual, limits.pools)
  dual.depthCap = limits.depthCap
  dual.gasSoftness = limits.gasSoftness
  dual.share.softness = limits.softness
}
