import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import type { RoutingViolation } from '../routing/verify'
import { assertNever } from '../units'
import type { ExactViolation } from './exactPlan'

/** One thing that a plan file says and that is not so. */
export interface PlanViolation {
  readonly kind:
    | RoutingViolation['kind']
    | ExactViolation['kind']
    | 'underpaid'
    | 'wrongWeight'
    | 'wrongValueBefore'
    | 'wrongGap'
    | 'wrongScale'
    | 'wrongDistance'
    | 'withinReach'
    | 'wrongChecksum'
  /** Where in the file. */
  readonly field: string
  readonly said: number | string | null
  /** What it is instead; null where nothing would be right. */
  readonly is: number | string | null
}

/** JSON knows no NaN. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** A violation of the solution as a place in the file. */
export function toPlanViolation(
  violation: RoutingViolation,
  problem: RoutingProblem,
  plan: RoutingSolution,
): PlanViolation {
  const { kind } = violation
  const pools = plan.trades.map(({ pool }) => pool)
  const tokenAt = (id: string) => problem.tokens.findIndex((token) => token.id === id)
  switch (violation.kind) {
    case 'unknownPool':
      return { kind, field: `plan.trades[${pools.indexOf(violation.pool)}].pool`, said: violation.pool, is: null }
    case 'poolUsedTwice':
      return { kind, field: `plan.trades[${pools.lastIndexOf(violation.pool)}].pool`, said: violation.pool, is: null }
    case 'wrongTokens': {
      const at = pools.indexOf(violation.pool)
      const trade = plan.trades[at]
      const pair = problem.pools.find(({ id }) => id === violation.pool)?.tokens
      return {
        kind,
        field: `plan.trades[${at}].sell`,
        said: `${trade?.sell} to ${trade?.buy}`,
        is: pair?.join(', ') ?? null,
      }
    }
    case 'notAnAmount':
    case 'beyondLiquidity': {
      const at = pools.indexOf(violation.pool)
      return { kind, field: `plan.trades[${at}].amountIn`, said: plan.trades[at]?.amountIn ?? null, is: null }
    }
    case 'overpaid': {
      const field = `plan.trades[${pools.indexOf(violation.pool)}].amountOut`
      return { kind, field, said: violation.said, is: orNull(violation.pays) }
    }
    case 'tooManyCalls':
      return { kind, field: 'plan.trades', said: violation.calls, is: problem.maxPoolCalls ?? null }
    case 'oversold':
      return { kind, field: 'plan.trades', said: violation.token, is: orNull(violation.holding) }
    case 'wrongHolding': {
      const field = `plan.after[${tokenAt(violation.token)}].holding`
      return { kind, field, said: orNull(violation.said), is: orNull(violation.is) }
    }
    case 'outOfBand': {
      const at = tokenAt(violation.token)
      const { lower = 0, upper = 1 } = problem.tokens[at] ?? {}
      return { kind, field: `plan.after[${at}].weight`, said: orNull(violation.weight), is: `${lower} to ${upper}` }
    }
    case 'wrongValue':
      return { kind, field: 'plan.value', said: violation.said, is: orNull(violation.is) }
    case 'wrongGasCost':
      return { kind, field: 'plan.gasCost', said: violation.said, is: orNull(violation.is) }
    case 'wrongBound':
      return { kind, field: 'plan.bound', said: violation.said, is: orNull(violation.is) }
    case 'boundBelowValue':
      return { kind, field: 'plan.bound', said: violation.bound, is: violation.value }
    default:
      return assertNever(violation)
  }
}
