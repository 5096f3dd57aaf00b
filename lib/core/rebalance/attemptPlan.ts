import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import { mulDivUp } from '../units'
import { type AssetBounds, boundAssets } from './boundAssets'
import type { ReplayedLeg } from './composeLegs'
import { toDollars } from './composePools'
import type { Sellable } from './composeRouting'
import { countCalls, gasToUsd } from './gasModel'
import { judgeLegs } from './judgeLegs'
import type { Leg, PlanObstacle, ProjectedPosition, Purchase, RouterName, Skipped, SkipReason, Spending } from './plan'
import { blocked, nothingToDo, type PlanContext, toSkipped, type Unplanned } from './planContext'
import { isSameSale, type Passage, type PlanDraft, type Sought } from './planDraft'
import { priceFlow } from './priceFlow'
import { priceLegs } from './priceLegs'
import { isLessDrift, planDrifts, projectPositions } from './projectPositions'
import { routeFlow } from './routeFlow'
import { routePaths } from './routePaths'
import type { PricedAsset } from './screenAssets'
import type { Limits, SelectedTrades, WantedAsset } from './selectTrades'
import { selectWithin } from './selectWithin'
import { shareOut } from './shareOut'
import { sumPurchases } from './sumLegs'

/** An asset may end this share of the portfolio (1 bps) off its target where that saves a leg that does not pay for its gas. */
const toleratedShare = 1e-4

/** What earlier rounds found that a plan must keep to. */
export type Restraints = {
  readonly reserve: bigint
  /** Dollars x 1e18 that are sold beyond what is to be raised, so that it is still there after costs. */
  readonly extraUsd: bigint
  readonly limits: Limits
  readonly amounts: 'wanted' | 'whole'
  /** Why less is traded than wanted. */
  readonly obstacle: PlanObstacle | undefined
  readonly effort: 'rough' | 'full'
}

/** What one plan through one router ends in. */
export type Attempt =
  | Exclude<Sought, { readonly status: 'found' }>
  | {
      readonly status: 'found'
      readonly draft: PlanDraft
      /** Dollars x 1e18 of the cash that it was to raise and does not, because of what selling costs. */
      readonly missingUsd: bigint
      /** Dollars x 1e18 of the cash that it does raise. */
      readonly raisedUsd: bigint
    }
  /** The bundle has more calls than was thought. */
  | { readonly status: 'overBudget'; readonly skipped: readonly Skipped[] }
  | {
      readonly status: 'poor'
      readonly traded: readonly WantedAsset[]
      readonly farBps: ReadonlyMap<AssetId, number>
      readonly obstacle: PlanObstacle
      readonly skipped: readonly Skipped[]
    }

/** Makes one plan through one router that keeps to what earlier rounds found. */
export function attemptPlan(context: PlanContext, passage: Passage, restraints: Restraints): Attempt {
  const { request, native, assets, assetOf, hubs, totalUsd, poolOf, toleranceBps, deadline, policy, mode } = context
  const { router, maxLegs } = passage
  const keptNative = restraints.reserve < native.nativeAmount ? restraints.reserve : native.nativeAmount
  const { extraUsd } = restraints
  const bounded = boundAssets({ assets, native, policy, mode, keptNative, totalUsd, extraUsd })
  const { bounds, keptOf, neededCash } = bounded
  const { selected, part } = selectWithin(context, passage, { ...restraints, bounds })
  let skipped = toSkipped(context, selected.frozen)
  if (selected.traded.length === 0) return explainNoTrades(context, skipped, restraints.obstacle)
  const sellables = selected.traded.map((wanted) => {
    const kept = keptOf.get(wanted.asset.assetId)
    return { wanted, sellable: wanted.asset.amount - (kept?.amount ?? 0n), keptUsd: kept?.usd ?? 0n }
  })
  const { rung, maxFeePerGas, wrappedNative, callLimit, hubAssetIds } = request
  const toleratedUsd = toDollars(totalUsd) * toleratedShare
  const pools = context.pools[router]
  const rivalUsd = passage.rival && measureRival(passage.rival, sellables, totalUsd)
  const given = { sellables, hubs, pools, native, rung, deadline, maxFeePerGas, toleratedUsd }
  const route = { ...given, maxLegs, effort: restraints.effort, rivalUsd, solve: passage.solve }
  const routed = router === 'swapRouter02' ? routePaths(route) : routeFlow({ ...route, wrappedNative })
  switch (routed.status) {
    case 'nothing':
      return nothingToDo(context, skipped)
    case 'failed':
      return blocked({ kind: 'noRoute', assetIds: [routed.sell, routed.buy] }, skipped)
    case 'tooManyLegs':
      return { status: 'tooManyLegs', skipped }
    case 'outbid':
      return { status: 'outbid' }
    case 'unknownAllowance':
      return { status: 'unavailable', skipped }
    case 'routed':
      break
  }
  if (callLimit !== undefined && countCalls(routed.approvals) + 1 > callLimit) return { status: 'overBudget', skipped }
  const priced = priceRouted(context, router, routed)
  const [legs, spendings, purchases] = [filled(priced.legs), filled(routed.spendings), filled(priced.purchases)]
  if (!legs || !spendings || !purchases) return nothingToDo(context, skipped)
  const judged = { router, legs, spendings, purchases, assetOf, hubAssetIds, toleranceBps, pools: poolOf }
  const judgement = judgeLegs(judged)
  if (judgement.status === 'poor') return { ...judgement, skipped, traded: selected.traded }
  const positions = projectPositions(assets, legs)
  const { before, after } = planDrifts(positions, context.isOpen ? undefined : goalsOf(assets, bounds))
  if (!isLessDrift(after, before)) return nothingToDo(context, skipped)
  if (!routed.isOnTarget) {
    skipped = toSkipped(context, new Map([...listStopped(context, selected, positions), ...selected.frozen]))
  }
  const gasUsd = gasToUsd(routed.gasUnits, maxFeePerGas, native.price)
  const netUsd = positions.reduce((sum, { projectedUsd }) => sum + projectedUsd, 0n) - gasUsd
  const { problem, solution, approvals, gasUnits, isOnTarget } = routed
  const draft: PlanDraft = {
    ...{ router, problem, solution, legs, spendings, purchases, approvals, gasUnits, isOnTarget },
    ...{ positions, skipped, sellables, limits: restraints.limits, nativeReserve: 0n, driftAfter: after, netUsd },
    ...(part === undefined ? {} : { part }),
  }
  return { status: 'found', draft, ...measureRaised(context, draft, neededCash) }
}

