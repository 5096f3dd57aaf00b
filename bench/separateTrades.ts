import type { RoutingProblem } from '@/lib/core/routing/problem'
import { PoolGraph, type Route, type RouteQuote } from './separateRoutes'

/** How each swap goes: along its best single path, or split in steps of 5 % that are quoted again after each other. */
export type SeparateWay = 'singlePaths' | 'splits'

/** What is left of a portfolio that is rebalanced swap by swap. */
export type SeparateOutcome = {
  /** Worth afterwards at the reference prices, gas taken off. */
  readonly value: number
  readonly gasCost: number
  readonly poolCalls: number
  readonly swaps: number
}

/** One swap as it was carried out; the graph's pools have moved. */
type Swap = { readonly out: number; readonly gasCost: number; readonly poolCalls: number }

const gridSteps = 20

/** Numbers of routes that a router with gas in mind tries before it takes the best. */
const routeLimits = [2, 3, 5, gridSteps]

/** How far a weight may end from its target: what the rest of the way would cost is nothing beside the costs compared. */
const weightTolerance = 1e-7
const mostPasses = 8

/**
 * Rebalances as people do it: the most overweight token is swapped for the most underweight one, again and again, each swap as
 * good as a router makes it on the pools as they stand by then. The amounts are found by trial, so that the end weights are those of
 * a joint plan: exactly the targets.
 * @returns undefined where no route carries a swap.
 */
export function swapSeparately(problem: RoutingProblem, way: SeparateWay): SeparateOutcome | undefined {
  const { tokens } = problem
  const worth = tokens.reduce((sum, { price, holding }) => sum + price * holding, 0)
  const drifts = tokens.map(({ price, holding, lower }) => price * holding - lower * worth)
  for (let pass = 1; ; pass += 1) {
    const run = swapAll(problem, way, drifts)
    if (run === undefined) return undefined
    const total = run.after.reduce((sum, value) => sum + value, 0)
    // {value} that a token still has too much of.
    const misses = run.after.map((value, at) => value - (tokens[at]?.lower ?? 0) * total)
    const isThere = Math.max(...misses.map(Math.abs)) <= weightTolerance * total
    if (isThere || pass === mostPasses) return { ...run.outcome, value: total - run.outcome.gasCost }
    misses.forEach((miss, at) => {
      drifts[at] = (drifts[at] ?? 0) + miss
    })
  }
}

type Run = { readonly after: readonly number[]; readonly outcome: Omit<SeparateOutcome, 'value'> }

/** @param drifts value that is to be sold of each token, or to be paid for it where negative. */
function swapAll(problem: RoutingProblem, way: SeparateWay, drifts: readonly number[]): Run | undefined {
  const graph = new PoolGraph(problem)
  const over = drifts.reduce((sum, drift) => sum + Math.max(0, drift), 0)
  const under = drifts.reduce((sum, drift) => sum + Math.max(0, -drift), 0)
  // Everything that is sold is paid for something.
  const surplus = drifts.map((drift) => (drift < 0 ? (drift * over) / under : drift))
  const after = problem.tokens.map(({ price, holding }) => price * holding)
  let [gasCost, poolCalls, swaps] = [0, 0, 0]
  for (;;) {
    const from = surplus.indexOf(Math.max(...surplus))
    const to = surplus.indexOf(Math.min(...surplus))
    const sold = Math.min(surplus[from] ?? 0, -(surplus[to] ?? 0))
    if (sold <= 1e-9 * over) return { after, outcome: { gasCost, poolCalls, swaps } }
    const amountIn = sold / graph.token(from).price
    const swap = way === 'splits' ? swapSplit(graph, from, to, amountIn) : swapWhole(graph, from, to, amountIn)
    if (swap === undefined) return undefined
    after[from] = (after[from] ?? 0) - sold
    after[to] = (after[to] ?? 0) + swap.out * graph.token(to).price
    gasCost += swap.gasCost
    poolCalls += swap.poolCalls
    swaps += 1
    surplus[from] = (surplus[from] ?? 0) - sold
    surplus[to] = (surplus[to] ?? 0) + sold
  }
}

function swapWhole(graph: PoolGraph, from: number, to: number, amountIn: number): Swap | undefined {
  const best = graph.bestRoute(from, to, amountIn, 1)
  if (best === undefined) return undefined
  graph.swap(best.route, amountIn)
  return { out: best.out, gasCost: graph.gasOf(best.route), poolCalls: best.route.length }
}

/** The best of the whole swap and of splits over some routes. */
function swapSplit(graph: PoolGraph, from: number, to: number, amountIn: number): Swap | undefined {
  const { price } = graph.token(to)
  const start = graph.save()
  const hasGas = graph.problem.pools.some(({ gasCost }) => gasCost > 0)
  const ways = [
    () => swapWhole(graph, from, to, amountIn),
    ...(hasGas ? routeLimits : [gridSteps]).map((limit) => () => swapOnGrid(graph, { from, to, amountIn, limit })),
  ]
  let best: Swap | undefined
  let end = start
  for (const carryOut of ways) {
    graph.restore(start)
    const swap = carryOut()
    if (swap === undefined) continue
    const isBetter = best === undefined || swap.out * price - swap.gasCost > best.out * price - best.gasCost
    if (!isBetter) continue
    best = swap
    end = graph.save()
  }
  graph.restore(end)
  return best
}

type GridSwap = { readonly from: number; readonly to: number; readonly amountIn: number; readonly limit: number }

/** Each twentieth goes where it is paid best by then: over a route in use, whose gas is spent, or over a new one. */
function swapOnGrid(graph: PoolGraph, { from, to, amountIn, limit }: GridSwap): Swap | undefined {
  const { price } = graph.token(to)
  const step = amountIn / gridSteps
  const gasShare = limit / gridSteps
  const start = graph.save()
  const used = new Map<string, { readonly route: Route; readonly steps: number }>()
  for (let at = 0; at < gridSteps; at += 1) {
    let best: RouteQuote | undefined
    for (const { route } of used.values()) {
      const paid = graph.quote(route, step)
      if (paid !== undefined && (best === undefined || paid > best.out)) best = { route, out: paid }
    }
    const fresh = used.size < limit ? graph.bestRoute(from, to, step, gasShare) : undefined
    if (fresh !== undefined) {
      const gas = used.has(keyOf(fresh.route)) ? 0 : gasShare * graph.gasOf(fresh.route)
      if (best === undefined || fresh.out * price - gas > best.out * price) best = fresh
    }
    if (best === undefined) return undefined
    graph.swap(best.route, step)
    const key = keyOf(best.route)
    used.set(key, { route: best.route, steps: (used.get(key)?.steps ?? 0) + 1 })
  }
  // Each route is executed once with all that falls to it.
  graph.restore(start)
  const total = { out: 0, gasCost: 0, poolCalls: 0 }
  for (const { route, steps } of used.values()) {
    const amount = (amountIn * steps) / gridSteps
    const paid = graph.quote(route, amount)
    if (paid === undefined) return undefined
    graph.swap(route, amount)
    total.out += paid
    total.gasCost += graph.gasOf(route)
    total.poolCalls += route.length
  }
  return total
}

function keyOf(route: Route): string {
  return route.map(({ pool }) => pool).join()
}
