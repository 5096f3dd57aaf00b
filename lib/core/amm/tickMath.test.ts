import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  maxSqrtPriceX96,
  maxTick,
  minSqrtPriceX96,
  minTick,
  SqrtPriceOutOfRangeError,
  sqrtPriceAtTick,
  TickOutOfRangeError,
  tickAtSqrtPrice,
} from './tickMath'

describe('sqrtPriceAtTick', () => {
  test('default', () => {
    expect(sqrtPriceAtTick(0)).toBe(1n << 96n)
    expect(sqrtPriceAtTick(minTick)).toBe(minSqrtPriceX96)
    expect(sqrtPriceAtTick(maxTick)).toBe(maxSqrtPriceX96)
    expect(sqrtPriceAtTick(minTick + 1)).toBe(4295343490n)
    expect(sqrtPriceAtTick(maxTick - 1)).toBe(1461373636630004318706518188784493106690254656249n)
    expect(sqrtPriceAtTick(-250000)).toBe(295440463448801648376846n)
    expect(sqrtPriceAtTick(250000)).toBe(21246587762933397357449903968194344n)
    expect(sqrtPriceAtTick(50)).toBe(79426470787362580746886972461n)
  })

  test('error: TickOutOfRangeError', () => {
    for (const tick of [minTick - 1, maxTick + 1, 0.5, Number.NaN]) {
      expect(() => sqrtPriceAtTick(tick)).toThrow(TickOutOfRangeError)
    }
  })

  test('property: agrees with 1.0001^(tick / 2) to ten digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: minTick, max: maxTick }), (tick) => {
        const expected = 1.0001 ** (tick / 2) * 2 ** 96
        expect(Math.abs(Number(sqrtPriceAtTick(tick)) / expected - 1)).toBeLessThan(1e-9)
      }),
    )
  })
})

describe('tickAtSqrtPrice', () => {
  test('error: SqrtPriceOutOfRangeError', () => {
    expect(() => tickAtSqrtPrice(minSqrtPriceX96 - 1n)).toThrow(SqrtPriceOutOfRangeError)
    expect(() => tickAtSqrtPrice(maxSqrtPriceX96)).toThrow(SqrtPriceOutOfRangeError)
  })

  test('property: the greatest tick that is not above the price, to the last unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: minTick + 1, max: maxTick - 1 }), (tick) => {
        const price = sqrtPriceAtTick(tick)
        expect(tickAtSqrtPrice(price)).toBe(tick)
        expect(tickAtSqrtPrice(price - 1n)).toBe(tick - 1)
      }),
    )
    expect(tickAtSqrtPrice(minSqrtPriceX96)).toBe(minTick)
    expect(tickAtSqrtPrice(maxSqrtPriceX96 - 1n)).toBe(maxTick - 1)
  })
})
