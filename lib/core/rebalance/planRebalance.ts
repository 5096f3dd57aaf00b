import type { AssetId } from '../asset'
import { weigh } from '../portfolio/portfolio'
import { bpsWhole, type Usd } from '../units'
import { assemblePlan } from './assemblePlan'
import { countApprovalsOf } from './composeLegs'
import { composePools, type PoolNode, toDollars } from './composeRouting'
import { approvalGas, gasToUsd, gasUnits } from './gasModel'
import { judgeLegs } from './judgeLegs'
import type { Leg, PlanObstacle, PlanOutcome, Skipped, SkipReason } from './plan'
import { assertPlanRequest, defaultOracleToleranceBps, type PlanRequest } from './planRequest'
import { priceLegs } from './priceLegs'
import { isLessDrift, planDrifts, projectPositions } from './projectPositions'
import { routeTrades } from './routeTrades'
import { type PricedAsset, screenAssets } from './screenAssets'
import { selectRoutable } from './selectRoutable'
import { minimumTradeUsd, type WantedAsset } from './selectTrades'
import { verifyPlan } from './verifyPlan'

/** POLICY: three bundles' gas stay in the account. */
const gasReserves = 3n

/** Plans that are solved at most until one keeps to all limits. */
const maxSolved = 12

/** Everything about a request that does not change while its plan is sought. */
type Context = {
  readonly request: PlanRequest
  readonly assets: readonly PricedAsset[]
  readonly native: PricedAsset
  readonly pools: readonly PoolNode[]
  readonly hubs: readonly PricedAsset[]
  readonly minimumUsd: Usd
  readonly totalUsd: bigint
  readonly driftOf: ReadonlyMap<AssetId, number>
  readonly frozen: ReadonlyMap<AssetId, SkipReason>
}

/**
 * Plans one joint rebalance: which assets to trade, through which pools, with which exact amounts, and the proof of how far it is
 * from the best that these pools allow. Pure and synchronous; the same request always gives the same plan, whatever the order of its
 * assets and pools. A plan has passed `verifyPlan`.
 * @throws {InvalidPlanRequestError} and the errors of `toTargets` when the request breaks its own limits.
 * @throws {UnverifiedPlanError} when the plan breaks a promise: a fault of the planner, never of the market.
 */
export function planRebalance(request: PlanRequest): PlanOutcome {
  assertPlanRequest(request)
  const screened = screenAssets(request)
  if (screened.status === 'blocked') return { status: 'blocked', obstacle: screened.obstacle, skipped: [] }
  const context = composeContext(request, screened.priced, screened.native, screened.frozen)
  const { settings, nativeReserveFloor } = request
  const barred = new Map<AssetId, SkipReason>()
  const limits = new Map<AssetId, bigint>()
  let reserve = larger(settings.nativeReserve, nativeReserveFloor)
  for (let solved = 0; ; ) {
    const attempt = attemptPlan(context, { reserve, barred, limits })
    if (attempt.status === 'overBudget') {
      barred.set(attempt.assetId, 'callBudget')
      continue
    }
    solved += 1
    if (attempt.status === 'poor') {
      if (solved >= maxSolved) return blocked(attempt.obstacle, attempt.skipped)
      for (const [assetId, wantedUsd] of attempt.limits) limits.set(assetId, wantedUsd)
      continue
    }
    if (attempt.status !== 'priced') return attempt
    const needed = attempt.gasUnits * request.maxFeePerGas
    const nativeSold = sumIn(attempt.legs.filter(({ paidFrom }) => paidFrom === 'native'))
    const nativeLeft = context.native.nativeAmount - nativeSold
    const isReserveSold = nativeSold > 0n && nativeLeft < gasReserves * needed
    if (isReserveSold && solved < maxSolved) {
      // Another plan may need a little more gas again: a margin ends that.
      reserve = larger(reserve, (gasReserves * needed * (solved > 2 ? 105n : 100n)) / 100n)
      continue
    }
    if (isReserveSold || nativeLeft < needed) {
      return blocked({ kind: 'notEnoughGas', needed, held: context.native.nativeAmount }, attempt.skipped)
    }
    const nativeReserve = larger(reserve, gasReserves * needed)
    const plan = assemblePlan({ ...attempt, request, assets: context.assets, native: context.native, nativeReserve })
    verifyPlan(plan, request)
    return { status: 'planned', plan }
  }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)
const sumIn = (legs: readonly Leg[]) => legs.reduce((sum, { amountIn }) => sum + amountIn, 0n)

