import type { AssetId } from '../asset'
import type { RoutingProblem, RoutingToken } from '../routing/problem'
import { type PoolNode, toDollars, toWhole } from './composePools'
import type { PricedAsset } from './screenAssets'
import type { WantedAsset } from './selectTrades'

/** What of an asset may be sold: all but what is kept of the native coin for gas. */
export type Sellable = { readonly wanted: WantedAsset; readonly sellable: bigint; readonly keptUsd: bigint }

/**
 * The optimiser's problem: the traded assets with exact shares of what they are worth together, what is kept for gas left out, and
 * hubs that may be passed through but not kept.
 */
export function composeProblem(request: {
  readonly sellables: readonly Sellable[]
  readonly hubs: readonly PricedAsset[]
  readonly pools: readonly PoolNode[]
  readonly maxPoolCalls?: number | undefined
}): RoutingProblem {
  const wanted = request.sellables.map((sellable) => {
    const { wanted, keptUsd } = sellable
    return { ...sellable, asset: wanted.asset, share: toDollars(positive(wanted.wantedUsd - keptUsd)) }
  })
  const total = wanted.reduce((sum, { share }) => sum + share, 0)
  const traded = wanted.map(({ asset, sellable, share }): RoutingToken => {
    const weight = total > 0 ? share / total : 0
    const holding = toWhole(sellable, asset.decimals)
    return { id: asset.assetId, price: toDollars(asset.price), holding, lower: weight, upper: weight }
  })
  const ids = new Set(traded.map(({ id }) => id))
  const passed = request.hubs
    .filter(({ assetId }) => !ids.has(assetId))
    .map(({ assetId, price }) => ({ id: assetId, price: toDollars(price), holding: 0, lower: 0, upper: 0 }))
  const tokens = [...traded, ...passed]
  const known = new Set(tokens.map(({ id }) => id))
  const pools = request.pools.filter(({ pool }) => pool.assetIds.every((id) => known.has(id))).map(({ node }) => node)
  const { maxPoolCalls } = request
  return maxPoolCalls === undefined ? { tokens, pools } : { tokens, pools, maxPoolCalls }
}

const positive = (value: bigint) => (value > 0n ? value : 0n)

/** Assets in groups between which pools lead, the ids of each group sorted, the groups by their first id. */
export function connectedGroups(
  assetIds: readonly AssetId[],
  pools: readonly PoolNode[],
): readonly (readonly AssetId[])[] {
  const groupOf = new Map<AssetId, AssetId[]>(assetIds.map((id) => [id, [id]]))
  for (const { pool } of pools) {
    const [a, b] = [groupOf.get(pool.assetIds[0]), groupOf.get(pool.assetIds[1])]
    if (!a || !b || a === b) continue
    a.push(...b)
    for (const id of b) groupOf.set(id, a)
  }
  return [...new Set(groupOf.values())]
    .map((group) => [...group].sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
}
