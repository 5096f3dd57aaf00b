import type { AssetId } from '../asset'
import type { PlanPolicy } from '../policy/policy'
import { bpsWhole, toUsd, type Usd, usdUnit } from '../units'
import { aimMoves } from './aimMoves'
import type { SkipReason } from './plan'
import type { PricedAsset } from './screenAssets'
import { shareOut, type WorthBound, type WorthBounds } from './shareOut'

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

/** What a selection keeps to. */
export type SelectionRequest = {
  readonly assets: readonly PricedAsset[]
  readonly bounds: ReadonlyMap<AssetId, WorthBounds>
  readonly minimumUsd: Usd
  readonly limits: Limits
  readonly isInBand: (asset: PricedAsset) => boolean
  /** Missing where every asset goes to its share. */
  readonly aim?: Aim | undefined
  /** The most that is sold in all, in dollars x 1e18. */
  readonly turnoverCapUsd?: bigint | undefined
}

/** Which assets move, and how far. */
export type Aim = Pick<PlanPolicy, 'scope' | 'destination'> & {
  /** Of everything that counts, traded or not, in dollars x 1e18: drifts are measured against it. */
  readonly totalUsd: bigint
  readonly edgeBpsOf: (asset: PricedAsset) => number
}

/**
 * Chooses the assets to trade: those whose distance from what they are to be worth is a trade of at least the minimum. What is close to
 * it is frozen at what it is worth, and the targets of the others are scaled to share the rest; that moves their distances, so the
 * smallest one is frozen at a time. An asset never leaves its bounds.
 *
 * An asset with a limit goes no further than that. The others then stop short in proportion, and nothing passes its target because
 * another asset waits: what is left can be done later without undoing anything.
 */
export function selectTrades(request: SelectionRequest): SelectedTrades {
  const { minimumUsd, isInBand } = request
  const frozen = new Map<AssetId, SkipReason>()
  const limits = new Map(request.limits)
  const held = new Set<AssetId>()
  const boundOf = new Map<AssetId, SkipReason>()
  let active = request.assets.filter(
    ({ assetId, valueUsd, targetBps }) => valueUsd > 0n || targetBps > 0 || request.bounds.has(assetId),
  )
  for (;;) {
    const moves = aimAndLimit(active, limits, request)
    for (const { asset, bound } of moves) {
      if (bound?.reason !== undefined) boundOf.set(asset.assetId, bound.reason)
    }
    const smallest = moves
      .filter(({ asset, distance }) => distance < minimumUsd && !held.has(asset.assetId))
      .sort((a, b) => compare(a.distance, b.distance) || (a.asset.assetId < b.asset.assetId ? -1 : 1))[0]
    if (!smallest) {
      // Traded, but not all the way, or not at all.
      for (const { asset, isHeldBack, isCapped, bound } of moves) {
        const { assetId } = asset
        const isStopped = isHeldBack || held.has(assetId)
        const reason = isStopped ? reasonOf(assetId, limits) : isCapped ? 'turnoverCap' : bound?.reason
        if (reason !== undefined) frozen.set(assetId, reason)
      }
      const traded = moves.filter(({ asset }) => !held.has(asset.assetId))
      return { traded: traded.map(({ asset, wantedUsd }) => ({ asset, wantedUsd })), frozen }
    }
    const { asset, fullDistance } = smallest
    if (fullDistance >= minimumUsd) {
      // Far from its target, and stopped by a limit: it stays, but the others are not to take over its part.
      held.add(asset.assetId)
      limits.set(asset.assetId, { wantedUsd: asset.valueUsd, reason: reasonOf(asset.assetId, limits) })
      continue
    }
    const other = isInBand(asset) ? 'inBand' : 'belowMinimum'
    const hasNoBuyer = asset.valueUsd >= minimumUsd && !active.some(({ targetBps }) => targetBps > 0)
    frozen.set(asset.assetId, boundOf.get(asset.assetId) ?? (hasNoBuyer ? 'noRoute' : other))
    active = active.filter((one) => one !== asset)
  }
}

/** How far an asset goes, and what stops it. */
type LimitedMove = WantedAsset & {
  readonly bound?: WorthBound | undefined
  /** Its trade before the cap on all of them. */
  readonly distance: bigint
  /** Its trade without limits and cap. */
  readonly fullDistance: bigint
  /** It goes less far than it could, by at least the smallest trade. */
  readonly isHeldBack: boolean
  readonly isCapped: boolean
}

