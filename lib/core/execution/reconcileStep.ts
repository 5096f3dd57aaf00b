import type { Hex } from '../units'
import type { ExecutedCall, StepState } from './execution'
import { type BlockMark, type ChainFact, isSettled, type StepEvent } from './reduceExecution'

/** How far a chain is, and how much of it can no longer be taken back. */
export type ChainHead = BlockMark & {
  /** Unix seconds. */
  readonly timestamp: number
  /** The newest block that is final by the chain's own rule; missing where there is none yet or the node does not say. */
  readonly finalBlock?: { readonly number: bigint; readonly timestamp: number }
}

/** A transaction in a block. */
export type MinedMark = BlockMark & { readonly txHash: Hex }

/** What nodes showed in one look for a transaction that was sent. */
export type TransactionSighting = {
  readonly head: ChainHead
  /** The transaction itself, or one of the account with the very same call: it ran as agreed, or it reverted. */
  readonly own?: MinedMark &
    ({ readonly outcome: 'asAgreed' } | { readonly outcome: 'reverted'; readonly reason: string })
  /** What the account sent under the same nonce instead. */
  readonly taker?: MinedMark & { readonly isCancel: boolean }
  /** The blocks for which no node has had it waiting, while its nonce was unused. */
  readonly missingBlocks: bigint
}

/** What nodes showed in one look for a batch, and what the wallet said of it. */
export type BatchSighting = {
  readonly head: ChainHead
  /** The transaction that shows the swaps, and those that made approvals apart from it. */
  readonly own?: MinedMark & { readonly splitHashes: readonly Hex[] }
  /** A transaction that carried the swap and reverted. */
  readonly reverted?: MinedMark & { readonly reason: string }
  /** Calls that ran although the swap did not; the newest block among theirs. */
  readonly executed?: BlockMark & { readonly calls: readonly ExecutedCall[] }
  /** The wallet gave the batch up, and for several looks nothing of the account was on its way. */
  readonly isGivenUp: boolean
  /** What the account sent under the nonce that the batch was asked for with. */
  readonly taker?: MinedMark & { readonly isCancel: boolean }
}

/** What a look says of a step: an end, or that there is none yet. `isMissing`: no node has had it waiting for several blocks. */
export type StepFact = ChainFact | { readonly type: 'open'; readonly isMissing: boolean }

/** For so many blocks no node must have had a transaction waiting before it is called dropped (T-29). */
const blocksBeforeDropped = 4n

/**
 * What a look shows of a transaction.
 * @param deadline Unix seconds after which the call can only revert, where it has one
 */
export function judgeTransaction(
  { head, own, taker, missingBlocks }: TransactionSighting,
  deadline: number | undefined,
): StepFact {
  if (own !== undefined) {
    const { txHash } = own
    return own.outcome === 'asAgreed'
      ? { type: 'confirmed', txHash, ...markOf(own) }
      : { type: 'reverted', txHash, reason: own.reason, ...markOf(own) }
  }
  if (taker !== undefined) return takenBy(taker)
  if (isOver(head, deadline)) return { type: 'notIncluded', cause: 'expired', ...markOf(head) }
  return { type: 'open', isMissing: missingBlocks >= blocksBeforeDropped }
}

/** What a look shows of a batch. The chain decides; what the wallet says counts only where the chain shows nothing. */
export function judgeBatch(
  { head, own, reverted, executed, isGivenUp, taker }: BatchSighting,
  deadline: number,
): StepFact {
  const isPast = isOver(head, deadline)
  if (own !== undefined) {
    const { txHash, splitHashes } = own
    return { type: 'confirmed', txHash, ...markOf(own), ...(splitHashes.length === 0 ? {} : { splitHashes }) }
  }
  if (executed !== undefined) {
    const rest = isPast || reverted !== undefined ? 'over' : 'mayRun'
    return { type: 'broken', executed: executed.calls, rest, ...markOf(executed) }
  }
  if (reverted !== undefined) {
    return { type: 'reverted', txHash: reverted.txHash, reason: reverted.reason, ...markOf(reverted) }
  }
  if (isPast) return { type: 'notIncluded', cause: 'expired', ...markOf(head) }
  if (!isGivenUp) return { type: 'open', isMissing: false }
  return taker === undefined ? { type: 'notIncluded', cause: 'droppedByWallet', ...markOf(head) } : takenBy(taker)
}

