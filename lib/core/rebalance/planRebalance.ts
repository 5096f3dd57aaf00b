import { assemblePlan } from './assemblePlan'
import { proveDraft } from './certifyPlan'
import type { PlanOutcome } from './plan'
import type { PlanRequest } from './planRequest'
import { prepareContext, seekDrafts } from './seekDrafts'

/**
 * Plans one joint rebalance: which assets to trade, through which router and pools, with which exact amounts, and the proof of how far
 * it is from the best that these pools allow. Where the wallet can batch, it is planned for both routers and the one that leaves more
 * after gas is taken. Pure and synchronous; the same request always gives the same plan, whatever the order of its assets and pools. A
 * plan has passed `verifyPlan`.
 * @throws {InvalidPlanRequestError} and the errors of `toTargets` when the request breaks its own limits.
 * @throws {UnverifiedPlanError} when the plan breaks a promise: a fault of the planner, never of the market.
 */
export function planRebalance(request: PlanRequest): PlanOutcome {
  const prepared = prepareContext(request)
  if (prepared.status === 'blocked') return prepared
  const { context } = prepared
  const sought = seekDrafts(context, request.maxLegs ?? Number.POSITIVE_INFINITY)
  if (sought.status !== 'found') return sought
  const { best, drafts } = sought
  return { status: 'planned', plan: assemblePlan(context, best, proveDraft(context, best, drafts)) }
}
