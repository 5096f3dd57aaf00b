import type { LiquidityRange } from './problem'

/** A pool in value units. */
export interface WalkStart {
  /** Ranges in rising order; a constant product is one range without end. */
  readonly ranges: readonly LiquidityRange[]
  readonly sqrtPrice: number
  /** Value of one first token over value of one second token, square rooted. */
  readonly sqrtPriceRatio: number
  /** Factor from token liquidity to value liquidity. */
  readonly liquidityScale: number
  /** 1 - fee. */
  readonly kept: number
}

/** 0 sells the pool's first token and lowers its price, 1 sells the second one. */
export type Direction = 0 | 1

/**
 * A stretch of constant liquidity on the way out from the current price. A log distance u >= 0 of the square root of price
 * costs `virtualIn` (e^u - 1), fee included, and pays `virtualOut` (1 - e^-u); amounts are in value units.
 */
export interface Stretch {
  /** Square root of price where it starts, in token units. */
  readonly edge: number
  /** Log distance to its end. */
  readonly width: number
  readonly virtualIn: number
  readonly virtualOut: number
}

/** A stretch with what lies before it on its walk. */
export interface Segment extends Stretch {
  /** Its range. */
  readonly at: number
  /** Log distance from the first segment's start. */
  readonly start: number
  /** Paid and received on the segments before. */
  readonly paid: number
  readonly received: number
}

/** The first range that ends above the price: where a walk up begins. */
export function rangeAbove({ ranges, sqrtPrice }: WalkStart): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle] as LiquidityRange).upper <= sqrtPrice) low = middle + 1
    else high = middle
  }
  return low
}

/** The range that a walk meets first, or -1 where there is no liquidity on that side. */
export function firstRange({ ranges, sqrtPrice }: WalkStart, direction: Direction, above: number): number {
  const isInside = (ranges[above]?.lower ?? sqrtPrice) < sqrtPrice
  return nextRange(ranges, direction, direction === 0 && !isInside ? above - 1 : above)
}

/** From a range on outwards, the first that holds liquidity, or -1. */
function nextRange(ranges: readonly LiquidityRange[], direction: Direction, from: number): number {
  let at = from
  while (ranges[at]?.liquidity === 0) at += direction === 0 ? -1 : 1
  return at < ranges.length ? at : -1
}

/** The stretch that a walk has in a range. */
export function toStretch(start: WalkStart, direction: Direction, at: number): Stretch {
  const { sqrtPrice, sqrtPriceRatio, liquidityScale, kept } = start
  const range = start.ranges[at] as LiquidityRange
  const liquidity = range.liquidity * liquidityScale
  const down = direction === 0
  const edge = down ? Math.min(sqrtPrice, range.upper) : Math.max(sqrtPrice, range.lower)
  const end = down ? range.lower : range.upper
  const value = down ? edge / sqrtPriceRatio : sqrtPriceRatio / edge
  return {
    edge,
    width: Math.log1p(Math.abs(edge - end) / Math.min(edge, end)),
    virtualIn: liquidity / value / kept,
    virtualOut: liquidity * value,
  }
}

/** Adds the next segment out to a walk; false when there is none. */
export function extendWalk(start: WalkStart, direction: Direction, walk: Segment[]): boolean {
  const last = walk.at(-1)
  const at =
    last === undefined
      ? firstRange(start, direction, rangeAbove(start))
      : nextRange(start.ranges, direction, last.at + (direction === 0 ? -1 : 1))
  if (at === -1) return false
  const stretch = toStretch(start, direction, at)
  const grown = Math.expm1(last?.width ?? 0)
  walk.push({
    ...stretch,
    at,
    start: Math.abs(Math.log(stretch.edge / (walk[0] ?? stretch).edge)),
    paid: last === undefined ? 0 : last.paid + last.virtualIn * grown,
    received: last === undefined ? 0 : last.received + last.virtualOut * (grown / (1 + grown)),
  })
  return true
}
