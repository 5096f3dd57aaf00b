import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amount0Up, amount1Up } from '@/lib/core/amm/sqrtPriceMath'
import { sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import { drawOffset, integerSqrt, liquidityOf, positionsOf, reservesOf, startSqrtPriceX96 } from './marketSeed'
import { seededPools, tickSpacingOf } from './pools'
import { startPrice } from './prices'
import { seededRandom } from './seededRandom'

const concentratedPools = seededPools.filter(({ version }) => version !== 'v2')

test('default', () => {
  for (const pool of concentratedPools) {
    const positions = positionsOf(pool, seededRandom(1))
    const tick = Math.log(Number(startSqrtPriceX96(pool, 0n)) ** 2 / 2 ** 192) / Math.log(1.0001)
    const spacing = tickSpacingOf(pool.feePips)
    expect(positions.length).toBeGreaterThanOrEqual(4)
    for (const { tickLower, tickUpper, amount0, amount1 } of positions) {
      expect(Math.abs(tickLower % spacing) + Math.abs(tickUpper % spacing)).toBe(0)
      expect(tickLower).toBeLessThan(tick)
      expect(tickUpper).toBeGreaterThan(tick)
      expect(amount0 > 0n && amount1 > 0n).toBe(true)
    }
  }
})

test('behaviour: ranges are nested, each inside the next', () => {
  for (const pool of concentratedPools)
    for (const seed of [1, 2, 3]) {
      const positions = positionsOf(pool, seededRandom(seed))
      for (const [index, inner] of positions.entries()) {
        const outer = positions[index + 1]
        if (outer === undefined) continue
        expect(outer.tickLower).toBeLessThan(inner.tickLower)
        expect(outer.tickUpper).toBeGreaterThan(inner.tickUpper)
      }
    }
})

test('behaviour: the sides of a pool are worth its depth', () => {
  for (const pool of seededPools) {
    const { asset0, asset1, depthUsd } = pool
    const parts = pool.version === 'v2' ? [reservesOf(pool, 0n)] : positionsOf(pool, seededRandom(1))
    const usd = parts.reduce(
      (sum, { amount0, amount1 }) =>
        sum +
        (Number(amount0) / 10 ** asset0.decimals) * startPrice(asset0.id) +
        (Number(amount1) / 10 ** asset1.decimals) * startPrice(asset1.id),
      0,
    )
    expect(usd / depthUsd).toBeCloseTo(1, 3)
  }
})

test('property: an offset is at most half the fee', () => {
  fc.assert(
    fc.property(fc.constantFrom(100, 500, 3000, 10000), fc.nat(), (feePips, seed) => {
      const offset = Number(drawOffset(feePips, seededRandom(seed)))
      expect(Math.abs(offset)).toBeLessThanOrEqual(feePips / 2)
    }),
  )
})

test('property: a square root is the greatest integer not above it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 400n }), (value) => {
      const root = integerSqrt(value)
      expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true)
    }),
  )
})

test('property: liquidity costs no more than the amounts, and one of them almost whole', () => {
  fc.assert(
    fc.property(fc.constantFrom(...concentratedPools), fc.nat(), (pool, seed) => {
      const random = seededRandom(seed)
      const price = startSqrtPriceX96(pool, drawOffset(pool.feePips, random))
      for (const position of positionsOf(pool, random)) {
        const liquidity = liquidityOf(position, price)
        const spent0 = amount0Up(price, sqrtPriceAtTick(position.tickUpper), liquidity)
        const spent1 = amount1Up(price, sqrtPriceAtTick(position.tickLower), liquidity)
        expect(spent0).toBeLessThanOrEqual(position.amount0)
        expect(spent1).toBeLessThanOrEqual(position.amount1)
        const used = Math.max(Number(spent0) / Number(position.amount0), Number(spent1) / Number(position.amount1))
        expect(used).toBeGreaterThan(0.999_99)
      }
    }),
  )
})
