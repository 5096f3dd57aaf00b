import { type Covariance, entryOf, measureProduct, selectCovariance } from './covariance'
import { daysPerYear, leastObservations } from './estimateCovariance'

/** An asset's share of the portfolio, and the share that it is meant to have. */
export interface WeightedAsset {
  readonly id: string
  readonly weight: number
  readonly target: number
}

/** What one asset adds to the tracking error. */
export interface RiskContribution {
  readonly id: string
  /** Volatility a year; below 0 where its deviation offsets the others'. */
  readonly contribution: number
}

/** How far a portfolio is expected to stray from its target. */
export interface TrackingError {
  /** Volatility a year of the portfolio's return against the target's. */
  readonly trackingError: number
  /** In the order of the assets; they sum to the tracking error exactly. */
  readonly contributions: readonly RiskContribution[]
}

/**
 * Tracking error ex ante, with x = weight - target, and what each asset adds to it (Euler's decomposition):
 *
 *     TE = sqrt(x' Sigma x)         contribution_i = x_i (Sigma x)_i / TE
 *
 * @throws {UncoveredAssetError} when the covariance lacks an asset.
 */
export function measureTrackingError(assets: readonly WeightedAsset[], covariance: Covariance): TrackingError {
  const { matrix } = selectCovariance(
    covariance,
    assets.map(({ id }) => id),
  )
  const deviations = assets.map(({ weight, target }) => weight - target)
  const root = Math.sqrt(Math.max(0, measureProduct(deviations, matrix, deviations)))
  const contributions = assets.map(({ id }, i) => {
    const slope = deviations.reduce((sum, deviation, j) => sum + entryOf(matrix, i, j) * deviation, 0)
    return { id, contribution: root === 0 ? 0 : ((deviations[i] ?? Number.NaN) * slope) / root }
  })
  // The root, but for rounding: so the parts add up to what is shown.
  return { trackingError: contributions.reduce((sum, { contribution }) => sum + contribution, 0), contributions }
}

/** What a portfolio and its target were worth at the end of a day. */
export interface DailyValue {
  /** Whole days since 1 January 1970 (UTC), rising. */
  readonly day: number
  /** Positive, any unit; deposits and withdrawals taken out. */
  readonly portfolio: number
  /** The target portfolio's value; positive, any unit. */
  readonly target: number
}

/** Tracking error that was, or that there are too few days for one. */
export type RealisedTrackingError =
  | { readonly status: 'measured'; readonly trackingError: number; readonly observations: number }
  | { readonly status: 'tooFew'; readonly observations: number; readonly needed: number }

/**
 * Tracking error realised: the standard deviation (T - 1) of the difference between the portfolio's and the target's daily
 * returns, times the square root of 365; from at least 90 pairs of days in a row. No return is measured over a missing day.
 */
export function measureRealisedTrackingError(values: readonly DailyValue[]): RealisedTrackingError {
  const differences = values.flatMap(({ day, portfolio, target }, at) => {
    const before = values[at - 1]
    return before === undefined || day - before.day !== 1 ? [] : [portfolio / before.portfolio - target / before.target]
  })
  const observations = differences.length
  if (observations < leastObservations) return { status: 'tooFew', observations, needed: leastObservations }
  const mean = differences.reduce((sum, value) => sum + value, 0) / observations
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { status: 'measured', trackingError: Math.sqrt((squares / (observations - 1)) * daysPerYear), observations }
}
