import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'

/** What the page asks of the planner. */
export type PlannerRequest =
  | { readonly kind: 'plan'; readonly id: number; readonly request: PlanRequest }
  | { readonly kind: 'cancel'; readonly id: number }

/** What the planner answers. A cancelled request has no answer. */
export type PlannerResponse =
  | { readonly kind: 'planned'; readonly id: number; readonly outcome: PlanOutcome; readonly elapsedMs: number }
  | { readonly kind: 'failed'; readonly id: number; readonly name: string; readonly message: string }