function composeContext(
  request: PlanRequest,
  assets: readonly PricedAsset[],
  native: PricedAsset,
  frozen: ReadonlyMap<AssetId, SkipReason>,
): Context {
  const { snapshot, maxFeePerGas, hubAssetIds, rung } = request
  const fresh = assets.filter(({ isFresh }) => isFresh)
  const totalUsd = assets.reduce((sum, { valueUsd }) => sum + valueUsd, 0n)
  const weights = weigh(assets, totalUsd)
  const legGas = gasUnits.leg + gasUnits.concentratedHop + approvalGas(rung)
  return {
    request,
    assets,
    native,
    frozen,
    totalUsd,
    pools: composePools({ pools: snapshot.pools, assets: fresh, maxFeePerGas, nativePrice: native.price }),
    hubs: fresh.filter(({ assetId }) => hubAssetIds.includes(assetId)),
    minimumUsd: minimumTradeUsd(gasToUsd(legGas, maxFeePerGas, native.price), totalUsd),
    driftOf: new Map(assets.map(({ assetId, targetBps }) => [assetId, (weights.get(assetId) ?? 0) - targetBps])),
  }
}

/** What earlier rounds found that a plan must keep to. */
type Restraints = {
  readonly reserve: bigint
  readonly barred: ReadonlyMap<AssetId, SkipReason>
  readonly limits: ReadonlyMap<AssetId, bigint>
}

type Attempt =
  | Extract<PlanOutcome, { readonly status: 'nothingToDo' | 'blocked' }>
  /** The bundle has more calls than the wallet takes: the smallest sold asset should wait. */
  | { readonly status: 'overBudget'; readonly assetId: AssetId }
  /** Quotes below the oracle floor: what some assets may be worth at most, or at least, afterwards. */
  | {
      readonly status: 'poor'
      readonly limits: ReadonlyMap<AssetId, bigint>
      readonly obstacle: PlanObstacle
      readonly skipped: readonly Skipped[]
    }
  | ({ readonly status: 'priced' } & Pick<
      Parameters<typeof assemblePlan>[0],
      'legs' | 'solution' | 'sellables' | 'positions' | 'gasUnits' | 'skipped'
    >)

/** One plan that keeps to what earlier rounds found. */
function attemptPlan(context: Context, { reserve, barred, limits }: Restraints): Attempt {
  const { request, native, assets, pools, hubs, totalUsd, minimumUsd, driftOf } = context
  const keptNative = reserve < native.nativeAmount ? reserve : native.nativeAmount
  const keptUsd = (keptNative * native.price) / 10n ** BigInt(native.decimals)
  const selected = selectRoutable({
    ...{ assets, hubs, pools, minimumUsd, limits, barred },
    keptNative: { assetId: native.assetId, valueUsd: keptUsd },
    isInBand: ({ assetId }) => Math.abs(driftOf.get(assetId) ?? 0) <= request.settings.bandBps,
  })
  const skipped = toSkipped(context, selected.frozen)
  if (selected.traded.length === 0) return explainNoTrades(context, skipped)
  const surplus = findSurplusSale(request, native, selected.traded)
  if (surplus !== undefined) return { status: 'overBudget', assetId: surplus }
  const sellables = selected.traded.map((wanted) => {
    const isNative = wanted.asset.assetId === native.assetId
    return { wanted, sellable: wanted.asset.amount - (isNative ? keptNative : 0n), keptUsd: isNative ? keptUsd : 0n }
  })
  const { rung, maxFeePerGas } = request
  const toleratedUsd = toDollars(totalUsd) * toleratedShare
  const routed = routeTrades({ sellables, hubs, pools, native, rung, maxFeePerGas, toleratedUsd })
  if (routed.status === 'nothing') return nothingToDo(context, skipped)
  if (routed.status === 'failed') {
    return blocked({ kind: 'noRoute', assetIds: [routed.draft.sell, routed.draft.buy] }, skipped)
  }
  const assetOf = new Map(assets.map((asset) => [asset.assetId, asset]))
  const toleranceBps = request.oracleToleranceBps ?? defaultOracleToleranceBps
  const [first, ...rest] = priceLegs(routed.legs, assetOf, request.settings, toleranceBps)
  if (!first) return nothingToDo(context, skipped)
  const legs = [first, ...rest] as const
  const judgement = judgeLegs({ legs, assetOf, hubAssetIds: request.hubAssetIds, toleranceBps })
  if (judgement.status === 'blocked') return blocked(judgement.obstacle, skipped)
  if (judgement.status === 'poor') {
    const { obstacle, farBps } = judgement
    return { status: 'poor', obstacle, skipped, limits: limitTrades(selected.traded, farBps) }
  }
  const positions = projectPositions(assets, legs)
  const { before, after } = planDrifts(positions)
  if (!isLessDrift(after, before)) return nothingToDo(context, skipped)
  const { solution, gasUnits: units } = routed
  return { status: 'priced', legs, positions, solution, sellables, skipped, gasUnits: units }
}

