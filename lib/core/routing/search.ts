import { evaluateAll } from './certificate'
import { type Effort, type Point, solveConvex } from './convex'
import type { Dual } from './dual'
import { findCycle, joinedDistance, type Parts, toParts } from './graph'
import { type Goal, type Market, measureMisses, sum, toGoal, unbounded } from './market'
import { solvedTolerance } from './newton'
import { holdingsAfter, type Leg, toLegs, toPlan } from './plan'

/** The best that was found over some pools, and where its solve ended. */
export interface Candidate extends Point {
  /** Pools called, rising. */
  readonly pools: readonly number[]
  readonly legs: readonly Leg[]
  /** Sum of the distances of the end weights from their bands; 0 counts as inside. */
  readonly distance: number
  /** Among plans inside the bands the worth, gas taken off; outside, where gas does not count, worth against distance. */
  readonly score: number
}

/** What a search works with and what it has found. */
export interface Search {
  readonly dual: Dual
  /** Cycles of the flow are cut. */
  acyclic: boolean
  /** Plans outside the bands count too. */
  takesPartial: boolean
  /** By number of pool calls, the best plan with just so many. */
  readonly levels: (Candidate | undefined)[]
  /** Sets of pools that were tried. */
  readonly seen: Set<string>
  /** Plans inside the bands that score higher come too late. */
  ceiling: number
  /** The search ends when the dual's work reaches this. */
  workLimit: number
}

/**
 * What a unit of distance costs, about, in value. Whatever is thrown away brings the distance down by less than twice its worth,
 * whatever is moved from a token with too much to one with too little by twice its worth less what is lost: below 1/2
 * nothing is thrown away.
 */
const distancePrice = 0.49

/** Moves that promise less are not tried, shares of the portfolio. */
const leastGain = 1e-10

const without = (pools: ArrayLike<number>, dropped: number) => Array.from(pools).filter((i) => i !== dropped)

/** True where the first is the better plan, whatever it calls. */
export function isBetter(next: Candidate, best: Candidate | undefined): boolean {
  if (best === undefined) return true
  const inside = next.distance === 0
  return inside === (best.distance === 0) ? next.score > best.score : inside
}

function isSpent({ dual, workLimit }: Search): boolean {
  return dual.work >= workLimit
}

/** The candidate of some legs; undefined where they sell what is not held. */
export function toCandidate(market: Market, legs: readonly Leg[], logPrices: Float64Array): Candidate | undefined {
  const net = holdingsAfter(market.holdings, legs)
  const value = sum(net)
  if (!(value > leastLeft) || net.some((held) => held < -bandTolerance * value)) return undefined
  const gas = legs.reduce((total, { pool }) => total + (market.gas[pool] as number), 0)
  const weights = net.map((held) => held / value)
  const misses = measureMisses(market, weights)
  const isInside = Math.max(...misses) <= bandTolerance
  const distance = isInside ? 0 : sum(misses)
  return {
    logPrices: Float64Array.from(logPrices),
    weights,
    pools: legs.map(({ pool }) => pool).sort((a, b) => a - b),
    legs,
    distance,
    score: isInside ? value - gas : value / (1 + distancePrice * distance),
  }
}

/** The greatest error that a weight of a plan inside the bands may show. */
const bandTolerance = 9e-10

/** What a plan must leave of what is held: of less, not every digit of the weights can be told. */
const leastLeft = 1e-5

interface Flow {
  readonly legs: readonly Leg[]
  readonly logPrices: Float64Array
}

const copyOf = ({ logPrices, weights }: Point): Point => ({
  logPrices: Float64Array.from(logPrices),
  weights: Float64Array.from(weights),
})

interface PoolTask {
  readonly pools: Int32Array
  readonly goal: Goal
  readonly effort: Effort
}

/** Solves for bands that must hold; false where no plan was found. */
function isSolved({ dual }: Search, point: Point, task: PoolTask): boolean {
  return solveConvex(dual, point, { ...task, penalty: unbounded }) <= solvedTolerance
}

/** The best plan inside the bands. */
function solveInside(search: Search, pools: ArrayLike<number>, from: Point, effort: Effort): Candidate | undefined {
  const { dual } = search
  const { market } = dual
  const parts = toParts(market, pools)
  // Trading costs value, so parts on their own keep exact shares only by chance.
  if (market.isExact ? parts.count > 1 : parts.distance > 0.01) return undefined
  const point = copyOf(from)
  if (!isSolved(search, point, { pools: Int32Array.from(pools), goal: market, effort })) return undefined
  const candidate = toCandidate(market, toLegs(dual), point.logPrices)
  return candidate?.distance === 0 ? candidate : undefined
}

