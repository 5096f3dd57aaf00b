import { queryOptions } from '@tanstack/react-query'
import { estimateMaxPriorityFeePerGas } from 'viem/actions'
import type { ChainClient } from '@/lib/chain/client'

/** Where a node has no opinion: 0.1 gwei. */
const usualPriorityFee = 10n ** 8n

/** Wei per unit of gas for whoever builds the block, as the node advises. It moves slowly. */
export function priorityFeeQuery(client: ChainClient) {
  return queryOptions({
    queryKey: ['priorityFee', { chainId: client.chain.id }],
    queryFn: () => estimateMaxPriorityFeePerGas(client).catch(() => usualPriorityFee),
    staleTime: 60_000,
    networkMode: 'always',
  })
}
