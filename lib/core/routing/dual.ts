import type { LaplacianSystem } from './laplacian'
import { emptyLaplacian } from './laplacian'
import { type Market, walkOf } from './market'
import { measureShares, type ShareRule } from './shares'
import type { LiquidityWalk } from './walk'

/**
 * The dual of a market and the memory to evaluate it in: nothing is allocated between evaluations. Log shadow prices over
 * reference prices are `base + shift`. The edges of the pools are kept relative to `base`, so that near a solution
 * `shift` resolves flows that are 1e-16 of a pool's depth and smaller.
 */
export interface Dual {
  readonly market: Market
  /** The pools that may be used: the first `poolCount` entries. */
  readonly pools: Int32Array
  poolCount: number
  readonly share: ShareRule
  readonly base: Float64Array
  readonly edges: Float64Array
  /** Pools deeper than this are made shallower, which bends the corners of the dual; infinite for the true pools. */
  depthCap: number
  /** The greatest depth of the pools that may be used. */
  deepest: number
  /** Above 0, a pool pays its gas: max(0, arb - m q), its corner rounded over this fraction of q. */
  gasSoftness: number
  /** Use of each pool under gas in the last round, 0 to 1: the centre of the proximal term. */
  readonly useCenter: Float64Array
  readonly use: Float64Array
  readonly rates: Float64Array
  /** Holdings after all flows, value units. */
  readonly net: Float64Array
  /** Derivative of the dual by the log prices, times m. */
  readonly slope: Float64Array
  /** 0 or 1, or -1 for a pool that does not trade. */
  readonly direction: Int8Array
  readonly paid: Float64Array
  readonly received: Float64Array
  /** Arbitrage profit of each pool at the shadow prices, value units. */
  readonly profit: Float64Array
  readonly conductance: Float64Array
  /** By token: how far its nearest idle pool is from trading. */
  readonly nearest: Float64Array
  /** m at the last evaluation. */
  cheapest: number
  /** r . net over m at the last evaluation. */
  level: number
  /** At `base`: B, m, the sum of profits, and the rates. What an evaluation returns is the difference from that B. */
  reference: number
  referenceCheapest: number
  referenceSurplus: number
  readonly referenceRates: Float64Array
  /** Rounding error that the last value may carry. */
  noise: number
  readonly system: LaplacianSystem
  /** The row of each token in the system: those with few neighbours first, so that elimination fills in little. */
  readonly rows: Int32Array
  /** Elementary steps so far: what limits a search, since there is no clock. */
  work: number
}

/** Memory for the dual of a market; all pools may be used. */
export function toDual(market: Market): Dual {
  const n = market.tokenCount
  const count = market.poolCount
  return {
    market,
    pools: Int32Array.from({ length: count }, (_, i) => i),
    poolCount: count,
    share: {
      lower: market.lower,
      upper: market.upper,
      center: new Float64Array(n),
      softness: 0,
      penalty: Number.POSITIVE_INFINITY,
      weights: new Float64Array(n),
      gradient: new Float64Array(n),
      free: new Uint8Array(n),
      fall: new Float64Array(n),
      rise: new Float64Array(n),
      freeCount: 0,
      level: 0,
      mean: 0,
    },
    level: 0,
    base: new Float64Array(n),
    edges: Float64Array.from(market.edges),
    depthCap: Number.POSITIVE_INFINITY,
    deepest: market.depths.reduce((most, depth) => Math.max(most, depth), 0),
    gasSoftness: 0,
    useCenter: new Float64Array(count),
    use: new Float64Array(count).fill(1),
    rates: new Float64Array(n),
    net: new Float64Array(n),
    slope: new Float64Array(n),
    direction: new Int8Array(count).fill(-1),
    paid: new Float64Array(count),
    received: new Float64Array(count),
    profit: new Float64Array(count),
    conductance: new Float64Array(count),
    nearest: new Float64Array(n),
    cheapest: 0,
    reference: 0,
    referenceCheapest: 0,
    referenceSurplus: 0,
    referenceRates: new Float64Array(n),
    noise: 0,
    system: emptyLaplacian(n),
    rows: orderRows(market),
    work: 0,
  }
}

