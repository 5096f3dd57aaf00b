import type { PlanFile } from '@/lib/core/certificate/planFile'
import type { FrontierPlan, PlanOutcome, RouterName } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { Address } from '@/lib/core/units'

/** Addresses of the contracts that execute plans. */
export type RouterAddresses = Readonly<Record<RouterName, Address>>

/** Something that the planner's thread works out. */
export type PlannerJob =
  | { readonly kind: 'plan'; readonly id: number; readonly request: PlanRequest }
  | { readonly kind: 'frontier'; readonly id: number; readonly request: PlanRequest }
  | { readonly kind: 'export'; readonly id: number; readonly request: PlanRequest; readonly routers: RouterAddresses }

/** What the page asks of the planner. */
export type PlannerRequest = PlannerJob | { readonly kind: 'cancel'; readonly id: number }

/** What the planner answers. A cancelled request has no answer. */
export type PlannerResponse =
  | { readonly kind: 'planned'; readonly id: number; readonly outcome: PlanOutcome; readonly elapsedMs: number }
  | {
      readonly kind: 'frontier'
      readonly id: number
      readonly plans: readonly FrontierPlan[]
      readonly elapsedMs: number
    }
  /** Without a file where there is no plan. */
  | { readonly kind: 'exported'; readonly id: number; readonly file?: PlanFile }
  | { readonly kind: 'failed'; readonly id: number; readonly name: string; readonly message: string }
