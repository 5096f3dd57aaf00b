import type { Matrix } from '../numbers/cholesky'
import { type Covariance, entryOf, NotPositiveDefiniteError, toCovariance } from './covariance'
import type { ReturnHistory } from './returns'

/** Trading never stops: a year has so many daily returns. */
export const daysPerYear = 365

/** With fewer daily returns nothing is estimated. */
export const leastObservations = 90

/** RiskMetrics' decay a day. */
export const dailyDecay = 0.94

/** How a covariance is estimated from returns. */
export type CovarianceEstimator = 'sample' | 'ewma' | 'ledoitWolf'

/** A covariance estimated from a history, or why there is none. */
export type CovarianceEstimate =
  | {
      readonly status: 'estimated'
      readonly covariance: Covariance
      readonly observations: number
      /** The weight of the structured target, 0 to 1; 0 for estimators that do not shrink. */
      readonly shrinkage: number
    }
  | { readonly status: 'tooFew'; readonly observations: number; readonly needed: number }
  /** These prices never moved. */
  | { readonly status: 'zeroVolatility'; readonly ids: readonly string[] }
  /** The returns of `id` are a mixture of the others': a wrapped asset beside what it wraps, say. */
  | { readonly status: 'notPositiveDefinite'; readonly id: string; readonly others: readonly string[] }

/** Returns, one list for each asset, all of the same length. */
export type ReturnRows = readonly (readonly number[])[]

/** A symmetric table from what stands on and below its diagonal. */
function composeSymmetric(size: number, measure: (i: number, j: number) => number): Matrix {
  const lower = Array.from({ length: size }, (_, i) => Array.from({ length: i + 1 }, (__, j) => measure(i, j)))
  return lower.map((_, i) => lower.map((__, j) => (i >= j ? entryOf(lower, i, j) : entryOf(lower, j, i))))
}

function sumProducts(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, t) => sum + value * (b[t] ?? Number.NaN), 0)
}

function center(rows: ReturnRows): ReturnRows {
  return rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length
    return row.map((value) => value - mean)
  })
}

/** Sample covariance with the mean removed, divided by T - 1; for one step of the returns given (daily for daily returns). */
export function measureSampleCovariance(rows: ReturnRows): Matrix {
  const centered = center(rows)
  const observations = rows[0]?.length ?? 0
  return composeSymmetric(rows.length, (i, j) => sumProducts(centered[i] ?? [], centered[j] ?? []) / (observations - 1))
}

/**
 * Exponentially weighted covariance with the mean taken for zero: the return of t steps ago weighs decay^t, and the weights
 * are scaled to sum to 1 (J.P. Morgan, Reuters, RiskMetrics Technical Document, 1996, chapter 5).
 * @param decay between 0 and 1; RiskMetrics takes 0.94 for daily returns.
 */
export function measureEwmaCovariance(rows: ReturnRows, decay: number = dailyDecay): Matrix {
  const observations = rows[0]?.length ?? 0
  const weights = Array.from({ length: observations }, (_, t) => decay ** (observations - 1 - t))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const weighted = rows.map((row) => row.map((value, t) => (value * (weights[t] ?? Number.NaN)) / whole))
  return composeSymmetric(rows.length, (i, j) => sumProducts(weighted[i] ?? [], rows[j] ?? []))
}

/** A shrunk covariance and how far it was shrunk. */
export interface ShrunkCovariance {
  readonly matrix: Matrix
  /** The weight of the target, 0 to 1. */
  readonly shrinkage: number
}

/**
 * Sample covariance shrunk towards constant correlation, by as much as the noise in it calls for (Ledoit, Wolf, Honey, I
 * shrunk the sample covariance matrix, Journal of Portfolio Management 30(4), 2004, appendices A and B). Variances stay as they
 * are, which a target of equal variances would not leave them beside stable assets. The paper's sums are divided by T; the
 * result is scaled by T / (T - 1), so that its diagonal is that of {@link measureSampleCovariance}.
 */
export function measureShrunkCovariance(rows: ReturnRows): ShrunkCovariance {
  const sample = measureSampleCovariance(rows)
  const size = rows.length
  const observations = rows[0]?.length ?? 0
  const deviations = sample.map((row, i) => Math.sqrt(row[i] ?? Number.NaN))
  if (size < 2 || deviations.some((deviation) => deviation === 0)) return { matrix: sample, shrinkage: 0 }
  // Standardised, the target is one correlation everywhere, and every term of the paper loses its scales.
  const scale = Math.sqrt(1 - 1 / observations)
  const units = center(rows).map((row, i) => row.map((value) => value / ((deviations[i] ?? Number.NaN) * scale)))
  const correlation = composeSymmetric(size, (i, j) =>
    i === j ? 1 : sumProducts(units[i] ?? [], units[j] ?? []) / observations,
  )
  const pairs = (size * (size - 1)) / 2
  let mean = 0
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) mean += entryOf(correlation, i, j) / pairs
  let noise = 0
  let distance = 0
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (i === j) continue
      const [a = [], b = []] = [units[i], units[j]]
      const known = entryOf(correlation, i, j)
      const variances = ((deviations[i] ?? Number.NaN) * (deviations[j] ?? Number.NaN)) ** 2
      let pi = 0
      let theta = 0
      for (let t = 0; t < observations; t++) {
        const [u = Number.NaN, v = Number.NaN] = [a[t], b[t]]
        pi += (u * v - known) ** 2
        // theta_ii + theta_jj, both scaled to unit variance.
        theta += (u * u - 1 + v * v - 1) * (u * v - known)
      }
      noise += (variances * (pi - (mean / 2) * theta)) / observations
      distance += variances * (mean - known) ** 2
    }
  }
  const shrinkage = distance === 0 ? 0 : Math.max(0, Math.min(1, noise / distance / observations))
  const matrix = composeSymmetric(size, (i, j) => {
    const target = i === j ? 1 : mean
    const shrunk = shrinkage * target + (1 - shrinkage) * entryOf(correlation, i, j)
    return i === j ? entryOf(sample, i, i) : shrunk * (deviations[i] ?? Number.NaN) * (deviations[j] ?? Number.NaN)
  })
  return { matrix, shrinkage }
}

function measureDaily(rows: ReturnRows, estimator: CovarianceEstimator): ShrunkCovariance {
  if (estimator === 'ledoitWolf') return measureShrunkCovariance(rows)
  const matrix = estimator === 'ewma' ? measureEwmaCovariance(rows) : measureSampleCovariance(rows)
  return { matrix, shrinkage: 0 }
}

/**
 * Estimates the covariance a year (365 days) from daily log returns, at least 90 of them.
 * @returns the estimate, or what stands in its way.
 */
export function estimateCovariance(
  { days, assets }: ReturnHistory,
  estimator: CovarianceEstimator,
): CovarianceEstimate {
  const observations = days.length
  if (observations < leastObservations) return { status: 'tooFew', observations, needed: leastObservations }
  const still = assets.filter(({ returns }) => returns.every((value) => value === 0))
  if (still.length > 0) return { status: 'zeroVolatility', ids: still.map(({ id }) => id) }
  const { matrix, shrinkage } = measureDaily(
    assets.map(({ returns }) => returns),
    estimator,
  )
  const annual = matrix.map((row) => row.map((value) => value * daysPerYear))
  try {
    const covariance = toCovariance({ ids: assets.map(({ id }) => id), matrix: annual })
    return { status: 'estimated', covariance, observations, shrinkage }
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error
    return { status: 'notPositiveDefinite', id: error.id, others: error.others }
  }
}
