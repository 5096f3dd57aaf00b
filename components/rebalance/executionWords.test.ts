import { describe, expect, test } from 'vitest'
import { executionFailures } from '@/lib/core/execution/execution'
import { announceStep, describeFailure, describeStep, describeStepState } from './executionWords'

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
    expect(describeFailure('timeout', { chainName: 'X' }).body).toContain('do not send it a second time')
  })
})

describe('describeStepState', () => {
  test('default', () => {
    const id = { kind: 'transaction', hash: '0x01' } as const
    expect(describeStepState({ status: 'awaitingReceipt', id })).toBe('Confirming')
    expect(describeStepState({ status: 'unsent', failure: 'rejected' })).toBe('Cancelled')
    expect(describeStepState({ status: 'unsent', failure: 'wrongChain' })).toBe('Not sent')
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
})
