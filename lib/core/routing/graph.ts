import type { Market } from './market'

/** The portfolio in the parts that some pools connect, each named by one of its tokens. */
export interface Parts {
  /** By token, the part that it belongs to. */
  readonly of: Int32Array
  /** By part: what is held, and the sums of the bands' edges. */
  readonly held: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Parts in which something is held or wanted. */
  readonly count: number
  /** Total weight distance that remains if every part does its best and trading costs nothing. */
  readonly distance: number
}

/** Finds the parts that these pools connect. */
export function toParts(market: Market, pools: ArrayLike<number>): Parts {
  const { tokenCount, first, second } = market
  const of = new Int32Array(tokenCount)
  for (let j = 0; j < tokenCount; j++) of[j] = j
  for (let at = 0; at < pools.length; at++) {
    const a = rootOf(of, first[pools[at] as number] as number)
    const b = rootOf(of, second[pools[at] as number] as number)
    of[Math.max(a, b)] = Math.min(a, b)
  }
  for (let j = 0; j < tokenCount; j++) of[j] = rootOf(of, j)
  const sumOf = (values: Float64Array) => {
    const sums = new Float64Array(tokenCount)
    for (let j = 0; j < tokenCount; j++) {
      const part = of[j] as number
      sums[part] = (sums[part] as number) + (values[j] as number)
    }
    return sums
  }
  const held = sumOf(market.holdings)
  const upper = sumOf(market.upper)
  let count = 0
  let distance = 0
  const parts = { of, held, lower: sumOf(market.lower), upper }
  for (let j = 0; j < tokenCount; j++) {
    if (of[j] !== j || (held[j] === 0 && upper[j] === 0)) continue
    count++
    distance += measureMiss(parts, j, j)
  }
  return { ...parts, count, distance }
}

/** Roots come before what hangs on them. */
function rootOf(of: Int32Array, token: number): number {
  let at = token
  while (of[at] !== at) at = of[at] as number
  return at
}

/** By how much what two parts hold together misses their bands; one and the same part counts once. */
function measureMiss({ held, lower, upper }: Omit<Parts, 'count' | 'distance'>, a: number, b: number): number {
  const other = a === b ? 0 : 1
  const share = (held[a] as number) + other * (held[b] as number)
  const over = share - (upper[a] as number) - other * (upper[b] as number)
  const under = (lower[a] as number) + other * (lower[b] as number) - share
  return Math.max(0, over, under)
}

/** The distance of {@link Parts} once another pool joins the parts of two tokens. */
export function joinedDistance(parts: Parts, token: number, other: number): number {
  const a = parts.of[token] as number
  const b = parts.of[other] as number
  if (a === b) return parts.distance
  return parts.distance - measureMiss(parts, a, a) - measureMiss(parts, b, b) + measureMiss(parts, a, b)
}

/**
 * Finds a cycle in the flow of some trades, taking each trade for an edge from the token sold to the token bought.
 * @returns the positions of the trades on it, or undefined where tokens can be put in order.
 */
export function findCycle(
  trades: readonly { readonly sell: unknown; readonly buy: unknown }[],
): readonly number[] | undefined {
  let left = Array.from(trades.keys())
  for (;;) {
    const sold = new Set(left.map((at) => trades[at]?.sell))
    const next = left.filter((at) => sold.has(trades[at]?.buy))
    if (next.length === left.length) break
    left = next
  }
  // What is left buys only what is sold on: following the flow must come round.
  const path: number[] = []
  for (let at = left[0]; at !== undefined; ) {
    const { sell, buy } = trades[at] as (typeof trades)[number]
    const since = path.findIndex((step) => trades[step]?.sell === sell)
    if (since !== -1) return path.slice(since)
    path.push(at)
    at = left.find((step) => trades[step]?.sell === buy)
  }
  return undefined
}