/** The plan that comes nearest to the bands: each part that the pools connect does its best. */
function solvePartly(search: Search, pools: ArrayLike<number>, from: Point, effort: Effort): Candidate | undefined {
  const { dual } = search
  const { market } = dual
  const parts = toParts(market, pools)
  const logPrices = Float64Array.from(from.logPrices)
  let weights = market.holdings
  let best: Candidate | undefined
  // Trading costs value, so the parts' shares move a little with every solve.
  for (let pass = 0; pass < (effort === 'quick' ? 1 : 3); pass++) {
    const legs: Leg[] = []
    for (const part of new Set(parts.of)) {
      const list = Int32Array.from(pools).filter((i) => parts.of[market.first[i] as number] === part)
      if (list.length === 0 || parts.held[part] === 0) continue
      const flow = solvePart(search, parts, part, { logPrices, weights, pools: list, effort })
      legs.push(...flow.legs)
      parts.of.forEach((of, j) => {
        if (of === part) logPrices[j] = flow.logPrices[j] as number
      })
    }
    const candidate = toCandidate(market, legs, logPrices)
    if (candidate === undefined) break
    if (isBetter(candidate, best)) best = candidate
    weights = candidate.weights
  }
  return best
}

/**
 * What a part of the portfolio can do for the distance: with too much it fills every token to its upper edge at least, with too
 * little it empties every token to its lower edge at least. Where liquidity ends before, it leans that way as far as that pays.
 * @param from shares of the whole, about.
 */
function solvePart(
  search: Search,
  { of, lower: lowers, upper: uppers, count }: Parts,
  part: number,
  from: Point & { readonly pools: Int32Array; readonly effort: Effort },
): Flow {
  const { dual } = search
  const { market } = dual
  const members = (values: Float64Array) => values.map((value, j) => (of[j] === part ? value : 0))
  const share = sum(members(from.weights))
  const weights = members(market.holdings)
  const held = sum(weights)
  const lower = members(share > (uppers[part] as number) ? market.upper : market.lower)
  const upper = members(share < (lowers[part] as number) ? market.lower : market.upper)
  weights.forEach((weight, j) => {
    if (share > (uppers[part] as number) && weight > (upper[j] as number)) upper[j] = share
    if (share < (lowers[part] as number) && weight < (lower[j] as number)) lower[j] = 0
    lower[j] = Math.min(1, (lower[j] as number) / share)
    upper[j] = Math.min(1, (upper[j] as number) / share)
    weights[j] = weight / held
  })
  const goal = toGoal(members(market.holdings), lower, upper)
  const task = { pools: from.pools, goal, effort: from.effort }
  const point = copyOf({ logPrices: from.logPrices, weights })
  if (count === 1 || !isSolved(search, point, task)) solveConvex(dual, point, { ...task, penalty: distancePrice })
  return { legs: toLegs(dual), logPrices: point.logPrices }
}

/** The best plan over these pools; undefined where none ends in the bands and others do not count. */
export function solveOver(
  search: Search,
  pools: ArrayLike<number>,
  from: Point,
  effort: Effort,
): Candidate | undefined {
  const solve = (list: ArrayLike<number>) =>
    solveInside(search, list, from, effort) ??
    (search.takesPartial ? solvePartly(search, list, from, effort) : undefined)
  let list = pools
  let candidate = solve(list)
  while (search.acyclic && candidate !== undefined) {
    const { legs } = candidate
    const cycle = findCycle(legs)
    if (cycle === undefined) return candidate
    // Each way to cut it, the best kept.
    let cut: Candidate | undefined
    let rest = list
    for (const at of cycle) {
      const fewer = without(list, legs[at]?.pool ?? -1)
      const next = solve(fewer)
      if (next === undefined || !isBetter(next, cut)) continue
      cut = next
      rest = fewer
    }
    candidate = cut
    list = rest
  }
  return candidate
}

/** Takes a plan where it is the best with its number of calls, and keeps its promise in whole tokens. */
export function offer({ dual, levels, ceiling }: Search, candidate: Candidate | undefined): boolean {
  if (candidate === undefined || !isBetter(candidate, levels[candidate.pools.length])) return false
  const isInside = candidate.distance === 0
  if (isInside && candidate.score > ceiling) return false
  if (!(toPlan(dual.market, candidate.legs).worst <= (isInside ? bandTolerance : 1))) return false
  levels[candidate.pools.length] = candidate
  return true
}

