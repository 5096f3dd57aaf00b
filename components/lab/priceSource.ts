import { toPriceSeries as toClosesSeries } from '@/lib/core/history/riskHistory'
import type { PriceSeries } from '@/lib/core/risk/returns'
import type { RiskState } from '@/lib/hooks/useRiskHistory'

/** Where daily prices come from: the files of the app, or the chain's own feeds. */
export type PriceSource = 'shipped' | 'chain'

/** Daily prices from one source, or why there are none yet. */
export type SourcePrices =
  | { readonly status: 'reading' }
  | { readonly status: 'failed'; readonly message: string; readonly onRetry?: () => void; readonly isRetrying: boolean }
  | {
      readonly status: 'there'
      readonly series: readonly PriceSeries[]
      /** In the middle of a sentence. */
      readonly name: string
      /** What is to be known of them. */
      readonly remark: string
    }

/** The daily closes that the chain's feeds tell. Assets whose past is not known are not among them. */
export function toChainPrices(state: RiskState): SourcePrices {
  if (state.status === 'loading') return { status: 'reading' }
  if (state.status === 'failed') return { status: 'failed', message: state.error.message, isRetrying: false }
  const series = state.assets.map(toClosesSeries).filter(({ prices }) => prices.length > 0)
  return {
    status: 'there',
    series,
    name: 'daily closes of the chain’s price feeds',
    remark: 'Read from the chain by this browser.',
  }
}
