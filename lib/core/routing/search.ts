import { boundAt } from './certificate'
import { hasExactTargets, type Start, solveConvex, solvedTolerance } from './convex'
import { type Dual, usePools } from './dual'
import { findCycle, isConnected } from './graph'
import type { DescentMemory } from './newton'
import { type RoutingPlan, toPlan } from './plan'
import { weightTolerance } from './problem'

/** A plan over some pools, and where its solve ended. */
export interface Candidate {
  readonly plan: RoutingPlan
  /** Pools called, rising. */
  readonly pools: readonly number[]
  readonly logPrices: Float64Array
}

/** What a search works with. */
export interface SearchContext {
  readonly dual: Dual
  readonly memory: DescentMemory
  /** Cycles of the flow are cut. */
  readonly acyclic: boolean
  /** Greatest number of pools called. */
  readonly calls: number
  /** The search ends when the dual's work reaches this. */
  readonly workLimit: number
}

/** True where a plan's end weights count as inside their bands. */
export function isFeasible(plan: RoutingPlan): boolean {
  return plan.worst <= weightTolerance * 0.9
}

/** Solves over these pools for the greatest value; undefined where no plan reaches the bands. */
export function solveOver(
  context: SearchContext,
  pools: ArrayLike<number>,
  from: Float64Array,
  start: Start,
): Candidate | undefined {
  const { dual, memory } = context
  const exact = hasExactTargets(dual.market)
  let list = Array.from(pools)
  const logPrices = Float64Array.from(from)
  for (;;) {
    if (exact && start === 'quick' && !isConnected(dual.market, list)) return undefined
    usePools(dual, list)
    const { error } = solveConvex(dual, logPrices, memory, start)
    let plan = error <= solvedTolerance * 2 ? toPlan(dual) : undefined
    if (start !== 'quick' && (plan === undefined || !isFeasible(plan))) {
      plan = solveOverUsed(context, logPrices)
    }
    if (plan === undefined || !isFeasible(plan)) return undefined
    const cut = context.acyclic ? weakestOfCycle(context, plan, list) : undefined
    if (cut !== undefined) {
      list = list.filter((i) => i !== cut)
      continue
    }
    return { plan, pools: [...plan.pools].sort((a, b) => a - b), logPrices }
  }
}

/** Once more over the pools that carry something: many equal pools at their edges hide the way to the last digits. */
function solveOverUsed({ dual, memory }: SearchContext, logPrices: Float64Array): RoutingPlan | undefined {
  for (const least of [1e-7, 1e-5, 1e-3]) {
    const used = Array.from(dual.pools.subarray(0, dual.poolCount)).filter(
      (i) => dual.direction[i] !== -1 && (dual.paid[i] as number) > least,
    )
    if (used.length === 0) return undefined
    usePools(dual, used)
    const { error } = solveConvex(dual, Float64Array.from(logPrices), memory, 'warm')
    if (error <= solvedTolerance * 2) return toPlan(dual)
  }
  return undefined
}

/** The pool of a cycle whose flow is worth least; one that nothing can replace is passed over. */
function weakestOfCycle({ dual }: SearchContext, plan: RoutingPlan, list: readonly number[]): number | undefined {
  const cycle = findCycle(plan.trades)
  if (cycle === undefined) return undefined
  const { market } = dual
  const flow = (at: number) => {
    const i = plan.pools[at] as number
    const way = dual.direction[i] === 0 ? market.first : market.second
    return (dual.paid[i] as number) * (dual.rates[way[i] as number] as number)
  }
  const ordered = [...cycle].sort((x, y) => flow(x) - flow(y)).map((at) => plan.pools[at] as number)
  return (
    ordered.find((cut) =>
      isConnected(
        market,
        list.filter((i) => i !== cut),
      ),
    ) ?? ordered[0]
  )
}

/**
 * What each pool of the market earns at a candidate's prices less its gas, value units at m = 1. By duality no plan that adds
 * some pools and drops others gains more than the worth of those added less the worth of those dropped.
 */
function measureWorth({ dual }: SearchContext, { logPrices }: Candidate): Float64Array {
  const { cheapest } = boundAt(dual, logPrices)
  return dual.profit.map((profit, i) => profit / cheapest - (dual.market.gas[i] as number))
}

function isSpent({ dual, workLimit }: SearchContext): boolean {
  return dual.work >= workLimit
}

function better(
  context: SearchContext,
  best: Candidate | undefined,
  next: Candidate | undefined,
): Candidate | undefined {
  if (next === undefined || next.pools.length > context.calls) return best
  return best === undefined || next.plan.value > best.plan.value ? next : best
}