/** What each pool could earn at a candidate's prices, value units; its gas taken off where gas counts. */
function measureWorth({ dual }: Search, { logPrices, weights, distance }: Candidate): Float64Array {
  evaluateAll(dual, logPrices)
  const { rates, profit, market } = dual
  let unit = 0
  for (let j = 0; j < rates.length; j++) unit += (rates[j] as number) * (weights[j] as number)
  return profit.map((earned, i) => earned / unit - (distance === 0 ? (market.gas[i] as number) : 0))
}

/** Drops pools from a candidate, the least worth first, for as long as a plan remains, and offers every plan on the way. */
export function reduce(search: Search, from: Candidate, least: number): void {
  const { market } = search.dual
  const needed = new Set<number>()
  for (let current = from; current.pools.length > least && !isSpent(search); ) {
    const { pools } = current
    const worth = measureWorth(search, current)
    const order = pools.filter((i) => !needed.has(i)).sort((a, b) => (worth[a] as number) - (worth[b] as number))
    // The first without which the parts can do as well, or the one without which they do best.
    const { distance } = toParts(market, pools)
    let cut = -1
    let next = unbounded
    for (const pool of order) {
      const rest = toParts(market, without(pools, pool)).distance
      if (rest >= next) continue
      next = rest
      cut = pool
      if (rest <= distance + 1e-12) break
    }
    if (cut === -1) return
    const spare = Math.floor((pools.length - 4 * market.tokenCount) / 4)
    const many = new Set(order.slice(0, spare))
    const reduced =
      (spare > 1
        ? solveOver(
            search,
            pools.filter((i) => !many.has(i)),
            current,
            'quick',
          )
        : undefined) ?? solveOver(search, without(pools, cut), current, 'quick')
    if (reduced === undefined) {
      needed.add(cut)
      continue
    }
    offer(search, reduced)
    current = reduced
  }
}

interface Move {
  /** -1 for none. */
  readonly drop: number
  readonly add: number
  /** No plan that it leads to scores higher: by duality at the candidate's prices, and by what the parts' shares allow. */
  readonly limit: number
}

/** Moves of one pool out, one in, or both, that may gain; the most promising first. */
function promisingMoves(search: Search, { pools, ...from }: Candidate, top: number): Move[] {
  const { levels } = search
  const { market } = search.dual
  const worth = measureWorth(search, { pools, ...from })
  const here = toParts(market, pools).distance
  const isUsed = new Uint8Array(market.poolCount)
  for (const i of pools) isUsed[i] = 1
  const moves: Move[] = []
  for (const drop of [-1, ...pools]) {
    const rest = without(pools, drop)
    const parts = toParts(market, rest)
    const gain = from.score - (worth[drop] ?? 0)
    for (let add = drop === -1 ? 0 : -1; add < market.poolCount; add++) {
      if (isUsed[add] === 1) continue
      const distance = joinedDistance(parts, market.first[add] ?? 0, market.second[add] ?? 0)
      const isInside = distance < 1e-9
      const known = levels[rest.length + (add === -1 ? 0 : 1)]
      if (rest.length + (add === -1 ? 0 : 1) > top || !(isInside || search.takesPartial)) continue
      const most = isInside ? unbounded : 1 / (1 + distancePrice * distance)
      // Between parts the prices say nothing.
      const limit = Math.abs(distance - here) < 1e-12 ? Math.min(most, gain + (worth[add] ?? 0)) : most
      if (known === undefined || (known.distance === 0) !== isInside || limit > known.score + leastGain)
        moves.push({ drop, add, limit })
    }
  }
  return moves.sort((a, b) => b.limit - a.limit)
}

/** Local search from the plan with so many calls: drops, adds or swaps one pool while that gains. */
export function improve(search: Search, calls: number, top: number, tries: number): boolean {
  let found = false
  for (let from = search.levels[calls]; from !== undefined && !isSpent(search); ) {
    let left = tries
    for (const { drop, add } of promisingMoves(search, from, top)) {
      if (left <= 0 || isSpent(search)) break
      const pools = without(from.pools, drop)
      if (add !== -1) pools.push(add)
      pools.sort((a, b) => a - b)
      const key = pools.join()
      if (search.seen.has(key)) continue
      search.seen.add(key)
      left--
      if (offer(search, solveOver(search, pools, from, 'quick'))) {
        found = true
        if (search.levels[calls] !== from) break
      }
    }
    if (search.levels[calls] === from) return found
    from = search.levels[calls]
  }
  return found
}
