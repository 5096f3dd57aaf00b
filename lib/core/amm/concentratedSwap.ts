import type { ConcentratedPool, InitializedTick, SingletonPool } from '../snapshot'
import { computeSwapStep } from './swapMath'
import type { SwapOutcome } from './swapOutcome'
import { maxSqrtPriceX96, maxTick, minSqrtPriceX96, minTick, sqrtPriceAtTick, tickAtSqrtPrice } from './tickMath'

const ticksPerWord = 256

type Walk = { sqrtPriceX96: bigint; tick: number; liquidity: bigint; remaining: bigint; out: bigint; crossed: number }

/** A pool whose liquidity lies in ranges: v3, and v4 without hooks. */
export type RangePool = ConcentratedPool | SingletonPool

/** What is sold into a pool of ranges, and for what fee in hundredths of a basis point. */
export type RangeSwap = { readonly sellsToken0: boolean; readonly amountIn: bigint; readonly feePips: number }

/**
 * Sells exactly `amountIn` into a v3 pool. Its protocol fee is a part of the fee and does not change what is paid.
 */
export function swapConcentrated(
  pool: ConcentratedPool,
  sellsToken0: boolean,
  amountIn: bigint,
): SwapOutcome<ConcentratedPool> {
  return swapRanges(pool, { sellsToken0, amountIn, feePips: pool.feePips })
}

/**
 * Sells exactly `amountIn` into ranges of liquidity, tick by tick, with the contracts' own rounding (v3: UniswapV3Pool.swap; v4:
 * Pool.swap, which does the same in another order). Like them it also stops at the end of each word of the tick bitmap
 * (256 spacings), because each stop rounds. The limits of the price are those of the routers: anything up to the last tick.
 */
export function swapRanges<P extends RangePool>(
  pool: P,
  { sellsToken0, amountIn, feePips: fee }: RangeSwap,
): SwapOutcome<P> {
  const window = knownWindow(pool)
  const limit = sellsToken0 ? minSqrtPriceX96 + 1n : maxSqrtPriceX96 - 1n
  const feePips = BigInt(fee)
  const { sqrtPriceX96, tick, liquidity } = pool
  // A pool at its last price refuses: there is nothing left beyond the limit.
  if (sellsToken0 ? sqrtPriceX96 <= limit : sqrtPriceX96 >= limit) return { status: 'insufficientLiquidity' }
  const walk: Walk = { sqrtPriceX96, tick, liquidity, remaining: amountIn, out: 0n, crossed: 0 }

  while (walk.remaining > 0n) {
    const next = nextTick(pool, walk.tick, sellsToken0)
    if (walk.liquidity === 0n && !next.hasMore) {
      return { status: window.isComplete(sellsToken0) ? 'insufficientLiquidity' : 'outOfKnownTicks' }
    }
    const nextPrice = sqrtPriceAtTick(next.index)
    const isPastLimit = sellsToken0 ? nextPrice < limit : nextPrice > limit
    const step = computeSwapStep({
      sqrtPriceX96: walk.sqrtPriceX96,
      targetX96: isPastLimit ? limit : nextPrice,
      liquidity: walk.liquidity,
      amountRemaining: walk.remaining,
      feePips,
    })
    // Beyond the window an unknown tick may lie before the target; up to its edge the step is the same either way.
    if (step.sqrtPriceX96 < window.lowerPrice || step.sqrtPriceX96 > window.upperPrice)
      return { status: 'outOfKnownTicks' }
    walk.remaining -= step.amountIn + step.feeAmount
    walk.out += step.amountOut
    const hasMoved = step.sqrtPriceX96 !== walk.sqrtPriceX96
    walk.sqrtPriceX96 = step.sqrtPriceX96
    if (step.sqrtPriceX96 === nextPrice) {
      if (next.initialized) {
        walk.liquidity += sellsToken0 ? -next.initialized.liquidityNet : next.initialized.liquidityNet
        walk.crossed += 1
      }
      walk.tick = sellsToken0 ? next.index - 1 : next.index
    } else if (hasMoved) {
      walk.tick = tickAtSqrtPrice(step.sqrtPriceX96)
    }
    if (step.sqrtPriceX96 === limit && walk.remaining > 0n) return { status: 'insufficientLiquidity' }
  }
  return {
    status: 'swapped',
    amountOut: walk.out,
    pool: { ...pool, sqrtPriceX96: walk.sqrtPriceX96, tick: walk.tick, liquidity: walk.liquidity },
    ticksCrossed: walk.crossed,
  }
}

/** The prices between which all initialised ticks are known. A window up to the last usable tick is open to the end. */
function knownWindow(pool: RangePool) {
  const lastUsable = Math.floor(maxTick / pool.tickSpacing) * pool.tickSpacing
  const isOpenBelow = pool.knownTicks.lower <= -lastUsable
  const isOpenAbove = pool.knownTicks.upper >= lastUsable
  return {
    lowerPrice: isOpenBelow ? 0n : sqrtPriceAtTick(pool.knownTicks.lower),
    upperPrice: isOpenAbove ? maxSqrtPriceX96 : sqrtPriceAtTick(pool.knownTicks.upper),
    isComplete: (sellsToken0: boolean) => (sellsToken0 ? isOpenBelow : isOpenAbove),
  }
}

type NextTick = {
  readonly index: number
  /** Missing where the walk only stops at the end of a bitmap word. */
  readonly initialized?: InitializedTick
  /** Whether any initialised tick is known in this direction. */
  readonly hasMore: boolean
}

/** The next stop from a tick: Uniswap's TickBitmap.nextInitializedTickWithinOneWord. */
function nextTick(pool: RangePool, tick: number, sellsToken0: boolean): NextTick {
  const { ticks, tickSpacing } = pool
  const compressed = Math.floor(tick / tickSpacing)
  const atOrBelow = lastAtOrBelow(ticks, tick)
  if (sellsToken0) {
    const wordStart = Math.floor(compressed / ticksPerWord) * ticksPerWord * tickSpacing
    const candidate = ticks[atOrBelow]
    if (candidate && candidate.index >= wordStart) {
      return { index: candidate.index, initialized: candidate, hasMore: true }
    }
    return { index: Math.max(minTick, wordStart), hasMore: candidate !== undefined }
  }
  const wordEnd = (Math.floor((compressed + 1) / ticksPerWord) * ticksPerWord + ticksPerWord - 1) * tickSpacing
  const candidate = ticks[atOrBelow + 1]
  if (candidate && candidate.index <= wordEnd) {
    return { index: candidate.index, initialized: candidate, hasMore: true }
  }
  return { index: Math.min(maxTick, wordEnd), hasMore: candidate !== undefined }
}

/** Index of the last tick at or below `tick`, -1 when there is none. */
function lastAtOrBelow(ticks: readonly InitializedTick[], tick: number): number {
  let low = 0
  let high = ticks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = ticks[middle]
    if (entry && entry.index <= tick) low = middle + 1
    else high = middle
  }
  return low - 1
}
