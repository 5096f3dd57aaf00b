import type { LaplacianSystem } from './laplacian'
import { emptyLaplacian } from './laplacian'
import { type Goal, type Market, segmentAt, unbounded } from './market'
import { measureShares, type ShareRule } from './shares'
import type { Direction } from './walk'

/**
 * The dual of a market and the memory to evaluate it in: nothing is allocated between evaluations. Log shadow prices over
 * reference prices are `base + shift`. The edges of the pools are kept relative to `base`, so that near a solution
 * `shift` resolves flows that are 1e-16 of a pool's depth and smaller.
 */
export interface Dual {
  readonly market: Market
  goal: Goal
  /** The pools that may be used. */
  pools: Int32Array
  /** Those among them that may trade while no two shifts are further apart than `reach`: the first `activeCount` entries. */
  readonly active: Int32Array
  activeCount: number
  reach: number
  readonly share: ShareRule
  readonly base: Float64Array
  readonly edges: Float64Array
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
  /** m at the last evaluation. */
  cheapest: number
  /** r . net over m at the last evaluation. */
  level: number
  readonly system: LaplacianSystem
  /** Scratch of a descent. */
  readonly memory: {
    readonly shift: Float64Array
    readonly trial: Float64Array
    readonly step: Float64Array
  }
  /** Elementary steps so far: what limits a search, since there is no clock. */
  work: number
}

/** Memory for the dual of a market; all pools may be used. */
export function toDual(market: Market): Dual {
  const { tokenCount, poolCount } = market
  const byToken = () => new Float64Array(tokenCount)
  const byPool = () => new Float64Array(poolCount)
  return {
    market,
    goal: market,
    pools: market.everything,
    active: new Int32Array(poolCount),
    activeCount: 0,
    reach: 0,
    share: {
      goal: market,
      center: byToken(),
      softness: 0,
      penalty: unbounded,
      weights: byToken(),
      gradient: byToken(),
      free: new Uint8Array(tokenCount),
      fall: byToken(),
      rise: byToken(),
      level: 0,
      mean: 0,
    },
    level: 0,
    base: byToken(),
    edges: Float64Array.from(market.edges),
    deepest: 0,
    gasSoftness: 0,
    useCenter: byPool(),
    use: byPool(),
    rates: byToken(),
    net: byToken(),
    slope: byToken(),
    direction: new Int8Array(poolCount),
    paid: byPool(),
    received: byPool(),
    profit: byPool(),
    conductance: byPool(),
    cheapest: 0,
    system: emptyLaplacian(tokenCount),
    memory: { shift: byToken(), trial: byToken(), step: byToken() },
    work: 0,
  }
}

/**
 * Moves the base of the dual to these log prices; shifts start from 0 again.
 * @param reach how far prices will move apart, about; a good guess saves time, and changes nothing else but the way.
 */
export function rebase(dual: Dual, logPrices: Float64Array, reach = 5e-4 + spreadOf(logPrices) / 6): void {
  const { market, base, edges, pools } = dual
  base.set(logPrices)
  const { first, second } = market
  for (let at = 0; at < pools.length; at++) {
    const i = pools[at] as number
    const half = ((base[first[i] as number] as number) - (base[second[i] as number] as number)) / 2
    edges[2 * i] = (market.edges[2 * i] as number) - half
    edges[2 * i + 1] = (market.edges[2 * i + 1] as number) - half
  }
  screen(dual, reach)
}

/** The greatest difference between two entries. */
export function spreadOf(values: Float64Array): number {
  let low = values[0] as number
  let high = low
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return high - low
}

/** Leaves out the pools that cannot trade while no two shifts are further apart than `reach`. */
function screen(dual: Dual, reach: number): void {
  const { edges, pools, active } = dual
  dual.reach = reach
  let count = 0
  for (let at = 0; at < pools.length; at++) {
    const i = pools[at] as number
    if ((edges[2 * i] as number) > -reach / 2 || (edges[2 * i + 1] as number) < reach / 2) active[count++] = i
    else idle(dual, i)
  }
  dual.activeCount = count
}

function idle({ direction, paid, received, profit, conductance, use }: Dual, i: number): void {
  direction[i] = -1
  paid[i] = 0
  received[i] = 0
  profit[i] = 0
  conductance[i] = 0
  use[i] = 0
}

