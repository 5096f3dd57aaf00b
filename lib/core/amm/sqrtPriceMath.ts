import { mulDivDown, mulDivUp } from '../units'

const q96 = 1n << 96n
const uint256 = 1n << 256n

const divUp = (a: bigint, b: bigint) => (a === 0n ? 0n : (a - 1n) / b + 1n)

/**
 * Token0 between two square-root prices (Q64.96) at a constant liquidity, rounded up.
 * Uniswap's SqrtPriceMath.getAmount0Delta: L (1/sqrt(lower) - 1/sqrt(upper)), rounded in the same two steps.
 */
export function amount0Up(priceA: bigint, priceB: bigint, liquidity: bigint): bigint {
  const [lower, upper] = priceA < priceB ? [priceA, priceB] : [priceB, priceA]
  return divUp(mulDivUp(liquidity << 96n, upper - lower, upper), lower)
}

/** As {@link amount0Up}, rounded down. */
export function amount0Down(priceA: bigint, priceB: bigint, liquidity: bigint): bigint {
  const [lower, upper] = priceA < priceB ? [priceA, priceB] : [priceB, priceA]
  return mulDivDown(liquidity << 96n, upper - lower, upper) / lower
}

/** Token1 between two square-root prices (Q64.96) at a constant liquidity, rounded up: L (sqrt(upper) - sqrt(lower)). */
export function amount1Up(priceA: bigint, priceB: bigint, liquidity: bigint): bigint {
  return mulDivUp(liquidity, priceA < priceB ? priceB - priceA : priceA - priceB, q96)
}

/** As {@link amount1Up}, rounded down. */
export function amount1Down(priceA: bigint, priceB: bigint, liquidity: bigint): bigint {
  return mulDivDown(liquidity, priceA < priceB ? priceB - priceA : priceA - priceB, q96)
}

/**
 * The square-root price (Q64.96) after `amountIn` of token0, rounded up (away from the trader).
 * Uniswap's getNextSqrtPriceFromAmount0RoundingUp; where its product would overflow 256 bits it takes the coarser formula.
 */
export function sqrtPriceAfterToken0In(price: bigint, liquidity: bigint, amountIn: bigint): bigint {
  if (amountIn === 0n) return price
  const numerator = liquidity << 96n
  const product = amountIn * price
  const denominator = numerator + product
  if (product < uint256 && denominator < uint256) return mulDivUp(numerator, price, denominator)
  return divUp(numerator, numerator / price + amountIn)
}

/** The square-root price (Q64.96) after `amountIn` of token1, rounded down (away from the trader). */
export function sqrtPriceAfterToken1In(price: bigint, liquidity: bigint, amountIn: bigint): bigint {
  return price + (amountIn << 96n) / liquidity
}
