import type { Sellable } from './composeRouting'
import type { Leg, PlanPart, ProjectedPosition, Purchase, RouterName, Skipped, Spending } from './plan'
import type { Unplanned } from './planContext'
import type { ExactDrift } from './projectPositions'
import type { RoutedTrades, SolveFlow } from './routedTrades'
import type { Limits } from './selectTrades'

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
