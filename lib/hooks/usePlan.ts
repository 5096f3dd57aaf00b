import { useQuery } from '@tanstack/react-query'
import { type PlanSubject, planQuery } from '@/lib/query/planQuery'

/** The plan of a subject, kept fresh while it is looked at. */
export function usePlan(subject: PlanSubject) {
  return useQuery(planQuery(subject))
}
