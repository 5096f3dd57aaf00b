import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concentratedArbitrary, constantProductArbitrary, poolArbitrary } from '@/lib/testing/arbitraries/pools'
import { buildAsset } from '@/lib/testing/builders/assets'
import { buildConcentratedPool, buildConstantProductPool, reservesOf } from '@/lib/testing/builders/pools'
import type { ConcentratedPool } from '../snapshot'
import { swapExactIn } from './swapExactIn'
import { InvalidSwapError } from './swapOutcome'
import { sqrtPriceAtTick, tickAtSqrtPrice } from './tickMath'

const a = { asset: buildAsset('AAA'), micros: 1_000_000n }
const b = { asset: buildAsset('BBB'), micros: 1_000_000n }
const ether = 10n ** 18n

/** A pool at 1:1 with 2e18 of liquidity over the full range, as Uniswap's own tests have it. */
function fullRange(feePips: 500 | 3000): ConcentratedPool {
  const pool = buildConcentratedPool({
    sides: [a, b],
    feePips,
    bands: [{ halfWidthSpacings: 900_000, depthUsd: 2n }],
  })
  return { ...pool, sqrtPriceX96: 1n << 96n, tick: 0 }
}

function swapped(request: Parameters<typeof swapExactIn>[0]) {
  const outcome = swapExactIn(request)
  if (outcome.status !== 'swapped') throw new Error(outcome.status)
  return outcome
}

describe('swapExactIn, constant product', () => {
  const pool = {
    ...buildConstantProductPool({ sides: [a, b], depthUsd: 1n }),
    reserve0: 100n * ether,
    reserve1: 50n * ether,
  }

  test('default: UniswapV2Library.getAmountOut', () => {
    // 997 in 1000 of the input count: floor(1e18 * 997 * 50e18 / (100e18 * 1000 + 1e18 * 997))
    const expected = (ether * 997n * 50n * ether) / (100n * ether * 1000n + ether * 997n)
    const outcome = swapped({ pool, tokenIn: pool.token0, amountIn: ether })
    expect(outcome.amountOut).toBe(expected)
    expect(outcome.amountOut).toBe(493_579_017_198_530_649n)
    expect(outcome.pool).toMatchObject({ reserve0: 101n * ether, reserve1: 50n * ether - expected })
  })

  test('behaviour: a pair that would pay nothing, is empty, or overflows 112 bits refuses', () => {
    expect(swapExactIn({ pool, tokenIn: pool.token0, amountIn: 1n }).status).toBe('insufficientLiquidity')
    const empty = { ...pool, reserve0: 0n, reserve1: 0n }
    expect(swapExactIn({ pool: empty, tokenIn: pool.token0, amountIn: ether }).status).toBe('insufficientLiquidity')
    expect(swapExactIn({ pool, tokenIn: pool.token0, amountIn: 1n << 112n }).status).toBe('insufficientLiquidity')
  })

  test('error: InvalidSwapError', () => {
    expect(() => swapExactIn({ pool, tokenIn: pool.token0, amountIn: 0n })).toThrow(InvalidSwapError)
    expect(() => swapExactIn({ pool, tokenIn: pool.token0, amountIn: -1n })).toThrow(InvalidSwapError)
    expect(() => swapExactIn({ pool, tokenIn: pool.id, amountIn: 1n })).toThrow(InvalidSwapError)
  })
})

describe('swapExactIn, concentrated', () => {
  test('default: 1e18 into 2e18 of liquidity at 1:1', () => {
    const outcome = swapped({ pool: fullRange(3000), tokenIn: fullRange(3000).token0, amountIn: ether })
    expect(outcome.amountOut).toBe(665_331_998_665_331_998n)
    expect(outcome.pool).toMatchObject({ tick: -8090 })
    const cheaper = swapped({ pool: fullRange(500), tokenIn: fullRange(500).token0, amountIn: ether })
    expect(cheaper.amountOut).toBe(666_444_407_401_233_536n)
    expect(cheaper.pool).toMatchObject({ tick: -8107 })
  })

  test('behaviour: crossing a tick changes the liquidity, and back again restores it', () => {
    const pool = buildConcentratedPool({
      sides: [a, b],
      feePips: 3000,
      bands: [
        { halfWidthSpacings: 900_000, depthUsd: 100_000n },
        { halfWidthSpacings: 3, depthUsd: 1_000_000n },
      ],
    })
    const down = swapped({ pool, tokenIn: pool.token0, amountIn: 30_000n * ether })
    expect(down.ticksCrossed).toBe(1)
    expect(down.pool).toMatchObject({ liquidity: pool.liquidity - 1_000_000n * ether })
    const up = swapped({ pool: down.pool, tokenIn: pool.token1, amountIn: down.amountOut })
    expect(up.ticksCrossed).toBe(1)
    expect(up.pool).toMatchObject({ liquidity: pool.liquidity })
    expect(up.amountOut).toBeLessThan(30_000n * ether)
  })

  test('behaviour: a swap that would leave the known ticks is refused, one that stays inside is not', () => {
    const pool = { ...fullRange(3000), ticks: [], knownTicks: { lower: -8100, upper: 8100 } }
    expect(swapExactIn({ pool, tokenIn: pool.token0, amountIn: ether }).status).toBe('swapped')
    const narrow = { ...pool, knownTicks: { lower: -8040, upper: 8040 } }
    expect(swapExactIn({ pool: narrow, tokenIn: pool.token0, amountIn: ether })).toEqual({ status: 'outOfKnownTicks' })
    expect(swapExactIn({ pool: narrow, tokenIn: pool.token1, amountIn: ether })).toEqual({ status: 'outOfKnownTicks' })
  })

  test('behaviour: a pool that runs dry cannot take the input', () => {
    const pool = fullRange(3000)
    for (const tokenIn of [pool.token0, pool.token1]) {
      expect(swapExactIn({ pool, tokenIn, amountIn: 10n ** 45n }).status).toBe('insufficientLiquidity')
    }
  })

  test('property: a narrower window changes nothing as long as the swap stays inside it', () => {
    fc.assert(
      fc.property(concentratedArbitrary, fc.boolean(), fc.integer({ min: 1, max: 200 }), (pool, sellsToken0, share) => {
        const tokenIn = sellsToken0 ? pool.token0 : pool.token1
        const amountIn = (reservesOf(pool)[sellsToken0 ? 0 : 1] * BigInt(share)) / 1000n + 1n
        const wide = swapExactIn({ pool, tokenIn, amountIn })
        const margin = 400 * pool.tickSpacing
        const lower = Math.max(pool.knownTicks.lower, pool.tick - margin)
        const upper = Math.min(pool.knownTicks.upper, pool.tick + margin)
        const ticks = pool.ticks.filter(({ index }) => index >= lower && index <= upper)
        const narrow = swapExactIn({ pool: { ...pool, ticks, knownTicks: { lower, upper } }, tokenIn, amountIn })
        if (narrow.status !== 'swapped' || wide.status !== 'swapped') {
          expect(narrow.status).not.toBe('swapped')
          return
        }
        expect(narrow.amountOut).toBe(wide.amountOut)
      }),
    )
  })

  test('property: the tick always lies at or just below the price', () => {
    fc.assert(
      fc.property(
        concentratedArbitrary,
        fc.boolean(),
        fc.bigInt({ min: 1n, max: 10n ** 24n }),
        (pool, up, amountIn) => {
          const outcome = swapExactIn({ pool, tokenIn: up ? pool.token1 : pool.token0, amountIn })
          if (outcome.status !== 'swapped' || outcome.pool.kind !== 'concentrated') return
          const { tick, sqrtPriceX96 } = outcome.pool
          const exact = tickAtSqrtPrice(sqrtPriceX96)
          // After a crossing downwards the tick is one below the price that lies exactly on it.
          expect(tick === exact || (tick === exact - 1 && sqrtPriceAtTick(exact) === sqrtPriceX96)).toBe(true)
        },
      ),
    )
  })
})

