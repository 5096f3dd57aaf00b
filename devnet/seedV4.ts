import { type Address, encodeFunctionData, zeroAddress } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { v4PoolManagerAbi } from './abis'
import { makerAccount } from './accounts'
import { drawOffset, liquidityOf, positionsOf, startSqrtPriceX96 } from './marketSeed'
import { seededV4Pools } from './pools'
import type { DevnetTransaction } from './transactions'
import { encodeV4Mints } from './v4Positions'

/** The tokens that v4 pools hold, other than ether as such. */
export const v4Tokens: readonly Address[] = [
  ...new Set(seededV4Pools.flatMap(({ key }) => [key.currency0, key.currency1])),
].filter((currency) => currency !== zeroAddress)

/** Opens every v4 pool and mints its positions, all in one transaction. */
export function fillV4Pools(random: () => number): DevnetTransaction {
  const filled = seededV4Pools.map((pool) => {
    const sqrtPriceX96 = startSqrtPriceX96(pool, drawOffset(pool.feePips, random))
    return { key: pool.key, sqrtPriceX96, positions: positionsOf(pool, random) }
  })
  const mints = filled.flatMap(({ key, sqrtPriceX96, positions }) =>
    positions.map((position) => ({
      key,
      tickLower: position.tickLower,
      tickUpper: position.tickUpper,
      liquidity: liquidityOf(position, sqrtPriceX96),
    })),
  )
  const ether = filled
    .filter(({ key }) => key.currency0 === zeroAddress)
    .flatMap(({ positions }) => positions)
    .reduce((sum, { amount0 }) => sum + amount0, 0n)
  return encodeV4Mints(mints, { owner: makerAccount.address, value: ether, opened: filled })
}

/** Lets the protocol take its part in the v4 pools that are to have a protocol fee. */
export function takeV4ProtocolFees(): readonly DevnetTransaction[] {
  const abi = v4PoolManagerAbi
  const controller = makerAccount.address
  const fees = seededV4Pools
    .map(({ key, protocolFee }) => ({ key, packed: (protocolFee.oneForZeroPips << 12) | protocolFee.zeroForOnePips }))
    .filter(({ packed }) => packed > 0)
  return [
    encodeFunctionData({ abi, functionName: 'setProtocolFeeController', args: [controller] }),
    ...fees.map(({ key, packed }) => encodeFunctionData({ abi, functionName: 'setProtocolFee', args: [key, packed] })),
  ].map((data) => ({ to: localDeployment.contracts.v4PoolManager, data }))
}
