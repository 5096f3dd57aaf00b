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
  /** Elementary steps that the search under gas or a call budget may take, 2e7 unless told: about 1e8 a second. */
  readonly workLimit?: number
}

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
  return planPoints(toPlanner(problem, options), 0)
    .slice(0, (problem.maxPoolCalls ?? unbounded) + 1)
    .map((solution, calls) => ({ calls, solution }))
}

/** Nothing better is looked for once a plan is within this part of its bound. */
const provenGap = 1e-10

interface Planner extends Search {
  /** Trades nothing. */
  readonly idle: Candidate
  /** Plans without call budget or order: of all pools, and of those that pay for their gas at the prices of the bound. */
  readonly seeds: Candidate[]
  /** Where the bound is least. */
  boundPrices: Float64Array | undefined
  /** The best plan of all where gas and cycles leave nothing to search for. */
  whole: Candidate | undefined
}

function toPlanner(problem: RoutingProblem, { acyclic = false, workLimit = 2e7 }: RoutingOptions): Planner {
  const market = toMarket(problem)
  const dual = toDual(market)
  const planner: Planner = {
    dual,
    acyclic: false,
    takesPartial: false,
    levels: [],
    seen: new Set(),
    ceiling: unbounded,
    workLimit,
    idle: toCandidate(market, [], new Float64Array(market.tokenCount)) as Candidate,
    seeds: [],
    boundPrices: undefined,
    whole: undefined,
  }
  const all = solveOver(planner, market.everything, planner.idle, 'thorough')
  if (all !== undefined) {
    planner.seeds.push(all)
    const logPrices = Float64Array.from(all.logPrices)
    planner.boundPrices = logPrices
    if (market.hasGas) {
      const paying = lowerGasBound(dual, { ...all, logPrices })
      const sparse = solveOver(planner, paying, { ...all, logPrices }, 'thorough')
      if (sparse !== undefined) planner.seeds.push(sparse)
    } else {
      const best = isBetter(all, planner.idle) ? all : planner.idle
      const isProven = boundAt(dual, logPrices).bound - best.score <= provenGap * best.score
      const isOrdered = !acyclic || findCycle(best.legs) === undefined
      if (isProven && isOrdered && offer(planner, best)) planner.whole = best
    }
  }
  planner.acyclic = acyclic
  return planner
}

/** The number of calls of the best plan. */
function bestLevel({ levels }: Search): number {
  let best = 0
  levels.forEach((candidate, calls) => {
    if (candidate !== undefined && isBetter(candidate, levels[best])) best = calls
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
function fillLevels(planner: Planner, least: number): Candidate | undefined {
  const { levels, idle, dual } = planner
  const reduceFrom = (start: Candidate | undefined, calls: number) => {
    if (start === undefined) return
    offer(planner, start)
    reduce(planner, start, calls)
  }
  for (const seed of planner.seeds)
    reduceFrom(planner.acyclic ? solveOver(planner, seed.pools, seed, 'thorough') : seed, 0)
  if (idle.distance === 0) offer(planner, idle)
  const firstLevel = () => levels.findIndex((level) => level !== undefined)
  if (levels.length > 0) sweep(planner, Math.max(1, firstLevel()), Math.min(levels.length - 1, bestLevel(planner) + 2))
  const first = firstLevel()
  const top = planner.whole ?? levels[bestLevel(planner)]
  offer(planner, idle)
  if (first > -1 && least >= first) return top
  planner.takesPartial = true
  planner.ceiling = top?.score ?? unbounded
  planner.workLimit += dual.work
  reduceFrom(levels[first] ?? solveOver(planner, dual.market.everything, idle, 'thorough'), 1)
  sweep(planner, 1, first === -1 ? Math.min(levels.length - 1, 2 * dual.market.tokenCount) : first - 1)
  for (const level of [...levels])
    if (level !== undefined && level.distance > 0) offer(planner, solveOver(planner, level.pools, level, 'thorough'))
  return top
}

/** By number of calls, from none to what the best plan uses, the best plan with at most so many. */
function planPoints(planner: Planner, least: number): readonly RoutingSolution[] {
  const top = fillLevels(planner, least)
  const best = top === undefined ? undefined : toSolution(planner, top)
  const points: RoutingSolution[] = []
  let last = 0
  for (const candidate of planner.levels.slice(0, top?.pools.length)) {
    const before = points.at(-1)
    const next = candidate === undefined ? undefined : toSolution(planner, candidate, best?.value)
    const isStep = next !== undefined && isStepUp(before, next)
    if (isStep) last = points.length
    points.push((isStep ? next : before) as RoutingSolution)
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
  { dual, boundPrices, levels }: Planner,
  candidate: Candidate,
  ceiling = unbounded,
): RoutingSolution {
  const { market } = dual
  const { value: worth, gasCost, trades, after, distance } = toPlan(market, candidate.legs)
  const outcome = { valueBefore: market.scale, gasCost, trades, after }
  if (candidate.distance > 0) {
    const code = levels.some((level) => level?.distance === 0) ? 'callBudget' : undefined
    const unproven = { bound: null, gapBps: null, shadowPrices: null }
    return { status: 'unreachable', ...explain(market, code), value: worth, ...unproven, ...outcome, distance }
  }
  const value = Math.min(worth, ceiling)
  let logPrices = boundPrices ?? candidate.logPrices
  let { cheapest, bound: measured } = boundAt(dual, logPrices)
  // Where a price is so far off that a weight's last digits count, nearer prices bound the plan.
  const worthLeft = value / market.scale
  for (let tries = 0; tries < 60 && measured < worthLeft - 9e-10 * Math.max(1, worthLeft); tries++) {
    logPrices = logPrices.map((price) => price / 2)
    ;({ cheapest, bound: measured } = boundAt(dual, logPrices))
  }
  // Rounding alone can put the bound of an exact solution below its value.
  const bound = Math.max(measured * market.scale, value)
  const shadowPrices = Object.fromEntries(
    market.tokens.map(({ id, price }, j) => [id, (price * Math.exp(logPrices[j] as number)) / cheapest]),
  )
  return { status: 'solved', value, bound, gapBps: (1e4 * (bound - value)) / bound, ...outcome, shadowPrices }
}

/** Why no plan reaches the bands. */
function explain(market: Market, known: UnreachableCode | undefined): { code: UnreachableCode; reason: string } {
  const { of, held, count, distance } = toParts(market, market.everything)
  const largest = held.indexOf(Math.max(...held))
  const isCut = market.isExact ? count > 1 : distance > 1e-9
  const names = market.tokens.filter(({ holding, upper }, j) => of[j] !== largest && holding + upper > 0)
  const code = known ?? (isCut ? 'noRoute' : 'liquidity')
  const reasons = {
    callBudget: 'No plan found reaches the bands with so few pool calls.',
    noRoute: `No pool connects ${names.map(({ id }) => id).join(', ')} with the rest of the portfolio.`,
    liquidity: 'The liquidity of the pools ends before every weight is in its band.',
  }
  return { code, reason: reasons[code] }
}
