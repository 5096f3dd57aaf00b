import { checkPolicy } from '../policy/checkPolicy'
import { ruleOf } from '../policy/policy'
import { usdValue } from '../portfolio/portfolio'
import { bpsWhole, mulDivDown, mulDivUp } from '../units'
import { maySell } from './boundAssets'
import type { PlanObstacle, PlanOutcome } from './plan'
import { composeContext, nothingToDo, type PlanContext, type Unplanned } from './planContext'
import type { Passage, PlanDraft, Sought } from './planDraft'
import { assertPlanRequest, type PlanRequest } from './planRequest'
import { planThrough } from './planThrough'
import type { SolveFlow } from './routedTrades'
import { type PricedAsset, screenAssets } from './screenAssets'
import { solveOnce } from './solveFlow'

/** Drafts that a request leads to, the one to take among them, or why there is none. */
export type SoughtDrafts =
  | { readonly status: 'found'; readonly best: PlanDraft; readonly drafts: readonly PlanDraft[] }
  | Unplanned

/**
 * Works out what a request comes to before any trade is chosen.
 * @throws {InvalidPlanRequestError} and the errors of `toTargets` when the request breaks its own limits.
 */
export function prepareContext(
  request: PlanRequest,
): { readonly status: 'ready'; readonly context: PlanContext } | Extract<PlanOutcome, { readonly status: 'blocked' }> {
  assertPlanRequest(request)
  const { targets, settings, mode, snapshot } = request
  const issues = checkPolicy({ targets, settings, mode, assets: snapshot.assets.map(({ asset }) => asset) })
  if (issues.length > 0) return { status: 'blocked', obstacle: { kind: 'contradiction', issues }, skipped: [] }
  const screened = screenAssets(request)
  if (screened.status === 'blocked') return { status: 'blocked', obstacle: screened.obstacle, skipped: [] }
  const context = composeContext(request, screened)
  const obstacle = findShortCash(context)
  return obstacle === undefined ? { status: 'ready', context } : { status: 'blocked', obstacle, skipped: [] }
}

/** More is to be spent, or raised, than there is. */
function findShortCash({ mode, assets, policy, request, native, totalUsd }: PlanContext): PlanObstacle | undefined {
  if (mode.kind === 'rebalance') return undefined
  const { assetId, amount } = mode
  const cash = assets.find((asset) => asset.assetId === assetId)
  if (cash === undefined) return { kind: 'cashShort', assetId, decimals: 0, amount, most: 0n }
  const reserve = larger(request.settings.nativeReserve, request.nativeReserveFloor)
  const freeOf = (asset: PricedAsset) => {
    const kept = asset === native ? smaller(reserve, asset.nativeAmount) : 0n
    const reserved = policy.cashReserve?.assetId === asset.assetId ? policy.cashReserve.amount : 0n
    return larger(0n, asset.amount - larger(kept, reserved))
  }
  // {units} = {usd} * {bps} / {bps} * {units/token} / {usd/token}
  const minimumUsd = mulDivUp(totalUsd, BigInt(ruleOf(policy, assetId).minimumBps ?? 0), BigInt(bpsWhole))
  const minimum = mulDivUp(minimumUsd, 10n ** BigInt(cash.decimals), cash.price)
  const most =
    mode.kind === 'investCash'
      ? smaller(freeOf(cash), larger(0n, cash.amount - minimum))
      : assets
          .filter((asset) => (asset === cash ? mode.kind === 'withdraw' : maySell(policy, asset.assetId)))
          // {units of cash} = {units} * {usd/token} / {units/token}, and back
          .reduce(
            (sum, asset) =>
              sum +
              mulDivDown(
                usdValue(freeOf(asset), asset.decimals, asset.price),
                10n ** BigInt(cash.decimals),
                cash.price,
              ),
            0n,
          )
  return amount <= most ? undefined : { kind: 'cashShort', assetId, decimals: cash.decimals, amount, most }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)
const smaller = (a: bigint, b: bigint) => (a < b ? a : b)

