import fc from 'fast-check'
import { expect, test } from 'vitest'
import { poolArbitrary } from '@/lib/testing/arbitraries/pools'
import { buildSnapshot } from '@/lib/testing/builders/snapshot'
import { composeKnownPool, isPoolListFresh, poolListLifeMs, refreshKnownPools } from './poolList'

test('default', () => {
  fc.assert(
    fc.property(poolArbitrary, (pool) => {
      const { id, assetIds, token0, token1, feePips, kind } = pool
      const key = { id, assetIds, token0, token1, feePips, kind }
      if (pool.kind === 'constantProduct') {
        expect(composeKnownPool(pool)).toEqual(key)
      } else {
        const { tickSpacing, tick } = pool
        const ticks = pool.ticks.map(({ index }) => index)
        expect(composeKnownPool(pool)).toEqual({ ...key, tickSpacing, tick, ticks })
      }
    }),
  )
})

test('behaviour: a list lives for a day, and one from the future does not', () => {
  const list = { lookedAtMs: 1_000, pools: [] }
  expect(isPoolListFresh(list, 1_000)).toBe(true)
  expect(isPoolListFresh(list, 1_000 + poolListLifeMs - 1)).toBe(true)
  expect(isPoolListFresh(list, 1_000 + poolListLifeMs)).toBe(false)
  expect(isPoolListFresh(list, 999)).toBe(false)
})

test('property: a list follows the snapshot, keeps what is not in it and learns of nothing new', () => {
  fc.assert(
    fc.property(fc.uniqueArray(poolArbitrary, { selector: ({ id }) => id, minLength: 1 }), fc.nat(), (pools, at) => {
      const kept = pools.map(composeKnownPool)
      const missing = at % pools.length
      const seen = pools.filter((_, index) => index !== missing)
      const moved = seen.map((pool) => (pool.kind === 'constantProduct' ? pool : { ...pool, tick: pool.tick + 1 }))
      const refreshed = refreshKnownPools(kept, buildSnapshot({ assets: [], pools: moved }))
      expect(refreshed.map(({ id }) => id)).toEqual(kept.map(({ id }) => id))
      expect(refreshed[missing]).toEqual(kept[missing])
      expect(refreshed.filter((_, index) => index !== missing)).toEqual(moved.map(composeKnownPool))
      expect(refreshKnownPools(kept.slice(0, 1), buildSnapshot({ assets: [], pools }))).toHaveLength(1)
    }),
  )
})
