import { queryOptions } from '@tanstack/react-query'
import { type Client, TransactionReceiptNotFoundError } from 'viem'
import { getBlock, getTransactionReceipt } from 'viem/actions'
import type { ChainClient } from '@/lib/chain/client'
import { toAppError } from '@/lib/chain/toAppError'
import type { Receipt } from '@/lib/core/activity/receipt'
import type { Hex } from '@/lib/core/units'

/** What the chain says of a transaction now. */
export type Standing =
  /** In a block that the chain does not take back any more. */
  | { readonly status: 'final'; readonly blockNumber: bigint }
  | { readonly status: 'included'; readonly blockNumber: bigint }
  | { readonly status: 'reverted'; readonly blockNumber: bigint }
  /** The chain does not show it: undone by a reorganisation, or of another run of a local chain. */
  | { readonly status: 'missing' }

/** By transaction. */
export type Standings = ReadonlyMap<Hex, Standing>

type Recorded = Pick<Receipt, 'txHash'>

/**
 * Asks the chain what it says of recorded transactions.
 * @throws {AppError} when the node cannot be reached
 */
export async function readStandings(client: Client, receipts: readonly Recorded[]): Promise<Standings> {
  const [finalBlock, found] = await Promise.all([
    // Not every chain names its final block: then nothing is called final.
    getBlock(client, { blockTag: 'finalized' }).then(
      ({ number }) => number,
      () => undefined,
    ),
    Promise.all(receipts.map(({ txHash }) => findReceipt(client, txHash))),
  ])
  return new Map(
    found.map((receipt, index): readonly [Hex, Standing] => {
      const txHash = receipts[index]?.txHash ?? '0x'
      if (receipt === undefined) return [txHash, { status: 'missing' }]
      const { blockNumber } = receipt
      if (receipt.status === 'reverted') return [txHash, { status: 'reverted', blockNumber }]
      const isFinal = finalBlock !== undefined && blockNumber <= finalBlock
      return [txHash, { status: isFinal ? 'final' : 'included', blockNumber }]
    }),
  )
}

async function findReceipt(client: Client, hash: Hex) {
  try {
    return await getTransactionReceipt(client, { hash })
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined
    throw toAppError(error)
  }
}

const freshMs = 30_000

/** What the chain says of recorded transactions now. */
export function standingQuery({ client, receipts }: { client: ChainClient; receipts: readonly Recorded[] }) {
  const hashes = receipts.map(({ txHash }) => txHash)
  return queryOptions({
    queryKey: ['standing', { chainId: client.chain.id, hashes }],
    queryFn: () => readStandings(client, receipts),
    enabled: hashes.length > 0,
    staleTime: freshMs,
    refetchOnWindowFocus: true,
    retry: 1,
    networkMode: 'always',
    structuralSharing: false,
    placeholderData: (previous: Standings | undefined) => previous,
  })
}
