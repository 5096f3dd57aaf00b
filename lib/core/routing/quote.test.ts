import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measureArbitrage } from './bound'
import type { ConcentratedPool, ConstantProductPool } from './problem'
import { measureCapacity, quotePool } from './quote'

const product: ConstantProductPool = {
  id: 'P',
  kind: 'constantProduct',
  tokens: ['A', 'B'],
  reserves: [1000, 4000],
  fee: 0.003,
  gasCost: 0,
}
const ranged: ConcentratedPool = {
  id: 'C',
  kind: 'concentrated',
  tokens: ['A', 'B'],
  fee: 0.01,
  gasCost: 0,
  sqrtPrice: 2,
  ranges: [
    { lower: 0.5, upper: 1, liquidity: 50 },
    { lower: 1.5, upper: 2.5, liquidity: 100 },
    { lower: 2.5, upper: 4, liquidity: 30 },
  ],
}

describe('quotePool', () => {
  test('default', () => {
    expect(quotePool(product, 0, 10)).toBeCloseTo((4000 * 9.97) / 1009.97, 10)
    expect(quotePool(product, 1, 10)).toBeCloseTo((1000 * 9.97) / 4009.97, 10)
  })

  test('behaviour: a full range of liquidity is a constant product', () => {
    const pool: ConcentratedPool = {
      ...ranged,
      fee: 0.003,
      ranges: [{ lower: 0, upper: 1e12, liquidity: 2000 }],
    }
    expect(quotePool(pool, 0, 10)).toBeCloseTo(quotePool(product, 0, 10) ?? 0, 9)
    expect(quotePool(pool, 1, 10)).toBeCloseTo(quotePool(product, 1, 10) ?? 0, 9)
  })

  test('behaviour: the price moves over a gap at no cost', () => {
    // 100 (1/1.5 - 1/2) ends the first range; the gap from 1.5 to 1 is skipped.
    const first = 100 * (1 / 1.5 - 1 / 2)
    const second = 50 * (1 / 0.8 - 1 / 1)
    const out = 100 * (2 - 1.5) + 50 * (1 - 0.8)
    expect(quotePool(ranged, 0, (first + second) / 0.99)).toBeCloseTo(out, 10)
  })

  test('behaviour: more than the liquidity takes is not quoted', () => {
    for (const sells of [0, 1] as const) {
      const most = measureCapacity(ranged, sells)
      expect(quotePool(ranged, sells, most)).toBeGreaterThan(0)
      expect(quotePool(ranged, sells, most * 1.001)).toBeUndefined()
    }
    expect(measureCapacity(product, 0)).toBe(Number.POSITIVE_INFINITY)
  })

  test('property: arbitrage is the best of all trades at the shadow prices', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(product, ranged),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0 as const, 1 as const),
        (pool, shadowA, part, sells) => {
          const best = measureArbitrage(pool, shadowA, 1)
          const amountIn = Math.min(measureCapacity(pool, sells), 5000) * part
          const out = quotePool(pool, sells, amountIn) ?? 0
          const profit = sells === 0 ? out - shadowA * amountIn : shadowA * out - amountIn
          expect(profit).toBeLessThanOrEqual(best + 1e-8 * (1 + best))
        },
      ),
    )
  })
})
