import type { AssetId } from '@/lib/core/asset'

/** What all of an asset was worth on one day. */
export type DatedMarketCap = { readonly assetId: AssetId; readonly usd: number }

/** The day of {@link marketCaps}, in ISO 8601: the last one of a public daily record that anybody may use (CC0). */
export const marketCapsDate = '2021-07-06'

/** Market capitalisations in dollars, to three digits. Old, and said to be: a start for figures that a person knows better. */
export const marketCaps: readonly DatedMarketCap[] = [
  { assetId: 'ETH', usd: 271e9 },
  // What is wrapped stands for what it wraps: Bitcoin's, not that of the wrapped part.
  { assetId: 'WBTC', usd: 642e9 },
  { assetId: 'USDC', usd: 25.7e9 },
  { assetId: 'USDT', usd: 62.3e9 },
  { assetId: 'LINK', usd: 8.78e9 },
  { assetId: 'UNI', usd: 13.2e9 },
  { assetId: 'AAVE', usd: 4.07e9 },
]
