import type { PlanOutcome } from './plan'
import { composeContext, nothingToDo, type PlanContext, type Unplanned } from './planContext'
import type { Passage, PlanDraft, Sought } from './planDraft'
import { assertPlanRequest, type PlanRequest } from './planRequest'
import { planThrough } from './planThrough'
import type { SolveFlow } from './routedTrades'
import { screenAssets } from './screenAssets'
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
  const screened = screenAssets(request)
  if (screened.status === 'blocked') return { status: 'blocked', obstacle: screened.obstacle, skipped: [] }
  return { status: 'ready', context: composeContext(request, screened) }
}

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
  const ranked = drafts.map((draft) => {
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
