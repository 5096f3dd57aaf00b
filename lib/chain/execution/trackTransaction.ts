import type { Client, TransactionReceipt } from 'viem'
import { getTransactionCount } from 'viem/actions'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { Call } from '@/lib/core/bundle'
import type { ExecutionFailure, ExecutionStep, NotIncludedCause } from '@/lib/core/execution/execution'
import type { Address, Hex } from '@/lib/core/units'
import { readHead } from './chainHead'
import { findReceipt } from './chainReads'
import { openTransactionLook } from './lookAtTransaction'
import { type Patience, pollUntil } from './patience'

/** What became of a transaction, according to the chain. */
export type Tracked =
  | { readonly status: 'included'; readonly receipt: TransactionReceipt }
  | { readonly status: 'notIncluded'; readonly cause: NotIncludedCause }
  | { readonly status: 'unresolved'; readonly failure: ExecutionFailure }

/**
 * Waits for a transaction that belongs to no execution, such as a revoke: by its hash, and by its nonce should it have been sped up
 * (same call under another hash: included) or replaced by something else (never included).
 * @throws {TrackingStoppedError} when the signal stops the waiting
 */
export async function trackTransaction(
  client: Client,
  {
    hash,
    account,
    call,
    ...patience
  }: { readonly hash: Hex; readonly account: Address; readonly call: Call } & Patience,
): Promise<Tracked> {
  const look = openTransactionLook(client, { account, call, effect: { kind: 'call' }, deadline: undefined }, undefined)
  let step: ExecutionStep = {
    kind: 'approval',
    state: { status: 'awaitingReceipt', id: { kind: 'transaction', hash } },
  }
  const ask = async (): Promise<Tracked | undefined> => {
    const head = await readHead(client)
    if (step.request === undefined) {
      const nonce = await getTransactionCount(client, { address: account, blockTag: 'latest' })
      step = { ...step, request: { nonce, blockNumber: head.blockNumber, callsHash: hash } }
    }
    const { fact, nonce } = await look(step, head)
    if (nonce !== undefined) step = { ...step, nonce }
    switch (fact.type) {
      case 'confirmed':
      case 'reverted': {
        const receipt = await findReceipt(client, fact.txHash)
        return receipt === undefined ? undefined : { status: 'included', receipt }
      }
      case 'notIncluded':
        return { status: 'notIncluded', cause: fact.cause }
      case 'broken':
      case 'open':
        return undefined
    }
  }
  const { answer, ...waited } = await pollUntil(ask, patience)
  if (answer !== undefined) return answer
  const error = 'error' in waited ? waited.error : undefined
  return { status: 'unresolved', failure: error === undefined ? 'timeout' : toExecutionFailure(error) }
}
