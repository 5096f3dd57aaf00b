import { boundAt } from './certificate'
import { type Dual, toDual, useAllPools } from './dual'
import { lowerGasBound } from './lagrange'
import { toMarket } from './market'
import { explainUnreachable, planNearest } from './nearest'
import { toDescentMemory } from './newton'
import { idlePlan, type RoutingPlan } from './plan'
import type { RoutingProblem } from './problem'
import { type Candidate, detour, improve, isFeasible, reduce, type SearchContext, solveOver } from './search'
import type { RoutingSolution } from './solution'

/** How to solve. */
export interface RoutingOptions {
  /**
   * Cuts cycles, so that the trades can be put in an order in which nothing is sold before it is held. The bound stays that
   * of all plans.
   */
  readonly acyclic?: boolean
  /** Elementary steps that the search under gas or a call budget may take: about 1e8 a second. */
  readonly workLimit?: number
}

/** The default of {@link RoutingOptions.workLimit}. */
export const defaultWorkLimit = 2e7

/**
 * Plans the trades that bring a portfolio into its bands at the least loss, with a bound that no plan can beat.
 * Stage 1 solves the convex dual (Diamandis, Resnick, Chitra, Angeris 2023), stage 2 drops pools that do not pay for their gas.
 * Deterministic; amounts are floats, to be replayed in exact integers before anything is signed.
 * @throws {InvalidRoutingProblemError} when the reserves of a pool cannot be valued.
 */
export function solveRouting(
  problem: RoutingProblem,
  { acyclic = false, workLimit = defaultWorkLimit }: RoutingOptions = {},
): RoutingSolution {
  const market = toMarket(problem)
  const dual = toDual(market)
  const context: SearchContext = {
    dual,
    memory: toDescentMemory(market.tokenCount),
    acyclic,
    calls: problem.maxPoolCalls ?? Number.POSITIVE_INFINITY,
    workLimit,
  }
  const everything = Array.from(market.first.keys())
  const idle = idlePlan(market)
  const still: Candidate | undefined = isFeasible(idle)
    ? { plan: idle, pools: [], logPrices: new Float64Array(market.tokenCount) }
    : undefined

  const relaxed = relax(context, everything)
  const found = choose(context, relaxed.seeds, still)
  if (found !== undefined) return toSolution(dual, found.plan, relaxed.logPrices)
  const nearest = planNearest(context, everything, (part) => solveRouting(part, { acyclic, workLimit: workLimit / 10 }))
  const settled = settleNearest(context, nearest, relaxed.logPrices)
  if (settled !== undefined) return toSolution(dual, settled.plan, relaxed.logPrices)
  return {
    status: 'unreachable',
    ...explainUnreachable(dual, relaxed.seeds.length > 0 ? context.calls : 'enough'),
    value: nearest.value,
    bound: null,
    gapBps: null,
    valueBefore: market.scale,
    gasCost: nearest.gasCost,
    distance: nearest.distance,
    trades: nearest.trades,
    after: nearest.after,
    shadowPrices: null,
  }
}

interface Relaxation {
  /** Plans without call budget or order: of all pools, and of those that pay for their gas at the prices of the bound. */
  readonly seeds: readonly Candidate[]
  /** Where the bound is least. */
  readonly logPrices: Float64Array
}

function relax(context: SearchContext, everything: readonly number[]): Relaxation {
  const { dual } = context
  const { market } = dual
  const free = { ...context, acyclic: false, calls: Number.POSITIVE_INFINITY }
  const logPrices = new Float64Array(market.tokenCount)
  const all = solveOver(free, everything, logPrices, 'cold')
  if (all === undefined) return { seeds: [], logPrices }
  if (!market.hasGas) return { seeds: [all], logPrices: all.logPrices }
  logPrices.set(all.logPrices)
  const center = Float64Array.from(all.plan.after, (after) => after.weight)
  const paying = lowerGasBound(dual, logPrices, context.memory, center)
  const sparse = solveOver(free, paying, logPrices, 'warm')
  return { seeds: sparse === undefined ? [all] : [all, sparse], logPrices }
}

/** Where the nearest plan lies in the bands, or all but, its pools hold the plan that the search had missed. */
function settleNearest(context: SearchContext, nearest: RoutingPlan, point: Float64Array): Candidate | undefined {
  const known: Candidate | undefined = isFeasible(nearest)
    ? { plan: nearest, pools: nearest.pools, logPrices: Float64Array.from(point) }
    : undefined
  if (nearest.worst > 1e-2) return known
  const solved = solveOver(context, nearest.pools, point, 'cold') ?? solveOver(context, nearest.pools, point, 'warm')
  const best = solved === undefined ? known : better(known, solved)
  return best === undefined ? undefined : improve(context, best)
}

/** The best plan that the seeds lead to under gas, the call budget and the demand for order. */
function choose(
  context: SearchContext,
  seeds: readonly Candidate[],
  still: Candidate | undefined,
): Candidate | undefined {
  const { market } = context.dual
  const [relaxed] = seeds
  if (relaxed === undefined) return still
  const bounded = relaxed.pools.length > context.calls
  if (!market.hasGas && !bounded && !context.acyclic) return better(still, relaxed)
  let best = still
  for (const seed of seeds) {
    const start = context.acyclic ? solveOver(context, seed.pools, seed.logPrices, 'warm') : seed
    if (start === undefined) continue
    const reduced = market.hasGas || start.pools.length > context.calls ? reduce(context, start) : start
    if (reduced !== undefined) best = better(best, reduced)
  }
  if (best === undefined || !(market.hasGas || bounded)) return best
  best = improve(context, best)
  const wider = detour(context, best)
  return wider === best ? best : improve(context, wider)
}

function better(best: Candidate | undefined, next: Candidate): Candidate {
  return best === undefined || next.plan.value > best.plan.value ? next : best
}

function toSolution(dual: Dual, plan: RoutingPlan, logPrices: Float64Array): RoutingSolution {
  const { market } = dual
  useAllPools(dual)
  const { cheapest, bound: measured } = boundAt(dual, logPrices)
  const value = plan.value
  // Rounding alone can put the bound of an exact solution below its value.
  const bound = Math.max(measured * market.scale, value)
  return {
    status: 'solved',
    value,
    bound,
    gapBps: (1e4 * (bound - value)) / bound,
    valueBefore: market.scale,
    gasCost: plan.gasCost,
    trades: plan.trades,
    after: plan.after,
    shadowPrices: Object.fromEntries(
      market.problem.tokens.map(({ id, price }, j) => [id, (price * Math.exp(logPrices[j] as number)) / cheapest]),
    ),
  }
}