describe('swapExactIn, any pool', () => {
  const swap = fc.record({
    pool: poolArbitrary,
    sellsToken0: fc.boolean(),
    // Parts per million of what the pool holds of the sold token.
    ppm: fc.bigInt({ min: 1n, max: 2_000_000n }),
  })
  const requestOf = ({ pool, sellsToken0, ppm }: typeof swap extends fc.Arbitrary<infer T> ? T : never) => ({
    pool,
    tokenIn: sellsToken0 ? pool.token0 : pool.token1,
    amountIn: (reservesOf(pool)[sellsToken0 ? 0 : 1] * ppm) / 1_000_000n + 1n,
  })

  test('property: never pays out more than the pool holds', () => {
    fc.assert(
      fc.property(swap, (drawn) => {
        const outcome = swapExactIn(requestOf(drawn))
        if (outcome.status !== 'swapped') return
        expect(outcome.amountOut).toBeLessThanOrEqual(reservesOf(drawn.pool)[drawn.sellsToken0 ? 1 : 0])
      }),
    )
  })

  test('property: more in never pays less out', () => {
    fc.assert(
      fc.property(swap, fc.bigInt({ min: 1n, max: 10n ** 20n }), (drawn, extra) => {
        const request = requestOf(drawn)
        const less = swapExactIn(request)
        const more = swapExactIn({ ...request, amountIn: request.amountIn + extra })
        if (less.status !== 'swapped' || more.status !== 'swapped') return
        expect(more.amountOut).toBeGreaterThanOrEqual(less.amountOut)
      }),
    )
  })

  test('property: a round trip never gains, and the price moves against the trader', () => {
    fc.assert(
      fc.property(swap, (drawn) => {
        const request = requestOf(drawn)
        const there = swapExactIn(request)
        if (there.status !== 'swapped' || there.amountOut === 0n) return
        const { pool } = drawn
        const tokenBack = drawn.sellsToken0 ? pool.token1 : pool.token0
        const back = swapExactIn({ pool: there.pool, tokenIn: tokenBack, amountIn: there.amountOut })
        if (back.status === 'swapped') expect(back.amountOut).toBeLessThanOrEqual(request.amountIn)
        if (pool.kind === 'concentrated' && there.pool.kind === 'concentrated') {
          if (drawn.sellsToken0) expect(there.pool.sqrtPriceX96).toBeLessThanOrEqual(pool.sqrtPriceX96)
          else expect(there.pool.sqrtPriceX96).toBeGreaterThanOrEqual(pool.sqrtPriceX96)
        }
      }),
    )
  })

  test('property: the invariant of a pair never falls', () => {
    fc.assert(
      fc.property(
        constantProductArbitrary,
        fc.boolean(),
        fc.bigInt({ min: 1n, max: 10n ** 24n }),
        (pool, first, amountIn) => {
          const outcome = swapExactIn({ pool, tokenIn: first ? pool.token0 : pool.token1, amountIn })
          if (outcome.status !== 'swapped' || outcome.pool.kind !== 'constantProduct') return
          expect(outcome.pool.reserve0 * outcome.pool.reserve1).toBeGreaterThanOrEqual(pool.reserve0 * pool.reserve1)
        },
      ),
    )
  })

  test('property: the pool that was passed in is left as it is', () => {
    fc.assert(
      fc.property(swap, (drawn) => {
        const before = structuredClone(drawn.pool)
        swapExactIn(requestOf(drawn))
        expect(drawn.pool).toEqual(before)
      }),
    )
  })
})
