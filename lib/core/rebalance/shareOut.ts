import type { AssetId } from '../asset'
import type { SkipReason } from './plan'
import type { PricedAsset } from './screenAssets'

/** Between what an asset must end, in dollars x 1e18, and why. Without a bound anything from 0. */
export type WorthBounds = {
  readonly lowest?: WorthBound
  readonly highest?: WorthBound
}

/** One bound; without a reason it is no limit but what the plan is for. */
export type WorthBound = { readonly usd: bigint; readonly reason?: SkipReason }

/** What an asset is to be worth, and the bound that keeps it from its share. */
export type SharedAsset = { readonly asset: PricedAsset; readonly wantedUsd: bigint; readonly bound?: WorthBound }

/**
 * Shares out what assets are worth together in proportion to their targets, each kept between its bounds: what one cannot take, or has
 * to keep, the others share. Where the bounds leave too much or too little, every asset stands at the bound in the way.
 */
export function shareOut(
  assets: readonly PricedAsset[],
  bounds: ReadonlyMap<AssetId, WorthBounds>,
): readonly SharedAsset[] {
  const rows = assets.map((asset) => ({ asset, ...bounds.get(asset.assetId), weight: BigInt(asset.targetBps) }))
  const totalUsd = assets.reduce((sum, { valueUsd }) => sum + valueUsd, 0n)
  const worthAt = ({ lowest, highest, weight }: (typeof rows)[number], { usd, weight: per }: Level) =>
    keepBetween((usd * weight) / per, lowest?.usd, highest?.usd)
  // The level is what one basis point of target is worth. Between two steps nobody meets a bound.
  const steps = rows
    .filter(({ weight }) => weight > 0n)
    .flatMap(({ lowest, highest, weight }) =>
      [lowest, highest].flatMap((bound) => (bound === undefined ? [] : [{ usd: bound.usd, weight }])),
    )
  let level: Level = { usd: 0n, weight: 1n }
  for (const step of steps.sort(compareLevels)) {
    if (rows.reduce((sum, row) => sum + worthAt(row, step), 0n) <= totalUsd) level = step
  }
  const isFree = ({ lowest, highest, weight }: (typeof rows)[number]) =>
    weight > 0n &&
    (lowest === undefined || compareLevels({ usd: lowest.usd, weight }, level) <= 0) &&
    (highest === undefined || compareLevels({ usd: highest.usd, weight }, level) > 0)
  const free = rows.filter(isFree)
  const freeWeight = free.reduce((sum, { weight }) => sum + weight, 0n)
  const boundUsd = rows.reduce((sum, row) => (isFree(row) ? sum : sum + worthAt(row, level)), 0n)
  const leftUsd = totalUsd > boundUsd ? totalUsd - boundUsd : 0n
  return rows.map((row): SharedAsset => {
    const { asset, lowest, highest, weight } = row
    if (isFree(row)) return { asset, wantedUsd: (leftUsd * weight) / freeWeight }
    const wantedUsd = worthAt(row, level)
    const bound = lowest !== undefined && wantedUsd === lowest.usd ? lowest : highest
    return bound === undefined || bound.usd !== wantedUsd ? { asset, wantedUsd } : { asset, wantedUsd, bound }
  })
}

/** {usd} of {bps} of target. */
type Level = { readonly usd: bigint; readonly weight: bigint }

function compareLevels(a: Level, b: Level): number {
  const [left, right] = [a.usd * b.weight, b.usd * a.weight]
  return left < right ? -1 : left > right ? 1 : 0
}

function keepBetween(usd: bigint, lowest: bigint | undefined, highest: bigint | undefined): bigint {
  if (lowest !== undefined && usd < lowest) return lowest
  return highest !== undefined && usd > highest ? highest : usd
}