/**
 * Seeks plans with at most so many legs, through every router that the rung allows. Where the targets cannot be reached with so few,
 * SwapRouter02 trades fewer assets, the Universal Router comes as near as its pools do.
 * @param maxLegs whole and positive, or infinite.
 */
export function seekDrafts(context: PlanContext, maxLegs: number, solve: SolveFlow = solveOnce): SoughtDrafts {
  const sought: Sought[] = []
  // The router that knows more pools first: what it finds often spares the other one's search.
  for (const router of [...context.routers].reverse()) {
    const passage = { router, maxLegs, solve, rival: chooseDraft(listDrafts(sought)) }
    const whole = planThrough(context, passage)
    sought.push(whole)
    const isDone = whole.status === 'found' ? whole.draft.isOnTarget : whole.status !== 'tooManyLegs'
    if (!isDone && router === 'swapRouter02') sought.push(...seekShorter(context, passage))
  }
  const drafts = listDrafts(sought)
  const best = chooseDraft(drafts)
  return best === undefined ? explain(context, sought) : { status: 'found', best, drafts }
}

const listDrafts = (sought: readonly Sought[]) => sought.flatMap((one) => (one.status === 'found' ? [one.draft] : []))

/** Trades ever fewer assets until that takes few enough legs. */
function seekShorter(context: PlanContext, passage: Passage): readonly Sought[] {
  const tried: Sought[] = []
  for (let moves = passage.maxLegs; moves > 0; moves -= 1) {
    const sought = planThrough(context, { ...passage, moves })
    tried.push(sought)
    if (sought.status !== 'tooManyLegs') break
  }
  return tried
}

/** Plans that remove as much drift but for this much, in basis points of the portfolio, are told apart by what they leave. */
const equalDriftBps = 10n

/**
 * Of some drafts the one that leaves most after gas among those that remove the most drift; of equals SwapRouter02, or the first.
 * @returns nothing where there is none.
 */
export function chooseDraft(drafts: readonly PlanDraft[]): PlanDraft | undefined {
  const ranked = selectWhole(drafts).map((draft) => {
    const { numerator, denominator } = draft.driftAfter
    // {millionths of a bp}, fine enough to compare
    return { draft, drift: denominator === 0n ? 0n : (numerator * 1_000_000n) / denominator }
  })
  const least = ranked.reduce(
    (min, { drift }) => (min === undefined || drift < min ? drift : min),
    undefined as bigint | undefined,
  )
  if (least === undefined) return undefined
  const near = ranked.filter(({ drift }) => drift <= least + equalDriftBps * 1_000_000n)
  return near.reduce((a, b) => (isPreferred(b.draft, a.draft) ? b : a)).draft
}

/** Under a turnover cap all remove the same drift: those that find a way for as many assets as any does. */
function selectWhole(drafts: readonly PlanDraft[]): readonly PlanDraft[] {
  if (!drafts.some(({ skipped }) => skipped.some(({ reason }) => reason === 'turnoverCap'))) return drafts
  const cutOff = ({ skipped }: PlanDraft) => skipped.filter(({ reason }) => reason === 'noRoute').length
  const least = Math.min(...drafts.map(cutOff))
  return drafts.filter((draft) => cutOff(draft) === least)
}

function isPreferred(a: PlanDraft, b: PlanDraft): boolean {
  if (a.netUsd !== b.netUsd) return a.netUsd > b.netUsd
  return a.router === 'swapRouter02' && b.router !== 'swapRouter02'
}

/** Why there is no plan: the word of the router that knows most pools. */
function explain(context: PlanContext, sought: readonly Sought[]): Unplanned {
  const words = sought.filter((one): one is Unplanned => one.status === 'blocked' || one.status === 'nothingToDo')
  const [first] = words
  if (first !== undefined) return first
  const skipped = sought.flatMap((one) => (one.status === 'tooManyLegs' ? one.skipped : []))
  const ids = [...new Set(skipped.map(({ assetId }) => assetId))]
  return nothingToDo(
    context,
    ids.flatMap((id) => skipped.find(({ assetId }) => assetId === id) ?? []),
  )
}
