import type { AssetId } from './asset'
import { apportion } from './numbers/apportion'
import { sumOfWeights, type TargetWeight } from './targets'
import { type Bps, bpsWhole, toBps } from './units'

/** Spreads `wholeBps` over assets in proportion to their weights, equally where all are zero. Sums exactly. */
function spread(weights: readonly TargetWeight[], wholeBps: number): readonly TargetWeight[] {
  if (weights.length === 0) return []
  const isBlank = weights.every(({ weightBps }) => weightBps === 0)
  const shares = apportion(
    weights.map(({ weightBps }) => (isBlank ? 1n : BigInt(weightBps))),
    wholeBps,
  )
  return weights.map(({ assetId }, position) => ({ assetId, weightBps: toBps(shares[position] ?? 0) }))
}

/** Scales weights so that they sum to exactly 10 000; equal weights where all are zero. No weights stay none. */
export function normaliseWeights(weights: readonly TargetWeight[]): readonly TargetWeight[] {
  return spread(weights, bpsWhole)
}

/** The same weight for every asset, to the basis point; the first ones take what is left over. */
export function equalWeights(assetIds: readonly AssetId[]): readonly TargetWeight[] {
  return normaliseWeights(assetIds.map((assetId) => ({ assetId, weightBps: toBps(0) })))
}

/** The weights that are held now. Assets without a value get none. */
export function weightsFromHoldings(
  positions: readonly { readonly assetId: AssetId; readonly weightBps: Bps }[],
): readonly TargetWeight[] {
  const held = positions.filter(({ weightBps }) => weightBps > 0)
  return normaliseWeights(held.map(({ assetId, weightBps }) => ({ assetId, weightBps })))
}

export type FilledWeights =
  | { readonly status: 'filled'; readonly weights: readonly TargetWeight[] }
  /** The other weights alone are above the whole. */
  | { readonly status: 'overfull'; readonly excessBps: number }

/** Gives one asset all that the others leave. */
export function fillRemainder(weights: readonly TargetWeight[], assetId: AssetId): FilledWeights {
  const others = sumOfWeights(weights.filter((entry) => entry.assetId !== assetId))
  if (others > bpsWhole) return { status: 'overfull', excessBps: others - bpsWhole }
  const weightBps = toBps(bpsWhole - others)
  return {
    status: 'filled',
    weights: weights.map((entry) => (entry.assetId === assetId ? { assetId, weightBps } : entry)),
  }
}

/**
 * Moves one weight and lets the others that are not locked give or take the difference in proportion to what they have. The moved
 * weight stops where the locked ones leave no room, and where nobody else can take the rest. The result sums to exactly 10 000
 * whenever the locked weights alone do not exceed it.
 */
export function redistributeWeights(request: {
  readonly weights: readonly TargetWeight[]
  readonly movedAssetId: AssetId
  readonly weightBps: Bps
  readonly lockedAssetIds: readonly AssetId[]
}): readonly TargetWeight[] {
  const { weights, movedAssetId, lockedAssetIds } = request
  const isLocked = (assetId: AssetId) => assetId !== movedAssetId && lockedAssetIds.includes(assetId)
  const room = Math.max(0, bpsWhole - sumOfWeights(weights.filter(({ assetId }) => isLocked(assetId))))
  const free = weights.filter(({ assetId }) => assetId !== movedAssetId && !isLocked(assetId))
  const movedBps = free.length === 0 ? room : Math.min(request.weightBps, room)
  const given = new Map(spread(free, room - movedBps).map(({ assetId, weightBps }) => [assetId, weightBps]))
  return weights.map((entry) => {
    if (entry.assetId === movedAssetId) return { assetId: movedAssetId, weightBps: toBps(movedBps) }
    const weightBps = given.get(entry.assetId)
    return weightBps === undefined ? entry : { assetId: entry.assetId, weightBps }
  })
}