/** An asset's own reason to stop short, or that of the others for which it has to. */
function reasonOf(assetId: AssetId, limits: Limits): SkipReason {
  const own = limits.get(assetId)?.reason
  if (own !== undefined) return own
  const reasons = new Set([...limits.values()].map(({ reason }) => reason))
  return (['callBudget', 'legLimit'] as const).find((reason) => reasons.has(reason)) ?? 'priceImpact'
}

/** Shares, then how far towards them, then the cap, then the limits. */
function aimAndLimit(
  active: readonly PricedAsset[],
  limits: Limits,
  { bounds, isInBand, aim, turnoverCapUsd, minimumUsd }: SelectionRequest,
): readonly LimitedMove[] {
  const shared = shareOut(active, bounds)
  const shares = shared.map(({ asset, wantedUsd }) => wantedUsd - asset.valueUsd)
  // Shares are rounded down, so they miss less than one unit each of a sum of zero.
  const isBalanced = abs(shares.reduce((sum, usd) => sum + usd, 0n)) <= BigInt(shares.length)
  const balanced = isBalanced ? unchanged : balance(shares)
  const full = shared.map(({ asset, bound, wantedUsd }) => {
    return { asset, bound, fullUsd: balanced(wantedUsd - asset.valueUsd) }
  })
  const aimed =
    aim === undefined
      ? full.map((move) => ({ ...move, aimedUsd: move.fullUsd }))
      : aimMoves(
          full.map((move) => ({
            ...move,
            driftUsd: move.asset.valueUsd - (aim.totalUsd * BigInt(move.asset.targetBps)) / BigInt(bpsWhole),
            edgeUsd: (aim.totalUsd * BigInt(aim.edgeBpsOf(move.asset))) / BigInt(bpsWhole),
            isInBand: isInBand(move.asset),
          })),
          aim,
        )
  const soldUsd = aimed.reduce((sum, { aimedUsd }) => (aimedUsd < 0n ? sum - aimedUsd : sum), 0n)
  const isCapped = turnoverCapUsd !== undefined && soldUsd > turnoverCapUsd
  const [part, whole] = isCapped ? [turnoverCapUsd, soldUsd] : [1n, 1n]
  const limited = aimed.map(({ asset, bound, aimedUsd }) => {
    const cappedUsd = (aimedUsd * part) / whole
    return { asset, bound, aimedUsd, cappedUsd, limitedUsd: limitMove(asset, cappedUsd, limits) }
  })
  const rebalanced = limits.size === 0 ? unchanged : balance(limited.map(({ limitedUsd }) => limitedUsd))
  return limited.map(({ asset, bound, aimedUsd, cappedUsd, limitedUsd }) => {
    const movedUsd = rebalanced(limitedUsd)
    return {
      ...{ asset, bound, isCapped },
      wantedUsd: asset.valueUsd + movedUsd,
      distance: part === 0n ? 0n : (abs(movedUsd) * whole) / part,
      fullDistance: abs(aimedUsd),
      isHeldBack: abs(cappedUsd - movedUsd) >= minimumUsd,
    }
  })
}

const unchanged = (usd: bigint) => usd

/**
 * What is not bought is not sold elsewhere, and what is not sold is not bought, in proportion: nothing goes beyond its target because
 * another asset stays behind.
 * @returns what becomes of one of the moves
 */
function balance(moves: readonly bigint[]): (usd: bigint) => bigint {
  const total = (isSide: (usd: bigint) => boolean) =>
    moves.reduce((sum, usd) => (isSide(usd) ? sum + abs(usd) : sum), 0n)
  const [bought, sold] = [total((usd) => usd > 0n), total((usd) => usd < 0n)]
  const smaller = bought < sold ? bought : sold
  return (usd) => {
    const side = usd > 0n ? bought : sold
    return side === 0n ? 0n : (usd * smaller) / side
  }
}

function limitMove({ assetId, valueUsd }: PricedAsset, usd: bigint, limits: Limits): bigint {
  const limit = limits.get(assetId)
  return limit === undefined ? usd : nearerToZero(usd, limit.wantedUsd - valueUsd)
}

/** A move that goes the same way, and no further than its limit. */
function nearerToZero(fullUsd: bigint, limitUsd: bigint): bigint {
  if (fullUsd > 0n !== limitUsd > 0n) return 0n
  return abs(limitUsd) < abs(fullUsd) ? limitUsd : fullUsd
}

const abs = (value: bigint) => (value < 0n ? -value : value)
const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
