import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { receiptArbitrary } from '@/lib/testing/arbitraries/receipts'
import { buildReceipt } from '@/lib/testing/builders/receipt'
import { compareNewestFirst, decimalsIn, replacesReceipt, shareOf } from './receipt'

describe('replacesReceipt', () => {
  const kept = buildReceipt()

  test('default: the same receipt again changes nothing', () => {
    expect(replacesReceipt(buildReceipt(), kept)).toBe(false)
  })

  test('behaviour: one that knows more takes the place, one that knows less does not', () => {
    const [first, ...others] = kept.legs
    if (first === undefined) throw new Error('a leg')
    const poorer = buildReceipt({ legs: [{ ...first, received: 'unknown' }, ...others] })
    expect(replacesReceipt(kept, poorer)).toBe(true)
    expect(replacesReceipt(poorer, kept)).toBe(false)
  })

  test('behaviour: another block includes the transaction now', () => {
    const moved = buildReceipt({ included: { blockNumber: 104n, timestamp: 'unknown' } })
    expect(replacesReceipt(moved, kept)).toBe(true)
  })

  test('property: never itself', () => {
    fc.assert(
      fc.property(receiptArbitrary, (receipt) => {
        expect(replacesReceipt(receipt, receipt)).toBe(false)
      }),
    )
  })
})

describe('compareNewestFirst', () => {
  test('default', () => {
    const at = (timestamp: number, blockNumber: bigint, txHash: `0x${string}`) =>
      buildReceipt({ planned: { blockNumber: 1n, timestamp }, included: { blockNumber, timestamp: 'unknown' }, txHash })
    const ordered = [at(3, 1n, '0x01'), at(2, 9n, '0x01'), at(2, 8n, '0x01'), at(2, 8n, '0x02')]
    expect([...ordered].reverse().sort(compareNewestFirst)).toEqual(ordered)
    expect(compareNewestFirst(at(1, 1n, '0x01'), at(1, 1n, '0x01'))).toBe(0)
  })
})

describe('shareOf', () => {
  test('default: up, whatever the sign', () => {
    expect(shareOf(7n, 5_000n)).toBe(1_400)
    expect(shareOf(1n, 3_000_000n)).toBe(1)
    expect(shareOf(-5n, 3_000_000n)).toBe(-1)
    expect(shareOf(0n, 1n)).toBe(0)
  })

  test('behaviour: of nothing, or of next to nothing, it is unknown', () => {
    expect(shareOf(1n, 0n)).toBe('unknown')
    expect(shareOf(-(10n ** 30n), 1n)).toBe('unknown')
  })
})

test('decimalsIn: default', () => {
  expect([decimalsIn(buildReceipt(), 'USDC'), decimalsIn(buildReceipt(), 'NONE')]).toEqual([6, undefined])
})
