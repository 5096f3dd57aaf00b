import type { Client, TransactionReceipt } from 'viem'
import { getBlock, getTransactionCount } from 'viem/actions'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { Call } from '@/lib/core/bundle'
import type { ExecutionFailure, NotIncludedCause, StepRequest } from '@/lib/core/execution/execution'
import type { Address, Hex } from '@/lib/core/units'
import { findNonce, findReceipt, listTransactions } from './chainReads'
import { type Patience, pollUntil } from './patience'

/** What became of something that was sent, according to the chain. */
export type Tracked =
  | { readonly status: 'included'; readonly receipt: TransactionReceipt }
  | { readonly status: 'notIncluded'; readonly cause: NotIncludedCause }
  | { readonly status: 'unresolved'; readonly failure: ExecutionFailure }

/**
 * Waits for a transaction by its hash, and by its nonce should it have been sped up (same call under another hash: included) or
 * replaced by something else (never included).
 * @param deadline Unix seconds after which the call can only revert, where it has one
 * @throws {TrackingStoppedError} when the signal stops the waiting
 */
export async function trackTransaction(
  client: Client,
  {
    hash,
    account,
    call,
    request,
    deadline,
    ...patience
  }: {
    readonly hash: Hex
    readonly account: Address
    readonly call: Call
    readonly request?: StepRequest | undefined
    readonly deadline?: number
  } & Patience,
): Promise<Tracked> {
  let nonce: number | undefined
  let overtakenPolls = 0
  const ask = async (): Promise<Tracked | undefined> => {
    const [receipt, seenNonce] = await Promise.all([findReceipt(client, hash), nonce ?? findNonce(client, hash)])
    nonce = seenNonce
    if (receipt !== undefined) return { status: 'included', receipt }
    const next = await getTransactionCount(client, { address: account, blockTag: 'latest' })
    if (request === undefined || next <= (nonce ?? request.nonce)) return undefined
    // The nonce is used up. A node may show that a moment before it shows the receipt: look twice more.
    overtakenPolls += 1
    if (overtakenPolls < 3) return undefined
    const mined = await listTransactions(client, { account, call, fromBlock: request.blockNumber })
    const same = mined.find(({ isSameCall }) => isSameCall)
    const other = same === undefined ? undefined : await findReceipt(client, same.hash)
    if (other !== undefined) return { status: 'included', receipt: other }
    const isReplaced = nonce !== undefined && mined.some((transaction) => transaction.nonce === nonce)
    return isReplaced ? { status: 'notIncluded', cause: 'replaced' } : undefined
  }
  const { answer, ...ended } = await pollUntil(ask, patience)
  if (answer !== undefined) return answer
  if ('error' in ended && ended.error !== undefined) {
    return { status: 'unresolved', failure: toExecutionFailure(ended.error) }
  }
  return (await isPast(client, deadline))
    ? { status: 'notIncluded', cause: 'expired' }
    : { status: 'unresolved', failure: 'timeout' }
}

/** True once the chain's own time is past a deadline: then no block can execute the call any more. */
export async function isPast(client: Client, deadline: number | undefined): Promise<boolean> {
  if (deadline === undefined) return false
  const timestamp = await getBlock(client).then(
    (block) => block.timestamp,
    () => undefined,
  )
  return timestamp !== undefined && timestamp > BigInt(deadline)
}
