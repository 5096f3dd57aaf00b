import type { Dual } from './dual'
import type { Market } from './market'
import { measureCapacity, quotePool } from './quote'
import type { RoutingHolding, RoutingTrade } from './solution'

/** Trades in whole tokens, with what they leave and what they cost. */
export interface RoutingPlan {
  readonly trades: readonly RoutingTrade[]
  /** Indices of the pools called. */
  readonly pools: readonly number[]
  readonly after: readonly RoutingHolding[]
  /** Worth afterwards, gas taken off. */
  readonly value: number
  readonly gasCost: number
  /** Sum over the tokens of how far the end weight lies outside its band. */
  readonly distance: number
  /** The greatest of those. */
  readonly worst: number
}

interface Leg {
  readonly pool: number
  readonly sell: number
  readonly buy: number
  amountIn: number
  amountOut: number
}

/** Flows below this share of the portfolio are rounding. */
const dust = 1e-15

/** Takes the flows that the dual holds for a plan, each trade quoted anew on its own pool. */
export function toPlan(dual: Dual): RoutingPlan {
  const { market, direction, paid, use } = dual
  const { tokens } = market.problem
  const legs: Leg[] = []
  for (let at = 0; at < dual.poolCount; at++) {
    const i = dual.pools[at] as number
    const way = direction[i]
    if (way === -1 || !((paid[i] as number) > dust) || (use[i] as number) === 0) continue
    const first = market.first[i] as number
    const second = market.second[i] as number
    const sell = way === 0 ? first : second
    const price = tokens[sell]?.price ?? 1
    legs.push({
      pool: i,
      sell,
      buy: way === 0 ? second : first,
      // {tok} = {share} x {value} / ({value}/{tok})
      amountIn: ((paid[i] as number) / price) * market.scale,
      amountOut: 0,
    })
  }
  for (const leg of legs) requote(market, leg)
  return settle(market, legs)
}

/** The plan of these trades, each quoted anew on its own pool. */
export function planOfTrades(market: Market, trades: readonly RoutingTrade[]): RoutingPlan {
  const { tokens, pools } = market.problem
  const tokenAt = new Map(tokens.map(({ id }, j) => [id, j]))
  const poolAt = new Map(pools.map(({ id }, i) => [id, i]))
  const legs = trades.map(({ pool, sell, buy, amountIn }) => ({
    pool: poolAt.get(pool) ?? -1,
    sell: tokenAt.get(sell) ?? -1,
    buy: tokenAt.get(buy) ?? -1,
    amountIn,
    amountOut: 0,
  }))
  for (const leg of legs) requote(market, leg)
  return settle(market, legs)
}

/** The plan that trades nothing. */
export function idlePlan(market: Market): RoutingPlan {
  return settle(market, [])
}

function requote({ problem }: Market, leg: Leg): void {
  const pool = problem.pools[leg.pool]
  if (pool === undefined) return
  const sells = problem.tokens[leg.sell]?.id === pool.tokens[0] ? 0 : 1
  // Where all liquidity is taken, rounding may ask for a little more.
  leg.amountIn = Math.min(leg.amountIn, measureCapacity(pool, sells))
  leg.amountOut = quotePool(pool, sells, leg.amountIn) ?? 0
}

function holdingsAfter({ problem }: Market, legs: readonly Leg[]): Float64Array {
  const after = Float64Array.from(problem.tokens, (token) => token.holding)
  for (const leg of legs) {
    after[leg.buy] = (after[leg.buy] as number) + leg.amountOut
  }
  for (const leg of legs) {
    after[leg.sell] = (after[leg.sell] as number) - leg.amountIn
  }
  return after
}

/** Where rounding oversells a token, the sale with most room, in itself and in what it buys, gives the difference back. */
function neverShort(market: Market, legs: Leg[]): Float64Array {
  const price = (j: number) => market.problem.tokens[j]?.price ?? 0
  let after = holdingsAfter(market, legs)
  for (let pass = 0; pass < 60; pass++) {
    const short = after.findIndex((amount) => amount < 0)
    if (short === -1) break
    let largest: Leg | undefined
    let most = Number.NEGATIVE_INFINITY
    for (const leg of legs) {
      if (leg.sell !== short || leg.amountIn === 0) continue
      const room = Math.min(leg.amountIn * price(leg.sell), (after[leg.buy] as number) * price(leg.buy))
      if (room > most) {
        most = room
        largest = leg
      }
    }
    if (largest === undefined) break
    const less = largest.amountIn + 2 * (after[short] as number)
    largest.amountIn = Math.max(0, Math.min(less, largest.amountIn * (1 - 2 ** -52)))
    requote(market, largest)
    after = holdingsAfter(market, legs)
  }
  return after
}

function settle(market: Market, legs: Leg[]): RoutingPlan {
  const { problem } = market
  const holdings = neverShort(market, legs)
  const called = legs.filter((leg) => leg.amountIn > 0 && leg.amountOut > 0)
  let total = 0
  problem.tokens.forEach((token, j) => {
    total += token.price * (holdings[j] as number)
  })
  let distance = 0
  let worst = 0
  const after = problem.tokens.map((token, j) => {
    const holding = holdings[j] as number
    const weight = (token.price * holding) / total
    const miss = Math.max(0, token.lower - weight, weight - token.upper)
    distance += miss
    worst = Math.max(worst, miss)
    return { id: token.id, holding, weight }
  })
  let gasCost = 0
  for (const leg of called) gasCost += problem.pools[leg.pool]?.gasCost ?? 0
  const name = (j: number) => problem.tokens[j]?.id ?? ''
  return {
    trades: called.map((leg) => ({
      pool: problem.pools[leg.pool]?.id ?? '',
      sell: name(leg.sell),
      amountIn: leg.amountIn,
      buy: name(leg.buy),
      amountOut: leg.amountOut,
    })),
    pools: called.map((leg) => leg.pool),
    after,
    value: total - gasCost,
    gasCost,
    distance,
    worst: holdings.some((amount) => amount < 0) ? Number.POSITIVE_INFINITY : worst,
  }
}
