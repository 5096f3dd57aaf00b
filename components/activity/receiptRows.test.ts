import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { receiptArbitrary } from '@/lib/testing/arbitraries/receipts'
import { buildReceipt, exampleReceiptRequest } from '@/lib/testing/builders/receipt'
import { toBeforeAfterParts, toLegRows, toPurchaseRows, toTradedRows } from './receiptRows'

const { assets } = exampleReceiptRequest

describe('toBeforeAfterParts', () => {
  test('default: in the order of the list', () => {
    expect(toBeforeAfterParts(buildReceipt(), assets)).toEqual([
      { assetId: 'ETH', place: 0, beforeTenths: 400, afterTenths: 500 },
      { assetId: 'USDC', place: 1, beforeTenths: 600, afterTenths: 400 },
      { assetId: 'LINK', place: 2, beforeTenths: 0, afterTenths: 100 },
    ])
  })

  test('behaviour: one unknown value leaves the whole strip unknown', () => {
    const [first, ...others] = buildReceipt().positions
    if (first === undefined) throw new Error('a position')
    const parts = toBeforeAfterParts(
      buildReceipt({ positions: [{ ...first, afterUsd: 'unknown' }, ...others] }),
      assets,
    )
    expect(parts.map(({ afterTenths }) => afterTenths)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  test('property: each strip sums to the whole or is unknown altogether', () => {
    fc.assert(
      fc.property(receiptArbitrary, (receipt) => {
        const parts = toBeforeAfterParts(receipt, assets)
        expect(parts.reduce((sum, { beforeTenths }) => sum + beforeTenths, 0)).toBe(1000)
        const after = parts.map(({ afterTenths }) => afterTenths)
        const isUnknown = after.every((tenths) => tenths === 'unknown')
        expect(isUnknown || after.reduce<number>((sum, tenths) => sum + Number(tenths), 0) === 1000).toBe(true)
      }),
    )
  })
})

test('toTradedRows: default', () => {
  const { sold, bought } = toTradedRows(buildReceipt())
  expect(sold).toEqual([{ amount: 1_000_000_000n, decimals: 6, symbol: 'USDC' }])
  expect(bought.map(({ symbol }) => symbol)).toEqual(['LINK', 'ETH'])
})

test('toLegRows and toPurchaseRows: a leg without a minimum of its own has none, its purchase has', () => {
  expect(toLegRows(buildReceipt()).map(({ minimum }) => minimum?.amount)).toEqual([
    49_500_000_000_000_000_000n,
    undefined,
  ])
  expect(toPurchaseRows(buildReceipt()).map(({ minimum }) => minimum?.amount)).toEqual([
    49_500_000_000_000_000_000n,
    248_000_000_000_000_000n,
  ])
})
