import type { AssetId } from '../asset'
import { toUsd, type Usd, usdUnit } from '../units'
import type { SkipReason } from './plan'
import type { PricedAsset } from './screenAssets'

/** What one asset that is to be traded should be worth afterwards, before any cost. */
export type WantedAsset = { readonly asset: PricedAsset; readonly wantedUsd: bigint }

/** How far an asset may go at most on the way to its target, and why no further. */
export type Limit = { readonly wantedUsd: bigint; readonly reason: SkipReason }
export type Limits = ReadonlyMap<AssetId, Limit>

export type SelectedTrades = {
  /** By asset id. Empty when nothing is far enough from its target. */
  readonly traded: readonly WantedAsset[]
  /** Why assets that are off their targets stay as they are, or are not traded all the way. */
  readonly frozen: ReadonlyMap<AssetId, SkipReason>
}

/** POLICY: the larger of $5, ten times the gas of one leg, and 0.1 % of the portfolio. */
export function minimumTradeUsd(legGasUsd: Usd, totalUsd: bigint): Usd {
  const candidates = [5n * usdUnit, 10n * legGasUsd, totalUsd / 1000n]
  return toUsd(candidates.reduce((largest, candidate) => (candidate > largest ? candidate : largest)))
}

/**
 * Chooses the assets to trade: those whose distance from the target is a trade of at least the minimum. What is close to its target
 * is frozen at what it is worth, and the targets of the others are scaled to share the rest; that moves their distances, so the
 * smallest one is frozen at a time. An asset never sells below what is kept of it for gas.
 *
 * An asset with a limit goes no further than that. The others then stop short in proportion, and nothing passes its target because
 * another asset waits: what is left can be done later without undoing anything.
 */
export function selectTrades(request: {
  readonly assets: readonly PricedAsset[]
  /** Worth of the native coin that must stay. */
  readonly keptNative: Kept
  readonly minimumUsd: Usd
  readonly limits: Limits
  readonly isInBand: (asset: PricedAsset) => boolean
}): SelectedTrades {
  const { keptNative, minimumUsd, isInBand } = request
  const frozen = new Map<AssetId, SkipReason>()
  const limits = new Map(request.limits)
  const held = new Set<AssetId>()
  let active = request.assets.filter(({ valueUsd, targetBps }) => valueUsd > 0n || targetBps > 0)
  let isReserveBinding = false
  for (;;) {
    const shared = shareOut(active, keptNative, limits)
    isReserveBinding ||= shared.isReserveBinding
    const moves = shared.wanted.map(({ asset, wantedUsd, fullUsd }) => ({
      asset,
      distance: abs(wantedUsd - asset.valueUsd),
      fullDistance: abs(fullUsd - asset.valueUsd),
      isHeldBack: abs(fullUsd - wantedUsd) >= minimumUsd,
    }))
    const smallest = moves
      .filter(({ asset, distance }) => distance < minimumUsd && !held.has(asset.assetId))
      .sort((a, b) => compare(a.distance, b.distance) || (a.asset.assetId < b.asset.assetId ? -1 : 1))[0]
    if (!smallest) {
      // Traded, but not all the way, or not at all.
      for (const { asset, isHeldBack } of moves) {
        if (isHeldBack || held.has(asset.assetId)) frozen.set(asset.assetId, reasonOf(asset.assetId, limits))
      }
      // What stops it before the reserve does is the better reason.
      if (shared.isReserveBinding && !frozen.has(keptNative.assetId)) frozen.set(keptNative.assetId, 'reserve')
      const traded = shared.wanted.filter(({ asset }) => !held.has(asset.assetId))
      return { traded: traded.map(({ asset, wantedUsd }) => ({ asset, wantedUsd })), frozen }
    }
    const { asset, fullDistance } = smallest
    if (fullDistance >= minimumUsd) {
      // Far from its target, and stopped by a limit: it stays, but the others are not to take over its part.
      held.add(asset.assetId)
      limits.set(asset.assetId, { wantedUsd: asset.valueUsd, reason: reasonOf(asset.assetId, limits) })
      continue
    }
    const isKept = isReserveBinding && asset.assetId === keptNative.assetId
    const hasNoBuyer = shared.isNobodyWanted && asset.valueUsd >= minimumUsd
    const other = isInBand(asset) ? 'inBand' : 'belowMinimum'
    frozen.set(asset.assetId, isKept ? 'reserve' : hasNoBuyer ? 'noRoute' : other)
    active = active.filter((one) => one !== asset)
  }
}

