import { describe, expect, test } from 'vitest'
import { usdUnit } from '@/lib/core/units'
import { buildReceipt } from '@/lib/testing/builders/receipt'
import {
  describeCost,
  describeDifference,
  describeLatency,
  describeStanding,
  describeTime,
  describeUndoRefusal,
  listAmounts,
} from './activityWords'

describe('describeCost', () => {
  test('default', () => {
    expect(describeCost(buildReceipt())).toBe('$7.00 (14.0 bps)')
  })

  test('behaviour: what is not known is not a number', () => {
    const { cost } = buildReceipt()
    expect(describeCost({ cost: { ...cost, totalUsd: 'unknown', totalCentiBps: 'unknown' } })).toBe('not known')
    expect(describeCost({ cost: { ...cost, totalUsd: -usdUnit, totalCentiBps: 'unknown' } })).toBe('\u2212$1.00')
  })
})

describe('describeDifference', () => {
  test('default', () => {
    expect(describeDifference(995n, 1_000n)).toBe('\u221250.0 bps')
    expect(describeDifference(1_001n, 1_000n)).toBe('+10.0 bps')
    expect(describeDifference(7n, 7n)).toBe('as much')
  })

  test('behaviour: a single missing unit shows', () => {
    expect(describeDifference(10n ** 18n - 1n, 10n ** 18n)).toBe('\u22120.01 bps')
  })

  test('behaviour: unknown, or against nothing', () => {
    expect([describeDifference('unknown', 1n), describeDifference(1n, 'unknown'), describeDifference(1n, 0n)]).toEqual([
      '–',
      '–',
      '–',
    ])
  })
})

describe('describeStanding', () => {
  test('default', () => {
    const texts = [
      undefined,
      { status: 'included', blockNumber: 7n } as const,
      { status: 'final', blockNumber: 7n } as const,
      { status: 'reverted', blockNumber: 7n } as const,
      { status: 'missing' } as const,
    ].map((standing) => describeStanding(standing).text)
    expect(texts).toEqual(['recorded', 'included', 'final', 'reverted', 'not on this chain'])
  })
})

test('listAmounts: default', () => {
  expect(
    listAmounts([
      { amount: 500_000_000n, decimals: 6, symbol: 'USDC' },
      { amount: 'unknown', decimals: 18, symbol: 'ETH' },
    ]),
  ).toBe('500\u00a0USDC, an unknown amount of\u00a0ETH')
})

test('describeLatency: default', () => {
  expect([0n, 1n, 3n].map(describeLatency)).toEqual([
    '0 blocks after its quotes',
    '1 block after its quotes',
    '3 blocks after its quotes',
  ])
})

test('describeTime: the time of the quotes stands in for one that is not known', () => {
  expect(describeTime(buildReceipt()).iso).toBe('2025-06-15T15:07:16.000Z')
  const included = { blockNumber: 103n, timestamp: 'unknown' } as const
  expect(describeTime(buildReceipt({ included })).iso).toBe('2025-06-15T15:06:40.000Z')
})

test('describeUndoRefusal: default', () => {
  expect(describeUndoRefusal({ status: 'unlisted', assetIds: ['OLD', 'GONE'] })).toContain('OLD, GONE')
  expect(describeUndoRefusal({ status: 'tooMany', count: 31 })).toContain('31')
  expect(describeUndoRefusal({ status: 'nothingBefore' })).toContain('known value')
})