/** Log distances are cut here, so that no amount overflows. */
const farthest = 300

/** Follows a walk past its first segment: fills in amounts and conductance of pool i at a distance. */
function walkOut(dual: Dual, i: number, edge: number, moved: number): number {
  const segment = segmentAt(dual.market, i, dual.direction[i] as Direction, edge, moved)
  const { start, width, virtualIn, virtualOut } = segment
  const distance = Math.min(edge - start + moved, farthest)
  const grown = Math.expm1(Math.min(distance, width))
  dual.paid[i] = segment.paid + virtualIn * grown
  dual.received[i] = segment.received + virtualOut * (grown / (1 + grown))
  return distance <= width ? virtualIn * (1 + grown) : 0
}

/**
 * Evaluates the dual B at `base + shift`, where
 *
 *     B = ( r . h + sum_i phi_i(arb_i) ) / m,
 *
 * phi_i the identity without gas and the rounded max(0, arb_i - m q_i) with it.
 * @returns B, value units; flows, net holdings and slopes are left in the dual.
 */
export function evaluateDual(dual: Dual, shift: Float64Array): number {
  const { market, rates, net, base, edges, slope, direction, paid, received, profit } = dual
  const { conductance, use, gasSoftness, active } = dual
  const { first, second, virtualIn, virtualOut, widths, gas } = market
  const { holdings } = dual.goal
  const n = market.tokenCount
  const spread = spreadOf(shift)
  if (spread > dual.reach) screen(dual, 2 * spread)
  for (let j = 0; j < n; j++) {
    rates[j] = Math.exp((base[j] as number) + (shift[j] as number))
    net[j] = holdings[j] as number
  }
  dual.work += dual.activeCount + (dual.share.softness > 0 ? 80 : 10) * n
  const cheapest = measureShares(dual.share, rates)
  dual.cheapest = cheapest
  let surplus = 0
  for (let at = 0; at < dual.activeCount; at++) {
    const i = active[at] as number
    let sold = first[i] as number
    let bought = second[i] as number
    let moved = ((shift[bought] as number) - (shift[sold] as number)) / 2
    let way = 2 * i
    let edge = edges[way] as number
    if (!(edge + moved > 0)) {
      way++
      edge = -(edges[way] as number)
      moved = -moved
      ;[sold, bought] = [bought, sold]
      if (!(edge + moved > 0)) {
        idle(dual, i)
        continue
      }
    }
    const distance = edge + moved
    direction[i] = way & 1
    let perIn: number
    let earned: number
    if (distance <= (widths[way] as number)) {
      const grown = Math.expm1(Math.min(distance, farthest))
      perIn = virtualIn[way] as number
      paid[i] = perIn * grown
      const shrunk = grown / (1 + grown)
      received[i] = (virtualOut[way] as number) * shrunk
      // What is received less what is paid for, without their difference: {value} = {rate} x {out} x {}
      earned = (rates[bought] as number) * (received[i] as number) * shrunk
      perIn *= 1 + grown
    } else {
      perIn = walkOut(dual, i, edge, moved)
      earned = (rates[bought] as number) * (received[i] as number) - (rates[sold] as number) * (paid[i] as number)
    }
    const rateSold = rates[sold] as number
    const amountIn = paid[i] as number
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
    conductance[i] = (used * rateSold * perIn) / 2 + bend
    net[sold] = (net[sold] as number) - used * amountIn
    net[bought] = (net[bought] as number) + used * (received[i] as number)
  }
  let held = 0
  let spent = 0
  for (let j = 0; j < n; j++) {
    held += (rates[j] as number) * (holdings[j] as number)
    spent += (rates[j] as number) * (net[j] as number)
  }
  const level = spent / cheapest
  dual.level = level
  const { gradient } = dual.share
  for (let j = 0; j < n; j++) {
    slope[j] = (rates[j] as number) * ((net[j] as number) - level * (gradient[j] as number))
  }
  return (held + surplus) / cheapest
}

/** Sets the dual to these pools and this goal. */
export function usePools(dual: Dual, pools: Int32Array, goal: Goal): void {
  dual.pools = pools
  dual.goal = goal
  dual.share.goal = goal
  dual.direction.fill(-1)
  dual.deepest = 0
  for (const i of pools) dual.deepest = Math.max(dual.deepest, dual.market.depths[i] as number)
}
