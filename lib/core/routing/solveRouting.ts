import { boundAt } from './certificate'
import { toDual } from './dual'
import { findCycle, toParts } from './graph'
import { lowerGasBound } from './lagrange'
import { type Market, toMarket, unbounded } from './market'
import { toPlan } from './plan'
import type { RoutingProblem } from './problem'
import { type Candidate, improve, isBetter, offer, reduce, type Search, solveOver, toCandidate } from './search'
import type { RoutingSolution, UnreachableCode } from './solution'

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

/** The best plan with at most so many pool calls. */
export interface FrontierPoint {
  readonly calls: number
  readonly solution: RoutingSolution
}

/**
 * Plans the trades that bring a portfolio into its bands at the least loss, with a bound that no plan can beat.
 * Stage 1 solves the convex dual (Diamandis, Resnick, Chitra, Angeris 2023), stage 2 drops pools that do not pay for their gas.
 * Deterministic; amounts are floats, to be replayed in exact integers before anything is signed.
 * @throws {InvalidRoutingProblemError} when the reserves of a pool cannot be valued.
 */
export function solveRouting(problem: RoutingProblem, options: RoutingOptions = {}): RoutingSolution {
  const planner = toPlanner(problem, options)
  const { whole } = planner
  const calls = problem.maxPoolCalls ?? unbounded
  if (whole !== undefined && whole.pools.length <= calls) return toSolution(planner, whole)
  const points = planPoints(planner, calls)
  return points[Math.min(calls, points.length - 1)] as RoutingSolution
}

/**
 * Plans for every number of pool calls, from none to what the best plan uses or `maxPoolCalls` allows: drift removed against cost.
 * Below the number that reaches the bands come the plans nearest to them. The point of each number is what {@link solveRouting}
 * answers with that `maxPoolCalls`.
 * @returns at index k the best plan with at most k calls.
 * @throws {InvalidRoutingProblemError} when the reserves of a pool cannot be valued.
 */
export function solveFrontier(problem: RoutingProblem, options: RoutingOptions = {}): readonly FrontierPoint[] {
  const points = planPoints(toPlanner(problem, options), 0)
  return points.slice(0, (problem.maxPoolCalls ?? unbounded) + 1).map((solution, calls) => ({ calls, solution }))
}

/** Nothing better is looked for once a plan is within this part of its bound. */
const provenGap = 1e-10

interface Planner {
  readonly search: Search
  readonly market: Market
  /** Trades nothing. */
  readonly idle: Candidate
  /** The best plan of all where gas and cycles leave nothing to search for. */
  readonly whole: Candidate | undefined
  /** Plans without call budget or order: of all pools, and of those that pay for their gas at the prices of the bound. */
  readonly seeds: readonly Candidate[]
  /** Where the bound is least. */
  readonly boundPrices: Float64Array | undefined
}

function toPlanner(
  problem: RoutingProblem,
  { acyclic = false, workLimit = defaultWorkLimit }: RoutingOptions,
): Planner {
  const market = toMarket(problem)
  const dual = toDual(market)
  const search: Search = {
    dual,
    acyclic: false,
    takesPartial: false,
    levels: [],
    seen: new Set(),
    flows: new Map(),
    ceiling: unbounded,
    workLimit,
  }
  const start = { logPrices: new Float64Array(market.tokenCount), weights: market.holdings }
  const idle = toCandidate(market, [], start.logPrices) as Candidate
  const all = solveOver(search, market.everything, start, 'thorough')
  const planner = { search: { ...search, acyclic }, market, idle }
  if (all === undefined) return { ...planner, whole: undefined, seeds: [], boundPrices: undefined }
  if (!market.hasGas) {
    const best = isBetter(all, idle) ? all : idle
    const isProven = boundAt(dual, all.logPrices).bound - best.score <= provenGap * best.score
    const isOrdered = !acyclic || findCycle(best.legs) === undefined
    const whole = isProven && isOrdered && offer(search, best) ? best : undefined
    return { ...planner, whole, seeds: [all], boundPrices: all.logPrices }
  }
  const point = { logPrices: Float64Array.from(all.logPrices), weights: all.weights }
  const paying = lowerGasBound(dual, point)
  const sparse = solveOver(search, paying, point, 'thorough')
  const seeds = sparse === undefined ? [all] : [all, sparse]
  return { ...planner, whole: undefined, seeds, boundPrices: point.logPrices }
}

/** The number of calls of the best plan. */
function bestLevel({ levels }: Search): number {
  let best = 0
  levels.forEach((candidate, calls) => {
    if (candidate !== undefined && (levels[best] === undefined || isBetter(candidate, levels[best]))) best = calls
  })
  return best
}

/** Improves the plans with so many calls, the most first, until nothing is found any more. */
function sweep(search: Search, from: number, to: number): void {
  const tries = search.takesPartial ? 12 : Math.min(60, 900 / (to - from + 1))
  for (let pass = tries < 60 ? 2 : 4; pass > 0; pass--) {
    let found = false
    for (let calls = to; calls >= from; calls--) found = improve(search, calls, to, tries) || found
    if (!found) return
  }
}

/**
 * Finds the best plan for each number of calls; those with fewer than `least` only as far as need be.
 * @returns the best plan inside the bands.
 */
