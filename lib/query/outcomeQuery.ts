import { queryOptions } from '@tanstack/react-query'
import { getTransactionReceipt } from 'viem/actions'
import type { ChainClient } from '@/lib/chain/client'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { readOutcome } from '@/lib/chain/execution/readOutcome'
import type { ExecutionOutcome } from '@/lib/core/execution/outcome'
import type { Hex } from '@/lib/core/units'
import type { SavedRebalance } from '@/lib/storage/rebalanceStore'

/** Whose outcome, and where it is read. */
export type OutcomeRequest = {
  readonly client: ChainClient
  readonly deployment: Deployment
  readonly saved: SavedRebalance
}

/** What a confirmed rebalance brought, read from the chain: in one block it does not change any more. */
export function outcomeQuery({ client, deployment, saved }: OutcomeRequest) {
  const { execution } = saved.record
  const confirmed = execution.steps.flatMap(({ state }) => (state.status === 'confirmed' ? [state] : []))
  const hashes = confirmed.map(({ txHash }) => txHash)
  // After a reorganisation the same transaction may have brought something else, in another block.
  const blocks = confirmed.map(({ blockHash }) => blockHash)
  return queryOptions({
    queryKey: ['outcome', { chainId: execution.chainId, id: execution.id, hashes, blocks }],
    queryFn: async (): Promise<ExecutionOutcome> => {
      const receipts = await Promise.all(hashes.map((hash) => getTransactionReceipt(client, { hash })))
      const receipt = receipts.at(-1)
      if (receipt === undefined) throw new Error('Nothing was confirmed yet.')
      return readOutcome(client, { receipt, plan: saved.plan, deployment, earlierReceipts: receipts.slice(0, -1) })
    },
    enabled: hashes.length === execution.steps.length,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 3,
    networkMode: 'always',
  })
}

/** Wei that a mined transaction paid for gas, whether it succeeded or not. */
export function gasPaidQuery({ client, hash }: { readonly client: ChainClient; readonly hash: Hex | undefined }) {
  return queryOptions({
    queryKey: ['gasPaid', { chainId: client.chain.id, hash }],
    queryFn: async (): Promise<bigint> => {
      if (hash === undefined) return 0n
      const { gasUsed, effectiveGasPrice } = await getTransactionReceipt(client, { hash })
      return gasUsed * effectiveGasPrice
    },
    enabled: hash !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 3,
    networkMode: 'always',
  })
}
