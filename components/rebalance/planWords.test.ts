import { describe, expect, test } from 'vitest'
import { toUsd, usdUnit } from '@/lib/core/units'
import { describeChanges, describeMinimumMove, describeObstacle, describeSkip, joinNames } from './planWords'

const bannedWords = /\b(recommended|best|optimal|should|guaranteed)\b/i

describe('describeObstacle', () => {
  test('default', () => {
    expect(
      describeObstacle({ kind: 'priceImpact', impactBps: 720, lossUsd: toUsd(93n * usdUnit), assetIds: ['SNX'] }),
    ).toMatchObject({
      code: 'priceImpact',
      title: 'Price impact of 7.20 % is above the limit of 5 %',
      next: 'editTargets',
    })
  })

  test('behaviour: every obstacle names a next step and gives no advice', () => {
    const ids = ['ETH', 'LINK']
    const all = [
      describeObstacle({ kind: 'unreadableBalances', assetIds: ids }),
      describeObstacle({ kind: 'unpricedAssets', assetIds: ids }),
      describeObstacle({ kind: 'stalePrices', assetIds: ids }),
      describeObstacle({ kind: 'emptyWallet' }),
      describeObstacle({ kind: 'noRoute', assetIds: ids }),
      describeObstacle({ kind: 'priceImpact', impactBps: 501, lossUsd: toUsd(1n), assetIds: ids }),
      describeObstacle({ kind: 'belowOracleFloor', assetIds: ids }),
      describeObstacle({ kind: 'notEnoughGas', needed: 10n ** 16n, held: 1n }),
    ]
    for (const { title, body, next } of all) {
      expect(next).toBeTruthy()
      expect(`${title} ${body}`).not.toMatch(bannedWords)
    }
  })
})

describe('describeSkip', () => {
  test('default', () => {
    expect(describeSkip('inBand')).toBe('Inside its band')
  })
})

describe('describeChanges', () => {
  test('default', () => {
    expect(
      describeChanges([
        { kind: 'pool', id: '0x01', assetIds: ['USDC', 'ETH'] },
        { kind: 'pool', id: '0x02', assetIds: ['USDC', 'ETH'] },
        { kind: 'price', assetId: 'LINK' },
        { kind: 'balance', assetId: 'UNI' },
      ]),
    ).toBe('USDC/ETH pools traded, the price of LINK moved and your balance of UNI changed')
  })
})

describe('describeMinimumMove', () => {
  test('default', () => {
    const write = (assetId: string, amount: bigint) => `${amount} ${assetId}`
    expect(describeMinimumMove({ assetId: 'UNI', before: 10n, after: 9n }, write)).toBe('UNI 10 UNI → 9 UNI')
    expect(describeMinimumMove({ assetId: 'UNI', before: undefined, after: 9n }, write)).toBe('UNI is bought now')
    expect(describeMinimumMove({ assetId: 'UNI', before: 9n, after: undefined }, write)).toBe('UNI is no longer bought')
  })
})

describe('joinNames', () => {
  test('default', () => {
    expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(joinNames)).toEqual(['', 'A', 'A and B', 'A, B and C'])
  })
})
