import type { RoutingPool, RoutingProblem, RoutingToken } from '@/lib/core/routing/problem'
import { quotePool } from '@/lib/core/routing/quote'

/** Tokens with so many pools that routers pass through two of them on one path. */
const hubCount = 5

/** One pool on a route, and which of its tokens is paid in. */
export type Step = { readonly pool: number; readonly sells: 0 | 1 }

/** Pools from one token to another, at most three. */
export type Route = readonly Step[]

/** What a route pays now for an amount. */
export type RouteQuote = { readonly route: Route; readonly out: number }

/** The pools of a problem as they stand after the swaps so far, and where they lead. */
export class PoolGraph {
  private readonly steps = new Map<number, Step[]>()
  private readonly hubs: readonly number[]
  private pools: RoutingPool[]

  constructor(readonly problem: RoutingProblem) {
    const { tokens } = problem
    this.pools = [...problem.pools]
    const index = new Map(tokens.map(({ id }, at) => [id, at]))
    const degree = new Float64Array(tokens.length)
    problem.pools.forEach(({ tokens: [first, second] }, pool) => {
      const [a, b] = [index.get(first) ?? 0, index.get(second) ?? 0]
      this.stepsBetween(a, b).push({ pool, sells: 0 })
      this.stepsBetween(b, a).push({ pool, sells: 1 })
      degree[a] = (degree[a] ?? 0) + 1
      degree[b] = (degree[b] ?? 0) + 1
    })
    const order = tokens.map((_, at) => at).sort((a, b) => (degree[b] ?? 0) - (degree[a] ?? 0) || a - b)
    this.hubs = order.slice(0, hubCount)
  }

  token(at: number): RoutingToken {
    return this.problem.tokens[at] as RoutingToken
  }

  /** The pools as they stand, to return to. */
  save(): readonly RoutingPool[] {
    return [...this.pools]
  }

  restore(pools: readonly RoutingPool[]): void {
    this.pools = [...pools]
  }

  /** What calling the pools of a route costs. */
  gasOf(route: Route): number {
    return route.reduce((sum, { pool }) => sum + (this.pools[pool]?.gasCost ?? 0), 0)
  }

  /** What a route pays, or undefined where its liquidity ends before. */
  quote(route: Route, amountIn: number): number | undefined {
    let amount: number | undefined = amountIn
    for (const { pool, sells } of route) {
      if (amount === undefined) return undefined
      amount = quotePool(this.pools[pool] as RoutingPool, sells, amount)
    }
    return amount
  }

  /** Swaps along a route and moves its pools. */
  swap(route: Route, amountIn: number): void {
    let amount = amountIn
    for (const { pool, sells } of route) {
      const before = this.pools[pool] as RoutingPool
      const out = quotePool(before, sells, amount) ?? 0
      this.pools[pool] = moved(before, sells, amount, out)
      amount = out
    }
  }

  /**
   * The best route of at most three pools: one, two through any token, three through two hubs.
   * @param gasShare the part of a route's gas that is charged to this amount.
   * @returns undefined where no route carries the amount.
   */
  bestRoute(from: number, to: number, amountIn: number, gasShare: number): RouteQuote | undefined {
    const { price } = this.token(to)
    const firsts = new Map<number, RouteQuote>()
    for (let via = 0; via < this.problem.tokens.length; via += 1) {
      const hop = via === from ? undefined : this.bestStep(from, via, amountIn, gasShare)
      if (hop !== undefined) firsts.set(via, hop)
    }
    let best = firsts.get(to)
    let most = best === undefined ? 0 : best.out * price - gasShare * this.gasOf(best.route)
    const consider = (start: RouteQuote, end: RouteQuote | undefined) => {
      if (end === undefined) return
      const route = [...start.route, ...end.route]
      const net = end.out * price - gasShare * this.gasOf(route)
      if (best !== undefined && net <= most) return
      most = net
      best = { route, out: end.out }
    }
    for (const [via, first] of firsts) {
      if (via === to) continue
      consider(first, this.bestStep(via, to, first.out, gasShare))
      if (!this.hubs.includes(via)) continue
      for (const next of this.hubs) {
        if (next === from || next === to || next === via) continue
        const second = this.bestStep(via, next, first.out, gasShare)
        if (second === undefined) continue
        consider(
          { route: [...first.route, ...second.route], out: second.out },
          this.bestStep(next, to, second.out, gasShare),
        )
      }
    }
    return best
  }

  private bestStep(from: number, to: number, amountIn: number, gasShare: number): RouteQuote | undefined {
    const { price } = this.token(to)
    let best: { readonly step: Step; readonly out: number } | undefined
    let most = 0
    for (const step of this.steps.get(from * this.problem.tokens.length + to) ?? []) {
      const pool = this.pools[step.pool] as RoutingPool
      const out = quotePool(pool, step.sells, amountIn)
      if (out === undefined) continue
      const net = out * price - gasShare * pool.gasCost
      if (best !== undefined && net <= most) continue
      most = net
      best = { step, out }
    }
    return best === undefined ? undefined : { route: [best.step], out: best.out }
  }

  private stepsBetween(from: number, to: number): Step[] {
    const key = from * this.problem.tokens.length + to
    const steps = this.steps.get(key) ?? []
    this.steps.set(key, steps)
    return steps
  }
}

/** The pool after a swap. */
function moved(pool: RoutingPool, sells: 0 | 1, amountIn: number, amountOut: number): RoutingPool {
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
