import type { LiquidityRange } from './problem'

/** A concentrated pool in value units. */
export interface WalkStart {
  /** Ranges in rising order. */
  readonly ranges: readonly LiquidityRange[]
  readonly sqrtPrice: number
  /** Value of one first token over value of one second token, square rooted. */
  readonly sqrtPriceRatio: number
  /** Factor from token liquidity to value liquidity. */
  readonly liquidityScale: number
  /** 1 - fee. */
  readonly kept: number
}

/** The token that a walk sells. */
export type WalkSide = 'first' | 'second'

/**
 * A stretch of constant liquidity on the way out from the current price. A log distance u >= 0 of the square root of price
 * costs `virtualIn` (e^u - 1), fee included, and pays `virtualOut` (1 - e^-u); amounts are in value units.
 */
export interface Segment {
  /** Square root of price where it starts, in token units. */
  readonly edge: number
  /** Log distance to its end. */
  readonly width: number
  readonly virtualIn: number
  readonly virtualOut: number
}

/** The range that a walk meets first, or -1 where there is no liquidity on that side. */
export function firstRange({ ranges, sqrtPrice }: WalkStart, sells: WalkSide): number {
  let low = 0
  let high = ranges.length
  // Counts the ranges that start below the price (selling the first token) or end at or below it.
  while (low < high) {
    const middle = (low + high) >> 1
    const range = ranges[middle] as LiquidityRange
    const below = sells === 'first' ? range.lower < sqrtPrice : range.upper <= sqrtPrice
    if (below) low = middle + 1
    else high = middle
  }
  return nextRange(ranges, sells, sells === 'first' ? low - 1 : low)
}

/** From a range on outwards, the first that holds liquidity, or -1. */
function nextRange(ranges: readonly LiquidityRange[], sells: WalkSide, from: number): number {
  const step = sells === 'first' ? -1 : 1
  for (let at = from; at >= 0 && at < ranges.length; at += step) {
    if ((ranges[at] as LiquidityRange).liquidity > 0) return at
  }
  return -1
}

/** The stretch that a walk has in a range. */
export function toSegment(start: WalkStart, sells: WalkSide, at: number): Segment {
  const { sqrtPrice, sqrtPriceRatio, liquidityScale, kept } = start
  const range = start.ranges[at] as LiquidityRange
  const liquidity = range.liquidity * liquidityScale
  if (sells === 'first') {
    const edge = Math.min(sqrtPrice, range.upper)
    const valueEdge = edge / sqrtPriceRatio
    return {
      edge,
      width: range.lower > 0 ? Math.log1p((edge - range.lower) / range.lower) : Number.POSITIVE_INFINITY,
      virtualIn: liquidity / valueEdge / kept,
      virtualOut: liquidity * valueEdge,
    }
  }
  const edge = Math.max(sqrtPrice, range.lower)
  const valueEdge = edge / sqrtPriceRatio
  return {
    edge,
    width: Math.log1p((range.upper - edge) / edge),
    virtualIn: (liquidity * valueEdge) / kept,
    virtualOut: liquidity / valueEdge,
  }
}

/** One direction of a concentrated pool as segments, found as far out as they are asked for. */
export class LiquidityWalk {
  /** Log distance from the first segment's start to each segment's start. */
  readonly starts: number[] = []
  readonly widths: number[] = []
  readonly virtualIn: number[] = []
  readonly virtualOut: number[] = []
  /** Paid and received on the segments before. */
  readonly paidBefore: number[] = []
  readonly receivedBefore: number[] = []
  private readonly origin: number
  private next: number

  constructor(
    private readonly from: WalkStart,
    private readonly sells: WalkSide,
  ) {
    this.next = firstRange(from, sells)
    this.origin = this.next === -1 ? 0 : toSegment(from, sells, this.next).edge
    this.extend()
  }

  /** Adds the next segment out; false when there is none. */
  extend(): boolean {
    if (this.next === -1) return false
    const { edge, width, virtualIn, virtualOut } = toSegment(this.from, this.sells, this.next)
    const last = this.starts.length - 1
    if (last < 0) {
      this.paidBefore.push(0)
      this.receivedBefore.push(0)
    } else {
      const grown = Math.expm1(this.widths[last] as number)
      this.paidBefore.push((this.paidBefore[last] as number) + (this.virtualIn[last] as number) * grown)
      this.receivedBefore.push(
        (this.receivedBefore[last] as number) + (this.virtualOut[last] as number) * (grown / (1 + grown)),
      )
    }
    this.starts.push(Math.abs(Math.log(edge / this.origin)))
    this.widths.push(width)
    this.virtualIn.push(virtualIn)
    this.virtualOut.push(virtualOut)
    this.next = nextRange(this.from.ranges, this.sells, this.next + (this.sells === 'first' ? -1 : 1))
    return true
  }
}
