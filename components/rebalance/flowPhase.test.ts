import { describe, expect, test } from 'vitest'
import type { Execution, StepState } from '@/lib/core/execution/execution'
import { isReviewOutdatedBy, isVoid, selectPhase, selectUnsentFailure } from './flowPhase'

const id = { kind: 'transaction', hash: '0x01' } as const
const inBlock = { blockNumber: 7n, blockHash: '0x0b', finality: 'included' } as const
const confirmed: StepState = { status: 'confirmed', id, txHash: '0x01', ...inBlock }

const executionOf = (...states: readonly StepState[]): Execution => ({
  id: 'one',
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chainId: 31337,
  rung: 'approveThenSwap',
  bundleHash: '0x02',
  deadline: 600,
  steps: states.map((state, index) => ({ kind: index === states.length - 1 ? 'swap' : 'approval', state })),
})

describe('selectPhase', () => {
  test('default', () => {
    expect(selectPhase({ execution: undefined, hasReview: false })).toBe('plan')
    expect(selectPhase({ execution: undefined, hasReview: true })).toBe('review')
  })

  test('behaviour: what was sent or asked stays on the screen, whatever else is there', () => {
    const shown = [
      executionOf({ status: 'awaitingSignature' }),
      executionOf({ status: 'awaitingReceipt', id }),
      executionOf({ status: 'unresolved', id, failure: 'timeout' }),
      executionOf({ status: 'reverted', id, txHash: '0x01', reason: 'Too little received', ...inBlock }),
      executionOf(confirmed, { status: 'unsent', failure: 'rejected' }),
      executionOf(confirmed, { status: 'idle' }),
      executionOf({ status: 'held', waiting: { nonce: 3, order: 'before' } }, { status: 'idle' }),
      executionOf({ status: 'broken', id, executed: [], rest: 'over', ...inBlock }),
      executionOf({ status: 'notIncluded', id, cause: 'cancelled', ...inBlock }),
    ].map((execution) => selectPhase({ execution, hasReview: true }))
    expect(new Set(shown)).toEqual(new Set(['execution']))
  })

  test('behaviour: what was never sent leads back to the review', () => {
    const execution = executionOf({ status: 'unsent', failure: 'rejected' }, { status: 'idle' })
    expect(isVoid(execution)).toBe(true)
    expect(selectPhase({ execution, hasReview: true })).toBe('review')
    expect(selectUnsentFailure(execution)).toBe('rejected')
  })

  test('behaviour: what is held back waits for a word of the person, and is not the failure of an end', () => {
    const execution = executionOf({ status: 'held', waiting: { nonce: 3, order: 'after' } })
    expect(isVoid(execution)).toBe(false)
    expect(selectUnsentFailure(execution)).toBeUndefined()
  })

  test('behaviour: a block that the chain takes back leads from the receipt to the waiting', () => {
    const undone = executionOf({ status: 'awaitingReceipt', id })
    expect(selectPhase({ execution: undone, hasReview: false })).toBe('execution')
  })

  test('behaviour: all confirmed is the receipt', () => {
    expect(selectPhase({ execution: executionOf(confirmed, confirmed), hasReview: true })).toBe('receipt')
  })
})

describe('selectUnsentFailure', () => {
  test('default', () => {
    expect(selectUnsentFailure(undefined)).toBeUndefined()
    expect(selectUnsentFailure(executionOf(confirmed, { status: 'unsent', failure: 'rejected' }))).toBeUndefined()
  })
})

describe('isReviewOutdatedBy', () => {
  test('default', () => {
    expect(isReviewOutdatedBy('quoteMoved')).toBe(true)
    expect(isReviewOutdatedBy('rejected')).toBe(false)
  })
})
