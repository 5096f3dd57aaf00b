import { useQuery } from '@tanstack/react-query'
import type { ChainClient } from '@/lib/chain/client'
import type { Receipt } from '@/lib/core/activity/receipt'
import { standingQuery } from '@/lib/query/activityStandingQuery'

/** What the chain says of recorded transactions now. */
export function useStandings(client: ChainClient, receipts: readonly Receipt[]) {
  return useQuery(standingQuery({ client, receipts }))
}
