import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeSwapStep } from '@/lib/core/amm/swapMath'
import { sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import { amountToPrice, type InitializedTick } from './amountToPrice'

const q96 = 2n ** 96n

test('default', () => {
  const request = { from: q96, liquidity: 10n ** 18n, ticks: [], feePips: 0 }
  // L (1 / sqrt(1/4) - 1) of token 0, L (sqrt(4) - 1) of token 1.
  expect(amountToPrice({ ...request, to: q96 / 2n })).toBe(10n ** 18n)
  expect(amountToPrice({ ...request, to: q96 * 2n })).toBe(10n ** 18n)
  expect(amountToPrice({ ...request, to: q96 })).toBe(0n)
  expect(amountToPrice({ ...request, to: q96 * 2n, feePips: 3000 })).toBe((10n ** 18n * 1_000_000n) / 997_000n + 1n)
})

test('behaviour: liquidity grows and shrinks at the ticks on the way', () => {
  const ticks = [
    { tick: 100, liquidityNet: 3n * 10n ** 18n },
    { tick: 200, liquidityNet: -(10n ** 18n) },
  ]
  const [low, middle, high] = [sqrtPriceAtTick(100), sqrtPriceAtTick(200), sqrtPriceAtTick(300)]
  const part = (from: bigint, to: bigint, liquidity: bigint) =>
    amountToPrice({ from, to, liquidity, ticks: [], feePips: 3000 })
  const up = part(q96, low, 10n ** 18n) + part(low, middle, 4n * 10n ** 18n) + part(middle, high, 3n * 10n ** 18n)
  expect(amountToPrice({ from: q96, to: high, liquidity: 10n ** 18n, ticks, feePips: 3000 })).toBe(up)
  const down = part(high, middle, 3n * 10n ** 18n) + part(middle, low, 4n * 10n ** 18n) + part(low, q96, 10n ** 18n)
  expect(amountToPrice({ from: high, to: q96, liquidity: 3n * 10n ** 18n, ticks, feePips: 3000 })).toBe(down)
})

/** Where Uniswap's own steps end with the whole amount, if nothing limits the price before `end`. */
function priceAfter(
  pool: { readonly from: bigint; readonly liquidity: bigint; readonly feePips: number; readonly end: bigint },
  walk: readonly InitializedTick[],
  amount: bigint,
): bigint {
  const feePips = BigInt(pool.feePips)
  let [sqrtPriceX96, liquidity, amountRemaining] = [pool.from, pool.liquidity, amount]
  const targets = [...walk.map(({ tick }) => sqrtPriceAtTick(tick)), pool.end]
  for (const [index, targetX96] of targets.entries()) {
    if (amountRemaining === 0n) break
    const step = computeSwapStep({ sqrtPriceX96, targetX96, liquidity, amountRemaining, feePips })
    amountRemaining -= step.amountIn + step.feeAmount
    sqrtPriceX96 = step.sqrtPriceX96
    liquidity += pool.end < pool.from ? -(walk[index]?.liquidityNet ?? 0n) : (walk[index]?.liquidityNet ?? 0n)
  }
  return sqrtPriceX96
}

test('property: a swap of the amount ends at the price', () => {
  const amounts = fc.bigInt({ min: 10n ** 15n, max: 10n ** 26n })
  const ticks = fc.integer({ min: 1, max: 4000 })
  const direction = fc.constantFrom(1, -1)
  fc.assert(
    fc.property(
      fc.constantFrom(0, 100, 3100, 10_000),
      direction,
      amounts,
      amounts,
      ticks,
      ticks,
      (feePips, sign, liquidity, added, near, beyond) => {
        const walk = [{ tick: sign * near, liquidityNet: BigInt(sign) * added }]
        const to = sqrtPriceAtTick(sign * (near + beyond))
        const amountIn = amountToPrice({ from: q96, to, liquidity, ticks: walk, feePips })
        const end = sqrtPriceAtTick(sign * 20_000)
        const reached = priceAfter({ from: q96, liquidity, feePips, end }, walk, amountIn)
        expect(Number(reached) / Number(to)).toBeCloseTo(1, 9)
      },
    ),
  )
})
