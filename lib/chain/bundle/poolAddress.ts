import { encodeAbiParameters, encodePacked, getContractAddress, keccak256 } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Hop } from '@/lib/core/rebalance/plan'
import type { Address } from '@/lib/core/units'

/**
 * The pool that SwapRouter02 would use for a hop: it is told tokens and fee only, and computes the address by CREATE2
 * (Uniswap, UniswapV2Library.pairFor and PoolAddress.computeAddress).
 */
export function poolAddress({ pool, tokenIn, tokenOut }: Hop, deployment: Deployment): Address {
  const [token0, token1] = tokenIn.toLowerCase() < tokenOut.toLowerCase() ? [tokenIn, tokenOut] : [tokenOut, tokenIn]
  switch (pool.kind) {
    case 'constantProduct':
      return getContractAddress({
        opcode: 'CREATE2',
        from: deployment.contracts.uniswapV2Factory,
        salt: keccak256(encodePacked(['address', 'address'], [token0, token1])),
        bytecodeHash: deployment.uniswapV2PairInitCodeHash,
      })
    case 'concentrated':
      return getContractAddress({
        opcode: 'CREATE2',
        from: deployment.contracts.uniswapV3Factory,
        salt: keccak256(
          encodeAbiParameters(
            [{ type: 'address' }, { type: 'address' }, { type: 'uint24' }],
            [token0, token1, pool.feePips],
          ),
        ),
        bytecodeHash: deployment.uniswapV3PoolInitCodeHash,
      })
  }
}
