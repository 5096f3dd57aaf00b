import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address } from '@/lib/core/units'
import type { PlanState, planKey } from '@/lib/query/planQuery'

type PlanOwner = { readonly account: Address; readonly chainId: number } | undefined

function findKnownPlan(queries: QueryClient, owner: PlanOwner): RebalancePlan | undefined {
  if (owner === undefined) return undefined
  const known = queries.getQueriesData<PlanState>({ queryKey: ['plan'] }).flatMap(([key, state]) => {
    const [, subject] = key as ReturnType<typeof planKey>
    const isOwn = subject.account === owner.account.toLowerCase() && subject.chainId === owner.chainId
    return isOwn && state?.outcome.status === 'planned'
      ? [{ plan: state.outcome.plan, checkedAtMs: state.checkedAtMs }]
      : []
  })
  return known.sort((a, b) => b.checkedAtMs - a.checkedAtMs)[0]?.plan
}

/** The newest plan of an account that this page has made already, as it was when the screen was opened. None is made for it. */
export function useKnownPlan(owner: PlanOwner): RebalancePlan | undefined {
  const queries = useQueryClient()
  const [plan] = useState(() => findKnownPlan(queries, owner))
  return plan
}