/** What every asset would be worth if it went all the way under the limits of the person, by id. */
function goalsOf(assets: readonly PricedAsset[], bounds: AssetBounds['bounds']): ReadonlyMap<AssetId, bigint> {
  return new Map(shareOut(assets, bounds).map(({ asset, wantedUsd }) => [asset.assetId, wantedUsd]))
}

/** Cash that a plan brings, and that it was to bring and does not, in dollars x 1e18. */
function measureRaised({ mode, assetOf }: PlanContext, { purchases }: PlanDraft, needed: bigint | undefined) {
  const cash = mode.kind === 'rebalance' ? undefined : assetOf.get(mode.assetId)
  if (needed === undefined || cash === undefined) return { missingUsd: 0n, raisedUsd: 0n }
  const bought = purchases.find(({ assetId }) => assetId === cash.assetId)?.quotedOut ?? 0n
  const unit = 10n ** BigInt(cash.decimals)
  return {
    missingUsd: bought < needed ? mulDivUp(needed - bought, cash.price, unit) : 0n,
    raisedUsd: usdValue(bought, cash.decimals, cash.price),
  }
}

/** Assets that end far from what is wanted of them because that takes more legs. */
function listStopped(
  { minimumUsd }: PlanContext,
  { traded }: SelectedTrades,
  positions: readonly ProjectedPosition[],
): readonly (readonly [AssetId, SkipReason])[] {
  const endOf = new Map(positions.map(({ assetId, projectedUsd }) => [assetId, projectedUsd]))
  return traded.flatMap(({ asset: { assetId }, wantedUsd }) => {
    const missing = wantedUsd - (endOf.get(assetId) ?? 0n)
    return (missing < 0n ? -missing : missing) >= minimumUsd ? [[assetId, 'legLimit'] as const] : []
  })
}

/** What a rival leaves of the traded assets after gas, in dollars; nothing where it trades something else, or less. */
function measureRival(rival: PlanDraft, sellables: readonly Sellable[], totalUsd: bigint): number | undefined {
  if (!rival.isOnTarget || !isSameSale(rival.sellables, sellables)) return undefined
  const traded = sellables.reduce((sum, { wanted, keptUsd }) => sum + wanted.asset.valueUsd - keptUsd, 0n)
  return toDollars(rival.netUsd - (totalUsd - traded))
}

function filled<Item>([first, ...rest]: readonly Item[]): readonly [Item, ...Item[]] | undefined {
  return first === undefined ? undefined : [first, ...rest]
}

function priceRouted(
  { assetOf, request, toleranceBps, poolOf }: PlanContext,
  router: RouterName,
  { legs, spendings }: { readonly legs: readonly ReplayedLeg[]; readonly spendings: readonly Spending[] },
): { readonly legs: readonly Leg[]; readonly purchases: readonly Purchase[] } {
  const { settings } = request
  if (router === 'universalRouter')
    return priceFlow({ legs, spendings, pools: poolOf, assetOf, settings, toleranceBps })
  const priced = priceLegs(legs, assetOf, settings, toleranceBps)
  return { legs: priced, purchases: sumPurchases(priced) }
}

/** Nothing is traded: because nothing has to be, because the pools are too thin, or because none leads to what is wanted. */
function explainNoTrades(
  context: PlanContext,
  skipped: readonly Skipped[],
  obstacle: PlanObstacle | undefined,
): Unplanned {
  const idsOf = (wanted: Skipped['reason']) =>
    skipped.filter(({ reason }) => reason === wanted).map(({ assetId }) => assetId)
  const [cutOff, thin] = [idsOf('noRoute'), idsOf('priceImpact')]
  if (thin.length > 0) return blocked(obstacle ?? { kind: 'belowOracleFloor', assetIds: thin }, skipped)
  return cutOff.length > 0 ? blocked({ kind: 'noRoute', assetIds: cutOff }, skipped) : nothingToDo(context, skipped)
}
