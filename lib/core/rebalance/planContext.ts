import type { AssetId } from '../asset'
import type { Rung } from '../execution/execution'
import {
  bandOf,
  hasBounds,
  isCounted,
  openPolicy,
  type PlanMode,
  type PlanPolicy,
  rebalanceMode,
  ruleOf,
} from '../policy/policy'
import { weigh } from '../portfolio/portfolio'
import type { Pool } from '../snapshot'
import { bpsWhole, mulDivDown, type Usd } from '../units'
import { type ComposedPools, composePools } from './composePools'
import { approvalGas, gasToUsd, gasUnits } from './gasModel'
import type { PlanObstacle, PlanOutcome, RouterName, Skipped, SkipReason } from './plan'
import { defaultOracleToleranceBps, type PlanRequest } from './planRequest'
import type { PricedAsset, ScreenedAssets } from './screenAssets'
import { type Aim, minimumTradeUsd } from './selectTrades'

/** Everything about a request that does not change while its plan is sought. */
export type PlanContext = {
  readonly request: PlanRequest
  /** Those that count, by asset id. */
  readonly assets: readonly PricedAsset[]
  /** With those that do not count. */
  readonly assetOf: ReadonlyMap<AssetId, PricedAsset>
  readonly native: PricedAsset
  /** Those that the rung allows, the narrower one first. */
  readonly routers: readonly RouterName[]
  readonly pools: ComposedPools['kept']
  readonly leftOut: ComposedPools['leftOut']
  readonly poolOf: ReadonlyMap<string, Pool>
  readonly hubs: readonly PricedAsset[]
  readonly minimumUsd: Usd
  readonly policy: PlanPolicy
  readonly mode: PlanMode
  /** A rebalance without any limit of the person on what assets end at: the targets themselves are the goal. */
  readonly isOpen: boolean
  readonly isInBand: (asset: PricedAsset) => boolean
  readonly aim: Aim | undefined
  readonly turnoverCapUsd: bigint | undefined
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
  { priced, native, frozen }: Extract<ScreenedAssets, { readonly status: 'screened' }>,
): PlanContext {
  const { snapshot, settings, maxFeePerGas, hubAssetIds, rung } = request
  const policy = settings.policy ?? openPolicy
  const mode = request.mode ?? rebalanceMode
  const assets = priced.filter(({ assetId }) => isCounted(policy, assetId))
  const fresh = priced.filter(({ isFresh }) => isFresh)
  const totalUsd = assets.reduce((sum, { valueUsd }) => sum + valueUsd, 0n)
  const weights = weigh(assets, totalUsd)
  const driftOf = new Map(assets.map(({ assetId, targetBps }) => [assetId, (weights.get(assetId) ?? 0) - targetBps]))
  const leastUsd = minimumTradeUsd(gasToUsd(legGasUnits(rung), maxFeePerGas, native.price), totalUsd)
  const { scope, destination, turnoverCapBps, minimumTradeUsd: ownMinimumUsd } = policy
  const isWhole = mode.kind !== 'rebalance' || (scope === 'everything' && destination === 'target')
  const edgeBpsOf = ({ assetId }: PricedAsset) => ruleOf(policy, assetId).edgeBps ?? bandOf(settings, assetId)
  const pools = composePools({ pools: snapshot.pools, assets: fresh, rung, maxFeePerGas, nativePrice: native.price })
  return {
    request,
    assets,
    assetOf: new Map(priced.map((asset) => [asset.assetId, asset])),
    native,
    routers: rung === 'atomicBatch' ? ['swapRouter02', 'universalRouter'] : ['swapRouter02'],
    pools: pools.kept,
    leftOut: pools.leftOut,
    poolOf: new Map(snapshot.pools.map((pool) => [pool.id, pool])),
    hubs: fresh.filter(({ assetId }) => hubAssetIds.includes(assetId)),
    minimumUsd: ownMinimumUsd !== undefined && ownMinimumUsd > leastUsd ? ownMinimumUsd : leastUsd,
    policy,
    mode,
    isOpen: mode.kind === 'rebalance' && !hasBounds(policy),
    // Cash modes move what is in its band, too.
    isInBand: ({ assetId }) =>
      mode.kind === 'rebalance' && Math.abs(driftOf.get(assetId) ?? 0) <= bandOf(settings, assetId),
    aim: isWhole ? undefined : { scope, destination, totalUsd, edgeBpsOf },
    // {usd} = {usd} * {bps} / {bps}
    turnoverCapUsd:
      turnoverCapBps === undefined ? undefined : mulDivDown(totalUsd, BigInt(turnoverCapBps), BigInt(bpsWhole)),
    totalUsd,
    toleranceBps: request.oracleToleranceBps ?? defaultOracleToleranceBps,
    deadline: snapshot.block.timestamp + request.deadlineSeconds,
    driftOf,
    frozen,
  }
}

const legGasUnits = (rung: Rung) => gasUnits.leg + gasUnits.concentratedHop + approvalGas(rung)

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
