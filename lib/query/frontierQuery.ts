import { queryOptions } from '@tanstack/react-query'
import type { FrontierPlan } from '@/lib/core/rebalance/plan'
import { plannerClient } from '@/lib/workers/plannerClient'
import { composePlanRequest, type PlanSubject, planKey, planQuery, planRefreshMs } from './planQuery'

/** How soon the frontier follows a plan that was made again. Nothing is read for it. */
const followMs = 5_000

/**
 * The frontier of a subject: plans from the fewest legs to the planner's own choice, made at the same moment as its plan, and again only
 * when that was. What the subject says of a number of legs does not count. Empty where there is no plan.
 */
export function frontierQuery({ maxLegs: _, ...subject }: PlanSubject) {
  const [, subjectKey] = planKey(subject)
  const queryKey = ['frontier', subjectKey] as const
  return queryOptions({
    queryKey,
    queryFn: async ({ client: queries, signal }): Promise<readonly FrontierPlan[]> => {
      const state = await queries.fetchQuery({ ...planQuery(subject), staleTime: planRefreshMs })
      if (state.outcome.status !== 'planned') return []
      const previous = queries.getQueryData<readonly FrontierPlan[]>(queryKey)
      if (previous?.at(-1)?.plan.block.hash === state.outcome.plan.block.hash) return previous
      const { plans } = await plannerClient().frontier(composePlanRequest(subject, state), signal)
      return plans
    },
    staleTime: followMs,
    refetchInterval: followMs,
    retry: false,
    networkMode: 'always',
    structuralSharing: false,
    gcTime: 60_000,
  })
}
