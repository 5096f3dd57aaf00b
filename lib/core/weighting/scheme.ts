import type { AssetId } from '../asset'
import type { Matrix } from '../numbers/cholesky'
import type { TargetWeight } from '../targets'
import type { Bps } from '../units'

/**
 * How weights are derived from data.
 * - `equal`: 1 / n each.
 * - `given`: in proportion to `givenWeight`.
 * - `marketCap`, `squareRootMarketCap`: in proportion to the market capitalisation, or to its square root.
 * - `inverseVolatility`: in proportion to 1 / volatility.
 * - `minimumVariance`: the long-only weights of least variance (Markowitz 1952).
 * - `equalRisk`: every asset contributes the same risk (Maillard, Roncalli and Teiletche 2010), also called risk parity.
 */
export type WeightingScheme =
  | 'equal'
  | 'given'
  | 'marketCap'
  | 'squareRootMarketCap'
  | 'inverseVolatility'
  | 'minimumVariance'
  | 'equalRisk'

/** All schemes in the order in which they are shown. */
export const weightingSchemes: readonly WeightingScheme[] = [
  'equal',
  'given',
  'marketCap',
  'squareRootMarketCap',
  'inverseVolatility',
  'minimumVariance',
  'equalRisk',
]

/** What is known of one asset. Unknown is missing, never zero. */
export type WeighedAsset = {
  readonly assetId: AssetId
  readonly isStable: boolean
  /** In dollars; above zero. */
  readonly marketCapUsd?: number
  /** A year, as a fraction: 0.7 is 70 %. Where missing, the diagonal of the covariance is asked. */
  readonly volatility?: number
  /** In any unit; zero or above. */
  readonly givenWeight?: number
}

/** The edges of a proposal, and the data behind it beyond single assets. */
export type WeightingOptions = {
  /** No asset that the scheme weighs gets more than this share of the whole portfolio. */
  readonly capBps: Bps
  /** No asset that the scheme weighs gets less. */
  readonly floorBps: Bps
  /**
   * Stable assets share so much equally before the scheme weighs the others; cap and floor do not concern them. When missing, stable
   * assets are weighed like all others.
   */
  readonly stableShareBps?: Bps
  /** Of returns, per unit of time squared, rows in the order of the assets (of all of them, also of stable ones that are set apart). */
  readonly covariance?: Matrix
  /** How many daily returns stand behind covariance and volatilities; not judged when missing. */
  readonly observationCount?: number
  /** Unix seconds of the newest of the data: a proposal is of its date. */
  readonly asOfSeconds?: number
}

/** The least number of daily returns that volatilities and covariances are taken from. */
export const leastObservations = 90

/** Why there is no proposal, with what to change. */
export type WeightRefusal =
  | { readonly kind: 'noAssets' }
  | { readonly kind: 'duplicateAsset'; readonly assetId: AssetId }
  /** A share for stable assets, and none among the assets. */
  | { readonly kind: 'noStableAsset'; readonly stableShareBps: number }
  /** Only stable assets, and a share of less than everything for them. */
  | { readonly kind: 'onlyStableAssets'; readonly stableShareBps: number }
  | { readonly kind: 'floorAboveCap'; readonly floorBps: number; readonly capBps: number }
  /** `leastCapBps` would do. */
  | {
      readonly kind: 'capBelowEqual'
      readonly capBps: number
      readonly leastCapBps: number
      readonly assetCount: number
    }
  /** `mostFloorBps` would do. */
  | {
      readonly kind: 'floorsAboveRoom'
      readonly floorBps: number
      readonly mostFloorBps: number
      readonly assetCount: number
    }
  | { readonly kind: 'missingGivenWeight'; readonly assetIds: readonly AssetId[] }
  /** Assets of given weight zero stay at the floor, and the cap of the others leaves `unplacedBps` over. */
  | { readonly kind: 'zeroGivenWeights'; readonly assetIds: readonly AssetId[]; readonly unplacedBps: number }
  | { readonly kind: 'missingMarketCap'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'tooLittleHistory'; readonly observationCount: number; readonly leastCount: number }
  | { readonly kind: 'missingVolatility'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'zeroVolatility'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'missingCovariance' }
  /** Not as many rows, or not as long, as there are assets. */
  | { readonly kind: 'covarianceShape'; readonly assetCount: number }
  /** A number that is missing or not finite, or two that differ across the diagonal. */
  | { readonly kind: 'covarianceEntry'; readonly assetIds: readonly [AssetId, AssetId] }
  /** What this asset does is, to the last digit, what others do, or the matrix is of no returns at all. */
  | { readonly kind: 'covarianceNotPositiveDefinite'; readonly assetId: AssetId }
  /** No weights within cap and floor give all assets that are at neither the same risk, or not to the precision of numbers. */
  | { readonly kind: 'risksUnequal' }

/** Weights to look at and to edit; nothing applies them by itself. They sum to exactly 10 000, in the order of the assets. */
export type WeightProposal =
  | {
      readonly status: 'proposed'
      readonly scheme: WeightingScheme
      readonly weights: readonly TargetWeight[]
      readonly asOfSeconds?: number
    }
  | { readonly status: 'infeasible'; readonly scheme: WeightingScheme; readonly reason: WeightRefusal }

/** Unrounded shares in the order of the assets that were asked for, or why there are none. */
export type Shares =
  | { readonly status: 'shared'; readonly shares: readonly number[] }
  | { readonly status: 'infeasible'; readonly reason: WeightRefusal }

/** What shares must keep to. All in one unit, `total` between the sums of least and most. */
export type ShareLimits = { readonly total: number; readonly least: number; readonly most: number }
