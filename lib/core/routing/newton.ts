import { type Dual, evaluateBase, evaluateDual, rebase } from './dual'
import { factorLaplacian, solveLaplacian } from './laplacian'

/** When a descent ends. */
export interface DescentLimits {
  /** Greatest remaining error of an end weight. */
  readonly tolerance: number
  /** A step that promises less of the dual than this fraction ends the descent. */
  readonly fall?: number
  readonly iterations: number
}

/** How a descent ended. */
export interface Descent {
  /** The dual at the last point, value units. */
  readonly value: number
  /** Greatest error of an end weight. */
  readonly error: number
  /** Tired: the iterations were used up. Lost: the prices ran away. */
  readonly ended: 'close' | 'tired' | 'lost'
}

/** Memory of a descent. */
export interface DescentMemory {
  readonly shift: Float64Array
  readonly trial: Float64Array
  readonly step: Float64Array
  /** The step in the order of the system's rows. */
  readonly unknown: Float64Array
  /** The point with the least error so far. */
  readonly bestBase: Float64Array
  readonly bestShift: Float64Array
}

/** Memory for descents over so many tokens. */
export function toDescentMemory(size: number): DescentMemory {
  return {
    shift: new Float64Array(size),
    trial: new Float64Array(size),
    step: new Float64Array(size),
    unknown: new Float64Array(size),
    bestBase: new Float64Array(size),
    bestShift: new Float64Array(size),
  }
}

/** Shadow prices further than this from the reference (in logs) mean that no price balances the problem. */
export const farthestLogPrice = 120

/** Keeps prices that nothing moves from drifting on rounding errors of 1e-16. */
const ground = 1e-11

/** Fills the linear system of one step: active pools, idle pools by how near they are to trading, tied weights. */
function assemble(dual: Dual, shift: Float64Array, damping: number, stiffness: number): void {
  const { market, system, conductance, slope, pools, poolCount, share, net, rates, level, rows } = dual
  const { first, second } = market
  const { upper, excess, size } = system
  upper.fill(0)
  for (let j = 0; j < size; j++) {
    const amount = Math.abs(net[j] as number) + level * (share.gradient[j] as number)
    excess[rows[j] as number] =
      (rates[j] as number) * (damping * amount + ground * level) + Math.max(0, slope[j] as number) / 2
  }
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    const value = conductance[i] as number
    if (value === 0) continue
    const place = placeOf(rows[first[i] as number] as number, rows[second[i] as number] as number, size)
    upper[place] = (upper[place] as number) + value
  }
  measureNearest(dual, shift)
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    if ((conductance[i] as number) > 0) continue
    const value = idleConductance(dual, shift, i, stiffness)
    const place = placeOf(rows[first[i] as number] as number, rows[second[i] as number] as number, size)
    // Of several idle pools side by side only the nearest counts: together they would hide how far it is.
    if (value > (upper[place] as number)) upper[place] = value
  }
  if (share.softness > 0) tieWeights(dual, stiffness)
}

/** For each token, how far the nearest idle pool is from taking off what waits to flow. */
function measureNearest(dual: Dual, shift: Float64Array): void {
  const { market, slope, edges, direction, pools, poolCount, nearest } = dual
  nearest.fill(Number.POSITIVE_INFINITY)
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    if (direction[i] !== -1) continue
    const a = market.first[i] as number
    const b = market.second[i] as number
    const half = ((shift[a] as number) - (shift[b] as number)) / 2
    const isPushed = (slope[a] as number) > (slope[b] as number)
    const ahead = isPushed ? half - (edges[2 * i] as number) : (edges[2 * i + 1] as number) - half
    if (ahead < (nearest[a] as number)) nearest[a] = ahead
    if (ahead < (nearest[b] as number)) nearest[b] = ahead
  }
}

function placeOf(a: number, b: number, size: number): number {
  return a < b ? a * size + b : b * size + a
}

/** What a pool that carries nothing will carry once prices have moved to its edge. */
function idleConductance(dual: Dual, shift: Float64Array, i: number, stiffness: number): number {
  const { market, slope, edges, direction } = dual
  const a = market.first[i] as number
  const b = market.second[i] as number
  // {value units}: what waits to flow between the two tokens
  const push = (slope[a] as number) - (slope[b] as number)
  if (push === 0 && stiffness === 0) return 0
  if (dual.gasSoftness > 0 && (market.gas[i] as number) > 0) return unusedConductance(dual, shift, i, push)
  // Between two ranges, or past the last: as far as a step goes.
  if (direction[i] !== -1) return Math.abs(push)
  const half = ((shift[a] as number) - (shift[b] as number)) / 2
  const below = half - (edges[2 * i] as number)
  const above = (edges[2 * i + 1] as number) - half
  const depth = 1 / Math.min(market.depths[i] as number, dual.depthCap)
  const ahead = push > 0 ? below : above
  // Pools further off than another of the same tokens count for less, or all together would shorten the step.
  const near = Math.max(dual.nearest[a] as number, dual.nearest[b] as number)
  const far = ahead > near ? ahead / near : 1
  let value = ahead < 200 && push !== 0 ? 1 / (depth + (2 * ahead * far) / Math.abs(push)) : 0
  if (stiffness > 0) {
    const nearer = Math.min(below, above)
    if (nearer < 200) value = Math.max(value, 1 / (depth + (2 * nearer) / stiffness))
  }
  return value
}

