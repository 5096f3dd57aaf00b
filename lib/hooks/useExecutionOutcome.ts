import { useQuery } from '@tanstack/react-query'
import { type OutcomeRequest, outcomeQuery } from '@/lib/query/outcomeQuery'

/** What a confirmed rebalance brought, read from the chain. */
export function useExecutionOutcome(request: OutcomeRequest) {
  return useQuery(outcomeQuery(request))
}
