import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { PriceHistory } from '@/lib/chain/read/readPriceHistory'
import type { AssetId } from '@/lib/core/asset'
import { measureRiskHistory, type RiskHistory } from '@/lib/core/history/riskHistory'
import type { CovarianceEstimator } from '@/lib/core/risk/estimateCovariance'
import { historyQuery } from '@/lib/query/historyQuery'
import { useChainClient } from './useChainClient'
import { useDeployment } from './useDeployment'

/** What the past says of assets; `loading` until it is there, `failed` where the node does not tell it. */
export type RiskState =
  | RiskHistory
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: Error }

/**
 * Daily closes of assets from their feeds, with volatilities, correlations and covariance a year (shrunk by Ledoit and Wolf unless told
 * otherwise), the assets in the order of their ids. The last good reading stays while a later one fails.
 */
export function useRiskHistory(assetIds: readonly AssetId[], estimator: CovarianceEstimator = 'ledoitWolf'): RiskState {
  const { chainId } = useDeployment()
  const client = useChainClient()
  const select = useCallback(
    ({ assets }: PriceHistory): RiskHistory => measureRiskHistory(assets, estimator),
    [estimator],
  )
  const { data, error } = useQuery({ ...historyQuery({ chainId, assetIds, client }), select })
  if (data !== undefined) return data
  return error === null ? { status: 'loading' } : { status: 'failed', error }
}