/** Drops pools from a candidate, the least worth first, for as long as a plan remains; the best on the way. */
export function reduce(context: SearchContext, from: Candidate): Candidate | undefined {
  const { market } = context.dual
  let current = from
  let best = better(context, undefined, from)
  let essential = new Set<number>()
  while (!isSpent(context)) {
    const worth = measureWorth(context, current)
    const over = current.pools.length - context.calls
    const order = current.pools
      .filter((i) => !essential.has(i) && (over > 0 || (worth[i] as number) < 0))
      .sort((i, j) => (worth[i] as number) - (worth[j] as number))
    if (order.length === 0) break
    const spare = current.pools.length - 2 * market.tokenCount
    const batch = Math.max(1, Math.min(Math.floor(spare / 3), order.length))
    const dropped = new Set(order.slice(0, batch))
    const rest = current.pools.filter((i) => !dropped.has(i))
    const next = solveOver(context, rest, current.logPrices, 'quick')
    if (next === undefined) {
      // The worst of them alone; a batch is not tried twice.
      const alone = order[0] as number
      if (batch > 1) {
        const single = current.pools.filter((i) => i !== alone)
        const after = solveOver(context, single, current.logPrices, 'quick')
        if (after !== undefined) {
          current = after
          best = better(context, best, after)
          continue
        }
      }
      essential.add(alone)
      continue
    }
    current = next
    essential = new Set([...essential].filter((i) => next.pools.includes(i)))
    best = better(context, best, next)
  }
  return best
}

interface Move {
  readonly drop: number
  readonly add: number
  readonly limit: number
}

/** Moves of one pool out, one in, or both, that may gain by the bound at the candidate's prices; the most promising first. */
function promisingMoves(context: SearchContext, { pools }: Candidate, worth: Float64Array): Move[] {
  const used = new Set(pools)
  const full = pools.length >= context.calls
  const least = 1e-12
  const moves: Move[] = []
  const added: number[] = []
  for (let k = 0; k < worth.length; k++) if (!used.has(k)) added.push(k)
  added.sort((i, j) => (worth[j] as number) - (worth[i] as number))
  const candidates = added.slice(0, 40)
  if (!full) {
    for (const add of candidates) {
      const limit = worth[add] as number
      if (limit > least) moves.push({ drop: -1, add, limit })
    }
  }
  for (const drop of pools) {
    const gain = -(worth[drop] as number)
    if (gain > least) moves.push({ drop, add: -1, limit: gain })
    for (const add of candidates) {
      const limit = gain + (worth[add] as number)
      if (limit > least) moves.push({ drop, add, limit })
    }
  }
  return moves.sort((a, b) => b.limit - a.limit)
}

/** Local search: drops, adds or swaps one pool while that gains. */
export function improve(context: SearchContext, from: Candidate): Candidate {
  let best = from
  const seen = new Set<string>([from.pools.join()])
  for (let found = true; found && !isSpent(context); ) {
    found = false
    const worth = measureWorth(context, best)
    for (const { drop, add } of promisingMoves(context, best, worth).slice(0, 400)) {
      if (isSpent(context)) break
      const pools = best.pools.filter((i) => i !== drop)
      if (add !== -1) pools.push(add)
      pools.sort((a, b) => a - b)
      const key = pools.join()
      if (seen.has(key)) continue
      seen.add(key)
      const next = solveOver(context, pools, best.logPrices, 'quick')
      if (next !== undefined && better(context, best, next) === next) {
        best = next
        found = true
        break
      }
    }
  }
  return best
}

/** Brings in one unused pool at a time and drops what it replaces: finds routes that no single swap leads to. */
export function detour(context: SearchContext, from: Candidate): Candidate {
  let best = from
  const worth = measureWorth(context, from)
  const order = Array.from(worth.keys())
    .filter((i) => !from.pools.includes(i))
    .sort((i, j) => (worth[j] as number) - (worth[i] as number))
    .slice(0, 60)
  for (const add of order) {
    if (isSpent(context)) break
    const wider = { ...context, calls: Number.POSITIVE_INFINITY }
    const pools = [...best.pools, add].sort((a, b) => a - b)
    const widened = solveOver(wider, pools, best.logPrices, 'quick')
    if (widened === undefined) continue
    const reduced = reduce(context, widened)
    if (reduced !== undefined && better(context, best, reduced) === reduced) best = reduced
  }
  return best
}
