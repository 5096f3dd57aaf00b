import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountToRatio, arbitrageTarget, compareRatios, priceOf, type Ratio, swapFeePips } from './arbitrage'

const ratio = (numerator: bigint, denominator: bigint): Ratio => ({ numerator, denominator })

test('default', () => {
  const reserves = { reserve0: 10n ** 21n, reserve1: 2n * 10n ** 12n }
  const target = ratio(reserves.reserve1 * 102n, reserves.reserve0 * 100n)
  const { zeroForOne, amountIn } = amountToRatio(reserves, target, 3000)
  expect(zeroForOne).toBe(false)
  const kept = amountIn * 997n
  const reserve0 = reserves.reserve0 - (reserves.reserve0 * kept) / (reserves.reserve1 * 1000n + kept)
  const after = Number(reserves.reserve1 + amountIn) / Number(reserve0)
  expect(after / (Number(target.numerator) / Number(target.denominator))).toBeCloseTo(1, 9)
})

test('behaviour: inside the fee nothing is worth a trade', () => {
  const fair = ratio(2000n, 1n)
  expect(arbitrageTarget(ratio(2005n, 1n), fair, 3000)).toBeUndefined()
  expect(arbitrageTarget(ratio(1995n, 1n), fair, 3000)).toBeUndefined()
  expect(arbitrageTarget(ratio(2007n, 1n), fair, 3000)).toEqual(ratio(2000n * 1_000_000n, 997_000n))
  expect(arbitrageTarget(ratio(1993n, 1n), fair, 3000)).toEqual(ratio(2000n * 997_000n, 1_000_000n))
})

test('behaviour: a v3 price is the square of its root', () => {
  expect(compareRatios(priceOf({ version: 'v3', sqrtPriceX96: 3n * 2n ** 96n }), ratio(9n, 1n))).toBe(0)
})

test('behaviour: v4 charges the fee of the direction, the others that of the pool', () => {
  const sqrtPriceX96 = 3n * 2n ** 96n
  const fees = { zeroForOnePips: 3100, oneForZeroPips: 3160 }
  const state = { version: 'v4', sqrtPriceX96, tick: 21_972, liquidity: 1n, fees } as const
  expect(compareRatios(priceOf(state), ratio(9n, 1n))).toBe(0)
  expect(swapFeePips(state, ratio(8n, 1n), 3000)).toBe(3100)
  expect(swapFeePips(state, ratio(10n, 1n), 3000)).toBe(3160)
  expect(swapFeePips({ version: 'v3', sqrtPriceX96 }, ratio(8n, 1n), 3000)).toBe(3000)
})

test('property: the amount brings a pair to its target from either side', () => {
  const reserve = fc.bigInt({ min: 10n ** 15n, max: 10n ** 27n })
  const feePips = fc.constantFrom(100, 500, 3000, 10000)
  const moveBps = fc.integer({ min: -5000, max: 10_000 })
  fc.assert(
    fc.property(reserve, reserve, feePips, moveBps, (reserve0, reserve1, fee, move) => {
      const target = ratio(reserve1 * BigInt(10_000 + move), reserve0 * 10_000n)
      const { zeroForOne, amountIn } = amountToRatio({ reserve0, reserve1 }, target, fee)
      if (move === 0) {
        expect(amountIn).toBe(0n)
        return
      }
      expect(zeroForOne).toBe(move < 0)
      const kept = amountIn * (1_000_000n - BigInt(fee))
      const [reserveIn, reserveOut] = zeroForOne ? [reserve0, reserve1] : [reserve1, reserve0]
      const out = (reserveOut * kept) / (reserveIn * 1_000_000n + kept)
      const [after0, after1] = zeroForOne
        ? [reserve0 + amountIn, reserve1 - out]
        : [reserve0 - out, reserve1 + amountIn]
      const wanted = Number(target.numerator) / Number(target.denominator)
      expect(Number(after1) / Number(after0) / wanted).toBeCloseTo(1, 6)
    }),
  )
})
