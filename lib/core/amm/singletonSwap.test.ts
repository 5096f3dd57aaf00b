import fc from 'fast-check'
import { expect, test } from 'vitest'
import { singletonArbitrary } from '@/lib/testing/arbitraries/pools'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { buildSingletonPool, reservesOf } from '@/lib/testing/builders/pools'
import { nativeAddress } from '../asset'
import type { ConcentratedPool, SingletonPool } from '../snapshot'
import { singletonFeePips } from './singletonSwap'
import { swapExactIn } from './swapExactIn'
import { maxSqrtPriceX96, minSqrtPriceX96, minTick } from './tickMath'

const usdc = { asset: buildAsset('USDC', { decimals: 6 }), micros: 1_000_000n }
const ether = { asset: etherAsset, micros: 2_000_000_000n }
const pool = buildSingletonPool({
  sides: [usdc, ether],
  feePips: 3000,
  bands: [
    { halfWidthSpacings: 900_000, depthUsd: 1_000_000n },
    { halfWidthSpacings: 3, depthUsd: 4_000_000n },
  ],
})

/** The same ranges as a v3 pool, whose fee may be any number of pips. */
function asConcentrated({ protocolFeePips: _, ...rest }: SingletonPool, feePips: number): ConcentratedPool {
  return { ...rest, kind: 'concentrated', feePips }
}

const swap = fc.record({
  pool: singletonArbitrary,
  sellsToken0: fc.boolean(),
  // Parts per million of what the pool holds of the sold token.
  ppm: fc.bigInt({ min: 0n, max: 2_000_000n }),
})

function toRequest({ pool: of, sellsToken0, ppm }: typeof swap extends fc.Arbitrary<infer T> ? T : never) {
  return {
    tokenIn: sellsToken0 ? of.token0 : of.token1,
    amountIn: (reservesOf(of)[sellsToken0 ? 0 : 1] * ppm) / 1_000_000n + 1n,
  }
}

test('default', () => {
  expect(pool.token0).toBe(nativeAddress)
  const amountIn = 10n ** 18n
  const outcome = swapExactIn({ pool, tokenIn: nativeAddress.toLowerCase(), amountIn })
  expect(outcome).toMatchObject({ status: 'swapped', ticksCrossed: 0, pool: { kind: 'singleton', id: pool.id } })
  const same = swapExactIn({ pool: asConcentrated(pool, 3000), tokenIn: nativeAddress, amountIn })
  expect(outcome.status === 'swapped' && same.status === 'swapped' && outcome.amountOut - same.amountOut).toBe(0n)
})

// ProtocolFeeLibrary.calculateSwapFee: protocol + pool - floor(protocol x pool / 1e6).
test.each([
  [3000, [0, 0], 3000, 3000],
  [3000, [1000, 0], 3997, 3000],
  [3000, [0, 1000], 3000, 3997],
  [500, [250, 33], 750, 533],
  [10000, [1000, 999], 10990, 10990],
  [100, [1, 1000], 101, 1100],
  [0, [7, 0], 7, 0],
] as const)('behaviour: a fee of %i with %j for the protocol', (feePips, protocolFeePips, sold0, sold1) => {
  expect(singletonFeePips({ ...pool, feePips, protocolFeePips }, true)).toBe(sold0)
  expect(singletonFeePips({ ...pool, feePips, protocolFeePips }, false)).toBe(sold1)
})

test('behaviour: amounts that do not fit signed 128 bits are refused, as the PoolManager does', () => {
  expect(swapExactIn({ pool, tokenIn: pool.token0, amountIn: 1n << 127n }).status).toBe('insufficientLiquidity')
  expect(swapExactIn({ pool, tokenIn: pool.token1, amountIn: (1n << 127n) - 1n }).status).toBe('insufficientLiquidity')
})

test('behaviour: a pool at its last price takes nothing more in that direction', () => {
  const lowest = { ...pool, sqrtPriceX96: minSqrtPriceX96 + 1n, tick: minTick }
  const highest = { ...pool, sqrtPriceX96: maxSqrtPriceX96 - 1n, tick: -minTick - 1 }
  expect(swapExactIn({ pool: lowest, tokenIn: pool.token0, amountIn: 1n }).status).toBe('insufficientLiquidity')
  expect(swapExactIn({ pool: highest, tokenIn: pool.token1, amountIn: 1n }).status).toBe('insufficientLiquidity')
  const atTheEnd = { ...pool, sqrtPriceX96: minSqrtPriceX96, tick: minTick }
  expect(swapExactIn({ pool: atTheEnd, tokenIn: pool.token0, amountIn: 1n }).status).toBe('insufficientLiquidity')
})

test('property: pays what a v3 pool of the same ranges pays whose fee is the whole fee', () => {
  fc.assert(
    fc.property(swap, (drawn) => {
      const request = toRequest(drawn)
      const feePips = singletonFeePips(drawn.pool, drawn.sellsToken0)
      const outcome = swapExactIn({ ...request, pool: drawn.pool })
      const same = swapExactIn({ ...request, pool: asConcentrated(drawn.pool, feePips) })
      expect(outcome.status).toBe(same.status)
      if (outcome.status !== 'swapped' || same.status !== 'swapped' || outcome.pool.kind !== 'singleton') return
      expect(outcome.amountOut).toBe(same.amountOut)
      expect(outcome.ticksCrossed).toBe(same.ticksCrossed)
      expect(asConcentrated(outcome.pool, feePips)).toEqual(same.pool)
    }),
  )
})

test('property: without a fee of the protocol it is v3 at the fee of the pool', () => {
  fc.assert(
    fc.property(swap, (drawn) => {
      const untaxed: SingletonPool = { ...drawn.pool, protocolFeePips: [0, 0] }
      const request = toRequest(drawn)
      const outcome = swapExactIn({ ...request, pool: untaxed })
      const same = swapExactIn({ ...request, pool: asConcentrated(untaxed, untaxed.feePips) })
      if (outcome.status !== 'swapped' || same.status !== 'swapped') expect(outcome.status).toBe(same.status)
      else expect(outcome.amountOut).toBe(same.amountOut)
    }),
  )
})

test('property: a fee of the protocol never pays the trader more, and only where it is raised less', () => {
  fc.assert(
    fc.property(swap, (drawn) => {
      const request = toRequest(drawn)
      const taxed = swapExactIn({ ...request, pool: drawn.pool })
      const untaxed = swapExactIn({ ...request, pool: { ...drawn.pool, protocolFeePips: [0, 0] } })
      if (taxed.status !== 'swapped' || untaxed.status !== 'swapped') return
      const isTaxed = drawn.pool.protocolFeePips[drawn.sellsToken0 ? 0 : 1] > 0
      if (isTaxed) expect(taxed.amountOut).toBeLessThanOrEqual(untaxed.amountOut)
      else expect(taxed.amountOut).toBe(untaxed.amountOut)
    }),
  )
})
