import { InvalidRoutingProblemError, type RoutingPool, type RoutingProblem, type RoutingToken } from './problem'
import { type Direction, extendWalk, firstRange, rangeAbove, type Segment, toStretch, type WalkStart } from './walk'

/** From what is held into bands, for a portfolio or for a part of one. */
export interface Goal {
  /** Value units. */
  readonly holdings: Float64Array
  /** Bands of the shares of what is held in all; made consistent where they miss by rounding. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Holdings clipped into the bands: the weights nearest to doing nothing. */
  readonly center: Float64Array
  /** True where the bands leave no choice, or none that is worth anything. */
  readonly isExact: boolean
}

/**
 * A problem in value units: amounts times reference price over the portfolio's value, so that all holdings sum to 1 and
 * all reference prices are 1. With y = x_first - x_second, the difference of two log shadow prices, direction 0 of a pool
 * (selling its first token) trades when u = edges[2i] - y/2 > 0, direction 1 when u = y/2 - edges[2i+1] > 0.
 */
export interface Market extends Goal {
  /** Those with few pools first, so that elimination of the optimiser's systems fills in little. */
  readonly tokens: readonly RoutingToken[]
  /** By token of the problem, its place among `tokens`. */
  readonly places: Int32Array
  readonly pools: readonly RoutingPool[]
  readonly tokenCount: number
  readonly poolCount: number
  /** Every pool. */
  readonly everything: Int32Array
  /** What the portfolio is worth before, in the unit of account. */
  readonly scale: number
  readonly first: Int32Array
  readonly second: Int32Array
  /** Cost of a call over `scale`. */
  readonly gas: Float64Array
  readonly hasGas: boolean
  readonly edges: Float64Array
  /** Of the first segment of each direction. */
  readonly virtualIn: Float64Array
  readonly virtualOut: Float64Array
  readonly widths: Float64Array
  /** Curvature of a pool at its edge, the greater of both directions. */
  readonly depths: Float64Array
  /** What lies beyond the first segments, by 2i + direction, as far as it was needed. */
  readonly walks: Map<number, Segment[]>
}

/** No limit. */
export const unbounded = Number.POSITIVE_INFINITY

/** The sum of all entries. */
export function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** The point of { lower <= w <= upper, sum w = 1 } nearest to `weights`, written over it. */
export function projectShares({ lower, upper }: Pick<Goal, 'lower' | 'upper'>, weights: Float64Array): void {
  const clip = (j: number, shift: number) =>
    Math.min(upper[j] as number, Math.max(lower[j] as number, (weights[j] as number) + shift))
  let below = -2
  let above = 2
  for (let step = 0; step < 60; step++) {
    const middle = (below + above) / 2
    let total = 0
    for (let j = 0; j < weights.length; j++) total += clip(j, middle)
    if (total < 1) below = middle
    else above = middle
  }
  for (let j = 0; j < weights.length; j++) weights[j] = clip(j, above)
}

/** By token, how far weights lie outside their bands. */
export function measureMisses({ lower, upper }: Goal, weights: Float64Array): Float64Array {
  return weights.map((weight, j) => Math.max(0, (lower[j] as number) - weight, weight - (upper[j] as number)))
}

/** Makes bands consistent, in place, where their sums miss 1 by rounding. */
export function toGoal(holdings: Float64Array, lower: Float64Array, upper: Float64Array): Goal {
  const lowers = sum(lower)
  const uppers = sum(upper)
  const held = sum(holdings)
  let free = 0
  const center = holdings.map((value, j) => {
    if (lowers > 1) lower[j] = (lower[j] as number) / lowers
    if (uppers < 1) upper[j] = (upper[j] as number) / uppers
    upper[j] = Math.max(lower[j] as number, upper[j] as number)
    if ((upper[j] as number) > (lower[j] as number)) free++
    return value / held
  })
  projectShares({ lower, upper }, center)
  return { holdings, lower, upper, center, isExact: free < 2 || lowers >= 1 - 1e-9 || uppers <= 1 + 1e-9 }
}

function startOf({ pools, tokens, first, second, scale }: Market, i: number): WalkStart {
  const pool = pools[i] as RoutingPool
  const rootA = Math.sqrt(tokens[first[i] as number]?.price ?? 0)
  const rootB = Math.sqrt(tokens[second[i] as number]?.price ?? 0)
  const common = { sqrtPriceRatio: rootA / rootB, liquidityScale: (rootA / scale) * rootB, kept: 1 - pool.fee }
  if (pool.kind === 'concentrated') return { ranges: pool.ranges, sqrtPrice: pool.sqrtPrice, ...common }
  const a = Math.sqrt(pool.reserves[0])
  const b = Math.sqrt(pool.reserves[1])
  return { ranges: [{ lower: 0, upper: unbounded, liquidity: a * b }], sqrtPrice: b / a, ...common }
}

