import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { LeftOutPool } from '@/lib/core/rebalance/plan'
import { toUsd, usdUnit } from '@/lib/core/units'
import { formatDollars, formatGapUsd, toLeftOutGroups, toPoolUseViews, toShadowPriceViews } from './certificateView'
import { examplePlan } from './testing/examplePlan'

const { certificate } = examplePlan

describe('formatGapUsd', () => {
  test('default', () => {
    expect(formatGapUsd({ boundUsd: 100, valueUsd: 98.5 })).toBe('$1.50')
  })

  test('behaviour: it never shows less than it is, and never nothing', () => {
    expect(formatGapUsd({ boundUsd: 100.0101, valueUsd: 100 })).toBe('$0.02')
    expect(formatGapUsd({ boundUsd: 100, valueUsd: 100 })).toBe('under $0.01')
    expect(formatGapUsd({ boundUsd: 100, valueUsd: 100.5 })).toBe('under $0.01')
  })
})

describe('formatDollars', () => {
  test('default', () => {
    expect([1234.5, 0.001, 0, -2.345].map(formatDollars)).toEqual(['$1,234.50', '<$0.01', '$0.00', '\u2212$2.35'])
  })
})

describe('toPoolUseViews', () => {
  test('default', () => {
    expect(toPoolUseViews(certificate.poolUse)).toMatchObject([
      { pair: 'USDC/ETH', venue: 'v3 0.05 %', sold: '$1,000.00', surplus: '$2.50', gas: '$0.17' },
    ])
  })
})

describe('toShadowPriceViews', () => {
  const asset = localDeployment.assets.find(({ id }) => id === 'LINK')
  if (asset === undefined) throw new Error('LINK is listed.')
  const price = { status: 'fresh', usd: toUsd(14n * usdUnit), updatedAt: 1 } as const

  test('default', () => {
    expect(toShadowPriceViews(certificate, [{ asset, price }])).toEqual([
      { assetId: 'LINK', shadow: '$15.00', feed: '$14.00', difference: '+7.14 %' },
    ])
  })

  test('behaviour: without a fresh feed there is nothing to compare with', () => {
    const [line] = toShadowPriceViews(certificate, [{ asset, price: { status: 'noFeed' } }])
    expect(line).toMatchObject({ feed: undefined, difference: undefined })
  })
})

describe('toLeftOutGroups', () => {
  const pool = { kind: 'singleton', id: '0x01', feePips: 3000, tickSpacing: 60 } as const
  const leftOut: readonly LeftOutPool[] = [
    { pool, assetIds: ['USDC', 'LINK'], reason: 'offPrice', offBps: -320 },
    { pool: { ...pool, id: '0x02' }, assetIds: ['ETH', 'LINK'], reason: 'batchOnly' },
    { pool: { ...pool, id: '0x03' }, assetIds: ['ETH', 'UNI'], reason: 'batchOnly' },
  ]

  test('default', () => {
    expect(toLeftOutGroups(leftOut).map(({ reason, pools }) => [reason, pools.length])).toEqual([
      ['batchOnly', 2],
      ['offPrice', 1],
    ])
    expect(toLeftOutGroups(leftOut)[1]?.pools[0]).toMatchObject({
      pair: 'USDC/LINK',
      venue: 'v4 0.3 %',
      detail: '3.20 % off',
    })
  })
})