function orderRows({ tokenCount, poolCount, first, second }: Market): Int32Array {
  const neighbours = new Uint8Array(tokenCount * tokenCount)
  for (let i = 0; i < poolCount; i++) {
    neighbours[(first[i] as number) * tokenCount + (second[i] as number)] = 1
    neighbours[(second[i] as number) * tokenCount + (first[i] as number)] = 1
  }
  const degrees = Int32Array.from({ length: tokenCount }, (_, j) => {
    let degree = 0
    for (let k = 0; k < tokenCount; k++) degree += neighbours[j * tokenCount + k] as number
    return degree
  })
  const order = Array.from(degrees.keys()).sort((j, k) => (degrees[j] as number) - (degrees[k] as number) || j - k)
  const rows = new Int32Array(tokenCount)
  order.forEach((token, row) => {
    rows[token] = row
  })
  return rows
}

/** Moves the base of the dual to these log prices; shifts start from 0 again. */
export function rebase({ market, base, edges, pools, poolCount }: Dual, logPrices: Float64Array): void {
  base.set(logPrices)
  const { first, second } = market
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    const half = ((base[first[i] as number] as number) - (base[second[i] as number] as number)) / 2
    edges[2 * i] = (market.edges[2 * i] as number) - half
    edges[2 * i + 1] = (market.edges[2 * i + 1] as number) - half
  }
}

/** Log distances are cut here, so that no amount overflows. */
const farthest = 300

/** Follows a walk past its first segment: fills in amounts and conductance of pool i at a distance. */
function walkOut(dual: Dual, i: number, walk: LiquidityWalk, edge: number, moved: number): number {
  const { starts, widths, virtualIn, virtualOut, paidBefore, receivedBefore } = walk
  // The order of the terms keeps the resolution of `moved` near the segment's start.
  let k = 0
  for (;;) {
    while (k + 1 < starts.length && edge - (starts[k + 1] as number) + moved > 0) k++
    if (k + 1 < starts.length || !walk.extend()) break
  }
  const distance = Math.min(edge - (starts[k] as number) + moved, farthest)
  const width = widths[k] as number
  const inside = distance <= width
  const grown = Math.expm1(inside ? distance : width)
  const perIn = virtualIn[k] as number
  dual.paid[i] = (paidBefore[k] as number) + perIn * grown
  dual.received[i] = (receivedBefore[k] as number) + (virtualOut[k] as number) * (grown / (1 + grown))
  return inside ? perIn * (1 + grown) : 0
}

/**
 * Evaluates the dual B at `base + shift`, where
 *
 *     B = ( r . h + sum_i phi_i(arb_i) ) / m,
 *
 * phi_i the identity without gas and the rounded max(0, arb_i - m q_i) with it.
 * @returns B less `reference`, value units; flows, net holdings and slopes are left in the dual.
 */
export function evaluateDual(dual: Dual, shift: Float64Array): number {
  const { market, rates, net, base, edges, slope, direction, paid, received, profit } = dual
  const { conductance, use, depthCap, gasSoftness, pools, poolCount } = dual
  const { first, second, virtualIn, virtualOut, widths, depths, gas, holdings } = market
  const n = market.tokenCount
  for (let j = 0; j < n; j++) {
    rates[j] = Math.exp((base[j] as number) + (shift[j] as number))
    net[j] = holdings[j] as number
  }
  dual.work += poolCount + (dual.share.softness > 0 ? 80 : 10) * n
  const cheapest = measureShares(dual.share, rates)
  dual.cheapest = cheapest
  let surplus = 0
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    const a = first[i] as number
    const b = second[i] as number
    const half = ((shift[a] as number) - (shift[b] as number)) / 2
    let way = 2 * i
    let edge = edges[way] as number
    let moved = -half
    if (!(edge - half > 0)) {
      way++
      edge = -(edges[way] as number)
      moved = half
      if (!(half + edge > 0)) {
        direction[i] = -1
        paid[i] = 0
        received[i] = 0
        profit[i] = 0
        conductance[i] = 0
        use[i] = 0
        continue
      }
    }
    const distance = edge + moved
    const sold = way === 2 * i ? a : b
    const bought = way === 2 * i ? b : a
    let perIn: number
    let earned: number
    if (distance <= (widths[way] as number)) {
      const grown = Math.expm1(distance < farthest ? distance : farthest)
      perIn = virtualIn[way] as number
      paid[i] = perIn * grown
      const shrunk = grown / (1 + grown)
      received[i] = (virtualOut[way] as number) * shrunk
      // What is received less what is paid for, without their difference: {value} = {rate} x {out} x {}
      earned = (rates[bought] as number) * (received[i] as number) * shrunk
      perIn *= 1 + grown
    } else {
      perIn = walkOut(dual, i, walkOf(market, i, way === 2 * i ? 0 : 1), edge, moved)
      earned = (rates[bought] as number) * (received[i] as number) - (rates[sold] as number) * (paid[i] as number)
    }
    direction[i] = way - 2 * i
    const depth = depths[i] as number
    const share = depth > depthCap ? depthCap / depth : 1
    const rateSold = rates[sold] as number
    const amountIn = (paid[i] as number) * share
    const amountOut = (received[i] as number) * share
    earned *= share
    profit[i] = earned
    let used = 1
    let bend = 0
    const q = gasSoftness > 0 ? (gas[i] as number) : 0
    if (q > 0) {
      const worth = earned / cheapest - q
      const softness = gasSoftness * q
      const center = dual.useCenter[i] as number
      used = Math.min(1, Math.max(0, center + worth / softness))
      surplus += (used * worth - (softness / 2) * (used - center) * (used - center)) * cheapest
      if (used > 0 && used < 1) {
        const flow = rateSold * amountIn
        bend = (flow * flow) / (softness * cheapest)
      }
    } else {
      surplus += earned
    }
    use[i] = used
    conductance[i] = (used * rateSold * perIn * share) / 2 + bend
    net[sold] = (net[sold] as number) - used * amountIn
    net[bought] = (net[bought] as number) + used * amountOut
  }
  let spent = 0
  for (let j = 0; j < n; j++) spent += (rates[j] as number) * (net[j] as number)
  const level = spent / cheapest
  dual.level = level
  const { gradient } = dual.share
  for (let j = 0; j < n; j++) {
    slope[j] = (rates[j] as number) * ((net[j] as number) - level * (gradient[j] as number))
  }
  return riseOf(dual, shift, surplus)
}

