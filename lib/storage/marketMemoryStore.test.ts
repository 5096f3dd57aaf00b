import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MarketObservations } from '@/lib/core/drought/observations'
import { memoryLimits } from '@/lib/core/drought/rememberMarket'
import { toUsd } from '@/lib/core/units'
import { marketMemoryStore } from './marketMemoryStore'

const map = new Map<string, string>()

beforeEach(() => {
  map.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, text: string) => void map.set(key, text),
    removeItem: (key: string) => void map.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const poolId = `0x${'ab'.repeat(20)}` as const
const impact = { sell: 'USDC', buy: 'LINK', soldUsd: toUsd(5n * 10n ** 18n), impactBps: -3, at: 50 }
const gap = { poolId, gapBps: 12, at: 50 }
const price = { assetId: 'ETH', usd: toUsd(3n * 10n ** 21n), from: 40, until: 50 }
const memory: MarketObservations = { impacts: [impact], gaps: [gap], prices: [price] }

test('default: each chain has its own', () => {
  expect(marketMemoryStore(31337).save(memory)).toBe('saved')
  expect(marketMemoryStore(31337).read()).toEqual(memory)
  expect(marketMemoryStore(1).read()).toBeUndefined()
})

test.each<[string, unknown]>([
  ['no prices', { impacts: [], gaps: [] }],
  ['an impact that is no number', { ...memory, impacts: [{ ...impact, impactBps: '3' }] }],
  ['an impact of half a basis point', { ...memory, impacts: [{ ...impact, impactBps: 0.5 }] }],
  ['an id that is none', { ...memory, gaps: [{ ...gap, poolId: '0x12' }] }],
  ['a gap below nothing', { ...memory, gaps: [{ ...gap, gapBps: -1 }] }],
  ['a price that ends before it begins', { ...memory, prices: [{ ...price, from: 51, usd: { $bigint: '1' } }] }],
  ['a price below nothing', { ...memory, prices: [{ ...price, usd: { $bigint: '-1' } }] }],
  ['more than is ever kept', { ...memory, gaps: Array.from({ length: memoryLimits.gaps + 1 }, () => gap) }],
])('behaviour: %s reads as nothing', (_, value) => {
  const encoded = JSON.stringify({ version: 1, value }, (__, part) =>
    typeof part === 'bigint' ? { $bigint: part.toString() } : part,
  )
  map.set('ballast.market.31337', encoded)
  expect(marketMemoryStore(31337).read()).toBeUndefined()
})
