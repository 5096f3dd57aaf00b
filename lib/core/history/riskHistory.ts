import type { AssetId } from '../asset'
import type { Matrix } from '../numbers/cholesky'
import { type AssetVolatility, type Covariance, measureCorrelation, measureVolatilities } from '../risk/covariance'
import { type CovarianceEstimator, estimateCovariance } from '../risk/estimateCovariance'
import { measureReturns, type PriceSeries, type ReturnHistory } from '../risk/returns'
import { usdUnit } from '../units'
import type { AssetCloses, AssetHistory, NoHistoryReason } from './priceHistory'

/** The closes of several assets, and what they say of how prices move. */
export interface KnownRisk {
  readonly assets: readonly AssetCloses[]
  /** Daily log returns on the days that all assets share. */
  readonly returns: ReturnHistory
  /** A year; in the order of `assets`. */
  readonly covariance: Covariance
  /** Standard deviation of log returns a year. */
  readonly volatilities: readonly AssetVolatility[]
  readonly correlation: Matrix
  /** Daily returns that the estimate rests on. */
  readonly observations: number
  /** The weight of the structured target in the estimate, 0 to 1. */
  readonly shrinkage: number
}

/** What the past of several assets says of their risk, or why it says nothing. */
export type RiskHistory =
  | ({ readonly status: 'known' } & KnownRisk)
  /** There are assets whose past is not known at all. Leave them out, or give their volatility. */
  | {
      readonly status: 'unavailable'
      readonly assets: readonly AssetCloses[]
      readonly missing: readonly { readonly assetId: AssetId; readonly reason: NoHistoryReason }[]
    }
  /** Too few days for which all have a close, and how many each has. */
  | {
      readonly status: 'tooLittle'
      readonly assets: readonly AssetCloses[]
      /** Daily returns that all share. */
      readonly days: number
      readonly needed: number
      readonly closes: readonly { readonly assetId: AssetId; readonly days: number }[]
    }
  /** These prices never moved. */
  | { readonly status: 'zeroVolatility'; readonly assets: readonly AssetCloses[]; readonly ids: readonly AssetId[] }
  /** The returns of `id` are a mixture of the others'. */
  | {
      readonly status: 'notPositiveDefinite'
      readonly assets: readonly AssetCloses[]
      readonly id: AssetId
      readonly others: readonly AssetId[]
    }

/** Takes closes for a series of prices in dollars. */
export function toPriceSeries({ assetId, closes }: AssetCloses): PriceSeries {
  return {
    id: assetId,
    prices: closes.map(({ day, usd }) => ({ day, price: Number(usd) / Number(usdUnit) })),
  }
}

/**
 * Measures what the closes of several assets say of their risk: aligned by day, no return over a gap, nothing with fewer than 90
 * daily returns. An empty list of assets has no returns, and so too little history.
 */
export function measureRiskHistory(histories: readonly AssetHistory[], estimator: CovarianceEstimator): RiskHistory {
  const assets = histories.flatMap((history): AssetCloses[] => (history.status === 'known' ? [history] : []))
  const missing = histories.flatMap((history) =>
    history.status === 'unavailable' ? [{ assetId: history.assetId, reason: history.reason }] : [],
  )
  if (missing.length > 0) return { status: 'unavailable', assets, missing }
  const returns = measureReturns(assets.map(toPriceSeries))
  const estimate = estimateCovariance(returns, estimator)
  switch (estimate.status) {
    case 'tooFew':
      return {
        status: 'tooLittle',
        assets,
        days: estimate.observations,
        needed: estimate.needed,
        closes: assets.map(({ assetId, closes }) => ({ assetId, days: closes.length })),
      }
    case 'zeroVolatility':
      return { status: 'zeroVolatility', assets, ids: estimate.ids }
    case 'notPositiveDefinite':
      return { status: 'notPositiveDefinite', assets, id: estimate.id, others: estimate.others }
    case 'estimated': {
      const { covariance, observations, shrinkage } = estimate
      const volatilities = measureVolatilities(covariance)
      const correlation = measureCorrelation(covariance)
      return { status: 'known', assets, returns, covariance, volatilities, correlation, observations, shrinkage }
    }
  }
}
