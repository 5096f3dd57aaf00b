import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import { toUsd } from '../units'
import type { Hop, Leg, PlanObstacle } from './plan'
import { ratioBpsAway } from './priceLegs'
import type { PricedAsset } from './screenAssets'

/** POLICY: above this impact against the oracle nothing is traded. */
const maxImpactBps = 500

/** What POLICY says to the prices that legs get. */
export type Judgement =
  | { readonly status: 'fair' }
  | { readonly status: 'blocked'; readonly obstacle: PlanObstacle }
  /** Quotes below the oracle floor: assets that must go less far, with how far in parts of ten thousand. */
  | { readonly status: 'poor'; readonly obstacle: PlanObstacle; readonly farBps: ReadonlyMap<AssetId, number> }

/**
 * Holds what legs pay against the feeds: an impact above 5 % (of a leg, or of all together) blocks; a quote below the oracle floor
 * cannot be signed, and the asset whose pools are too thin for it has to be traded less. Where only the slippage reaches below the
 * floor, the floor is the minimum and the leg is fair.
 */
export function judgeLegs(request: {
  readonly legs: readonly Leg[]
  readonly assetOf: ReadonlyMap<AssetId, PricedAsset>
  readonly hubAssetIds: readonly AssetId[]
  readonly toleranceBps: number
}): Judgement {
  const { legs, toleranceBps } = request
  const impactUsd = legs.reduce((sum, leg) => sum + leg.impactUsd, 0n)
  const soldUsd = legs.reduce((sum, leg) => sum + leg.soldUsd, 0n)
  const totalBps = ratioBpsAway(impactUsd, soldUsd)
  const costly = legs.filter(({ impactBps }) => impactBps > maxImpactBps)
  if (costly.length > 0 || totalBps > maxImpactBps) {
    const worst = costly.length > 0 ? costly : legs
    const lossUsd = worst.reduce((sum, leg) => (leg.impactUsd > 0n ? sum + leg.impactUsd : sum), 0n)
    const impactBps = worst.reduce((most, leg) => Math.max(most, leg.impactBps), totalBps)
    return {
      status: 'blocked',
      obstacle: { kind: 'priceImpact', impactBps, lossUsd: toUsd(lossUsd), assetIds: assetsOf(worst) },
    }
  }
  const poor = legs.filter(({ quotedOut, minimumOut }) => quotedOut < minimumOut)
  if (poor.length === 0) return { status: 'fair' }
  const farBps = new Map<AssetId, number>()
  for (const leg of poor) {
    const assetId = thinAssetOf(leg, request)
    const far = Math.round((reach * toleranceBps) / Math.max(leg.impactBps, toleranceBps))
    farBps.set(assetId, Math.min(far, farBps.get(assetId) ?? reach))
  }
  return { status: 'poor', obstacle: { kind: 'belowOracleFloor', assetIds: assetsOf(poor) }, farBps }
}

/** How far an asset goes whose quote lies just below the floor, in parts of ten thousand: impact grows faster than the amount. */
const reach = 8500

/** The end of a leg whose pools are the thin ones: that of the hop which loses most; of two, the one that is no hub. */
function thinAssetOf(
  leg: Leg,
  { assetOf, hubAssetIds }: Pick<Parameters<typeof judgeLegs>[0], 'assetOf' | 'hubAssetIds'>,
): AssetId {
  const worst = leg.hops.reduce((a, b) => (lossOf(b, assetOf) > lossOf(a, assetOf) ? b : a))
  const ends = [leg.buy, leg.sell].filter((assetId) => assetId === worst.sell || assetId === worst.buy)
  return ends.find((assetId) => !hubAssetIds.includes(assetId)) ?? ends[0] ?? leg.buy
}

/** What a hop loses against the feeds beyond its fee, in basis points. */
function lossOf({ sell, buy, amountIn, amountOut, pool }: Hop, assetOf: ReadonlyMap<AssetId, PricedAsset>): number {
  const [from, to] = [assetOf.get(sell), assetOf.get(buy)]
  if (!from || !to) return 0
  const paid = usdValue(amountIn, from.decimals, from.price)
  const kept = (paid * BigInt(1_000_000 - pool.feePips)) / 1_000_000n
  return ratioBpsAway(kept - usdValue(amountOut, to.decimals, to.price), paid)
}

const assetsOf = (legs: readonly Leg[]) => [...new Set(legs.flatMap(({ sell, buy }) => [sell, buy]))].sort()
