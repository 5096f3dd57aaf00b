import { singletonFeePips } from '../amm/singletonSwap'
import { amount0Up, amount1Up } from '../amm/sqrtPriceMath'
import { sqrtPriceAtTick } from '../amm/tickMath'
import type { ConcentratedPool, Pool, SingletonPool } from '../snapshot'
import { bpsWhole, mulDivUp, type Usd } from '../units'

/** What a pool's side is worth: dollars x 1e18 of one whole token, and its decimals. */
export type PricedSide = { readonly price: Usd; readonly decimals: number }

/** A gap that is larger than anybody has to know. */
const mostGapBps = 1_000_000n

/**
 * How far the pool's price lies from the feeds', either way, in basis points, rounded up and at most {@link mostGapBps}.
 * @returns nothing for a pool without a price.
 */
export function measureGapBps(pool: Pool, [side0, side1]: readonly [PricedSide, PricedSide]): number | undefined {
  // {units1/units0} as a fraction
  const [units1, units0] =
    pool.kind === 'constantProduct' ? [pool.reserve1, pool.reserve0] : [pool.sqrtPriceX96 ** 2n, 1n << 192n]
  // {usd} of what stands on either side of the pool's rate
  const gets = units1 * side1.price * 10n ** BigInt(side0.decimals)
  const gives = units0 * side0.price * 10n ** BigInt(side1.decimals)
  const [less, more] = gets < gives ? [gets, gives] : [gives, gets]
  if (less <= 0n) return undefined
  const gapBps = mulDivUp(more - less, BigInt(bpsWhole), less)
  return Number(gapBps < mostGapBps ? gapBps : mostGapBps)
}

/** What can be sold until the price has fallen by 2 %. */
export type PoolDepth = {
  /** Base units of what is sold, the fee included, rounded up. */
  readonly amountIn: bigint
  /** False where the pool's ticks are not known so far: it takes at least this much. */
  readonly isComplete: boolean
}

/** sqrt(0.98), and one over it, in parts of {@link sqrtWhole}. */
const sqrtFall = 989_949_493_661n
const sqrtRise = 1_010_152_544_552n
const sqrtWhole = 10n ** 12n
const pipsWhole = 1_000_000n

/** How much a pool takes of one of its tokens until that token's price in the pool is 2 % lower. */
export function measureDepth(pool: Pool, sellsToken0: boolean): PoolDepth {
  const feePips = BigInt(pool.kind === 'singleton' ? singletonFeePips(pool, sellsToken0) : pool.feePips)
  const { net, isComplete } =
    pool.kind === 'constantProduct'
      ? { net: depthOfPair(sellsToken0 ? pool.reserve0 : pool.reserve1), isComplete: true }
      : depthOfRanges(pool, sellsToken0)
  return { amountIn: feePips < pipsWhole ? mulDivUp(net, pipsWhole, pipsWhole - feePips) : 0n, isComplete }
}

/** reserve * (1 / sqrt(0.98) - 1), whichever of the two is sold. */
function depthOfPair(reserve: bigint): bigint {
  return reserve <= 0n ? 0n : mulDivUp(reserve, sqrtRise - sqrtWhole, sqrtWhole)
}

function depthOfRanges(
  pool: ConcentratedPool | SingletonPool,
  sellsToken0: boolean,
): { readonly net: bigint; readonly isComplete: boolean } {
  const { sqrtPriceX96, tick, knownTicks } = pool
  const end = (sqrtPriceX96 * (sellsToken0 ? sqrtFall : sqrtRise)) / sqrtWhole
  const edge = sqrtPriceAtTick(sellsToken0 ? knownTicks.lower : knownTicks.upper)
  const isComplete = sellsToken0 ? edge <= end : edge >= end
  const last = isComplete ? end : edge
  const amountBetween = sellsToken0 ? amount0Up : amount1Up
  const ahead = sellsToken0
    ? pool.ticks.filter(({ index }) => index <= tick).reverse()
    : pool.ticks.filter(({ index }) => index > tick)
  let [net, liquidity, from] = [0n, pool.liquidity, sqrtPriceX96]
  for (const { index, liquidityNet } of ahead) {
    const price = sqrtPriceAtTick(index)
    if (sellsToken0 ? price <= last : price >= last) break
    // A price that stands on its tick: nothing lies in between.
    if (sellsToken0 ? price < from : price > from) {
      if (liquidity > 0n) net += amountBetween(from, price, liquidity)
      from = price
    }
    liquidity += sellsToken0 ? -liquidityNet : liquidityNet
  }
  if (liquidity > 0n && (sellsToken0 ? last < from : last > from)) net += amountBetween(from, last, liquidity)
  return { net, isComplete }
}
