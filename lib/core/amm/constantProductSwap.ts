import type { ConstantProductPool } from '../snapshot'
import { pipsWhole } from './swapMath'
import type { SwapOutcome } from './swapOutcome'

const uint112 = 1n << 112n

/**
 * What a v2 pair pays for `amountIn`: UniswapV2Library.getAmountOut, rounded down.
 * All amounts in base units; `feePips` 3000 is the 0.3 % of the deployed pairs.
 */
export function constantProductOut(request: {
  readonly reserveIn: bigint
  readonly reserveOut: bigint
  readonly amountIn: bigint
  readonly feePips: number
}): bigint {
  const { reserveIn, reserveOut, amountIn, feePips } = request
  // {in·pips} = {in} * {pips}
  const amountInWithFee = amountIn * (pipsWhole - BigInt(feePips))
  // {out} = {in·pips} * {out} / {in·pips}
  return (amountInWithFee * reserveOut) / (reserveIn * pipsWhole + amountInWithFee)
}

/** Sells exactly `amountIn` into a v2 pair and updates its reserves. */
export function swapConstantProduct(
  pool: ConstantProductPool,
  sellsToken0: boolean,
  amountIn: bigint,
): SwapOutcome<ConstantProductPool> {
  const [reserveIn, reserveOut] = sellsToken0 ? [pool.reserve0, pool.reserve1] : [pool.reserve1, pool.reserve0]
  if (reserveIn <= 0n || reserveOut <= 0n) return { status: 'insufficientLiquidity' }
  const amountOut = constantProductOut({ reserveIn, reserveOut, amountIn, feePips: pool.feePips })
  // The pair reverts where it would pay nothing, and where a reserve no longer fits its 112 bits.
  if (amountOut === 0n || reserveIn + amountIn >= uint112) return { status: 'insufficientLiquidity' }
  const after = sellsToken0
    ? { reserve0: reserveIn + amountIn, reserve1: reserveOut - amountOut }
    : { reserve0: reserveOut - amountOut, reserve1: reserveIn + amountIn }
  return { status: 'swapped', amountOut, pool: { ...pool, ...after }, ticksCrossed: 0 }
}
