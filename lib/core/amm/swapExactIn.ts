import type { Pool } from '../snapshot'
import { assertNever } from '../units'
import { swapConcentrated } from './concentratedSwap'
import { swapConstantProduct } from './constantProductSwap'
import { swapSingleton } from './singletonSwap'
import { InvalidSwapError, type SwapOutcome } from './swapOutcome'

/** One exact-input swap: base units of `tokenIn`, one of the pool's two tokens (the native coin under its pseudo-address). */
export type SwapRequest = { readonly pool: Pool; readonly tokenIn: string; readonly amountIn: bigint }

/**
 * Sells exactly `amountIn` base units of `tokenIn` into a pool with the protocol's own integer arithmetic. Pure: the pool as it
 * is afterwards comes back, so that a replay can call it again.
 * @throws {InvalidSwapError} when the amount is not positive or the token is not in the pool.
 * @example
 * const outcome = swapExactIn({ pool, tokenIn: pool.token0, amountIn: 10n ** 18n })
 * if (outcome.status === 'swapped') console.log(outcome.amountOut)
 */
export function swapExactIn({ pool, tokenIn, amountIn }: SwapRequest): SwapOutcome {
  const token = tokenIn.toLowerCase()
  const sellsToken0 = token === pool.token0.toLowerCase()
  if (amountIn <= 0n || (!sellsToken0 && token !== pool.token1.toLowerCase())) {
    throw new InvalidSwapError(pool.id, tokenIn, amountIn)
  }
  switch (pool.kind) {
    case 'constantProduct':
      return swapConstantProduct(pool, sellsToken0, amountIn)
    case 'concentrated':
      return swapConcentrated(pool, sellsToken0, amountIn)
    case 'singleton':
      return swapSingleton(pool, sellsToken0, amountIn)
    default:
      return assertNever(pool)
  }
}
