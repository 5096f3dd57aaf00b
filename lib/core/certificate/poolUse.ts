import { measureArbitrage } from '../routing/bound'
import type { RoutingPool, RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'

/** What a pool contributes to a plan and to the bound, in the unit of account at the shadow prices. */
export interface PoolUse {
  readonly pool: string
  /** What the plan's trade gains in it; 0 where it is not called. */
  readonly gains: number
  /** The most that any trade gains in it. */
  readonly most: number
  /** What calling it costs. */
  readonly gasCost: number
  /** What it adds to the gap: max(0, most - gasCost), less gains - gasCost where it is called. Never negative but for rounding. */
  readonly slack: number
  readonly isCalled: boolean
}

/** Nothing of a pool's gain is worth a line below this share of the portfolio. */
const dust = 1e-12

/**
 * How much of what each pool could give at the shadow prices a plan takes: the slacks sum to the gap, less what the end weights give up.
 * @param prices positive shadow prices, scaled so that m = 1, in the order of the tokens.
 * @returns a line for each pool that is called or would pay for its gas, in the order of the problem.
 */
export function measurePoolUse(
  { tokens, pools }: RoutingProblem,
  { trades, valueBefore }: RoutingSolution,
  prices: readonly number[],
): readonly PoolUse[] {
  const priceOf = new Map(tokens.map(({ id }, j) => [id, prices[j] ?? 0]))
  const tradeIn = new Map(trades.map((trade) => [trade.pool, trade]))
  return pools.flatMap((pool: RoutingPool): PoolUse[] => {
    const trade = tradeIn.get(pool.id)
    const most = measureArbitrage(pool, priceOf.get(pool.tokens[0]) ?? 0, priceOf.get(pool.tokens[1]) ?? 0)
    const isCalled = trade !== undefined
    if (!isCalled && most - pool.gasCost <= dust * valueBefore) return []
    const gains = isCalled
      ? trade.amountOut * (priceOf.get(trade.buy) ?? 0) - trade.amountIn * (priceOf.get(trade.sell) ?? 0)
      : 0
    const slack = Math.max(0, most - pool.gasCost) - (isCalled ? gains - pool.gasCost : 0)
    return [{ pool: pool.id, gains, most, gasCost: pool.gasCost, slack, isCalled }]
  })
}
