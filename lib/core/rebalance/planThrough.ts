import type { AssetId } from '../asset'
import { bpsWhole } from '../units'
import type { ReplayedLeg } from './composeLegs'
import { toDollars } from './composePools'
import type { Sellable } from './composeRouting'
import { countCalls, gasToUsd } from './gasModel'
import { judgeLegs } from './judgeLegs'
import { limitCalls } from './limitCalls'
import type {
  Leg,
  PlanObstacle,
  PlanPart,
  ProjectedPosition,
  Purchase,
  RouterName,
  Skipped,
  SkipReason,
  Spending,
} from './plan'
import { blocked, nothingToDo, type PlanContext, toSkipped, type Unplanned } from './planContext'
import { priceFlow } from './priceFlow'
import { priceLegs } from './priceLegs'
import { type ExactDrift, isLessDrift, planDrifts, projectPositions } from './projectPositions'
import type { RoutedTrades, SolveFlow } from './routedTrades'
import { routeFlow } from './routeFlow'
import { routePaths } from './routePaths'
import { selectMoves } from './selectMoves'
import { selectRoutable } from './selectRoutable'
import type { Limit, Limits, SelectedTrades, WantedAsset } from './selectTrades'
import { sumPurchases } from './sumLegs'

/** POLICY: three bundles' gas stay in the account. */
export const gasReserves = 3n

/** Plans that are solved at most until one keeps to all limits. */
const maxSolved = 24

/** So often an asset that pools carry at no fair price is traded less; then it is not traded at all. */
const maxReductions = 8

/** An asset may end this share of the portfolio (1 bps) off its target where that saves a leg that does not pay for its gas. */
const toleratedShare = 1e-4

/** What a plan through one router must keep to. */
export type Passage = {
  readonly router: RouterName
  readonly maxLegs: number
  readonly solve: SolveFlow
  /** A plan through another router: what it had to trade less is not tried again, and what it leaves has to be outdone. */
  readonly rival?: PlanDraft | undefined
  /** Trades only what so many legs, each from a sold to a bought asset, could bring nearer; missing for all of it. */
  readonly moves?: number
}

/** A plan through one router before it is certified. */
export type PlanDraft = Omit<Extract<RoutedTrades, { readonly status: 'routed' }>, 'status' | 'legs' | 'spendings'> & {
  readonly router: RouterName
  readonly legs: readonly [Leg, ...Leg[]]
  readonly spendings: readonly [Spending, ...Spending[]]
  readonly purchases: readonly [Purchase, ...Purchase[]]
  readonly positions: readonly ProjectedPosition[]
  readonly skipped: readonly Skipped[]
  readonly sellables: readonly Sellable[]
  readonly part?: PlanPart
  /** Where fair prices end for some assets. */
  readonly limits: Limits
  readonly nativeReserve: bigint
  readonly driftAfter: ExactDrift
  /** What is held afterwards less the gas, in dollars x 1e18. */
  readonly netUsd: bigint
}

/** What seeking a plan through one router ends in. */
export type Sought =
  | { readonly status: 'found'; readonly draft: PlanDraft }
  | { readonly status: 'tooManyLegs'; readonly skipped: readonly Skipped[] }
  /** The plan that was there leaves more. */
  | { readonly status: 'outbid' }
  /** It is not known what the router may take from the account. */
  | { readonly status: 'unavailable'; readonly skipped: readonly Skipped[] }
  | Unplanned

/** Seeks a plan through one router that keeps to all limits: trades less, or less of an asset, until one does. */
export function planThrough(context: PlanContext, passage: Passage): Sought {
  const { request, native } = context
  const { settings, nativeReserveFloor, maxFeePerGas } = request
  const limits = new Map<AssetId, Limit>(passage.rival?.limits)
  let reserve = larger(settings.nativeReserve, nativeReserveFloor)
  let amounts: 'wanted' | 'whole' = 'wanted'
  let reductions = 0
  let effort: 'rough' | 'full' = 'full'
  let obstacle: PlanObstacle | undefined
  for (let solved = 1; ; solved += 1) {
    const attempt = attemptPlan(context, passage, { reserve, limits, amounts, obstacle, effort })
    switch (attempt.status) {
      case 'poor':
        obstacle ??= attempt.obstacle
        reductions += 1
        effort = 'rough'
        if (solved >= maxSolved) return blocked(obstacle, attempt.skipped)
        for (const [assetId, wantedUsd] of limitTrades(attempt.traded, attempt.farBps, reductions > maxReductions)) {
          limits.set(assetId, { wantedUsd, reason: 'priceImpact' })
        }
        continue
      case 'overBudget':
        if (amounts === 'whole') return nothingToDo(context, attempt.skipped)
        amounts = 'whole'
        continue
      case 'found':
        if (effort === 'full' || passage.router === 'universalRouter') break
        effort = 'full'
        continue
      default:
        return attempt
    }
    const { draft } = attempt
    const needed = draft.gasUnits * maxFeePerGas
    const nativeSold = sumNative(draft.spendings, native.assetId, native.reading.asset.poolToken.address)
    const nativeLeft = native.nativeAmount - nativeSold
    const isReserveSold = nativeSold > 0n && nativeLeft < gasReserves * needed
    if (isReserveSold && solved < maxSolved) {
      // Another plan may need a little more gas again: a margin ends that.
      reserve = larger(reserve, (gasReserves * needed * (solved > 2 ? 105n : 100n)) / 100n)
      continue
    }
    if (isReserveSold || nativeLeft < needed) {
      return blocked({ kind: 'notEnoughGas', needed, held: native.nativeAmount }, draft.skipped)
    }
    return { status: 'found', draft: { ...draft, limits, nativeReserve: larger(reserve, gasReserves * needed) } }
  }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)

