import type { AssetId } from '../asset'

/** How far an asset is from what is wanted of it, in dollars x 1e18: positive is bought, negative sold. */
export type Move = { readonly assetId: AssetId; readonly usd: bigint }

/**
 * Chooses how far each asset goes when only so many legs may be made, each from one sold to one bought asset: again and again the
 * largest sale meets the largest purchase, and one of them is done.
 * @param minimumUsd no leg is smaller.
 * @returns what each asset moves, with its sign; assets that stay are missing.
 */
export function selectMoves(
  moves: readonly Move[],
  { legs, minimumUsd }: { readonly legs: number; readonly minimumUsd: bigint },
): ReadonlyMap<AssetId, bigint> {
  const left = new Map(moves.map(({ assetId, usd }) => [assetId, usd]))
  const moved = new Map<AssetId, bigint>()
  for (let leg = 0; leg < legs; leg += 1) {
    const buy = largest(left, 1n)
    const sell = largest(left, -1n)
    if (buy === undefined || sell === undefined) break
    const usd = buy.usd < sell.usd ? buy.usd : sell.usd
    if (usd < minimumUsd) break
    for (const [{ assetId }, sign] of [[buy, 1n] as const, [sell, -1n] as const]) {
      left.set(assetId, (left.get(assetId) ?? 0n) - sign * usd)
      moved.set(assetId, (moved.get(assetId) ?? 0n) + sign * usd)
    }
  }
  return moved
}

function largest(left: ReadonlyMap<AssetId, bigint>, sign: bigint): Move | undefined {
  let best: Move | undefined
  for (const [assetId, signed] of left) {
    const usd = signed * sign
    if (usd <= 0n) continue
    if (best === undefined || usd > best.usd || (usd === best.usd && assetId < best.assetId)) best = { assetId, usd }
  }
  return best
}
