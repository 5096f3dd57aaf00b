import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AssetCloses, type CloseGapReason, composeGaps } from '@/lib/core/history/priceHistory'
import { toUsd } from '@/lib/core/units'
import { historyStore } from './historyStore'

const map = new Map<string, string>()
let isFull = false

beforeEach(() => {
  map.clear()
  isFull = false
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (isFull) throw new DOMException('full', 'QuotaExceededError')
      map.set(key, text)
    },
    removeItem: (key: string) => void map.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** For each day from the first on: a close, a reason, or nothing. */
const assets: fc.Arbitrary<AssetCloses> = fc
  .record({
    assetId: fc.constantFrom('ETH', 'USDC', 'LINK'),
    fromDay: fc.integer({ min: 0, max: 30_000 }),
    days: fc.array(
      fc.oneof(
        fc.bigInt({ min: 1n, max: 10n ** 30n }),
        fc.constantFrom<CloseGapReason>('noRound', 'stale', 'notPositive', 'disordered', 'unread'),
        fc.constant(undefined),
      ),
      { maxLength: 30 },
    ),
  })
  .map(({ assetId, fromDay, days }) => ({
    assetId,
    closes: days.flatMap((of, index) => (typeof of === 'bigint' ? [{ day: fromDay + index, usd: toUsd(of) }] : [])),
    gaps: composeGaps(
      days.flatMap((of, index) => (typeof of === 'string' ? [{ day: fromDay + index, reason: of }] : [])),
    ),
  }))

test('default: what is kept is read, chain by chain', () => {
  fc.assert(
    fc.property(fc.uniqueArray(assets, { selector: ({ assetId }) => assetId }), (list) => {
      expect(historyStore(31337).save(list)).toBe('saved')
      expect(historyStore(31337).read()).toEqual(list)
      expect(historyStore(1).read()).toEqual([])
    }),
  )
})

test('behaviour: two years of a price take less than 16 bytes a day', () => {
  const closes = Array.from({ length: 730 }, (_, index) => ({
    day: 20_000 + index,
    usd: toUsd((198_280_000_000n + BigInt(index * 7_919)) * 10n ** 10n),
  }))
  historyStore(31337).save([{ assetId: 'ETH', closes, gaps: [] }])
  expect(map.get('ballast.history.31337')?.length).toBeLessThan(730 * 16)
})

test('behaviour: without room it is held until the page closes', () => {
  const list: readonly AssetCloses[] = [{ assetId: 'ETH', closes: [{ day: 5, usd: toUsd(3n) }], gaps: [] }]
  isFull = true
  expect(historyStore(10).save(list)).toBe('heldInMemory')
  expect(historyStore(10).read()).toEqual(list)
  isFull = false
  historyStore(10).clear()
  expect(historyStore(10).read()).toEqual([])
})

describe('behaviour: what is damaged reads as nothing', () => {
  const asset = { assetId: 'ETH', fromDay: 20_000, usd: '1982.8,,1990', gaps: [] }
  const write = (value: unknown, version = 1) => map.set('ballast.history.31337', JSON.stringify({ version, value }))

  test('behaviour: not this', () => {
    write({ assets: [asset] })
    expect(historyStore(31337).read()).toEqual([
      {
        assetId: 'ETH',
        closes: [
          { day: 20_000, usd: 19_828n * 10n ** 17n },
          { day: 20_002, usd: 1_990n * 10n ** 18n },
        ],
        gaps: [],
      },
    ])
  })

  test.each<[string, unknown]>([
    ['no assets', {}],
    ['a close that is no number', { assets: [{ ...asset, usd: '1982.8,abc' }] }],
    ['a negative close', { assets: [{ ...asset, usd: '-5' }] }],
    ['a close of zero', { assets: [{ ...asset, usd: '5,0' }] }],
    ['more decimals than there are', { assets: [{ ...asset, usd: '1.0000000000000000001' }] }],
    ['a day that is none', { assets: [{ ...asset, fromDay: 1.5 }] }],
    ['an unknown reason', { assets: [{ ...asset, gaps: [{ fromDay: 1, toDay: 2, reason: 'holiday' }] }] }],
    ['a gap that runs backwards', { assets: [{ ...asset, gaps: [{ fromDay: 3, toDay: 2, reason: 'stale' }] }] }],
    ['a gap over a close', { assets: [{ ...asset, gaps: [{ fromDay: 19_999, toDay: 20_001, reason: 'stale' }] }] }],
  ])('behaviour: %s', (_, value) => {
    write(value)
    expect(historyStore(31337).read()).toEqual([])
  })

  test('behaviour: another version', () => {
    write({ assets: [asset] }, 2)
    expect(historyStore(31337).read()).toEqual([])
  })
})
