import { useQuery } from '@tanstack/react-query'
import type { PlanSubject } from '@/lib/query/planQuery'
import { snapshotQuery } from '@/lib/query/snapshotQuery'

/** What an account holds as it was last read for whatever else is on the screen; nothing is read for it. */
export function useKnownSnapshot({
  deployment,
  account,
  client,
}: Pick<PlanSubject, 'deployment' | 'account' | 'client'>) {
  return useQuery({ ...snapshotQuery({ chainId: deployment.chainId, account, client }), enabled: false }).data
}