function takenBy(taker: MinedMark & { readonly isCancel: boolean }): ChainFact {
  const cause = taker.isCancel ? 'cancelled' : 'replaced'
  return { type: 'notIncluded', cause, txHash: taker.txHash, ...markOf(taker) }
}

function markOf({ blockNumber, blockHash }: BlockMark): BlockMark {
  return { blockNumber, blockHash }
}

/** True once the chain's own time is past a deadline: then no later block can execute the call. */
function isOver({ timestamp }: ChainHead, deadline: number | undefined): boolean {
  return deadline !== undefined && timestamp > deadline
}

/**
 * What has to happen to a step so that it says what a look showed: nothing where it already does. Before it is final, a state that
 * the chain no longer shows goes back to waiting.
 */
export function reconcileStep(
  state: StepState,
  fact: StepFact,
  { head, deadline }: { readonly head: ChainHead; readonly deadline: number | undefined },
): readonly StepEvent[] {
  if (isSettled(state)) {
    if (state.finality === 'final') return []
    if (fact.type === 'open') return [{ type: 'reorganised' }]
    if (!isSame(state, fact)) return [fact]
    return isFinal(fact, head, deadline) ? [{ type: 'final' }] : []
  }
  if (state.status !== 'awaitingReceipt' && state.status !== 'unresolved') return []
  if (fact.type !== 'open') return [fact]
  const isDropped = state.status === 'unresolved' && state.failure === 'dropped'
  if (isDropped === fact.isMissing) return []
  return fact.isMissing ? [{ type: 'lostTrack', failure: 'dropped' }] : [{ type: 'waitAgain' }]
}

function isSame(state: Extract<StepState, BlockMark>, fact: ChainFact): boolean {
  if (state.status !== fact.type) return false
  // These two are shown by every later block as well as by the first.
  if (state.status === 'notIncluded' && fact.type === 'notIncluded' && fact.txHash === undefined) {
    return state.cause === fact.cause
  }
  const isSameBlock = state.blockHash === fact.blockHash
  switch (fact.type) {
    case 'confirmed':
      return isSameBlock && state.status === 'confirmed' && sameHashes(state.splitHashes, fact.splitHashes)
    case 'broken':
      return (
        isSameBlock &&
        state.status === 'broken' &&
        state.rest === fact.rest &&
        sameHashes(hashesOf(state.executed), hashesOf(fact.executed))
      )
    case 'reverted':
    case 'notIncluded':
      return isSameBlock
  }
}

function hashesOf(calls: readonly ExecutedCall[]): readonly string[] {
  return calls.map(({ callIndex, txHash }) => `${callIndex}:${txHash}`)
}

function sameHashes(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((hash, index) => hash === b[index])
}

function isFinal(fact: ChainFact, { finalBlock }: ChainHead, deadline: number | undefined): boolean {
  if (finalBlock === undefined) return false
  switch (fact.type) {
    case 'confirmed':
    case 'reverted':
      return finalBlock.number >= fact.blockNumber
    case 'notIncluded':
      if (fact.cause === 'droppedByWallet') return false
      return fact.cause === 'expired' ? isPast(finalBlock, deadline) : finalBlock.number >= fact.blockNumber
    case 'broken':
      return fact.rest === 'over' && isPast(finalBlock, deadline) && finalBlock.number >= fact.blockNumber
  }
}

function isPast({ timestamp }: { readonly timestamp: number }, deadline: number | undefined): boolean {
  return deadline === undefined || timestamp > deadline
}
