import { sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import type { Asset } from '@/lib/core/asset'
import { type SeededPool, tickSpacingOf } from './pools'
import { amountWorth, startPrice, toFeedAnswer } from './prices'

/** Where one liquidity position of a v3 or v4 pool lies and what it brings. */
export type SeededPosition = {
  readonly tickLower: number
  readonly tickUpper: number
  readonly amount0: bigint
  readonly amount1: bigint
}

const maxTick = 887_272
const q96 = 2n ** 96n
const q192 = 2n ** 192n
const offsetUnit = 1_000_000n

const everywhere = Number.POSITIVE_INFINITY

/**
 * Nested ranges by fee tier: how far each reaches to both sides of the price as a factor, and its share of the pool's
 * depth. Little of it is narrow, so that trades of a private portfolio move prices and cross ticks.
 */
const rangesByFee: Readonly<Record<number, readonly { readonly reach: number; readonly share: number }[]>> = {
  100: [
    { reach: 1.0006, share: 0.15 },
    { reach: 1.003, share: 0.35 },
    { reach: 1.02, share: 0.3 },
    { reach: everywhere, share: 0.2 },
  ],
  500: [
    { reach: 1.0015, share: 0.006 },
    { reach: 1.006, share: 0.02 },
    { reach: 1.03, share: 0.08 },
    { reach: 1.3, share: 0.35 },
    { reach: everywhere, share: 0.544 },
  ],
  3000: [
    { reach: 1.007, share: 0.01 },
    { reach: 1.03, share: 0.04 },
    { reach: 1.15, share: 0.15 },
    { reach: 1.8, share: 0.3 },
    { reach: everywhere, share: 0.5 },
  ],
  10000: [
    { reach: 1.03, share: 0.05 },
    { reach: 1.12, share: 0.15 },
    { reach: 1.5, share: 0.3 },
    { reach: everywhere, share: 0.5 },
  ],
}

/** The greatest integer whose square is not above the value. */
export function integerSqrt(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** How far a pool's first price lies from the feeds, in millionths: at most half the pool's fee to either side. */
export function drawOffset(feePips: number, random: () => number): bigint {
  return BigInt(Math.round((random() - 0.5) * feePips))
}

/** A ratio of base units of token 1 to base units of token 0, as a fraction, at the feeds' prices times an offset. */
export function ratioAtFeeds(
  asset0: Asset,
  asset1: Asset,
  answers: { readonly answer0: bigint; readonly answer1: bigint; readonly offset: bigint },
): { readonly numerator: bigint; readonly denominator: bigint } {
  return {
    numerator: answers.answer0 * 10n ** BigInt(asset1.decimals) * (offsetUnit + answers.offset),
    denominator: answers.answer1 * 10n ** BigInt(asset0.decimals) * offsetUnit,
  }
}

/** The square root of a ratio x 2^96, rounded down, as Uniswap v3 keeps a price. */
export function sqrtPriceX96Of({ numerator, denominator }: { numerator: bigint; denominator: bigint }): bigint {
  return integerSqrt((numerator * q192) / denominator)
}

function ratioAtStart(pool: SeededPool, offset: bigint) {
  return ratioAtFeeds(pool.asset0, pool.asset1, {
    answer0: toFeedAnswer(startPrice(pool.asset0.id)),
    answer1: toFeedAnswer(startPrice(pool.asset1.id)),
    offset,
  })
}

/** The first price of a v3 or v4 pool. */
export function startSqrtPriceX96(pool: SeededPool, offset: bigint): bigint {
  return sqrtPriceX96Of(ratioAtStart(pool, offset))
}

/** The nested positions of a v3 or v4 pool, not quite centred so that each boundary is a tick of its own. */
export function positionsOf(pool: SeededPool, random: () => number): readonly SeededPosition[] {
  const spacing = tickSpacingOf(pool.feePips)
  const { numerator, denominator } = ratioAtStart(pool, 0n)
  const tick = Math.log(Number(numerator) / Number(denominator)) / Math.log(1.0001)
  const aligned = (value: number) => Math.round(value / spacing) * spacing
  const lastTick = Math.floor(maxTick / spacing) * spacing
  return (rangesByFee[pool.feePips] ?? []).map(({ reach, share }) => {
    const usdPerSide = (pool.depthUsd * share) / 2
    const reachTicks = Math.log(reach) / Math.log(1.0001)
    const shift = (random() - 0.5) * 0.1
    const isWhole = reach === everywhere
    return {
      tickLower: isWhole ? -lastTick : aligned(tick - reachTicks * (1 + shift)) - spacing,
      tickUpper: isWhole ? lastTick : aligned(tick + reachTicks * (1 - shift)) + spacing,
      amount0: amountWorth(usdPerSide, startPrice(pool.asset0.id), pool.asset0.decimals),
      amount1: amountWorth(usdPerSide, startPrice(pool.asset1.id), pool.asset1.decimals),
    }
  })
}

/** The most liquidity that a position's amounts buy around a price, as Uniswap's LiquidityAmounts counts it. */
export function liquidityOf({ tickLower, tickUpper, amount0, amount1 }: SeededPosition, sqrtPriceX96: bigint): bigint {
  const [lower, upper] = [sqrtPriceAtTick(tickLower), sqrtPriceAtTick(tickUpper)]
  const liquidity0 = (amount0 * ((sqrtPriceX96 * upper) / q96)) / (upper - sqrtPriceX96)
  const liquidity1 = (amount1 * q96) / (sqrtPriceX96 - lower)
  return liquidity0 < liquidity1 ? liquidity0 : liquidity1
}

/** The first reserves of a v2 pair. */
export function reservesOf(pool: SeededPool, offset: bigint): { readonly amount0: bigint; readonly amount1: bigint } {
  const amount0 = amountWorth(pool.depthUsd / 2, startPrice(pool.asset0.id), pool.asset0.decimals)
  const { numerator, denominator } = ratioAtStart(pool, offset)
  return { amount0, amount1: (amount0 * numerator) / denominator }
}
