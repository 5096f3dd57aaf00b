import { isMinimumKept } from '@/lib/core/execution/compareRequote'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import { findMinimumMoves, findPlanChanges, isNewReviewNeeded } from './planInputs'
import { composePlanRequest, type PlanState, type PlanSubject } from './planQuery'
import type { Review } from './readReview'

/** Whether what was reviewed may go out as it is, or must be reviewed again, and why. */
export type ReviewVerdict =
  | { readonly status: 'stands' }
  | {
      readonly status: 'outdated'
      readonly failure: Extract<ExecutionFailure, 'quoteMoved' | 'balanceChanged' | 'deadlinePassed'>
    }

/** With less time than this before its deadline, a review is made again instead of sent. */
const leastSecondsLeft = 180

/** Whether the reviewed legs would still be quoted with minimums as they were reviewed. */
function isQuoteKept(plan: RebalancePlan, subject: PlanSubject, { snapshot }: PlanState): boolean {
  const requote = requotePlan(plan, composePlanRequest(subject, { snapshot, priorityFeePerGas: 0n }))
  if (requote.status === 'failed') return false
  const { legs, purchases } = requote.plan
  return (
    legs.every(({ minimumOut }, index) => isMinimumKept(minimumOut, plan.legs[index]?.minimumOut ?? 0n)) &&
    purchases.every(({ minimumOut }, index) => isMinimumKept(minimumOut, plan.purchases[index]?.minimumOut ?? 0n))
  )
}

/**
 * Holds a review against the plan as it is now. Reviewed bytes go out only while balances and allowances are as they were, fresh
 * minimums, for the same legs and for a fresh plan, lie within 0.1 % of theirs, and their deadline is not near (T-51).
 */
export function judgeReview(
  { plan, snapshot, bundle }: Pick<Review, 'plan' | 'snapshot' | 'bundle'>,
  { subject, now }: { readonly subject: PlanSubject; readonly now: PlanState },
): ReviewVerdict {
  const changes = findPlanChanges({ status: 'planned', plan }, { before: snapshot, after: now.snapshot })
  if (changes.some(({ kind }) => kind === 'balance' || kind === 'allowance')) {
    return { status: 'outdated', failure: 'balanceChanged' }
  }
  if (now.outcome.status !== 'planned') return { status: 'outdated', failure: 'quoteMoved' }
  const isMoved = now.outcome.plan !== plan && isNewReviewNeeded(findMinimumMoves(plan, now.outcome.plan))
  if (isMoved || !isQuoteKept(plan, subject, now)) return { status: 'outdated', failure: 'quoteMoved' }
  return bundle.deadline - now.checkedAt.timestamp < leastSecondsLeft
    ? { status: 'outdated', failure: 'deadlinePassed' }
    : { status: 'stands' }
}
