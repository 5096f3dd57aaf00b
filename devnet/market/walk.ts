import type { AssetId } from '@/lib/core/asset'
import { normal, seededRandom } from '../seededRandom'

/** How an asset's price moves in one step: with the market (`beta`), with ether's own news, and alone (`sigma`). */
type Motion = { readonly beta: number; readonly sigma: number }

/** Standard deviation of the market's own move in one step: 0.25 %. */
const marketSigma = 0.0025
const stableSigma = 0.00003
const stableReturn = 0.2
/** Feeds keep 8 decimals: no price may reach zero. */
const lowestPrice = 0.0001

const motions: Readonly<Record<AssetId, Motion>> = {
  ETH: { beta: 1, sigma: 0.0012 },
  WBTC: { beta: 0.7, sigma: 0.0009 },
  LINK: { beta: 1.2, sigma: 0.002 },
  UNI: { beta: 1.2, sigma: 0.0022 },
  AAVE: { beta: 1.25, sigma: 0.0024 },
  MKR: { beta: 0.8, sigma: 0.002 },
  COMP: { beta: 1.1, sigma: 0.0024 },
  CRV: { beta: 1.3, sigma: 0.003 },
  SNX: { beta: 1.3, sigma: 0.003 },
}
const otherMotion: Motion = { beta: 1, sigma: 0.002 }

/** Prices in US dollars by asset. */
export type Prices = Readonly<Record<AssetId, number>>

/**
 * The prices one step later. Stable assets return to their anchor; all others share the market's move and add their own.
 * The same prices, seed and step give the same answer, whatever was asked before.
 */
export function walkPrices(
  prices: Prices,
  { seed, step, anchors }: { readonly seed: number; readonly step: number; readonly anchors: Prices },
): Prices {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b))
  const market = marketSigma * normal(random)
  return Object.fromEntries(
    Object.keys(prices)
      .sort()
      .map((assetId) => {
        const price = prices[assetId] ?? 0
        const own = normal(random)
        const anchor = anchors[assetId]
        if (anchor !== undefined) return [assetId, price + stableReturn * (anchor - price) + stableSigma * own]
        const { beta, sigma } = motions[assetId] ?? otherMotion
        return [assetId, Math.max(lowestPrice, price * Math.exp(beta * market + sigma * own))]
      }),
  )
}
