import type { SingletonPool } from '../snapshot'
import { swapRanges } from './concentratedSwap'
import { pipsWhole } from './swapMath'
import type { SwapOutcome } from './swapOutcome'

/** Amounts of a v4 swap are signed 128-bit integers; one that does not fit reverts. */
const int128 = 1n << 127n

/**
 * What a v4 pool takes of a swap in hundredths of a basis point: the protocol's fee first, then the pool's own of the rest
 * (ProtocolFeeLibrary.calculateSwapFee, rounded as there).
 */
export function singletonFeePips({ feePips, protocolFeePips }: SingletonPool, sellsToken0: boolean): number {
  const protocolFee = BigInt(protocolFeePips[sellsToken0 ? 0 : 1])
  const fee = BigInt(feePips)
  return Number(protocolFee + fee - (protocolFee * fee) / pipsWhole)
}

/**
 * Sells exactly `amountIn` into a v4 pool without hooks: the steps of v3, for the fee that the protocol raises in this direction.
 * How that fee is shared does not change what is paid.
 */
export function swapSingleton(pool: SingletonPool, sellsToken0: boolean, amountIn: bigint): SwapOutcome<SingletonPool> {
  if (amountIn >= int128) return { status: 'insufficientLiquidity' }
  const outcome = swapRanges(pool, { sellsToken0, amountIn, feePips: singletonFeePips(pool, sellsToken0) })
  if (outcome.status === 'swapped' && outcome.amountOut >= int128) return { status: 'insufficientLiquidity' }
  return outcome
}
