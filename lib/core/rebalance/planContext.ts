import type { AssetId } from '../asset'
import { weigh } from '../portfolio/portfolio'
import type { Pool } from '../snapshot'
import type { Usd } from '../units'
import { type ComposedPools, composePools } from './composePools'
import { approvalGas, gasToUsd, gasUnits } from './gasModel'
import type { PlanObstacle, PlanOutcome, RouterName, Skipped, SkipReason } from './plan'
import { defaultOracleToleranceBps, type PlanRequest } from './planRequest'
import type { PricedAsset, ScreenedAssets } from './screenAssets'
import { minimumTradeUsd } from './selectTrades'

/** Everything about a request that does not change while its plan is sought. */
export type PlanContext = {
  readonly request: PlanRequest
  /** By asset id. */
  readonly assets: readonly PricedAsset[]
  readonly assetOf: ReadonlyMap<AssetId, PricedAsset>
  readonly native: PricedAsset
  /** Those that the rung allows, the narrower one first. */
  readonly routers: readonly RouterName[]
  readonly pools: ComposedPools['kept']
  readonly leftOut: ComposedPools['leftOut']
  readonly poolOf: ReadonlyMap<string, Pool>
  readonly hubs: readonly PricedAsset[]
  readonly minimumUsd: Usd
  readonly totalUsd: bigint
  readonly toleranceBps: number
  /** Unix seconds. */
  readonly deadline: number
  readonly driftOf: ReadonlyMap<AssetId, number>
  readonly frozen: ReadonlyMap<AssetId, SkipReason>
}

/** Works out what a request comes to before any trade is chosen. */
export function composeContext(
  request: PlanRequest,
  { priced: assets, native, frozen }: Extract<ScreenedAssets, { readonly status: 'screened' }>,
): PlanContext {
  const { snapshot, maxFeePerGas, hubAssetIds, rung } = request
  const fresh = assets.filter(({ isFresh }) => isFresh)
  const totalUsd = assets.reduce((sum, { valueUsd }) => sum + valueUsd, 0n)
  const weights = weigh(assets, totalUsd)
  const legGas = gasUnits.leg + gasUnits.concentratedHop + approvalGas(rung)
  const pools = composePools({ pools: snapshot.pools, assets: fresh, rung, maxFeePerGas, nativePrice: native.price })
  return {
    request,
    assets,
    assetOf: new Map(assets.map((asset) => [asset.assetId, asset])),
    native,
    routers: rung === 'atomicBatch' ? ['swapRouter02', 'universalRouter'] : ['swapRouter02'],
    pools: pools.kept,
    leftOut: pools.leftOut,
    poolOf: new Map(snapshot.pools.map((pool) => [pool.id, pool])),
    hubs: fresh.filter(({ assetId }) => hubAssetIds.includes(assetId)),
    minimumUsd: minimumTradeUsd(gasToUsd(legGas, maxFeePerGas, native.price), totalUsd),
    totalUsd,
    toleranceBps: request.oracleToleranceBps ?? defaultOracleToleranceBps,
    deadline: snapshot.block.timestamp + request.deadlineSeconds,
    driftOf: new Map(assets.map(({ assetId, targetBps }) => [assetId, (weights.get(assetId) ?? 0) - targetBps])),
    frozen,
  }
}

/** The router that knows all pools that a plan may use: bounds are over its pools. */
export function widestRouter({ routers }: Pick<PlanContext, 'routers'>): RouterName {
  return routers.includes('universalRouter') ? 'universalRouter' : 'swapRouter02'
}

/** Why assets stay, or do not go all the way, by id; those that are on their targets need no reason. */
export function toSkipped(
  { driftOf, frozen }: PlanContext,
  selected: ReadonlyMap<AssetId, SkipReason>,
): readonly Skipped[] {
  const reasons = new Map([...selected, ...frozen])
  return [...reasons]
    .map(([assetId, reason]) => ({ assetId, reason, driftBps: driftOf.get(assetId) ?? 0 }))
    .filter(({ reason, driftBps }) => driftBps !== 0 || reason === 'unpriced' || reason === 'stalePrice')
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
}

/** An outcome without a plan. */
export type Unplanned = Exclude<PlanOutcome, { readonly status: 'planned' }>

/** Nothing has to be done, or nothing that is worth it. */
export function nothingToDo({ driftOf }: PlanContext, skipped: readonly Skipped[]): Unplanned {
  const driftBps = [...driftOf.values()].reduce((sum, drift) => sum + Math.abs(drift), 0) / 2
  return { status: 'nothingToDo', driftBps, skipped }
}

/** Something is in the way. */
export function blocked(obstacle: PlanObstacle, skipped: readonly Skipped[]): Unplanned {
  return { status: 'blocked', obstacle, skipped }
}
