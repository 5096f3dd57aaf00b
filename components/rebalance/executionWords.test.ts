import { describe, expect, test } from 'vitest'
import { executionFailures } from '@/lib/core/execution/execution'
import { announceStep, describeApproval, describeFailure, describeStep, describeStepState } from './executionWords'
import { everyState, id, inBlock } from './testing/exampleStates'

describe('describeFailure', () => {
  test('default', () => {
    expect(describeFailure('wrongChain', { chainName: 'Local chain' })).toMatchObject({
      code: 'wrongChain',
      tone: 'warn',
      body: 'Nothing was sent. Switch it to Local chain, then go on.',
    })
  })

  test('behaviour: a no in the wallet is neutral', () => {
    expect(describeFailure('rejected', { chainName: 'X' })).toMatchObject({
      tone: 'neutral',
      title: 'You cancelled. Nothing was sent.',
    })
  })

  test('behaviour: once an approval was made, nothing is called unsent', () => {
    for (const failure of executionFailures) {
      const { title, body } = describeFailure(failure, { chainName: 'X', approvalsMade: 2 })
      expect(`${title} ${body}`).not.toContain('Nothing was sent')
      expect(`${title} ${body}`).not.toMatch(/\b(recommended|best|optimal|should|guaranteed)\b/i)
    }
  })

  test('behaviour: what may still be confirmed is never offered again', () => {
    for (const failure of ['timeout', 'dropped'] as const) {
      expect(describeFailure(failure, { chainName: 'X' }).body).toContain('do not send it a second time')
    }
  })

  test('behaviour: every failure has words of its own', () => {
    const told = executionFailures.map((failure) => describeFailure(failure, { chainName: 'X' }))
    expect(told.map(({ code }) => code)).toEqual([...executionFailures])
    expect(new Set(told.map(({ title }) => title)).size).toBe(executionFailures.length)
    expect(told.filter(({ body }) => body.length < 30)).toEqual([])
  })
})

describe('describeStepState', () => {
  test('default', () => {
    expect(describeStepState({ kind: 'swap', state: { status: 'awaitingReceipt', id } })).toBe('Confirming')
    expect(describeStepState({ kind: 'swap', state: { status: 'unsent', failure: 'rejected' } })).toBe('Cancelled')
    expect(describeStepState({ kind: 'swap', state: { status: 'unsent', failure: 'wrongChain' } })).toBe('Not sent')
  })

  test('behaviour: what a block was taken back of is confirmed again', () => {
    const undone = [{ txHash: '0x01', blockNumber: 7n }] as const
    expect(describeStepState({ kind: 'swap', state: { status: 'awaitingReceipt', id }, undone })).toBe(
      'Confirming again',
    )
  })

  test('behaviour: another hash than the wallet gave is a transaction sped up, and of a batch it is not', () => {
    const state = { status: 'confirmed', id, txHash: '0x0f', ...inBlock } as const
    expect(describeStepState({ kind: 'swap', state })).toBe('Sped up')
    expect(describeStepState({ kind: 'swap', state: { ...state, txHash: id.hash } })).toBe('Done')
    const batch = { ...state, id: { kind: 'batch', batchId: '0x0a' } } as const
    expect(describeStepState({ kind: 'batch', state: batch })).toBe('Done')
  })

  test('behaviour: ends, waits and holds are told apart', () => {
    const words = Object.values(everyState).map((state) => describeStepState({ kind: 'swap', state }))
    expect(words).toEqual([
      'Waiting',
      'Held',
      'In your wallet',
      'Confirming',
      'Done',
      'Reverted',
      'Cancelled',
      'Replaced',
      'Expired',
      'Failed',
      'In part',
      'In part',
      'Not sent',
      'No answer yet',
      'Dropped',
    ])
  })
})

describe('describeApproval', () => {
  test('default', () => {
    const approval = { token: '0x01', spender: '0x02', amount: 5n } as const
    expect(describeApproval({ kind: 'erc20', ...approval }, 'UNI')).toBe('Allow the exact amount of UNI')
    expect(describeApproval({ kind: 'erc20', ...approval, amount: 0n }, 'UNI')).toBe('Reset the allowance of UNI to 0')
    expect(describeApproval({ kind: 'permit2', ...approval, expiration: 0 }, 'UNI')).toContain('Permit2')
  })
})

describe('describeStep', () => {
  test('default', () => {
    expect(describeStep({ kind: 'resetApproval' }, 'USDT')).toBe('Reset the allowance of USDT to 0')
  })
})

describe('announceStep', () => {
  test('default', () => {
    expect(
      announceStep(
        { kind: 'approval', state: { status: 'awaitingSignature' } },
        { symbol: 'UNI', number: 1, count: 3 },
      ),
    ).toBe('Step 1 of 3: Confirm in your wallet. Allow the exact amount of UNI.')
  })

  test('behaviour: each state is read out', () => {
    const heard = Object.values(everyState).map((state) =>
      announceStep({ kind: 'swap', state }, { symbol: '', number: 1, count: 1 }),
    )
    for (const sentence of heard) expect(sentence).toMatch(/^[A-Z].*All swaps, one transaction\.$/)
    expect(heard.filter((sentence) => sentence.startsWith('Held back.'))).toHaveLength(1)
  })

  test('behaviour: a block that was taken back is told without alarm', () => {
    const step = {
      kind: 'swap',
      state: everyState.awaitingReceipt,
      undone: [{ txHash: '0x01', blockNumber: 7n }],
    } as const
    expect(announceStep(step, { symbol: '', number: 1, count: 1 })).toBe(
      'The chain took its block back. Waiting for the new one. All swaps, one transaction.',
    )
  })
})
