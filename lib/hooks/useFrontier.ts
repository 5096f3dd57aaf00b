import { useQuery } from '@tanstack/react-query'
import { frontierQuery } from '@/lib/query/frontierQuery'
import type { PlanSubject } from '@/lib/query/planQuery'

/** A subject's plans from the fewest trades to the planner's own choice. */
export function useFrontier(subject: PlanSubject) {
  return useQuery(frontierQuery(subject))
}