/** What a pool that does not yet pay for its gas will carry once prices have moved far enough. */
function unusedConductance(dual: Dual, shift: Float64Array, i: number, push: number): number {
  const { market, edges, direction, profit, cheapest } = dual
  if (push === 0) return 0
  const depth = Math.min(market.depths[i] as number, dual.depthCap)
  // A profit of 1/2 c y^2 is earned at a distance y past the edge.
  let away = Math.sqrt((2 * (market.gas[i] as number) * cheapest) / depth)
  if (direction[i] === -1) {
    const half = ((shift[market.first[i] as number] as number) - (shift[market.second[i] as number] as number)) / 2
    away += 2 * (push > 0 ? half - (edges[2 * i] as number) : (edges[2 * i + 1] as number) - half)
  } else {
    away -= Math.sqrt((2 * (profit[i] as number)) / depth)
  }
  return away < 400 ? 1 / (1 / depth + Math.max(0, away) / Math.abs(push)) : 0
}

/** Tokens whose weights move, or are about to, exchange value with one another through the common level. */
function tieWeights({ share, system, slope, rates, level, rows }: Dual, stiffness: number): void {
  const { upper, pivots, size } = system
  const { free, fall, rise, softness } = share
  const scale = level / (softness * share.mean)
  // 1 for a weight that moves, less for one that will move once its price has gone further.
  const ease = pivots
  let total = 0
  for (let j = 0; j < size; j++) {
    const push = slope[j] as number
    const rate = rates[j] as number
    let part = 1
    if (free[j] === 0) {
      const full = 1 / (scale * rate * rate)
      const away = (push > 0 ? (fall[j] as number) : (rise[j] as number)) / rate
      part = push === 0 ? 0 : full / (full + away / Math.abs(push))
      if (stiffness > 0) {
        const near = Math.min(fall[j] as number, rise[j] as number) / rate
        part = Math.max(part, full / (full + near / stiffness))
      }
    }
    ease[rows[j] as number] = part * rate
    total += part
  }
  for (let j = 0; j < size; j++) {
    const part = ((ease[j] as number) * scale) / total
    if (!(part > 0)) continue
    for (let k = j + 1; k < size; k++) {
      const other = ease[k] as number
      if (other > 0) upper[j * size + k] = (upper[j * size + k] as number) + part * other
    }
  }
}

/**
 * Greatest difference between a token's share of what is held after all flows and its wanted weight.
 * @param total takes the sum of the differences, in its only entry.
 */
function weightError({ net, share }: Dual, total: Float64Array): number {
  let held = 0
  let wanted = 0
  for (let j = 0; j < net.length; j++) {
    held += net[j] as number
    wanted += share.gradient[j] as number
  }
  let error = 0
  let sum = 0
  for (let j = 0; j < net.length; j++) {
    const miss = Math.abs((net[j] as number) / held - (share.gradient[j] as number) / wanted)
    if (!(miss <= error)) error = miss
    sum += miss
  }
  total[0] = sum
  return error
}

/**
 * Minimises the dual from `logPrices`, which is overwritten with the best point: semismooth Newton on the graph Laplacian,
 * step cap, Armijo, damping that grows towards plain (diagonally scaled) gradient descent while steps fail.
 */
