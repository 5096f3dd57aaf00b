import type { AssetId } from '../asset'
import type { Rung } from '../execution/execution'
import type { RoutingSolution } from '../routing/solution'
import { solveRouting } from '../routing/solveRouting'
import { balancePaths } from './balancePaths'
import { composeDrafts, countApprovals, type LegDraft, type ReplayedLeg, replayDrafts } from './composeLegs'
import { composeProblem, type PoolNode, type Sellable, toDollars, toWhole } from './composeRouting'
import { decomposeFlow, type FlowEdge, type FlowPath } from './decomposeFlow'
import { bundleGas, gasToUsd, gasUnits, hopGas } from './gasModel'
import { prunePaths } from './prunePaths'
import type { PricedAsset } from './screenAssets'

export type RoutedTrades =
  | {
      readonly status: 'routed'
      readonly solution: RoutingSolution
      readonly legs: readonly ReplayedLeg[]
      readonly gasUnits: bigint
    }
  /** The pools cannot carry this path. */
  | { readonly status: 'failed'; readonly draft: LegDraft }
  | { readonly status: 'nothing' }

export type RouteRequest = {
  readonly sellables: readonly Sellable[]
  readonly hubs: readonly PricedAsset[]
  readonly pools: readonly PoolNode[]
  readonly native: PricedAsset
  readonly rung: Rung
  readonly maxFeePerGas: bigint
  /** Dollars that an asset may end off its target so that a path that does not pay for its gas can be left out. */
  readonly toleratedUsd: number
}

/** A second pool is taken to better the price of a path by at least this part: larger paths pay for their gas anyway. */
const leastPriceGain = 5e-4

/** Solves for all trades at once and turns the flow into exact, replayed legs in the order of execution. */
export function routeTrades(request: RouteRequest): RoutedTrades {
  const solution = solveRouting(composeProblem(request), { acyclic: true })
  const priceOf = new Map([
    ...request.hubs.map((asset) => [asset.assetId, toDollars(asset.price)] as const),
    ...request.sellables.map(({ wanted: { asset } }) => [asset.assetId, toDollars(asset.price)] as const),
  ])
  const flow = solution.trades.map(
    ({ pool, sell, buy, amountIn, amountOut }): FlowEdge => ({
      poolId: pool,
      from: sell,
      to: buy,
      amountIn,
      amountOut,
    }),
  )
  const paths = decomposeFlow(flow, (assetId) => priceOf.get(assetId) ?? 0)
  if (paths.length === 0) return { status: 'nothing' }
  const pools = request.pools.map(({ pool }) => pool)
  const draftsOf = (set: readonly FlowPath[]) =>
    composeDrafts({ paths: set, sells: exactSells(request.sellables, set, solution), native: request.native })
  const run = (set: readonly FlowPath[]) => {
    const replay = replayDrafts(draftsOf(set), pools)
    return replay.status === 'failed' ? undefined : measureLegs(request, replay.legs)
  }
  const kept = new Set(
    request.sellables
      .filter(({ wanted, keptUsd }) => wanted.wantedUsd > keptUsd)
      .map(({ wanted }) => wanted.asset.assetId),
  )
  const keepsSome = (assetId: AssetId) => kept.has(assetId)
  const { toleratedUsd, maxFeePerGas, native } = request
  const legUsd = toDollars(gasToUsd(gasUnits.leg + hopGas('concentrated', 0), maxFeePerGas, native.price))
  const pruned = prunePaths({
    paths,
    toleratedUsd,
    largestUsd: Math.max(toleratedUsd, legUsd / leastPriceGain),
    evaluate: (set) => balancePaths(set, toleratedUsd / 50, keepsSome, run),
  })
  if (pruned.outcome)
    return { status: 'routed', solution, legs: pruned.outcome.legs, gasUnits: pruned.outcome.gasUnits }
  const failed = replayDrafts(draftsOf(pruned.paths), pools)
  return failed.status === 'failed' ? failed : { status: 'nothing' }
}

/** What legs bring in less their gas, and how far they end from what is wanted. */
function measureLegs(request: RouteRequest, legs: readonly ReplayedLeg[]) {
  const { sellables, native, rung, maxFeePerGas, toleratedUsd } = request
  const assets = sellables.map(({ wanted }) => wanted.asset)
  const units = bundleGas({
    rung,
    approvalCount: countApprovals(legs, assets),
    legs,
    unwraps: legs.some(({ buy }) => buy === native.assetId),
    paysNative: legs.some(({ paidFrom }) => paidFrom === 'native'),
  })
  const rows = sellables.map(({ wanted: { asset, wantedUsd }, sellable, keptUsd }) => {
    const change = legs.reduce((sum, { sell, buy, amountIn, quotedOut }) => {
      return sum - (sell === asset.assetId ? amountIn : 0n) + (buy === asset.assetId ? quotedOut : 0n)
    }, 0n)
    const usd = toWhole(sellable + change, asset.decimals) * toDollars(asset.price)
    return { assetId: asset.assetId, usd, wanted: toDollars(wantedUsd - keptUsd) }
  })
  const total = rows.reduce((sum, { usd }) => sum + usd, 0)
  const wantedTotal = rows.reduce((sum, { wanted }) => sum + wanted, 0)
  const missing = new Map(rows.map(({ assetId, usd, wanted }) => [assetId, (wanted / wantedTotal) * total - usd]))
  const errorUsd = [...missing.values()].reduce((most, usd) => Math.max(most, Math.abs(usd)), 0)
  // Where gas costs nothing a leg still has to earn something.
  const costUsd = toDollars(gasToUsd(units, maxFeePerGas, native.price)) + (legs.length * toleratedUsd) / 100
  const netUsd = total - costUsd
  return { legs, gasUnits: units, netUsd, errorUsd, missing }
}

/** What is sold of each source in base units, rounded down; all of it where nothing of it is wanted. */
function exactSells(
  sellables: readonly Sellable[],
  paths: readonly FlowPath[],
  solution: RoutingSolution,
): ReadonlyMap<AssetId, bigint> {
  const sells = new Map<AssetId, bigint>()
  for (const { wanted, sellable, keptUsd } of sellables) {
    const own = paths.filter(({ sell }) => sell === wanted.asset.assetId)
    if (own.length === 0) continue
    const amount = own.reduce((sum, { amountIn }) => sum + amountIn, 0)
    const units = BigInt(Math.floor(amount * 10 ** wanted.asset.decimals))
    const isAll = solution.status === 'solved' && wanted.wantedUsd <= keptUsd
    sells.set(wanted.asset.assetId, isAll || units > sellable ? sellable : units)
  }
  return sells
}
