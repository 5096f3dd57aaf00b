import type { AssetId } from '../asset'
import type { PoolNode } from './composePools'
import { connectedGroups } from './composeRouting'
import type { SkipReason } from './plan'
import type { PricedAsset } from './screenAssets'
import { type SelectedTrades, type SelectionRequest, selectTrades } from './selectTrades'

/** Trades among assets between which pools lead. What no pool connects to the rest stays as it is. */
export function selectRoutable(
  request: SelectionRequest & { readonly hubs: readonly PricedAsset[]; readonly pools: readonly PoolNode[] },
): SelectedTrades {
  const { assets, hubs, pools } = request
  const cutOff = new Map<AssetId, SkipReason>()
  for (;;) {
    const selected = selectTrades({
      ...request,
      assets: assets.filter(({ assetId, isFresh }) => isFresh && !cutOff.has(assetId)),
    })
    const tradedIds = selected.traded.map(({ asset }) => asset.assetId)
    const ids = [...new Set([...tradedIds, ...hubs.map(({ assetId }) => assetId)])]
    const groups = connectedGroups(ids, pools)
      .map((group) => selected.traded.filter(({ asset }) => group.includes(asset.assetId)))
      .filter((group) => group.length > 0)
    if (groups.length <= 1) return { ...selected, frozen: new Map([...selected.frozen, ...cutOff]) }
    const kept = groups.reduce((best, group) => (isBusier(group, best) ? group : best))
    for (const wanted of selected.traded) {
      if (!kept.includes(wanted)) cutOff.set(wanted.asset.assetId, 'noRoute')
    }
  }
}

/** Whether more can be traded within one group than within another; then the one with more assets, then the richer one. */
function isBusier(a: SelectedTrades['traded'], b: SelectedTrades['traded']): boolean {
  const size = (group: SelectedTrades['traded']) => {
    const moves = group.map(({ asset, wantedUsd }) => wantedUsd - asset.valueUsd)
    const bought = moves.reduce((sum, move) => (move > 0n ? sum + move : sum), 0n)
    const sold = moves.reduce((sum, move) => (move < 0n ? sum - move : sum), 0n)
    return bought < sold ? bought : sold
  }
  const worth = (group: SelectedTrades['traded']) => group.reduce((sum, { asset }) => sum + asset.valueUsd, 0n)
  const [sizeA, sizeB] = [size(a), size(b)]
  if (sizeA !== sizeB) return sizeA > sizeB
  return a.length !== b.length ? a.length > b.length : worth(a) > worth(b)
}
