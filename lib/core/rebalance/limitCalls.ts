import type { AssetId } from '../asset'
import { countApprovals } from './countApprovals'
import { countCalls } from './gasModel'
import type { PlanPart, RouterName } from './plan'
import type { PlanContext } from './planContext'
import { countParts, type Sale, selectSales } from './selectSales'
import type { Limit, WantedAsset } from './selectTrades'

/** Sales for which a batch has no room, and of how many bundles the first one then is. */
export type CallLimits = { readonly held: ReadonlyMap<AssetId, Limit>; readonly part?: PlanPart }

/** What is sold may turn out this much more than what is wanted says, in parts of a hundred. */
const amountMargin = 102n

/**
 * Keeps the sales for whose approvals the wallet's batch has room beside the router call; the others wait for a later bundle.
 * @param amounts `whole` counts the approvals that selling all of each asset would need.
 */
export function limitCalls(
  context: PlanContext,
  {
    router,
    traded,
    amounts,
  }: { readonly router: RouterName; readonly traded: readonly WantedAsset[]; readonly amounts: 'wanted' | 'whole' },
): CallLimits {
  const { callLimit } = context.request
  if (callLimit === undefined) return { held: new Map() }
  const salesOf = (name: RouterName) =>
    traded.flatMap((wanted) => toSale(context, { router: name, wanted, amounts }) ?? [])
  const sales = salesOf(router)
  const budget = callLimit - 1
  const kept = new Set(selectSales(sales, budget))
  if (kept.size === sales.length) return { held: new Map() }
  const held = new Map(
    traded
      .filter(({ asset, wantedUsd }) => wantedUsd < asset.valueUsd && !kept.has(asset.assetId))
      .map(({ asset }) => [asset.assetId, { wantedUsd: asset.valueUsd, reason: 'callBudget' }] as const),
  )
  const of = countParts(context.routers.map(salesOf), budget)
  return of < 2 ? { held } : { held, part: { part: 1, of } }
}

function toSale(
  { deadline }: PlanContext,
  {
    router,
    wanted: { asset, wantedUsd },
    amounts,
  }: { readonly router: RouterName; readonly wanted: WantedAsset; readonly amounts: 'wanted' | 'whole' },
): Sale | undefined {
  const soldUsd = asset.valueUsd - wantedUsd
  if (soldUsd <= 0n) return undefined
  const { assetId, amount, nativeAmount, reading, price, decimals } = asset
  // {units} = {usd} * {units/token} / {usd/token}
  const likely = (soldUsd * 10n ** BigInt(decimals) * amountMargin) / (price * 100n)
  const sold = amounts === 'whole' || likely > amount ? amount : likely
  const erc20 = amount - nativeAmount
  const taken = [{ token: reading.asset.poolToken.address, amount: sold < erc20 ? sold : erc20 }]
  const approvals = countApprovals({ router, taken, readings: [reading], deadline })
  // Where grants are not known the router is no way at all, which shows when its plan is made.
  return { assetId, soldUsd, calls: approvals === undefined ? 0 : countCalls(approvals) }
}