function sumNative(spendings: readonly Spending[], nativeId: AssetId, wrapped: string): bigint {
  return spendings.reduce(
    (sum, { assetId, token, amount }) => (assetId === nativeId && token !== wrapped ? sum + amount : sum),
    0n,
  )
}

/** What earlier rounds found that a plan must keep to. */
type Restraints = {
  readonly reserve: bigint
  readonly limits: Limits
  readonly amounts: 'wanted' | 'whole'
  /** Why less is traded than wanted. */
  readonly obstacle: PlanObstacle | undefined
  readonly effort: 'rough' | 'full'
}

type Attempt =
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

function attemptPlan(context: PlanContext, passage: Passage, restraints: Restraints): Attempt {
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

/** Whether two plans trade the same assets to the same ends. */
export function isSameSale(a: readonly Sellable[], b: readonly Sellable[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ wanted, sellable, keptUsd }, at) => {
      const other = b[at]
      return (
        other?.wanted.asset === wanted.asset &&
        other.wanted.wantedUsd === wanted.wantedUsd &&
        other.sellable === sellable &&
        other.keptUsd === keptUsd
      )
    })
  )
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

/** What is traded under the limits of prices, of the wallet's calls and of the number of legs. */
function selectWithin(
  context: PlanContext,
  { router, moves }: Passage,
  { limits, amounts, keptUsd }: Restraints & { readonly keptUsd: bigint },
): { readonly selected: SelectedTrades; readonly part: PlanPart | undefined } {
  const { assets, hubs, minimumUsd, driftOf, request, native } = context
  const select = (within: Limits) =>
    selectRoutable({
      ...{ assets, hubs, minimumUsd, limits: within },
      pools: context.pools[router],
      keptNative: { assetId: native.assetId, valueUsd: keptUsd },
      isInBand: ({ assetId }) => Math.abs(driftOf.get(assetId) ?? 0) <= request.settings.bandBps,
    })
  let within: Limits = limits
  let selected = select(within)
  const { held, part } = limitCalls(context, { router, traded: selected.traded, amounts })
  if (held.size > 0) {
    within = new Map([...within, ...held])
    selected = select(within)
  }
  if (moves === undefined) return { selected, part }
  const distances = selected.traded.map(({ asset, wantedUsd }) => ({
    assetId: asset.assetId,
    usd: wantedUsd - asset.valueUsd,
  }))
  const moved = selectMoves(distances, { legs: moves, minimumUsd })
  const shortened = selected.traded.flatMap(({ asset, wantedUsd }) => {
    const reached = asset.valueUsd + (moved.get(asset.assetId) ?? 0n)
    return reached === wantedUsd ? [] : [[asset.assetId, { wantedUsd: reached, reason: 'legLimit' }] as const]
  })
  return { selected: shortened.length === 0 ? selected : select(new Map([...within, ...shortened])), part }
}

/** What assets are to be worth when they go only part of their way, or none of it. */
function limitTrades(
  traded: readonly WantedAsset[],
  farBps: ReadonlyMap<AssetId, number>,
  isLast: boolean,
): ReadonlyMap<AssetId, bigint> {
  return new Map(
    traded.flatMap(({ asset, wantedUsd }) => {
      const far = farBps.get(asset.assetId)
      if (far === undefined) return []
      // {usd} = {usd} + {usd} * {bps} / {bps}
      const moved = isLast ? 0n : ((wantedUsd - asset.valueUsd) * BigInt(far)) / BigInt(bpsWhole)
      return [[asset.assetId, asset.valueUsd + moved] as const]
    }),
  )
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