/** What assets are to be worth when they go only part of their way. */
function limitTrades(
  traded: readonly WantedAsset[],
  farBps: ReadonlyMap<AssetId, number>,
): ReadonlyMap<AssetId, bigint> {
  return new Map(
    traded.flatMap(({ asset, wantedUsd }) => {
      const far = farBps.get(asset.assetId)
      if (far === undefined) return []
      // {usd} = {usd} + {usd} * {bps} / {bps}
      return [
        [asset.assetId, asset.valueUsd + ((wantedUsd - asset.valueUsd) * BigInt(far)) / BigInt(bpsWhole)] as const,
      ]
    }),
  )
}

/** Nothing is traded: because nothing has to be, because the pools are too thin, or because none leads to what is wanted. */
function explainNoTrades(context: Context, skipped: readonly Skipped[]): Attempt {
  const idsOf = (wanted: SkipReason) => skipped.filter(({ reason }) => reason === wanted).map(({ assetId }) => assetId)
  const [cutOff, thin] = [idsOf('noRoute'), idsOf('priceImpact')]
  if (thin.length > 0) return blocked({ kind: 'belowOracleFloor', assetIds: thin }, skipped)
  return cutOff.length > 0 ? blocked({ kind: 'noRoute', assetIds: cutOff }, skipped) : nothingToDo(context, skipped)
}

/** An asset may end this share of the portfolio (1 bps) off its target where that saves a leg that does not pay for its gas. */
const toleratedShare = 1e-4

/** The smallest asset to sell when approving all of them takes more calls than the wallet does. */
function findSurplusSale(
  { callLimit }: PlanRequest,
  native: PricedAsset,
  traded: readonly WantedAsset[],
): AssetId | undefined {
  if (callLimit === undefined) return undefined
  const sales = traded
    .map(({ asset, wantedUsd }) => ({ asset, soldUsd: asset.valueUsd - wantedUsd, calls: countCalls(asset, native) }))
    .filter(({ soldUsd }) => soldUsd > 0n)
  // One router call beside the approvals.
  if (sales.reduce((calls, sale) => calls + sale.calls, 1) <= callLimit) return undefined
  const [smallest] = sales
    .filter(({ calls }) => calls > 0)
    .sort((a, b) =>
      a.soldUsd < b.soldUsd ? -1 : a.soldUsd > b.soldUsd ? 1 : a.asset.assetId < b.asset.assetId ? -1 : 1,
    )
  return smallest?.asset.assetId
}

/** Calls that selling all of an asset takes before the router's: approvals and resets. */
function countCalls({ assetId, reading, amount, nativeAmount }: PricedAsset, native: PricedAsset): number {
  const pulled = assetId === native.assetId ? amount - nativeAmount : amount
  return pulled === 0n ? 0 : countApprovalsOf(reading, reading.asset.poolToken.address, pulled)
}

function toSkipped({ driftOf, frozen }: Context, selected: ReadonlyMap<AssetId, SkipReason>): readonly Skipped[] {
  const reasons = new Map([...selected, ...frozen])
  return [...reasons]
    .map(([assetId, reason]) => ({ assetId, reason, driftBps: driftOf.get(assetId) ?? 0 }))
    .filter(({ reason, driftBps }) => driftBps !== 0 || reason === 'unpriced' || reason === 'stalePrice')
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
}

function nothingToDo({ driftOf }: Context, skipped: readonly Skipped[]): Attempt {
  const driftBps = [...driftOf.values()].reduce((sum, drift) => sum + Math.abs(drift), 0) / 2
  return { status: 'nothingToDo', driftBps, skipped }
}

function blocked(
  obstacle: PlanObstacle,
  skipped: readonly Skipped[],
): Extract<PlanOutcome, { readonly status: 'blocked' }> {
  return { status: 'blocked', obstacle, skipped }
}
