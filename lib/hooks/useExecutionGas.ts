import { useQuery } from '@tanstack/react-query'
import type { ChainClient } from '@/lib/chain/client'
import type { Hex } from '@/lib/core/units'
import { gasPaidQuery } from '@/lib/query/outcomeQuery'

/** Wei that a mined transaction paid for gas. */
export function useExecutionGas(client: ChainClient, hash: Hex | undefined) {
  return useQuery(gasPaidQuery({ client, hash }))
}
