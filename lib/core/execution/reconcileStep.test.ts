import { describe, expect, test } from 'vitest'
import type { Hex } from '../units'
import type { SentId, StepState } from './execution'
import {
  type BatchSighting,
  type ChainHead,
  judgeBatch,
  judgeTransaction,
  reconcileStep,
  type StepFact,
} from './reconcileStep'

const hash = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`
const head: ChainHead = {
  blockNumber: 20n,
  blockHash: hash(20),
  timestamp: 600,
  finalBlock: { number: 12n, timestamp: 500 },
}
const mark = { blockNumber: 13n, blockHash: hash(13) }
const mined = { txHash: hash(1), ...mark }
const id: SentId = { kind: 'transaction', hash: hash(1) }
const deadline = 600

describe('judgeTransaction', () => {
  const quiet = { head, missingBlocks: 0n }

  test('default', () => {
    const own = { ...mined, outcome: 'asAgreed' } as const
    expect(judgeTransaction({ ...quiet, own }, deadline)).toEqual({ type: 'confirmed', ...mined })
  })

  test('behaviour: a revert keeps its reason', () => {
    const own = { ...mined, outcome: 'reverted', reason: 'STF' } as const
    expect(judgeTransaction({ ...quiet, own }, deadline)).toEqual({ type: 'reverted', reason: 'STF', ...mined })
  })

  test.each([
    [true, 'cancelled'],
    [false, 'replaced'],
  ])('behaviour: F-21 F-22 its nonce went elsewhere, to nothing: %s', (isCancel, cause) => {
    const taker = { ...mined, isCancel }
    expect(judgeTransaction({ ...quiet, taker }, deadline)).toEqual({ type: 'notIncluded', cause, ...mined })
  })

  test('behaviour: F-23 T-29 missing for four blocks, not for three', () => {
    const missing = (missingBlocks: bigint) => judgeTransaction({ head, missingBlocks }, undefined)
    expect(missing(3n)).toEqual({ type: 'open', isMissing: false })
    expect(missing(4n)).toEqual({ type: 'open', isMissing: true })
  })

  test('behaviour: over once the time is past the deadline, not at it', () => {
    expect(judgeTransaction(quiet, deadline)).toEqual({ type: 'open', isMissing: false })
    const expired = { type: 'notIncluded', cause: 'expired', blockNumber: 20n, blockHash: hash(20) }
    expect(judgeTransaction(quiet, deadline - 1)).toEqual(expired)
    expect(judgeTransaction(quiet, undefined)).toEqual({ type: 'open', isMissing: false })
  })

  test('behaviour: what ran counts more than the deadline', () => {
    const own = { ...mined, outcome: 'asAgreed' } as const
    expect(judgeTransaction({ ...quiet, own }, 1)).toMatchObject({ type: 'confirmed' })
  })
})

describe('judgeBatch', () => {
  const quiet: BatchSighting = { head, isGivenUp: false }
  const calls = [{ callIndex: 0, txHash: hash(1) }]
  const executed = { calls, ...mark }
  const reverted = { ...mined, reason: 'STF' }

  test('default', () => {
    const own = { ...mined, splitHashes: [] }
    expect(judgeBatch({ ...quiet, own }, deadline)).toEqual({ type: 'confirmed', ...mined })
  })

  test('behaviour: F-13 approvals apart from it are named', () => {
    const own = { ...mined, splitHashes: [hash(2)] }
    expect(judgeBatch({ ...quiet, own }, deadline)).toEqual({ type: 'confirmed', splitHashes: [hash(2)], ...mined })
  })

  test.each([
    [{ executed }, deadline, 'mayRun'],
    [{ executed }, deadline - 1, 'over'],
    [{ executed, reverted }, deadline, 'over'],
  ])('behaviour: F-13 broken, %#', (seen, until, rest) => {
    expect(judgeBatch({ ...quiet, ...seen }, until)).toEqual({ type: 'broken', executed: calls, rest, ...mark })
  })

  test('behaviour: reverted, expired, given up, nothing', () => {
    expect(judgeBatch({ ...quiet, reverted }, deadline)).toEqual({ type: 'reverted', reason: 'STF', ...mined })
    expect(judgeBatch(quiet, deadline - 1)).toMatchObject({ type: 'notIncluded', cause: 'expired', blockNumber: 20n })
    expect(judgeBatch({ ...quiet, isGivenUp: true }, deadline)).toMatchObject({ cause: 'droppedByWallet' })
    const taker = { ...mined, isCancel: true }
    expect(judgeBatch({ ...quiet, isGivenUp: true, taker }, deadline)).toMatchObject({ cause: 'cancelled' })
    expect(judgeBatch({ ...quiet, taker }, deadline)).toEqual({ type: 'open', isMissing: false })
  })
})

describe('reconcileStep', () => {
  const around = { head, deadline }
  const awaiting: StepState = { status: 'awaitingReceipt', id }
  const dropped: StepState = { status: 'unresolved', id, failure: 'dropped' }
  const included = { ...mark, finality: 'included' } as const
  const confirmed: StepState = { status: 'confirmed', id, txHash: hash(1), ...included }
  const open = (isMissing: boolean): StepFact => ({ type: 'open', isMissing })
  const asConfirmed: StepFact = { type: 'confirmed', ...mined }

  test('default', () => {
    expect(reconcileStep(awaiting, asConfirmed, around)).toEqual([asConfirmed])
    expect(reconcileStep(confirmed, asConfirmed, around)).toEqual([])
    expect(reconcileStep({ status: 'idle' }, asConfirmed, around)).toEqual([])
    expect(reconcileStep({ status: 'awaitingSignature' }, asConfirmed, around)).toEqual([])
  })

  test('behaviour: T-30 gone from the chain is taken back; another block is another word; deep enough is final', () => {
    expect(reconcileStep(confirmed, open(false), around)).toEqual([{ type: 'reorganised' }])
    const elsewhere: StepFact = { ...asConfirmed, blockHash: hash(14) }
    expect(reconcileStep(confirmed, elsewhere, around)).toEqual([elsewhere])
    const deep = { head: { ...head, finalBlock: { number: 13n, timestamp: 500 } }, deadline }
    expect(reconcileStep(confirmed, asConfirmed, deep)).toEqual([{ type: 'final' }])
    expect(reconcileStep({ ...confirmed, finality: 'final' }, open(false), deep)).toEqual([])
    const { finalBlock: _, ...unknown } = head
    expect(reconcileStep(confirmed, asConfirmed, { head: unknown, deadline })).toEqual([])
  })

  test('behaviour: T-29 dropped, and known again', () => {
    expect(reconcileStep(awaiting, open(true), around)).toEqual([{ type: 'lostTrack', failure: 'dropped' }])
    expect(reconcileStep(dropped, open(true), around)).toEqual([])
    expect(reconcileStep(dropped, open(false), around)).toEqual([{ type: 'waitAgain' }])
    expect(reconcileStep(awaiting, open(false), around)).toEqual([])
    const lost: StepState = { status: 'unresolved', id, failure: 'timeout' }
    expect(reconcileStep(lost, open(false), around)).toEqual([])
    expect(reconcileStep(lost, open(true), around)).toEqual([{ type: 'lostTrack', failure: 'dropped' }])
  })

  test.each(['expired', 'droppedByWallet'] as const)('behaviour: %s is shown by every later block', (cause) => {
    const state: StepState = { status: 'notIncluded', id, cause, ...included }
    const fact: StepFact = { type: 'notIncluded', cause, blockNumber: 20n, blockHash: hash(20) }
    expect(reconcileStep(state, fact, around)).toEqual([])
    const later = { head: { ...head, finalBlock: { number: 19n, timestamp: 601 } }, deadline }
    expect(reconcileStep(state, fact, later)).toEqual(cause === 'expired' ? [{ type: 'final' }] : [])
    const other: StepFact = { ...fact, cause: cause === 'expired' ? 'droppedByWallet' : 'expired' }
    expect(reconcileStep(state, other, around)).toEqual([other])
  })

  test('behaviour: F-21 a nonce that went elsewhere is final with the block that shows it', () => {
    const state: StepState = { status: 'notIncluded', id, cause: 'cancelled', txHash: hash(2), ...included }
    const fact: StepFact = { type: 'notIncluded', cause: 'cancelled', txHash: hash(2), ...mark }
    expect(reconcileStep(state, fact, around)).toEqual([])
    const deep = { head: { ...head, finalBlock: { number: 13n, timestamp: 1 } }, deadline }
    expect(reconcileStep(state, fact, deep)).toEqual([{ type: 'final' }])
    const elsewhere: StepFact = { ...fact, blockHash: hash(14) }
    expect(reconcileStep(state, elsewhere, around)).toEqual([elsewhere])
  })

  test('behaviour: F-13 what a wallet broke is final when no more of it can run', () => {
    const executed = [{ callIndex: 0, txHash: hash(1) }]
    const state: StepState = { status: 'broken', id, executed, rest: 'over', ...included }
    const fact: StepFact = { type: 'broken', executed, rest: 'over', ...mark }
    const deep = (timestamp: number) => ({ head: { ...head, finalBlock: { number: 13n, timestamp } }, deadline })
    expect(reconcileStep(state, fact, around)).toEqual([])
    expect(reconcileStep(state, fact, deep(600))).toEqual([])
    expect(reconcileStep(state, fact, deep(601))).toEqual([{ type: 'final' }])
    const running: StepState = { ...state, rest: 'mayRun' }
    expect(reconcileStep(running, fact, around)).toEqual([fact])
    expect(reconcileStep(running, { ...fact, rest: 'mayRun' }, deep(601))).toEqual([])
    const more: StepFact = { ...fact, executed: [...executed, { callIndex: 1, txHash: hash(2) }] }
    expect(reconcileStep(state, more, around)).toEqual([more])
    const others: StepFact = { ...fact, executed: [{ callIndex: 1, txHash: hash(1) }] }
    expect(reconcileStep(state, others, around)).toEqual([others])
  })

  test('behaviour: a transaction that is seen to have been split is said again', () => {
    const split: StepFact = { ...asConfirmed, splitHashes: [hash(5)] }
    expect(reconcileStep(confirmed, split, around)).toEqual([split])
    expect(reconcileStep({ ...confirmed, splitHashes: [hash(5)] }, split, around)).toEqual([])
  })

  test('behaviour: a revert that another branch turned into a success', () => {
    const reverted: StepState = { status: 'reverted', id, txHash: hash(1), reason: 'STF', ...included }
    expect(reconcileStep(reverted, asConfirmed, around)).toEqual([asConfirmed])
    const fact: StepFact = { type: 'reverted', reason: 'STF', ...mined }
    expect(reconcileStep(reverted, fact, around)).toEqual([])
    const deep = { head: { ...head, finalBlock: { number: 13n, timestamp: 1 } }, deadline }
    expect(reconcileStep(reverted, fact, deep)).toEqual([{ type: 'final' }])
  })
})
