import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildPool, sideOf } from '@/lib/testing/builders/market'
import { swapExactIn } from '../amm/swapExactIn'
import type { Pool } from '../snapshot'
import { toUsd } from '../units'
import { measureDepth, measureGapBps } from './poolPrice'

const venues = ['v2', 100, 500, 3000, 10000] as const

const priced = (pool: Pool) => {
  const [side0, side1] = pool.assetIds.map((assetId) => {
    const { asset, micros } = sideOf(assetId)
    return { price: toUsd(micros * 10n ** 12n), decimals: asset.decimals }
  })
  if (side0 === undefined || side1 === undefined) throw new Error('two sides')
  return [side0, side1] as const
}

/** Price of token0 in token1, base units. */
const rateOf = (pool: Pool) =>
  pool.kind === 'constantProduct'
    ? Number(pool.reserve1) / Number(pool.reserve0)
    : (Number(pool.sqrtPriceX96) / 2 ** 96) ** 2

test('default: a pool at the feeds’ price has no gap, one beside it has its own', () => {
  for (const venue of venues) {
    const at = (skewPpm: bigint) => {
      const pool = buildPool({ pair: ['ETH', 'USDC'], venue, depthUsd: 1_000_000n, skewPpm })
      return measureGapBps(pool, priced(pool))
    }
    expect(at(0n)).toBeLessThanOrEqual(1)
    expect(at(30_000n)).toBeGreaterThanOrEqual(300)
    expect(at(30_000n)).toBeLessThanOrEqual(301)
    expect(at(-30_000n)).toBeGreaterThanOrEqual(309)
    expect(at(-30_000n)).toBeLessThanOrEqual(310)
  }
})

test('behaviour: an empty pair has no price and no depth', () => {
  const pool = {
    ...buildPool({ pair: ['ETH', 'USDC'], venue: 'v2', depthUsd: 1n }),
    reserve0: 0n,
    reserve1: 0n,
  } as Pool
  expect(measureGapBps(pool, priced(pool))).toBeUndefined()
  expect(measureDepth(pool, true)).toEqual({ amountIn: 0n, isComplete: true })
})

test('property: selling the depth moves the price by 2 %, as the exact replay says', () => {
  const pools = fc.record({
    venue: fc.constantFrom(...venues),
    depthUsd: fc.bigInt({ min: 10_000n, max: 100_000_000n }),
    skewPpm: fc.bigInt({ min: -50_000n, max: 50_000n }),
    pair: fc.constantFrom(['ETH', 'USDC'] as const, ['LINK', 'ETH'] as const, ['WBTC', 'DAI'] as const),
  })
  fc.assert(
    fc.property(pools, fc.boolean(), (plan, sellsToken0) => {
      const pool = buildPool(plan)
      const { amountIn, isComplete } = measureDepth(pool, sellsToken0)
      fc.pre(isComplete)
      const tokenIn = sellsToken0 ? pool.token0 : pool.token1
      const outcome = swapExactIn({ pool, tokenIn, amountIn })
      if (outcome.status !== 'swapped') throw new Error(outcome.status)
      const moved = rateOf(outcome.pool) / rateOf(pool)
      // In a pair the fee stays among the reserves: a little less than 2 % on the side that is left.
      const tolerance = pool.kind === 'constantProduct' ? 1e-4 : 1e-6
      expect(Math.abs((sellsToken0 ? moved : 1 / moved) - 0.98)).toBeLessThan(tolerance)
    }),
  )
})
