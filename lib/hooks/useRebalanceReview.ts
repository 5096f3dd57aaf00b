import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type PlanSubject, readPlanNow } from '@/lib/query/planQuery'
import { type Review, readReview } from '@/lib/query/readReview'

/** Makes a review of the plan as it is now; nothing where there is no plan any more. */
export function useRebalanceReview(subject: PlanSubject) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (): Promise<Review | undefined> => {
      const state = await readPlanNow(queries, subject)
      if (state.outcome.status !== 'planned') return undefined
      const { client, deployment, rung } = subject
      const { plan } = state.outcome
      return readReview(client, { plan, snapshot: state.snapshot, rung, simulatedAt: state.checkedAt, deployment })
    },
  })
}
