import type { Asset, AssetId } from '@/lib/core/asset'
import type { PortfolioRows } from '@/lib/core/portfolio/selectRows'
import type { StripPart } from './WeightStrips'

const bpsPerTenth = 10

/** The parts of the two strips: the rows of the table in the order of the list, so that both strips line up. */
export function toStripParts(
  { rows, other }: PortfolioRows,
  nowTenths: ReadonlyMap<AssetId | 'other', number>,
  assets: readonly Asset[],
): readonly StripPart[] {
  const parts = rows.map(({ assetId, targetBps }) => ({
    key: assetId,
    place: assets.findIndex(({ id }) => id === assetId),
    nowTenths: nowTenths.get(assetId) ?? 0,
    targetTenths: targetBps / bpsPerTenth,
  }))
  const otherTenths = nowTenths.get('other') ?? 0
  const withOther =
    other === undefined
      ? parts
      : [...parts, { key: 'Other', place: assets.length, nowTenths: otherTenths, targetTenths: 0 }]
  return withOther.filter((part) => part.nowTenths > 0 || part.targetTenths > 0)
}
