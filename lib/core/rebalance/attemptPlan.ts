import type { AssetId } from '../asset'
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
import type { Limits, SelectedTrades, WantedAsset } from './selectTrades'
import { selectWithin } from './selectWithin'
import { sumPurchases } from './sumLegs'

/** An asset may end this share of the portfolio (1 bps) off its target where that saves a leg that does not pay for its gas. */
const toleratedShare = 1e-4

/** What earlier rounds found that a plan must keep to. */
export type Restraints = {
  readonly reserve: bigint
  readonly limits: Limits
  readonly amounts: 'wanted' | 'whole'
  /** Why less is traded than wanted. */
  readonly obstacle: PlanObstacle | undefined
  readonly effort: 'rough' | 'full'
}

/** What one plan through one router ends in. */
export type Attempt =
  | Sought
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
  const { request, native, assets, assetOf, hubs, totalUsd, poolOf, toleranceBps, deadline } = context
  const { router, maxLegs } = passage
  const keptNative = restraints.reserve < native.nativeAmount ? restraints.reserve : native.nativeAmount
  const keptUsd = (keptNative * native.price) / 10n ** BigInt(native.decimals)
  const { selected, part } = selectWithin(context, passage, { ...restraints, keptUsd })
  let skipped = toSkipped(context, selected.frozen)
  if (selected.traded.length === 0) return explainNoTrades(context, skipped, restraints.obstacle)
  const sellables = selected.traded.map((wanted) => {
    const isNative = wanted.asset.assetId === native.assetId
    return { wanted, sellable: wanted.asset.amount - (isNative ? keptNative : 0n), keptUsd: isNative ? keptUsd : 0n }
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
  const { before, after } = planDrifts(positions)
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
  return { status: 'found', draft }
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