/**
 * Lays a problem out for the optimiser.
 * @throws {InvalidRoutingProblemError} when a pool names an unknown token or its reserves cannot be valued.
 */
export function toMarket(problem: RoutingProblem): Market {
  const { pools } = problem
  const count = pools.length
  const index = new Map(problem.tokens.map((token, at) => [token.id, at]))
  const ends = [new Int32Array(count), new Int32Array(count)] as const
  const degrees = new Int32Array(index.size)
  const everything = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    everything[i] = i
    for (const side of [0, 1] as const) {
      const j = index.get(pools[i]?.tokens[side] ?? '')
      if (j === undefined) throw new InvalidRoutingProblemError(`pools[${i}].tokens`, 'must be tokens of the problem')
      ends[side][i] = j
      degrees[j] = (degrees[j] as number) + 1
    }
  }
  const order = Array.from(degrees.keys()).sort((j, k) => (degrees[j] as number) - (degrees[k] as number) || j - k)
  const places = new Int32Array(order.length)
  order.forEach((token, place) => {
    places[token] = place
  })
  const tokens = order.map((j) => problem.tokens[j] as RoutingToken)
  const worths = Float64Array.from(tokens, (token) => token.holding * token.price)
  const scale = sum(worths)
  if (!(scale > 0 && scale < unbounded))
    throw new InvalidRoutingProblemError('tokens.holding', 'must be worth a positive amount')
  const market: Market = {
    tokens,
    places,
    pools,
    tokenCount: order.length,
    poolCount: count,
    everything,
    scale,
    ...toGoal(
      worths.map((value) => value / scale),
      Float64Array.from(tokens, (token) => token.lower),
      Float64Array.from(tokens, (token) => Math.min(1, token.upper)),
    ),
    first: ends[0].map((j) => places[j] as number),
    second: ends[1].map((j) => places[j] as number),
    gas: new Float64Array(count),
    hasGas: pools.some((pool) => pool.gasCost > 0),
    edges: new Float64Array(2 * count),
    virtualIn: new Float64Array(2 * count),
    virtualOut: new Float64Array(2 * count),
    widths: new Float64Array(2 * count),
    depths: new Float64Array(count),
    walks: new Map(),
  }
  pools.forEach((pool, i) => {
    market.gas[i] = pool.gasCost / scale
    layOut(market, i)
  })
  return market
}

/** Fills in the first segments of a pool. */
function layOut(market: Market, i: number): void {
  const { edges, virtualIn, virtualOut, widths, depths } = market
  const { kind, fee } = market.pools[i] as RoutingPool
  const start = startOf(market, i)
  const above = rangeAbove(start)
  const halfLogKept = Math.log1p(-fee) / 2
  let depth = 0
  for (const direction of [0, 1] as const) {
    const way = 2 * i + direction
    const sign = 1 - 2 * direction
    const range = firstRange(start, direction, above)
    if (range === -1) {
      edges[way] = -sign * unbounded
      continue
    }
    const stretch = toStretch(start, direction, range)
    edges[way] = Math.log(stretch.edge / start.sqrtPriceRatio) + sign * halfLogKept
    virtualIn[way] = stretch.virtualIn
    virtualOut[way] = stretch.virtualOut
    widths[way] = stretch.width
    depth = Math.max(depth, Math.sqrt(stretch.virtualIn * stretch.virtualOut) / 2)
    if (!Number.isFinite((edges[way] as number) + stretch.virtualIn + stretch.virtualOut + depth))
      throw new InvalidRoutingProblemError(
        `pools[${i}].${kind === 'concentrated' ? 'ranges' : 'reserves'}`,
        'must be amounts that can be valued at the reference prices',
      )
  }
  depths[i] = depth
}

/** The segment of one direction of a pool that a log distance leads into, or the last. */
export function segmentAt(market: Market, i: number, direction: Direction, edge: number, moved: number): Segment {
  const way = 2 * i + direction
  const walk = market.walks.get(way) ?? []
  market.walks.set(way, walk)
  for (let at = 0; ; at++) {
    if (at === walk.length && !extendWalk(startOf(market, i), direction, walk)) return walk[at - 1] as Segment
    // The order of the terms keeps the resolution of `moved` near the segment's start.
    if (at > 0 && !(edge - (walk[at] as Segment).start + moved > 0)) return walk[at - 1] as Segment
  }
}
