import type { Pool } from '../snapshot'

/** What an exact-input swap ends in. */
export type SwapOutcome<P extends Pool = Pool> =
  | {
      readonly status: 'swapped'
      readonly amountOut: bigint
      /** The pool as the swap leaves it. */
      readonly pool: P
      /** Initialised ticks that were crossed; 0 for a constant-product pool. */
      readonly ticksCrossed: number
    }
  /** The price would leave the window in which the pool's ticks are known. */
  | { readonly status: 'outOfKnownTicks' }
  /** The pool cannot take all of the input, or the pair would refuse to pay nothing. */
  | { readonly status: 'insufficientLiquidity' }

/** A swap that no pool could be asked for: a token that is not in the pool, or nothing to sell. */
export class InvalidSwapError extends Error {
  override readonly name = 'InvalidSwapError'
  constructor(
    readonly pool: string,
    readonly tokenIn: string,
    readonly amountIn: bigint,
  ) {
    super(`Pool ${pool} cannot be given ${amountIn} of ${tokenIn}. Sell a positive amount of one of its two tokens.`)
  }
}
