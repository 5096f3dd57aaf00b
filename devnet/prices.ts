import type { AssetId } from '@/lib/core/asset'

/** Decimals of every feed in US dollars. */
export const feedDecimals = 8

/** What the market starts from, in US dollars: prices of 2026. */
export const startPrices: Readonly<Record<AssetId, number>> = {
  ETH: 1982.8,
  WBTC: 68_338,
  USDC: 0.9998,
  USDT: 1.0001,
  DAI: 0.9999,
  LINK: 8.8,
  UNI: 3.912,
  AAVE: 111.16,
  MKR: 1537,
  COMP: 59.86,
  CRV: 0.5301,
  SNX: 1.4712,
}

/** A price is asked for an asset that the seeded market does not know. */
export class UnpricedAssetError extends Error {
  override readonly name = 'UnpricedAssetError'
  constructor(readonly assetId: AssetId) {
    super(`${assetId} has no start price: add it to devnet/prices.ts.`)
  }
}

/** The start price of an asset in US dollars. */
export function startPrice(assetId: AssetId): number {
  const price = startPrices[assetId]
  if (price === undefined) throw new UnpricedAssetError(assetId)
  return price
}

/** A feed's answer for a price in US dollars. */
export function toFeedAnswer(price: number): bigint {
  return BigInt(Math.round(price * 10 ** feedDecimals))
}

/** Base units of a token with that many decimals that are worth so many dollars, rounded down. */
export function amountWorth(usd: number, price: number, decimals: number): bigint {
  return (BigInt(Math.round(usd)) * 10n ** BigInt(decimals + feedDecimals)) / toFeedAnswer(price)
}
