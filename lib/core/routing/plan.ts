import type { Dual } from './dual'
import { type Market, measureMisses, sum, unbounded } from './market'
import type { RoutingHolding, RoutingTrade } from './solution'

/** One call of a pool; tokens by their index. */
export interface Leg {
  readonly pool: number
  readonly sell: number
  readonly buy: number
  /** Value units, as is the amount out. */
  readonly amountIn: number
  readonly amountOut: number
}

/** Trades in whole tokens, with what they leave. */
export interface RoutingPlan {
  readonly trades: readonly RoutingTrade[]
  readonly after: readonly RoutingHolding[]
  /** Worth afterwards, gas taken off. */
  readonly value: number
  readonly gasCost: number
  /** Sum over the tokens of how far the end weight lies outside its band. */
  readonly distance: number
  /** The greatest of those; infinite where a token is short. */
  readonly worst: number
}

/** Flows below this share of the portfolio are rounding. */
const dust = 1e-15

/** The flows that the dual holds. */
export function toLegs({ market, pools, direction, paid, received }: Dual): readonly Leg[] {
  const legs: Leg[] = []
  for (const pool of pools) {
    const amountIn = paid[pool] as number
    const amountOut = received[pool] as number
    if (direction[pool] === -1 || !(amountIn > dust && amountOut > 0)) continue
    const [from, to] = direction[pool] === 0 ? [market.first, market.second] : [market.second, market.first]
    legs.push({ pool, sell: from[pool] as number, buy: to[pool] as number, amountIn, amountOut })
  }
  return legs
}

interface TokenLeg extends Leg {
  amountIn: number
  amountOut: number
}

/** What is left of some holdings after some legs, in the legs' unit. */
export function holdingsAfter(holdings: Float64Array, legs: readonly Leg[]): Float64Array {
  const after = Float64Array.from(holdings)
  for (const { buy, amountOut } of legs) after[buy] = (after[buy] as number) + amountOut
  for (const { sell, amountIn } of legs) after[sell] = (after[sell] as number) - amountIn
  return after
}

/**
 * Where rounding oversells a token, its sales give the difference back. Of so little less a pool takes no notice; of more it
 * would pay better than in proportion.
 */
function neverShort(holdings: Float64Array, legs: readonly TokenLeg[]): Float64Array {
  let after = holdingsAfter(holdings, legs)
  for (let pass = 0; pass < 60 && after.some((amount) => amount < 0); pass++) {
    const sold = new Float64Array(after.length)
    for (const { sell, amountIn } of legs) sold[sell] = (sold[sell] as number) + amountIn
    for (const leg of legs) {
      const short = Math.min(0, after[leg.sell] as number) / (sold[leg.sell] || 1)
      const kept = Math.max(0, 1 + Math.min(2 * short, short === 0 ? 0 : -(2 ** -52)))
      leg.amountIn *= kept
      if (kept < 1 - 1e-10) leg.amountOut *= kept
    }
    after = holdingsAfter(holdings, legs)
  }
  return after
}

/** The plan of some legs. */
export function toPlan(market: Market, legs: readonly Leg[]): RoutingPlan {
  const { tokens, pools, places } = market
  const token = (j: number) => tokens[j] as (typeof tokens)[number]
  const pool = (i: number) => pools[i] as (typeof pools)[number]
  const quoted = legs.map((leg) => ({
    ...leg,
    // {tok} = {share} x {value} / ({value}/{tok})
    amountIn: (leg.amountIn / token(leg.sell).price) * market.scale,
    amountOut: (leg.amountOut / token(leg.buy).price) * market.scale,
  }))
  const before = Float64Array.from(tokens, ({ holding }) => holding)
  const holdings = neverShort(before, quoted)
  const called = quoted.filter(({ amountIn, amountOut }) => amountIn > 0 && amountOut > 0)
  const total = sum(holdings.map((holding, j) => token(j).price * holding))
  const gasCost = called.reduce((cost, leg) => cost + pool(leg.pool).gasCost, 0)
  const weights = holdings.map((holding, j) => (token(j).price * holding) / total)
  const misses = measureMisses(market, weights)
  return {
    trades: called.map(({ pool: i, sell, buy, amountIn, amountOut }) => ({
      pool: pool(i).id,
      sell: token(sell).id,
      amountIn,
      buy: token(buy).id,
      amountOut,
    })),
    after: Array.from(places, (j) => ({
      id: token(j).id,
      holding: holdings[j] as number,
      weight: weights[j] as number,
    })),
    value: total - gasCost,
    gasCost,
    distance: sum(misses),
    worst: holdings.some((holding) => holding < 0) ? unbounded : Math.max(...misses),
  }
}
