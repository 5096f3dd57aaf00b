import { mulDivDown, mulDivUp } from '../units'
import {
  amount0Down,
  amount0Up,
  amount1Down,
  amount1Up,
  sqrtPriceAfterToken0In,
  sqrtPriceAfterToken1In,
} from './sqrtPriceMath'

/** All pips of a whole: fees are in hundredths of a basis point. */
export const pipsWhole = 1_000_000n

/** What one step within constant liquidity does. `amountIn` is without the fee. */
export type SwapStep = {
  readonly sqrtPriceX96: bigint
  readonly amountIn: bigint
  readonly amountOut: bigint
  readonly feeAmount: bigint
}

export type SwapStepRequest = {
  readonly sqrtPriceX96: bigint
  readonly targetX96: bigint
  readonly liquidity: bigint
  readonly amountRemaining: bigint
  readonly feePips: bigint
}

/** One step of an exact-input swap towards a price: Uniswap's SwapMath.computeSwapStep, to the last digit. */
export function computeSwapStep(request: SwapStepRequest): SwapStep {
  const { sqrtPriceX96: current, targetX96: target, liquidity, amountRemaining, feePips } = request
  const sellsToken0 = current >= target
  const usable = mulDivDown(amountRemaining, pipsWhole - feePips, pipsWhole)
  const inToTarget = sellsToken0 ? amount0Up(target, current, liquidity) : amount1Up(current, target, liquidity)
  const reached = usable >= inToTarget
  const next = reached
    ? target
    : sellsToken0
      ? sqrtPriceAfterToken0In(current, liquidity, usable)
      : sqrtPriceAfterToken1In(current, liquidity, usable)
  const isAtTarget = next === target
  const amountIn = isAtTarget && reached ? inToTarget : inOf(sellsToken0, current, next, liquidity)
  const amountOut = sellsToken0 ? amount1Down(next, current, liquidity) : amount0Down(current, next, liquidity)
  // Short of the target everything that is left is taken as the fee; else the fee is on what went in, rounded up.
  const feeAmount = isAtTarget ? mulDivUp(amountIn, feePips, pipsWhole - feePips) : amountRemaining - amountIn
  return { sqrtPriceX96: next, amountIn, amountOut, feeAmount }
}

function inOf(sellsToken0: boolean, current: bigint, next: bigint, liquidity: bigint): bigint {
  return sellsToken0 ? amount0Up(next, current, liquidity) : amount1Up(current, next, liquidity)
}
