import { InvalidRoutingProblemError, type LiquidityRange, type RoutingProblem } from './problem'
import { firstRange, LiquidityWalk, toSegment, type WalkStart } from './walk'

/**
 * A problem in value units: amounts times reference price over the portfolio's value, so that all holdings sum to 1 and
 * all reference prices are 1. With y = x_first - x_second, the difference of two log shadow prices, direction 0 of a pool
 * (selling its first token) trades when u = edges[2i] - y/2 > 0, direction 1 when u = y/2 - edges[2i+1] > 0. A constant
 * product is liquidity over one range without end.
 */
export interface Market {
  readonly problem: RoutingProblem
  readonly tokenCount: number
  readonly poolCount: number
  /** What the portfolio is worth before, in the unit of account. */
  readonly scale: number
  readonly holdings: Float64Array
  /** Bands in shares of 1; made consistent where they miss by rounding. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  readonly first: Int32Array
  readonly second: Int32Array
  /** Cost of a call over `scale`. */
  readonly gas: Float64Array
  readonly hasGas: boolean
  readonly edges: Float64Array
  readonly virtualIn: Float64Array
  readonly virtualOut: Float64Array
  readonly widths: Float64Array
  /** Curvature of a pool at its edge, the greater of both directions. */
  readonly depths: Float64Array
  /** Concentrated pools, by pool. */
  readonly walkStarts: readonly (WalkStart | undefined)[]
  /** Their segments, by 2i + direction, as far as they were needed. */
  readonly walks: (LiquidityWalk | undefined)[]
}

function sortedRanges(ranges: readonly LiquidityRange[]): readonly LiquidityRange[] {
  for (let at = 1; at < ranges.length; at++) {
    if ((ranges[at] as LiquidityRange).lower < (ranges[at - 1] as LiquidityRange).lower)
      return [...ranges].sort((a, b) => a.lower - b.lower)
  }
  return ranges
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/**
 * Lays a problem out for the optimiser.
 * @throws {InvalidRoutingProblemError} when a pool names an unknown token or its reserves cannot be valued.
 */
export function toMarket(problem: RoutingProblem): Market {
  const { tokens, pools } = problem
  const n = tokens.length
  const count = pools.length
  const index = new Map(tokens.map((token, at) => [token.id, at]))
  const prices = Float64Array.from(tokens, (token) => token.price)
  const roots = prices.map(Math.sqrt)
  const holdings = Float64Array.from(tokens, (token) => token.holding * token.price)
  const scale = sum(holdings)
  if (!(scale > 0 && Number.isFinite(scale)))
    throw new InvalidRoutingProblemError('tokens.holding', 'must be worth a positive amount')
  for (let j = 0; j < n; j++) holdings[j] = (holdings[j] as number) / scale

  const lower = Float64Array.from(tokens, (token) => token.lower)
  const upper = Float64Array.from(tokens, (token) => Math.min(1, token.upper))
  const lowers = sum(lower)
  const uppers = sum(upper)
  for (let j = 0; j < n; j++) {
    if (lowers > 1) lower[j] = (lower[j] as number) / lowers
    if (uppers < 1) upper[j] = (upper[j] as number) / uppers
    upper[j] = Math.max(lower[j] as number, upper[j] as number)
  }

  const first = new Int32Array(count)
  const second = new Int32Array(count)
  const gas = new Float64Array(count)
  const edges = new Float64Array(2 * count)
  const virtualIn = new Float64Array(2 * count)
  const virtualOut = new Float64Array(2 * count)
  const widths = new Float64Array(2 * count)
  const depths = new Float64Array(count)
  const walkStarts: (WalkStart | undefined)[] = new Array(count)
  let hasGas = false
  for (let i = 0; i < count; i++) {
    const pool = pools[i] as RoutingProblem['pools'][number]
    const a = index.get(pool.tokens[0])
    const b = index.get(pool.tokens[1])
    if (a === undefined || b === undefined)
      throw new InvalidRoutingProblemError(`pools[${i}].tokens`, 'must be tokens of the problem')
    first[i] = a
    second[i] = b
    gas[i] = pool.gasCost / scale
    if (pool.gasCost > 0) hasGas = true
    const kept = 1 - pool.fee
    const halfLogKept = Math.log1p(-pool.fee) / 2
    const from = 2 * i
    const to = from + 1
    if (pool.kind === 'constantProduct') {
      const reserveA = (pool.reserves[0] / scale) * (prices[a] as number)
      const reserveB = (pool.reserves[1] / scale) * (prices[b] as number)
      const middle = Math.log(reserveB / reserveA) / 2
      edges[from] = middle + halfLogKept
      edges[to] = middle - halfLogKept
      virtualIn[from] = reserveA / kept
      virtualOut[from] = reserveB
      virtualIn[to] = reserveB / kept
      virtualOut[to] = reserveA
      widths[from] = Number.POSITIVE_INFINITY
      widths[to] = Number.POSITIVE_INFINITY
    } else {
      const start = {
        ranges: sortedRanges(pool.ranges),
        sqrtPrice: pool.sqrtPrice,
        sqrtPriceRatio: (roots[a] as number) / (roots[b] as number),
        liquidityScale: ((roots[a] as number) / scale) * (roots[b] as number),
        kept,
      }
      walkStarts[i] = start
      for (const direction of [0, 1] as const) {
        const at = from + direction
        const sign = direction === 0 ? 1 : -1
        const sells = direction === 0 ? 'first' : 'second'
        const range = firstRange(start, sells)
        if (range === -1) {
          edges[at] = -sign * Number.POSITIVE_INFINITY
          continue
        }
        const segment = toSegment(start, sells, range)
        edges[at] = Math.log(segment.edge / start.sqrtPriceRatio) + sign * halfLogKept
        virtualIn[at] = segment.virtualIn
        virtualOut[at] = segment.virtualOut
        widths[at] = segment.width
      }
    }
    depths[i] =
      Math.sqrt(
        Math.max(
          (virtualIn[from] as number) * (virtualOut[from] as number),
          (virtualIn[to] as number) * (virtualOut[to] as number),
        ),
      ) / 2
    const valued =
      Number.isFinite((virtualIn[from] as number) + (virtualOut[from] as number)) &&
      Number.isFinite((virtualIn[to] as number) + (virtualOut[to] as number)) &&
      !Number.isNaN(edges[from]) &&
      !Number.isNaN(edges[to]) &&
      Number.isFinite(depths[i] as number)
    if (!valued)
      throw new InvalidRoutingProblemError(
        `pools[${i}].${pool.kind === 'constantProduct' ? 'reserves' : 'ranges'}`,
        'must be amounts that can be valued at the reference prices',
      )
  }
  return {
    problem,
    tokenCount: n,
    poolCount: count,
    scale,
    holdings,
    lower,
    upper,
    first,
    second,
    gas,
    hasGas,
    edges,
    virtualIn,
    virtualOut,
    widths,
    depths,
    walkStarts,
    walks: new Array(2 * count),
  }
}

/** The segments of one direction of a concentrated pool. */
export function walkOf({ walkStarts, walks }: Market, i: number, direction: 0 | 1): LiquidityWalk {
  const known = walks[2 * i + direction]
  if (known !== undefined) return known
  const walk = new LiquidityWalk(walkStarts[i] as WalkStart, direction === 0 ? 'first' : 'second')
  walks[2 * i + direction] = walk
  return walk
}
