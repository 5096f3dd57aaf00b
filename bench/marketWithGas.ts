import type { RoutingProblem } from '@/lib/core/routing/problem'
import { drawMarket, type MarketSize } from './routingMarkets'

/** The frozen market with this much gas for calling a pool. */
export function drawMarketWithGas(size: MarketSize, gasCost: number, seed: number): RoutingProblem {
  const { pools, ...rest } = drawMarket(size, seed)
  return { ...rest, pools: pools.map((pool) => ({ ...pool, gasCost })) }
}
