import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { composeKnownPool, type PoolList } from '@/lib/core/poolList'
import { poolArbitrary } from '@/lib/testing/arbitraries/pools'
import { poolListStore } from './poolListStore'

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

const lists: fc.Arbitrary<PoolList> = fc.record({
  lookedAtMs: fc.nat(),
  pools: fc.array(poolArbitrary, { maxLength: 4 }).map((pools) => pools.map(composeKnownPool)),
})

test('default', () => {
  fc.assert(
    fc.property(lists, (list) => {
      expect(poolListStore(31337).save(list)).toBe('saved')
      expect(poolListStore(31337).read()).toEqual(list)
      expect(poolListStore(1).read()).toBeUndefined()
    }),
  )
})

describe('behaviour: what is damaged reads as nothing', () => {
  const [list] = fc.sample(
    fc.record({ lookedAtMs: fc.nat(), pools: fc.tuple(poolArbitrary).map((pools) => pools.map(composeKnownPool)) }),
    { numRuns: 1, seed: 5 },
  )
  const write = (value: unknown, version = 1) => map.set('ballast.pools.31337', JSON.stringify({ version, value }))
  const pool = list?.pools[0]

  test.each<[string, unknown]>([
    ['no time', { pools: [] }],
    ['a time that is none', { lookedAtMs: '5', pools: [] }],
    ['no pools', { lookedAtMs: 5 }],
    ['a pool of an unknown kind', { lookedAtMs: 5, pools: [{ ...pool, kind: 'curve' }] }],
    ['an id that is none', { lookedAtMs: 5, pools: [{ ...pool, id: '0x12' }] }],
    ['a token that is no address', { lookedAtMs: 5, pools: [{ ...pool, token0: 'ETH' }] }],
    ['one asset', { lookedAtMs: 5, pools: [{ ...pool, assetIds: ['ETH'] }] }],
    [
      'a tick beyond the last',
      { lookedAtMs: 5, pools: [{ ...pool, kind: 'singleton', tickSpacing: 1, tick: 900_000, ticks: [] }] },
    ],
    [
      'a tick that is no number',
      { lookedAtMs: 5, pools: [{ ...pool, kind: 'singleton', tickSpacing: 1, tick: 0, ticks: ['1'] }] },
    ],
    ['no spacing', { lookedAtMs: 5, pools: [{ ...pool, kind: 'concentrated', tickSpacing: 0, tick: 0, ticks: [] }] }],
  ])('behaviour: %s', (_, value) => {
    expect(list).toBeDefined()
    write(value)
    expect(poolListStore(31337).read()).toBeUndefined()
  })

  test('behaviour: another version', () => {
    write(list)
    expect(poolListStore(31337).read()).toEqual(list)
    write(list, 2)
    expect(poolListStore(31337).read()).toBeUndefined()
  })
})
