import { zeroAddress } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toCurrency, toV2PairAddress, toV3PoolAddress, toV4PoolId } from '@/lib/chain/read/poolCandidates'
import type { Hop } from '@/lib/core/rebalance/plan'
import type { PoolId } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'

/** Two tokens in the order of a pool. The native coin of v4 is the zero address there, and so comes first. */
export function inPoolOrder(a: Address, b: Address): readonly [Address, Address] {
  return BigInt(toCurrency(a)) < BigInt(toCurrency(b)) ? [a, b] : [b, a]
}

/**
 * The pool that a router would use for a hop: it is told tokens and fee only, and computes the address by CREATE2 (Uniswap,
 * UniswapV2Library.pairFor and PoolAddress.computeAddress), or the hash of the key in v4 (PoolId.toId).
 */
export function poolIdOf(
  { pool, tokenIn, tokenOut }: Pick<Hop, 'pool' | 'tokenIn' | 'tokenOut'>,
  deployment: Deployment,
): PoolId {
  const [token0, token1] = inPoolOrder(tokenIn, tokenOut)
  switch (pool.kind) {
    case 'constantProduct':
      return toV2PairAddress(deployment, token0, token1)
    case 'concentrated':
      return toV3PoolAddress(deployment, { token0, token1, feePips: pool.feePips })
    case 'singleton':
      return toV4PoolId({ token0, token1, feePips: pool.feePips, tickSpacing: pool.tickSpacing })
  }
}

/** What names a v4 pool to its manager. */
export type PoolKey = {
  readonly currency0: Address
  readonly currency1: Address
  readonly fee: number
  readonly tickSpacing: number
  readonly hooks: typeof zeroAddress
}

/** The key of a v4 pool without hooks. */
export function poolKeyOf({
  tokens,
  feePips,
  tickSpacing,
}: {
  readonly tokens: readonly [Address, Address]
  readonly feePips: number
  readonly tickSpacing: number
}): PoolKey {
  const [token0, token1] = inPoolOrder(...tokens)
  return {
    currency0: toCurrency(token0),
    currency1: toCurrency(token1),
    fee: feePips,
    tickSpacing,
    hooks: zeroAddress,
  }
}
