import { type Dual, evaluateBase, evaluateDual, rebase } from './dual'
import { factorLaplacian, solveLaplacian } from './laplacian'
import { assembleStep } from './step'

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
    assembleStep(dual, shift, damping, stiffness)
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
