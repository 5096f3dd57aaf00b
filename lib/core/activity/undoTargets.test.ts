import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { receiptArbitrary } from '@/lib/testing/arbitraries/receipts'
import { buildReceipt } from '@/lib/testing/builders/receipt'
import { toTargets } from '../targets'
import { toBps, toUsd, usdUnit } from '../units'
import type { ReceiptPosition } from './receipt'
import { composeRoundTrip } from './roundTrip'
import { composeUndoTargets } from './undoTargets'

const ids = ['ETH', 'USDC', 'LINK']

describe('composeUndoTargets', () => {
  test('default', () => {
    expect(composeUndoTargets(buildReceipt(), ids)).toEqual({
      status: 'composed',
      targets: {
        weights: [
          { assetId: 'ETH', weightBps: 4_000 },
          { assetId: 'USDC', weightBps: 6_000 },
          { assetId: 'LINK', weightBps: 0 },
        ],
      },
    })
  })

  test('behaviour: an asset that is not listed any more', () => {
    expect(composeUndoTargets(buildReceipt(), ['ETH', 'USDC'])).toEqual({ status: 'unlisted', assetIds: ['LINK'] })
  })

  test('behaviour: nothing was held that had a value', () => {
    const { positions, ...rest } = buildReceipt()
    const empty = positions.map((position) => ({ ...position, beforeUsd: toUsd(0n) }))
    expect(composeUndoTargets({ ...rest, positions: empty }, ids)).toEqual({ status: 'nothingBefore' })
  })

  test('behaviour: more assets than targets may name', () => {
    const positions = Array.from({ length: 31 }, (_, index): ReceiptPosition => {
      const beforeUsd = toUsd(usdUnit)
      const after = { afterAmount: 1n, afterUsd: beforeUsd, afterBps: toBps(1) }
      return { assetId: `A${index}`, beforeAmount: 1n, beforeUsd, beforeBps: toBps(1), ...after }
    })
    const known = positions.map(({ assetId }) => assetId)
    expect(composeUndoTargets({ positions, purchases: [] }, known)).toEqual({ status: 'tooMany', count: 31 })
  })

  test('property: complete targets over what was held, each the weight before', () => {
    fc.assert(
      fc.property(receiptArbitrary, (receipt) => {
        const known = receipt.assets.map(({ assetId }) => assetId)
        const undo = composeUndoTargets(receipt, known)
        if (undo.status !== 'composed') throw new Error(undo.status)
        expect(toTargets(undo.targets.weights, known)).toEqual(undo.targets)
        for (const { assetId, beforeUsd } of receipt.positions) {
          const weight = undo.targets.weights.find((row) => row.assetId === assetId)?.weightBps ?? 0
          // Within one basis point of the exact share.
          const distance = BigInt(weight) * receipt.beforeUsd - beforeUsd * 10_000n
          expect(distance < 0n ? -distance : distance).toBeLessThan(receipt.beforeUsd)
        }
      }),
    )
  })
})

describe('composeRoundTrip', () => {
  const back = {
    cost: { totalUsd: 8n * usdUnit },
    positions: [{ nowUsd: 4_000n * usdUnit }, { nowUsd: 1_000n * usdUnit }],
  }

  test('default', () => {
    expect(composeRoundTrip(buildReceipt(), back)).toEqual({
      thereUsd: 7n * usdUnit,
      backUsd: 8n * usdUnit,
      totalUsd: 15n * usdUnit,
      totalCentiBps: 3_000,
    })
  })

  test('behaviour: an unknown cost of the way there keeps the sum unknown', () => {
    const receipt = buildReceipt()
    const cost = { ...receipt.cost, totalUsd: 'unknown', totalCentiBps: 'unknown' } as const
    expect(composeRoundTrip({ cost }, back)).toMatchObject({ backUsd: 8n * usdUnit, totalUsd: 'unknown' })
  })

  test('behaviour: nothing is held now', () => {
    expect(composeRoundTrip(buildReceipt(), { ...back, positions: [] }).totalCentiBps).toBe('unknown')
  })
})
