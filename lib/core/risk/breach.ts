import { InvalidBandInputError } from './costAwareBand'
import { erfc } from './erfc'
import { daysPerYear } from './estimateCovariance'

/** A weight inside, or outside, its band. */
export interface BreachProblem {
  /** Of the weight from its target, a fraction of the portfolio; either sign. */
  readonly deviation: number
  /** D: the deviation that counts as a breach, either way; positive. */
  readonly trigger: number
  /** Variance of the deviation a year; positive. */
  readonly varianceRate: number
  /** The weight is looked at once every so many days; 0 for all the time. */
  readonly checkedEveryDays: number
}

/** When a weight is expected to leave its band. */
export type Breach =
  /** It lies outside, or on the edge, now. */
  | { readonly status: 'outside' }
  | {
      readonly status: 'inside'
      /** Mean time until the check that finds it outside. */
      readonly expectedDays: number
      /** That a check within the horizon finds it outside, 0 to 1. */
      readonly probability: number
    }

/** -zeta(1/2) / sqrt(2 pi): how far a random walk overshoots a level on average, in standard deviations of a step. */
const overshoot = 0.5825971579390107

/** What the variance of the overshoot adds, in steps. */
const aheadBy = 0.25

function check({ deviation, trigger, varianceRate, checkedEveryDays }: BreachProblem, horizonDays: number): void {
  if (!(trigger > 0 && Number.isFinite(trigger)))
    throw new InvalidBandInputError('trigger', trigger, 'positive and finite')
  if (!(varianceRate > 0 && Number.isFinite(varianceRate)))
    throw new InvalidBandInputError('varianceRate', varianceRate, 'positive and finite')
  if (!Number.isFinite(deviation)) throw new InvalidBandInputError('deviation', deviation, 'finite')
  for (const [field, value] of [
    ['checkedEveryDays', checkedEveryDays],
    ['horizonDays', horizonDays],
  ] as const)
    if (!(value >= 0 && Number.isFinite(value)))
      throw new InvalidBandInputError(field, value, 'finite and not negative')
}

/**
 * The probability that a Brownian motion from `start` has touched `edge` or `-edge` by the time its variance is `variance`.
 * Two series of the same function (Feller, An Introduction to Probability Theory II, X.5): images, which alternate and fall, so
 * that the first term left out bounds the error; and eigenfunctions, which fall faster than a geometric series. Each is used
 * where five terms reach 1e-16.
 * @param start within -edge and edge.
 * @param edge positive.
 * @param variance not negative.
 */
export function measureExitProbability(start: number, edge: number, variance: number): number {
  if (variance <= 0) return 0
  const probability =
    variance < edge * edge * 0.5
      ? exitByImages(start / edge, variance / (edge * edge))
      : 1 - stayByModes(start / edge, variance / (edge * edge))
  return Math.max(0, Math.min(1, probability))
}

function exitByImages(start: number, variance: number): number {
  const scale = Math.sqrt(2 * variance)
  let sum = 0
  for (let j = 0; j < 8; j++) {
    const level = 2 * j + 1
    const term = erfc((level - start) / scale) + erfc((level + start) / scale)
    sum += j % 2 === 0 ? term : -term
    if (term < 1e-17 * sum) break
  }
  return sum
}

function stayByModes(start: number, variance: number): number {
  let sum = 0
  for (let n = 1; n < 16; n += 2) {
    const size = (4 / (Math.PI * n)) * Math.exp((-n * n * Math.PI * Math.PI * variance) / 8)
    sum += size * Math.sin((n * Math.PI * (start + 1)) / 2)
    if (size < 1e-18) break
  }
  return sum
}

/** The time after which a weight that is watched all the time has left as often as one is found outside by a check. */
function toWatchedDays(checkedEveryDays: number, horizonDays: number): number {
  if (checkedEveryDays === 0) return horizonDays
  const checks = Math.floor(horizonDays / checkedEveryDays)
  return checks === 0 ? 0 : (checks + aheadBy) * checkedEveryDays
}

/**
 * When a weight will leave its band: first passage of a Brownian motion out of (-D, D). Between checks it may leave and come
 * back unseen, for which the edge is moved outwards by 0.5826 standard deviations of a step (Broadie, Glasserman, Kou, A
 * continuity correction for discrete barrier options, Mathematical Finance 7(4), 1997).
 *
 *     expected years   = ((D + 0.5826 sqrt(s2 dt))^2 + s2 dt / 4 - x^2) / s2
 *     P(found after h) = P(a motion that is watched all the time has left (-D', D') after h + dt / 4)
 *
 * The quarters come from the variance of the overshoot (Siegmund, Sequential Analysis, 1985, chapter X); time found and probability
 * agree on them. From two steps' deviation inside the edge the time is good to 1e-3 of itself and the probability to 3e-3, from
 * four to 1e-6 and 1e-4; on the edge itself the time is too short by up to a fifth.
 *
 * @param horizonDays not negative; with checks every few days, those that fall into it count.
 * @throws {InvalidBandInputError} when the trigger or the variance rate is not positive, days are
 * negative, or a figure is not finite.
 */
export function measureBreach(problem: BreachProblem, horizonDays: number): Breach {
  check(problem, horizonDays)
  const { deviation, trigger, varianceRate, checkedEveryDays } = problem
  if (Math.abs(deviation) >= trigger) return { status: 'outside' }
  const dailyVariance = varianceRate / daysPerYear
  const stepVariance = dailyVariance * checkedEveryDays
  const edge = trigger + overshoot * Math.sqrt(stepVariance)
  return {
    status: 'inside',
    // {days} = {weight^2} / {weight^2 / day}
    expectedDays: (edge * edge + aheadBy * stepVariance - deviation * deviation) / dailyVariance,
    probability: measureExitProbability(deviation, edge, dailyVariance * toWatchedDays(checkedEveryDays, horizonDays)),
  }
}
