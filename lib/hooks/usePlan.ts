import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { type PlanState, type PlanSubject, planQuery } from '@/lib/query/planQuery'

/**
 * The plan of a subject, kept fresh while it is looked at.
 * @param meanwhile stands where another plan stood, until this subject's own is made
 */
export function usePlan(subject: PlanSubject, meanwhile?: RebalancePlan) {
  // The same function as long as it says the same: another one would be another answer to draw.
  const placeholderData = useCallback(
    (previous: PlanState | undefined): PlanState | undefined =>
      previous === undefined || meanwhile === undefined
        ? undefined
        : { ...previous, outcome: { status: 'planned', plan: meanwhile }, renewal: undefined },
    [meanwhile],
  )
  return useQuery({ ...planQuery(subject), placeholderData })
}
