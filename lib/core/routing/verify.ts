import { measureBound, measurePoolUse } from './bound'
import type { RoutingProblem, RoutingToken } from './problem'
import { measureCapacity, quotePool } from './quote'
import type { RoutingSolution, RoutingTrade } from './solution'

/** One thing that a solution says and that is not so. */
export type RoutingViolation =
  | { readonly kind: 'unknownPool'; readonly pool: string }
  | { readonly kind: 'poolUsedTwice'; readonly pool: string }
  | { readonly kind: 'wrongTokens'; readonly pool: string }
  | { readonly kind: 'notAnAmount'; readonly pool: string }
  /** The pool pays less than the trade says. */
  | { readonly kind: 'overpaid'; readonly pool: string; readonly said: number; readonly pays: number }
  | { readonly kind: 'beyondLiquidity'; readonly pool: string }
  | { readonly kind: 'tooManyCalls'; readonly calls: number }
  | { readonly kind: 'oversold'; readonly token: string; readonly holding: number }
  | { readonly kind: 'wrongHolding'; readonly token: string; readonly said: number; readonly is: number }
  | { readonly kind: 'outOfBand'; readonly token: string; readonly weight: number }
  | { readonly kind: 'wrongValue'; readonly said: number; readonly is: number }
  | { readonly kind: 'wrongGasCost'; readonly said: number; readonly is: number }
  | { readonly kind: 'wrongBound'; readonly said: number; readonly is: number }
  | { readonly kind: 'boundBelowValue'; readonly bound: number; readonly value: number }

/** What a check from outside found. */
export type RoutingVerdict =
  | { readonly status: 'ok' }
  | { readonly status: 'violated'; readonly violations: readonly RoutingViolation[] }

/** Relative error that amounts computed in another order may show. */
const rounding = 1e-9

/** How far a weight may lie outside its band. */
const weightRounding = 1e-9

function near(said: number, is: number, size: number): boolean {
  return Math.abs(said - is) <= rounding * Math.max(Math.abs(said), Math.abs(is), size)
}

function checkTrade(problem: RoutingProblem, trade: RoutingTrade, used: Set<string>): RoutingViolation | undefined {
  const pool = problem.pools.find((one) => one.id === trade.pool)
  if (pool === undefined) return { kind: 'unknownPool', pool: trade.pool }
  if (used.has(pool.id)) return { kind: 'poolUsedTwice', pool: pool.id }
  used.add(pool.id)
  const sells = pool.tokens[0] === trade.sell ? 0 : 1
  const other = pool.tokens[sells === 0 ? 1 : 0]
  if (pool.tokens[sells] !== trade.sell || other !== trade.buy) return { kind: 'wrongTokens', pool: pool.id }
  const { amountIn, amountOut } = trade
  if (!(amountIn > 0 && Number.isFinite(amountIn) && amountOut >= 0 && Number.isFinite(amountOut)))
    return { kind: 'notAnAmount', pool: pool.id }
  if (amountIn > measureCapacity(pool, sells) * (1 + rounding)) return { kind: 'beyondLiquidity', pool: pool.id }
  const pays = quotePool(pool, sells, Math.min(amountIn, measureCapacity(pool, sells))) ?? 0
  if (amountOut > pays * (1 + rounding)) return { kind: 'overpaid', pool: pool.id, said: amountOut, pays }
  return undefined
}

function checkHoldings(
  tokens: readonly RoutingToken[],
  solution: RoutingSolution,
  total: number,
  amounts: ReadonlyMap<string, number>,
): RoutingViolation[] {
  const violations: RoutingViolation[] = []
  tokens.forEach((token, j) => {
    const is = amounts.get(token.id) ?? 0
    const said = solution.after[j]
    const size = (rounding * total) / token.price
    if (is < -size) violations.push({ kind: 'oversold', token: token.id, holding: is })
    if (said?.id !== token.id || said.holding < 0 || Math.abs(said.holding - is) > size)
      violations.push({
        kind: 'wrongHolding',
        token: token.id,
        said: said?.holding ?? Number.NaN,
        is,
      })
    const weight = (is * token.price) / total
    if (
      solution.status === 'solved' &&
      !(weight >= token.lower - weightRounding && weight <= token.upper + weightRounding)
    )
      violations.push({ kind: 'outOfBand', token: token.id, weight })
  })
  return violations
}

/**
 * Checks a solution from outside: each trade on its own pool, the end weights, the value, and the bound at the shadow prices.
 * It shares the pools' swap functions with the planner, and nothing of the optimiser.
 */
export function verifyRoutingSolution(problem: RoutingProblem, solution: RoutingSolution): RoutingVerdict {
  const violations: RoutingViolation[] = []
  const { tokens } = problem
  const used = new Set<string>()
  const amounts = new Map(tokens.map((token) => [token.id, token.holding]))
  for (const trade of solution.trades) {
    const violation = checkTrade(problem, trade, used)
    if (violation !== undefined) violations.push(violation)
    amounts.set(trade.sell, (amounts.get(trade.sell) ?? 0) - trade.amountIn)
    amounts.set(trade.buy, (amounts.get(trade.buy) ?? 0) + trade.amountOut)
  }
  const calls = solution.trades.length
  if (calls > (problem.maxPoolCalls ?? calls)) violations.push({ kind: 'tooManyCalls', calls })
  const total = tokens.reduce((sum, token) => sum + (amounts.get(token.id) ?? 0) * token.price, 0)
  const before = tokens.reduce((sum, token) => sum + token.holding * token.price, 0)
  violations.push(...checkHoldings(tokens, solution, total, amounts))
  const gasCost = problem.pools.reduce((sum, pool) => sum + (used.has(pool.id) ? pool.gasCost : 0), 0)
  if (!near(solution.gasCost, gasCost, 0))
    violations.push({ kind: 'wrongGasCost', said: solution.gasCost, is: gasCost })
  if (!near(solution.value, total - gasCost, total))
    violations.push({ kind: 'wrongValue', said: solution.value, is: total - gasCost })
  if (solution.status === 'solved') {
    const { bound, value, shadowPrices } = solution
    const shadows = tokens.map((token) => shadowPrices[token.id] ?? Number.NaN)
    const is = shadows.every((price) => price > 0) ? measureBound(problem, shadows) : Number.NaN
    const gross = measurePoolUse(problem, shadows).reduce(
      (sum, use) => sum + (use.counted > 0 ? use.surplus : 0),
      before,
    )
    if (!near(bound, is, gross)) violations.push({ kind: 'wrongBound', said: bound, is })
    if (!(bound >= value)) violations.push({ kind: 'boundBelowValue', bound, value })
  }
  return violations.length === 0 ? { status: 'ok' } : { status: 'violated', violations }
}
