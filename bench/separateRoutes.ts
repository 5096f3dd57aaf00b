import type { RoutingPool, RoutingProblem } from '@/lib/core/routing/problem'
import { measureCapacity, quotePool } from '@/lib/core/routing/quote'

type Step = { readonly pool: number; readonly sells: 0 | 1 }

/** The pool after a swap. */
function swapped(pool: RoutingPool, sells: 0 | 1, amountIn: number, amountOut: number): RoutingPool {
  if (pool.kind === 'constantProduct') {
    const [first, second] = pool.reserves
    return {
      ...pool,
      reserves: sells === 0 ? [first + amountIn, second - amountOut] : [first - amountOut, second + amountIn],
    }
  }
  let left = amountIn * (1 - pool.fee)
  let { sqrtPrice } = pool
  const ranges = sells === 0 ? [...pool.ranges].reverse() : pool.ranges
  for (const { lower, upper, liquidity } of ranges) {
    if (liquidity === 0 || (sells === 0 ? lower >= sqrtPrice : upper <= sqrtPrice)) continue
    const start = sells === 0 ? Math.min(sqrtPrice, upper) : Math.max(sqrtPrice, lower)
    const end = sells === 0 ? start / (1 + (left / liquidity) * start) : start + left / liquidity
    // Whatever rounding would leave over must not carry the price into the next range.
    if (sells === 0 ? end >= lower : end <= upper) return { ...pool, sqrtPrice: end }
    sqrtPrice = sells === 0 ? lower : upper
    left -= liquidity * (sells === 0 ? 1 / lower - 1 / start : upper - start)
  }
  return { ...pool, sqrtPrice }
}

function quoteStep(pools: readonly RoutingPool[], { pool, sells }: Step, amountIn: number): number {
  const one = pools[pool]
  if (one === undefined || amountIn > measureCapacity(one, sells)) return 0
  return quotePool(one, sells, amountIn) ?? 0
}

/**
 * What is left of a portfolio that is rebalanced as people do it: each overweight token is swapped for underweight ones, one
 * swap after the other, each along its best single route of one or two pools.
 * @returns the portfolio's worth afterwards, in the unit of account.
 */
export function swapSeparately(problem: RoutingProblem): number {
  const { tokens } = problem
  const pools = [...problem.pools]
  const index = new Map(tokens.map((token, at) => [token.id, at]))
  const leaving = tokens.map((): { readonly to: number; readonly step: Step }[] => [])
  for (const [pool, { tokens: pair }] of pools.entries()) {
    const [first, second] = [index.get(pair[0]) ?? 0, index.get(pair[1]) ?? 0]
    leaving[first]?.push({ to: second, step: { pool, sells: 0 } })
    leaving[second]?.push({ to: first, step: { pool, sells: 1 } })
  }
  const total = tokens.reduce((sum, token) => sum + token.holding * token.price, 0)
  const surplus = tokens.map((token) => token.holding * token.price - token.lower * total)
  let value = total
  for (;;) {
    const from = surplus.indexOf(Math.max(...surplus))
    const to = surplus.indexOf(Math.min(...surplus))
    const worth = Math.min(surplus[from] ?? 0, -(surplus[to] ?? 0))
    if (worth <= 1e-9 * total) return value
    const amountIn = worth / (tokens[from]?.price ?? 1)
    let best: { readonly out: number; readonly steps: readonly Step[] } = { out: 0, steps: [] }
    for (const { to: via, step } of leaving[from] ?? []) {
      const out = quoteStep(pools, step, amountIn)
      if (out === 0) continue
      if (via === to) {
        if (out > best.out) best = { out, steps: [step] }
        continue
      }
      for (const { to: end, step: second } of leaving[via] ?? []) {
        if (end !== to) continue
        const final = quoteStep(pools, second, out)
        if (final > best.out) best = { out: final, steps: [step, second] }
      }
    }
    if (best.steps.length === 0) return Number.NaN
    let amount = amountIn
    for (const { pool, sells } of best.steps) {
      const out = quoteStep(pools, { pool, sells }, amount)
      pools[pool] = swapped(pools[pool] as RoutingPool, sells, amount, out)
      amount = out
    }
    value += best.out * (tokens[to]?.price ?? 0) - worth
    surplus[from] = (surplus[from] ?? 0) - worth
    surplus[to] = (surplus[to] ?? 0) + worth
  }
}
