import { describe, expect, test } from 'vitest'
import { describeFinality, describeOddities } from './receiptWords'
import { everyState, executionOf } from './testing/exampleStates'

const { confirmed } = everyState

describe('describeFinality', () => {
  test('default', () => {
    const final = { ...confirmed, finality: 'final' } as const
    expect(describeFinality(executionOf(final, final))).toBe('Final')
    expect(describeFinality(executionOf(final, confirmed))).toBe('Included, not final yet')
  })

  test('behaviour: an approval that could be taken back counts', () => {
    expect(describeFinality(executionOf(confirmed, { ...confirmed, finality: 'final' }))).toBe(
      'Included, not final yet',
    )
  })
})

describe('describeOddities', () => {
  test('default', () => {
    expect(describeOddities(executionOf(confirmed, confirmed))).toEqual([])
  })

  test('behaviour: what was sped up names the hash that the wallet gave', () => {
    expect(describeOddities(executionOf(confirmed, { ...confirmed, txHash: '0x0f' }))).toMatchObject([
      { code: 'spedUp', hashes: ['0x01'] },
    ])
  })

  test('behaviour: approvals that the wallet made apart are named', () => {
    const split = { ...confirmed, splitHashes: ['0x0d', '0x0e'] } as const
    expect(describeOddities(executionOf(split))).toMatchObject([{ code: 'splitBatch', hashes: ['0x0d', '0x0e'] }])
  })
})
