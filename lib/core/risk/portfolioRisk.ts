import type { Covariance } from './covariance'
import { type CovarianceEstimator, estimateCovariance, leastObservations } from './estimateCovariance'
import { measureReturns, type PriceSeries } from './returns'

/** The volatility that stands for an asset that hardly moves, a year. */
export const steadyVolatility = 0.005

/** An asset of a portfolio, and whether its price is meant to stay where it is. */
export interface RiskAsset {
  readonly id: string
  readonly isStable: boolean
}

/** How the assets of a portfolio move together, or why it cannot be said. */
export type PortfolioRisk =
  | {
      readonly status: 'measured'
      /** Of all assets but the uncovered ones. */
      readonly covariance: Covariance
      readonly observations: number
      /** Whole days since 1 January 1970 (UTC): the first and the last return. */
      readonly fromDay: number
      readonly toDay: number
      /** Stable, or never moving: not estimated, they count with {@link steadyVolatility} and no correlation. */
      readonly steadyIds: readonly string[]
      /** There are no prices of these. */
      readonly uncoveredIds: readonly string[]
    }
  | { readonly status: 'tooFew'; readonly observations: number; readonly needed: number }
  | { readonly status: 'notPositiveDefinite'; readonly id: string; readonly others: readonly string[] }
  /** No asset that moves has prices. */
  | { readonly status: 'noPrices'; readonly uncoveredIds: readonly string[] }

/** What risk is measured from. */
export interface RiskRequest {
  readonly assets: readonly RiskAsset[]
  readonly series: readonly PriceSeries[]
  readonly estimator: CovarianceEstimator
  /** At most so many days, the latest ones. */
  readonly windowDays: number
}

/**
 * Measures how the assets of a portfolio move from their daily prices. Stable assets are set apart: what their prices do from day
 * to day is noise. An asset without prices is named and left out, nothing is made up for it.
 */
export function measurePortfolioRisk({ assets, series, estimator, windowDays }: RiskRequest): PortfolioRisk {
  const known = new Map(series.map((one) => [one.id, one]))
  const uncoveredIds = assets.filter(({ id, isStable }) => !isStable && !known.has(id)).map(({ id }) => id)
  const still = new Set(assets.filter(({ isStable }) => isStable).map(({ id }) => id))
  for (;;) {
    const moving = assets.flatMap(({ id }) => (still.has(id) ? [] : (known.get(id) ?? [])))
    if (moving.length === 0) return { status: 'noPrices', uncoveredIds }
    const history = measureReturns(moving)
    const days = history.days.slice(-windowDays)
    const returns = history.assets.map((asset) => ({ ...asset, returns: asset.returns.slice(-windowDays) }))
    const estimate = estimateCovariance({ days, assets: returns, gaps: history.gaps }, estimator)
    switch (estimate.status) {
      case 'tooFew':
      case 'notPositiveDefinite':
        return estimate
      case 'zeroVolatility':
        for (const id of estimate.ids) still.add(id)
        break
      case 'estimated': {
        const steadyIds = assets.filter(({ id }) => still.has(id)).map(({ id }) => id)
        const [fromDay, toDay] = [days[0], days.at(-1)]
        if (fromDay === undefined || toDay === undefined)
          return { status: 'tooFew', observations: 0, needed: leastObservations }
        const covariance = addSteady(estimate.covariance, steadyIds)
        return {
          status: 'measured',
          covariance,
          observations: estimate.observations,
          fromDay,
          toDay,
          steadyIds,
          uncoveredIds,
        }
      }
    }
  }
}

/** Adds assets that move with nothing, and hardly by themselves. */
function addSteady({ ids, matrix }: Covariance, steadyIds: readonly string[]): Covariance {
  const variance = steadyVolatility ** 2
  return {
    ids: [...ids, ...steadyIds],
    matrix: [
      ...matrix.map((row) => [...row, ...steadyIds.map(() => 0)]),
      ...steadyIds.map((_, at) => [
        ...ids.map(() => 0),
        ...steadyIds.map((__, other) => (at === other ? variance : 0)),
      ]),
    ],
  }
}
