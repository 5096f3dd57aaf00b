import type { ConcentratedPool, ConstantProductPool, RoutingPool, RoutingProblem, RoutingToken } from './problem'

/**
 * The most that a pool pays out, at shadow prices, to one who may trade with it freely.
 * @param shadowA shadow price of the pool's first token, positive.
 * @param shadowB shadow price of its second token, positive.
 * @returns shadowB x out - shadowA x in of the best trade one way, or the mirror of it; 0 where none pays.
 */
export function measureArbitrage(pool: RoutingPool, shadowA: number, shadowB: number): number {
  return pool.kind === 'constantProduct'
    ? arbitrageOfProduct(pool, shadowA, shadowB)
    : arbitrageOfRanges(pool, shadowA, shadowB)
}

function arbitrageOfProduct({ reserves, fee }: ConstantProductPool, shadowA: number, shadowB: number): number {
  const kept = 1 - fee
  // {value}: reserves at shadow prices. Selling one side until the marginal price falls to 1 pays (sqrt out - sqrt in)^2.
  const sideA = Math.sqrt(shadowA) * Math.sqrt(reserves[0])
  const sideB = Math.sqrt(shadowB) * Math.sqrt(reserves[1])
  const root = Math.sqrt(kept)
  const sellA = Math.max(0, sideB - sideA / root)
  const sellB = Math.max(0, sideA - sideB / root)
  return sellA * sellA + sellB * sellB
}

function arbitrageOfRanges({ ranges, sqrtPrice, fee }: ConcentratedPool, shadowA: number, shadowB: number): number {
  const kept = 1 - fee
  const rate = Math.sqrt(shadowA) / Math.sqrt(shadowB)
  let profit = 0
  for (const { liquidity, lower, upper } of ranges) {
    if (liquidity === 0) continue
    const downFrom = Math.min(sqrtPrice, upper)
    const downTo = Math.max(lower, rate / Math.sqrt(kept))
    if (downTo < downFrom) {
      // {b} = L (s - e), {a} = L (1/e - 1/s) / g
      const out = liquidity * (downFrom - downTo)
      profit += out * (shadowB - shadowA / (downFrom * downTo * kept))
    }
    const upFrom = Math.max(sqrtPrice, lower)
    const upTo = Math.min(upper, rate * Math.sqrt(kept))
    if (upTo > upFrom) {
      const paid = (liquidity * (upTo - upFrom)) / kept
      profit += paid * ((shadowA * kept) / (upFrom * upTo) - shadowB)
    }
  }
  return Math.max(0, profit)
}

/** What one pool adds to the bound at some shadow prices. */
export interface PoolUse {
  readonly pool: string
  /** The most that the pool pays out at those prices, in the unit of account; 0 where no trade with it pays. */
  readonly surplus: number
  readonly gasCost: number
  /** What the bound counts: the surplus less the gas, or 0. */
  readonly counted: number
}

/** m(nu): what end weights inside the bands cost at the least, each lower edge filled, the rest poured into the cheapest. */
function measureCheapest(tokens: readonly RoutingToken[], shadowPrices: readonly number[]): number {
  const order = tokens.map((token, j) => ({ token, rate: (shadowPrices[j] ?? Number.NaN) / token.price }))
  let rest = 1
  let cheapest = 0
  for (const { token, rate } of order) {
    rest -= token.lower
    cheapest += token.lower * rate
  }
  for (const { token, rate } of order.sort((a, b) => a.rate - b.rate)) {
    const poured = Math.max(0, Math.min(rest, token.upper - token.lower))
    rest -= poured
    cheapest += poured * rate
  }
  return cheapest
}

/**
 * What each pool is worth at these shadow prices, beside what a call of it costs: why a plan calls it or leaves it.
 * @param shadowPrices one positive price for each token, in the order of the problem; only their ratios matter.
 * @returns one entry for each pool, in the order of the problem.
 */
export function measurePoolUse({ tokens, pools }: RoutingProblem, shadowPrices: readonly number[]): readonly PoolUse[] {
  const cheapest = measureCheapest(tokens, shadowPrices)
  const index = new Map(tokens.map((token, j) => [token.id, j]))
  const shadow = (id: string) => shadowPrices[index.get(id) ?? -1] ?? Number.NaN
  return pools.map((pool) => {
    // {value} = {value at shadow prices} / {value at shadow prices per value}
    const surplus = measureArbitrage(pool, shadow(pool.tokens[0]), shadow(pool.tokens[1])) / cheapest
    return { pool: pool.id, surplus, gasCost: pool.gasCost, counted: Math.max(0, surplus - pool.gasCost) }
  })
}

/**
 * B of the dual: no plan on these pools is worth more, whatever the shadow prices are (weak duality).
 *
 *     B(nu) = ( nu . h + sum_i max(0, arb_i(nu) - m(nu) q_i) ) / m(nu)
 *
 * @param shadowPrices one positive price for each token, in the order of the problem.
 * @returns the bound in the unit of account.
 */
export function measureBound(problem: RoutingProblem, shadowPrices: readonly number[]): number {
  const { tokens } = problem
  let total = 0
  tokens.forEach((token, j) => {
    total += token.holding * (shadowPrices[j] ?? Number.NaN)
  })
  total /= measureCheapest(tokens, shadowPrices)
  for (const { counted } of measurePoolUse(problem, shadowPrices)) total += counted
  return total
}