export function descend(
  dual: Dual,
  logPrices: Float64Array,
  { shift, trial, step, unknown, bestBase, bestShift }: DescentMemory,
  { tolerance, fall: leastFall = 0, iterations }: DescentLimits,
): Descent {
  const n = logPrices.length
  const { slope, system } = dual
  const misses = new Float64Array(1)
  rebase(dual, logPrices)
  shift.fill(0)
  evaluateBase(dual, shift)
  let value = 0
  let error = weightError(dual, misses)
  let damping = 1e-13
  let stiffness = 0
  let cap = 1
  let rebases = 0
  let round = 0
  let ended: Descent['ended'] = 'close'
  let bestError = Number.POSITIVE_INFINITY
  let bestRound = 0
  const keepBest = () => {
    if (!(error < bestError)) return
    bestError = error
    bestRound = round
    bestBase.set(logPrices)
    bestShift.set(shift)
  }
  keepBest()
  let miss = misses[0] as number
  const moveBase = () => {
    for (let j = 0; j < n; j++) {
      logPrices[j] = (logPrices[j] as number) + (shift[j] as number)
    }
    rebase(dual, logPrices)
    shift.fill(0)
    evaluateBase(dual, shift)
    value = 0
    error = weightError(dual, misses)
    miss = misses[0] as number
    rebases++
  }
  // Where several idle pools hide one another the step is too short: goes on while the dual falls as steeply.
  const stretch = (fall: number, longest: number) => {
    let reach = 1
    for (let tries = 0; tries < 8 && reach * longest < 0.5; tries++) {
      let still = 0
      for (let j = 0; j < n; j++) still += ((slope[j] as number) * (step[j] as number)) / dual.cheapest
      if (!(still < fall / 2)) return
      for (let j = 0; j < n; j++) trial[j] = (shift[j] as number) + reach * (step[j] as number)
      const next = evaluateDual(dual, trial)
      const nextError = weightError(dual, misses)
      if (!(next <= value + 1e-4 * reach * still && Number.isFinite(nextError))) {
        evaluateDual(dual, shift)
        return
      }
      value = next
      error = nextError
      miss = misses[0] as number
      shift.set(trial)
      keepBest()
      reach *= 2
    }
  }
  for (; round < iterations && !(error <= tolerance); round++) {
    // Close enough, and no longer coming closer.
    if (bestError < 1e-11 && round - bestRound > 3) break
    // What the rounding of the shifts may do to a weight, against the error still to be removed.
    if (error < 1e-4 && 1e-15 * greatest(shift) * dual.deepest > error && rebases < 40) moveBase()
    assemble(dual, shift, damping, stiffness)
    factorLaplacian(system)
    dual.work += (n * n * n) / 20 + n * n
    for (let j = 0; j < n; j++) unknown[dual.rows[j] as number] = -(slope[j] as number)
    solveLaplacian(system, unknown)
    for (let j = 0; j < n; j++) step[j] = unknown[dual.rows[j] as number] as number
    let longest = 0
    let fall = 0
    for (let j = 0; j < n; j++) {
      const size = Math.abs(step[j] as number)
      if (!(size <= longest)) longest = size
      fall += ((slope[j] as number) * (step[j] as number)) / dual.cheapest
    }
    if (!(longest > 0 && fall < 0)) break
    if (-fall < leastFall * dual.reference) break
    let length = longest > cap ? cap / longest : 1
    const polishing = -fall < 30 * dual.noise
    let accepted = false
    for (let tries = 0; tries < 12; tries++) {
      for (let j = 0; j < n; j++) trial[j] = (shift[j] as number) + length * (step[j] as number)
      const next = evaluateDual(dual, trial)
      const nextError = weightError(dual, misses)
      accepted = polishing
        ? (misses[0] as number) < miss
        : next <= value + 1e-4 * length * fall && Number.isFinite(nextError)
      if (accepted) {
        value = next
        error = nextError
        miss = misses[0] as number
        shift.set(trial)
        keepBest()
        break
      }
      length /= tries < 2 ? 2 : 5
    }
    if (!accepted) {
      if (rebases < 4 && polishing) {
        moveBase()
      } else {
        value = evaluateDual(dual, shift)
        if (damping > 1e3) break
        const push = greatest(slope)
        if (stiffness > push) damping = Math.max(1e-6, damping * 100)
        stiffness = Math.max(0.1 * push, stiffness * 10)
      }
      continue
    }
    if (length === 1 && !polishing) stretch(fall, longest)
    if (length === 1) {
      damping = damping > 1e-12 ? damping / 10 : damping
      stiffness = stiffness > 1e-12 ? stiffness / 10 : 0
    } else if (length < 0.01 && length * longest < cap) {
      stiffness = Math.max(0.01 * greatest(slope), stiffness * 10)
    }
    if (longest * length >= cap) cap = Math.min(16, cap * 2)
    else cap = 1
    if (farthest(dual, shift) > farthestLogPrice) {
      ended = 'lost'
      break
    }
  }
  if (error > bestError && bestError < 1e-9) {
    shift.set(bestShift)
    logPrices.set(bestBase)
    rebase(dual, logPrices)
    error = bestError
  }
  value = evaluateDual(dual, shift)
  for (let j = 0; j < n; j++) logPrices[j] = (logPrices[j] as number) + (shift[j] as number)
  if (round >= iterations) ended = 'tired'
  return { value: dual.reference + value, error, ended }
}

function greatest(vector: Float64Array): number {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  return most
}

/** The greatest difference between two log prices. */
function farthest({ base }: Dual, shift: Float64Array): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let j = 0; j < shift.length; j++) {
    const price = (base[j] as number) + (shift[j] as number)
    if (price < low) low = price
    if (price > high) high = price
  }
  return high - low
}
