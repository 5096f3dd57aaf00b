import { type Dual, evaluateDual, rebase } from './dual'
import { factorLaplacian, solveLaplacian } from './laplacian'
import { unbounded } from './market'
import { assembleStep } from './step'

/** When a descent ends. */
export interface DescentLimits {
  /** Greatest remaining error of an end weight; after 20 rounds {@link solvedTolerance} will do. */
  readonly tolerance: number
  /** A step that promises less of the dual than this fraction ends the descent. */
  readonly fall?: number
  readonly iterations: number
}

/** An end weight may miss by this much before a plan counts as not found. */
export const solvedTolerance = 6e-10

/** How a descent ended. */
export interface Descent {
  /** The dual at the last point, value units. */
  readonly value: number
  /** Greatest error of an end weight. */
  readonly error: number
  /** The iterations were used up. */
  readonly isTired: boolean
}

/** Greatest difference between a token's share of what is held after all flows and its wanted weight. */
function weightError({ net, share }: Dual): number {
  let held = 0
  let wanted = 0
  for (let j = 0; j < net.length; j++) {
    held += net[j] as number
    wanted += share.gradient[j] as number
  }
  let error = 0
  for (let j = 0; j < net.length; j++) {
    const miss = Math.abs((net[j] as number) / held - (share.gradient[j] as number) / wanted)
    if (!(miss <= error)) error = miss
  }
  return error
}

/** What a step along the dual's slope promises. */
function fallAlong({ slope, cheapest }: Dual, step: Float64Array): number {
  let fall = 0
  for (let j = 0; j < step.length; j++) fall += ((slope[j] as number) * (step[j] as number)) / cheapest
  return fall
}

const greatest = (vector: Float64Array) => vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/**
 * Minimises the dual from `logPrices`, which is overwritten: semismooth Newton on the graph Laplacian, step cap, damping that
 * grows towards plain (diagonally scaled) gradient descent while steps fail. A step is judged by the slope where it ends, which
 * tells more than the value once that drowns in rounding (Hager, Zhang 2005).
 */
export function descend(
  dual: Dual,
  logPrices: Float64Array,
  { tolerance, fall: leastFall = 0, iterations }: DescentLimits,
): Descent {
  const n = logPrices.length
  const { slope, system } = dual
  const { shift, trial, step } = dual.memory
  let value = 0
  let error = 0
  let damping = 1e-13
  let cap = 1
  let rebases = 0
  let round = 0
  const moveBase = () => {
    for (let j = 0; j < n; j++) logPrices[j] = (logPrices[j] as number) + (shift[j] as number)
    rebase(dual, logPrices)
    shift.fill(0)
    value = evaluateDual(dual, shift)
    error = weightError(dual)
    rebases++
  }
  /** Takes the point so many steps away unless the dual rises there about as steeply as it fell, or after many rounds at all. */
  const tryStep = (length: number, fall: number) => {
    for (let j = 0; j < n; j++) trial[j] = (shift[j] as number) + length * (step[j] as number)
    const next = evaluateDual(dual, trial)
    const nextError = weightError(dual)
    if (!(fallAlong(dual, step) <= (round < 25 ? -0.9 : -0.1) * fall && nextError < unbounded)) return false
    value = next
    error = nextError
    shift.set(trial)
    return true
  }
  shift.fill(0)
  for (moveBase(); round < iterations && !(error <= (round < 20 ? tolerance : solvedTolerance)); round++) {
    // What the rounding of the shifts may do to a weight, against the error still to be removed.
    if (error < 1e-4 && 1e-15 * greatest(shift) * dual.deepest > error && rebases < 40) moveBase()
    assembleStep(dual, shift, damping)
    factorLaplacian(system)
    dual.work += (n * n * n) / 20 + n * n
    for (let j = 0; j < n; j++) step[j] = -(slope[j] as number)
    solveLaplacian(system, step)
    const longest = greatest(step)
    const fall = fallAlong(dual, step)
    if (!(longest > 0 && fall < -leastFall * value)) break
    let length = Math.min(1, cap / longest)
    let tries = 0
    while (tries < 12 && !tryStep(length, fall)) length /= ++tries < 3 ? 2 : 5
    if (tries === 12) {
      evaluateDual(dual, shift)
      if (damping > 1e3) break
      damping = Math.max(1e-6, damping * 100)
      continue
    }
    if (length === 1 && damping > 1e-12) damping /= 10
    // Where several idle pools hide one another the step is too short: goes on while the dual falls as steeply.
    for (let reach = 1; length === 1 && reach * longest < 0.5; reach *= 2) {
      const still = fallAlong(dual, step)
      if (!(still < fall / 2)) break
      if (tryStep(reach, still)) continue
      evaluateDual(dual, shift)
      break
    }
    cap = longest * length >= cap ? Math.min(16, cap * 2) : 1
  }
  value = evaluateDual(dual, shift)
  for (let j = 0; j < n; j++) logPrices[j] = (logPrices[j] as number) + (shift[j] as number)
  return { value, error, isTired: round >= iterations }
}