function fillLevels({ search, idle, seeds, market, whole }: Planner, least: number): Candidate | undefined {
  const { levels } = search
  for (const seed of seeds) {
    const start = search.acyclic ? solveOver(search, seed.pools, seed, 'thorough') : seed
    if (start === undefined) continue
    offer(search, start)
    reduce(search, start, 0)
  }
  if (idle.distance === 0) offer(search, idle)
  let first = levels.findIndex((level) => level !== undefined)
  if (first > -1) sweep(search, Math.max(1, first), Math.min(levels.length - 1, bestLevel(search) + 2))
  first = levels.findIndex((level) => level !== undefined)
  const top = whole ?? levels[bestLevel(search)]
  offer(search, idle)
  if (first > -1 && least >= first) return top
  search.takesPartial = true
  search.ceiling = top?.score ?? search.ceiling
  search.workLimit += search.dual.work
  const start = levels[first] ?? solveOver(search, market.everything, idle, 'thorough')
  if (start === undefined) return top
  offer(search, start)
  reduce(search, start, 1)
  sweep(search, 1, first === -1 ? Math.min(levels.length - 1, 2 * market.tokenCount) : first - 1)
  for (const level of [...levels])
    if (level !== undefined && level.distance > 0) offer(search, solveOver(search, level.pools, level, 'thorough'))
  return top
}

/** By number of calls, from none to what the best plan uses, the best plan with at most so many. */
function planPoints(planner: Planner, least: number): readonly RoutingSolution[] {
  const top = fillLevels(planner, least)
  const best = top === undefined ? undefined : toSolution(planner, top)
  const levels = planner.search.levels.slice(0, top?.pools.length)
  const points: RoutingSolution[] = []
  let last = 0
  for (let calls = 0; calls < levels.length; calls++) {
    const candidate = levels[calls]
    const before = points[calls - 1]
    const next = candidate === undefined ? undefined : toSolution(planner, candidate, best?.value)
    if (next !== undefined && isStepUp(before, next)) last = calls
    points.push((last === calls ? next : before) as RoutingSolution)
  }
  return best === undefined ? points.slice(0, last + 1) : [...points, best]
}

/** True where more calls bring more. */
function isStepUp(before: RoutingSolution | undefined, next: RoutingSolution): boolean {
  if (before === undefined || before.status !== next.status) return before?.status !== 'solved'
  return next.status === 'solved' || before.status === 'solved'
    ? next.value > before.value
    : next.distance < before.distance
}

/** @param ceiling the worth of the best plan, which rounding must not lift another above. */
function toSolution(
  { search, market, boundPrices }: Planner,
  candidate: Candidate,
  ceiling = unbounded,
): RoutingSolution {
  const { after, distance, ...plan } = toPlan(market, candidate.legs)
  const outcome = { valueBefore: market.scale, gasCost: plan.gasCost, trades: plan.trades, after }
  if (candidate.distance > 0)
    return {
      status: 'unreachable',
      ...explainUnreachable(search, candidate),
      value: plan.value,
      bound: null,
      gapBps: null,
      ...outcome,
      distance,
      shadowPrices: null,
    }
  const value = Math.min(plan.value, ceiling)
  let logPrices = boundPrices ?? candidate.logPrices
  let { cheapest, bound: measured } = boundAt(search.dual, logPrices)
  // Where a price is so far off that a weight's last digits count, nearer prices bound the plan.
  for (let tries = 0; tries < 60 && measured * market.scale < value * (1 - 9e-10); tries++) {
    logPrices = logPrices.map((price) => price / 2)
    ;({ cheapest, bound: measured } = boundAt(search.dual, logPrices))
  }
  // Rounding alone can put the bound of an exact solution below its value.
  const bound = Math.max(measured * market.scale, value)
  const shadowPrices = Object.fromEntries(
    market.problem.tokens.map(({ id, price }, j) => [id, (price * Math.exp(logPrices[j] as number)) / cheapest]),
  )
  return { status: 'solved', value, bound, gapBps: (1e4 * (bound - value)) / bound, ...outcome, shadowPrices }
}

/** Why no plan reaches the bands. */
function explainUnreachable(
  { dual: { market }, levels }: Search,
  { pools }: Candidate,
): { readonly code: UnreachableCode; readonly reason: string } {
  const calls = pools.length
  if (levels.some((level) => level?.distance === 0))
    return {
      code: 'callBudget',
      reason: `No plan found reaches the bands with at most ${calls} pool ${calls === 1 ? 'call' : 'calls'}.`,
    }
  const names = cutOff(market)
  if (names.length > 0)
    return {
      code: 'noRoute',
      reason: `No pool connects ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and others' : ''} with the rest of the portfolio.`,
    }
  return { code: 'liquidity', reason: 'The pools do not hold the liquidity to bring every weight into its band.' }
}

/** Tokens outside the largest part, where what that part holds cannot reach what is wanted of it. */
function cutOff(market: Market): readonly string[] {
  const { of, count, distance } = toParts(market, market.everything)
  if (count < 2 || !(market.isExact || distance > 1e-9)) return []
  const sizes = new Int32Array(of.length)
  for (const part of of) sizes[part] = (sizes[part] as number) + 1
  const largest = sizes.indexOf(Math.max(...sizes))
  return market.problem.tokens
    .filter(({ holding, upper }, j) => of[j] !== largest && holding + upper > 0)
    .map(({ id }) => id)
}
