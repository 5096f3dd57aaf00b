import type { AssetId } from '../asset'
import { apportion } from '../numbers/apportion'
import { maxTargets, type Targets } from '../targets'
import { bpsWhole, toBps } from '../units'
import type { Receipt } from './receipt'

/** Targets that lead back to the weights before a rebalance, or why there are none. */
export type UndoTargets =
  | { readonly status: 'composed'; readonly targets: Targets }
  /** Assets of the rebalance that the chain's list does not have any more. */
  | { readonly status: 'unlisted'; readonly assetIds: readonly AssetId[] }
  /** More assets than targets may name. */
  | { readonly status: 'tooMany'; readonly count: number }
  /** Nothing that was held had a value. */
  | { readonly status: 'nothingBefore' }

/**
 * Composes one-off targets from the weights before a rebalance: 10 000 basis points over the assets that were held, and zero for
 * those that it bought anew, so that they are sold again.
 */
export function composeUndoTargets(
  { positions, purchases }: Pick<Receipt, 'positions' | 'purchases'>,
  knownAssetIds: readonly AssetId[],
): UndoTargets {
  const bought = new Set(purchases.map(({ assetId }) => assetId))
  const rows = positions.filter(({ assetId, beforeUsd }) => beforeUsd > 0n || bought.has(assetId))
  const known = new Set(knownAssetIds)
  const unlisted = rows.map(({ assetId }) => assetId).filter((assetId) => !known.has(assetId))
  if (unlisted.length > 0) return { status: 'unlisted', assetIds: unlisted }
  if (rows.every(({ beforeUsd }) => beforeUsd === 0n)) return { status: 'nothingBefore' }
  if (rows.length > maxTargets) return { status: 'tooMany', count: rows.length }
  const shares = apportion(
    rows.map(({ beforeUsd }) => beforeUsd),
    bpsWhole,
  )
  const weights = rows.map(({ assetId }, index) => ({ assetId, weightBps: toBps(shares[index] ?? 0) }))
  return { status: 'composed', targets: { weights } }
}