/** B less B at the base, from terms that are small near the base. */
function riseOf(dual: Dual, shift: Float64Array, surplus: number): number {
  const { share, cheapest, reference, referenceRates } = dual
  const { holdings } = dual.market
  const fixed = share.softness === 0
  const risen = fixed ? 0 : cheapest - dual.referenceCheapest
  let value = surplus - dual.referenceSurplus - reference * risen
  let size = surplus + dual.referenceSurplus + Math.abs(reference * risen) + (fixed ? 0 : cheapest)
  for (let j = 0; j < shift.length; j++) {
    const kept = (holdings[j] as number) - (fixed ? reference * (share.center[j] as number) : 0)
    const term = (referenceRates[j] as number) * Math.expm1(shift[j] as number) * kept
    value += term
    size += Math.abs(term)
  }
  dual.noise = (4e-16 * size) / cheapest
  return value / cheapest
}

/** Evaluates at the base itself, which later values are compared with, and returns B there. */
export function evaluateBase(dual: Dual, zero: Float64Array): number {
  const { referenceRates, rates, net, market, profit, pools, poolCount, use, useCenter, gasSoftness } = dual
  evaluateDual(dual, zero)
  referenceRates.set(rates)
  dual.referenceCheapest = dual.cheapest
  let surplus = 0
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    const q = gasSoftness > 0 ? (market.gas[i] as number) : 0
    if (q > 0 && dual.direction[i] !== -1) {
      const moved = (use[i] as number) - (useCenter[i] as number)
      const worth = (profit[i] as number) / dual.cheapest - q
      surplus += ((use[i] as number) * worth - (gasSoftness * q * moved * moved) / 2) * dual.cheapest
    } else {
      surplus += profit[i] as number
    }
  }
  dual.referenceSurplus = surplus
  let held = 0
  for (let j = 0; j < net.length; j++) {
    held += (rates[j] as number) * (market.holdings[j] as number)
  }
  dual.reference = (held + surplus) / dual.cheapest
  return dual.reference
}

/** Lets the dual use these pools only. */
export function usePools(dual: Dual, pools: ArrayLike<number>): void {
  dual.poolCount = pools.length
  dual.direction.fill(-1)
  dual.deepest = 0
  for (let at = 0; at < pools.length; at++) {
    const i = pools[at] as number
    dual.pools[at] = i
    dual.deepest = Math.max(dual.deepest, dual.market.depths[i] as number)
  }
}

/** Lets the dual use every pool. */
export function useAllPools(dual: Dual): void {
  usePools(dual, Array.from(dual.market.first.keys()))
}