type Kept = { readonly assetId: AssetId; readonly valueUsd: bigint }

/** With what the asset would be worth without any limit. */
type LimitedAsset = WantedAsset & { readonly fullUsd: bigint }

/** An asset's own reason to stop short, or that of the others for which it has to. */
function reasonOf(assetId: AssetId, limits: Limits): SkipReason {
  const own = limits.get(assetId)?.reason
  if (own !== undefined) return own
  const reasons = new Set([...limits.values()].map(({ reason }) => reason))
  return (['callBudget', 'legLimit'] as const).find((reason) => reasons.has(reason)) ?? 'priceImpact'
}

/** What the active assets should be worth: shared out in proportion to their targets, then held to the limits. */
function shareOut(active: readonly PricedAsset[], kept: Kept, limits: Limits) {
  const free = shareBetween(active, undefined)
  const native = free.wanted.find(({ asset }) => asset.assetId === kept.assetId)
  const isReserveBinding =
    native !== undefined && native.asset.valueUsd >= kept.valueUsd && native.wantedUsd < kept.valueUsd
  const shared = isReserveBinding ? shareBetween(active, kept) : free
  return { ...shared, wanted: applyLimits(shared.wanted, limits), isReserveBinding }
}

function shareBetween(active: readonly PricedAsset[], kept: Kept | undefined) {
  const others = active.filter(({ assetId }) => assetId !== kept?.assetId)
  const sharedUsd = active.reduce((total, { valueUsd }) => total + valueUsd, 0n) - (kept?.valueUsd ?? 0n)
  const othersBps = others.reduce((total, { targetBps }) => total + targetBps, 0)
  const wanted = active.map((asset): WantedAsset => {
    if (asset.assetId === kept?.assetId) return { asset, wantedUsd: kept.valueUsd }
    // Nobody is wanted: nothing can be bought for what would be sold.
    if (othersBps === 0) return { asset, wantedUsd: asset.valueUsd }
    return { asset, wantedUsd: (sharedUsd * BigInt(asset.targetBps)) / BigInt(othersBps) }
  })
  const isNobodyWanted = othersBps === 0
  return {
    wanted: isNobodyWanted ? active.map((asset) => ({ asset, wantedUsd: asset.valueUsd })) : wanted,
    isNobodyWanted,
  }
}

/**
 * Stops assets at their limits. What then is not bought is not sold elsewhere, and what is not sold is not bought, in proportion:
 * nothing goes beyond its target because another asset stays behind.
 */
function applyLimits(wanted: readonly WantedAsset[], limits: Limits): readonly LimitedAsset[] {
  if (limits.size === 0) return wanted.map((one) => ({ ...one, fullUsd: one.wantedUsd }))
  const moves = wanted.map(({ asset, wantedUsd }) => {
    const fullUsd = wantedUsd - asset.valueUsd
    const limit = limits.get(asset.assetId)
    const movedUsd = limit === undefined ? fullUsd : nearerToZero(fullUsd, limit.wantedUsd - asset.valueUsd)
    return { asset, fullUsd, movedUsd }
  })
  const total = (isSide: (usd: bigint) => boolean) =>
    moves.reduce((sum, { movedUsd }) => (isSide(movedUsd) ? sum + abs(movedUsd) : sum), 0n)
  const [bought, sold] = [total((usd) => usd > 0n), total((usd) => usd < 0n)]
  const smaller = bought < sold ? bought : sold
  return moves.map(({ asset, fullUsd, movedUsd }) => {
    const side = movedUsd > 0n ? bought : sold
    const wantedUsd = asset.valueUsd + (side === 0n ? 0n : (movedUsd * smaller) / side)
    return { asset, wantedUsd, fullUsd: asset.valueUsd + fullUsd }
  })
}

/** A move that goes the same way, and no further than its limit. */
function nearerToZero(fullUsd: bigint, limitUsd: bigint): bigint {
  if (fullUsd > 0n !== limitUsd > 0n) return 0n
  return abs(limitUsd) < abs(fullUsd) ? limitUsd : fullUsd
}

const abs = (value: bigint) => (value < 0n ? -value : value)
const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
