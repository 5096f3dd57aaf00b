import { type Dual, evaluateDual, rebase, usePools } from './dual'
import { cheapestShare } from './shares'

/** Evaluates every pool whole at these log prices, gas and bands aside: what each could earn is left in `dual.profit`. */
export function evaluateAll(dual: Dual, logPrices: Float64Array): void {
  usePools(dual, dual.market.everything, dual.market)
  dual.gasSoftness = 0
  dual.share.softness = 0
  rebase(dual, logPrices, 0)
  evaluateDual(dual, new Float64Array(logPrices.length))
}

/**
 * The bound that no plan on all pools of the market can beat, at these log prices: every pool whole, gas as it is, bands hard.
 * @returns the bound in value units and m.
 */
export function boundAt(dual: Dual, logPrices: Float64Array): { readonly bound: number; readonly cheapest: number } {
  const { market, rates, profit } = dual
  evaluateAll(dual, logPrices)
  const cheapest = cheapestShare(market, rates)
  let total = 0
  for (let j = 0; j < market.tokenCount; j++) {
    total += (rates[j] as number) * (market.holdings[j] as number)
  }
  for (let i = 0; i < market.poolCount; i++) {
    total += Math.max(0, (profit[i] as number) - cheapest * (market.gas[i] as number))
  }
  return { bound: total / cheapest, cheapest }
}
