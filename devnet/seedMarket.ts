import { type Address, encodeFunctionData, maxUint48, maxUint160, maxUint256 } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Asset } from '@/lib/core/asset'
import {
  erc20Abi,
  fluxAggregatorAbi,
  permit2Abi,
  positionManagerAbi,
  swapRouter02Abi,
  v2RouterAbi,
  v3FactoryAbi,
  v3PoolAbi,
  wethAbi,
} from './abis'
import { arbitrageurAccount, makerAccount, oracleAccount, userAccounts, whaleAccount } from './accounts'
import { aggregatorOf, devnetContracts } from './addresses'
import { pricedAssets } from './contracts'
import { encodeV4Swaps } from './market/v4Swaps'
import { drawOffset, positionsOf, reservesOf, startSqrtPriceX96 } from './marketSeed'
import { type SeededContractPool, seededContractPools, seededV4Pools } from './pools'
import { userEther, userWrappedEther } from './portfolio'
import { amountWorth, startPrice, toFeedAnswer } from './prices'
import { sendBatch } from './rpc'
import { seededRandom } from './seededRandom'
import { fillV4Pools, takeV4ProtocolFees, v4Tokens } from './seedV4'
import { type DevnetTransaction, sendTransactions } from './transactions'

const { contracts } = localDeployment
const ether = 10n ** 18n
const makerEther = 4_000_000n * ether
const makerWrappedEther = 2_500_000n * ether
const traderEther = 500_000n * ether
const traderWrappedEther = 500_000n * ether
const noDeadline = maxUint256
const warmUpUsd = 100

/**
 * The chain's clock starts so long ago and is put right once the pools are filled: a v2 pair begins to accumulate its
 * price only when time has passed between two of its blocks.
 */
export const seedingSeconds = 10

function approvals(spenders: readonly Address[]): readonly DevnetTransaction[] {
  return localDeployment.assets.flatMap(({ poolToken }) =>
    spenders.map((spender) => ({
      to: poolToken.address,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, maxUint256] }),
      gas: 100_000n,
    })),
  )
}

/** The Universal Router and the PositionManager of v4 take tokens through Permit2. */
function permit2Approvals(spenders: readonly Address[]): readonly DevnetTransaction[] {
  const { permit2 } = contracts
  return v4Tokens.flatMap((token) => [
    {
      to: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [permit2, maxUint256] }),
      gas: 100_000n,
    },
    ...spenders.map((spender) => ({
      to: permit2,
      data: encodeFunctionData({
        abi: permit2Abi,
        functionName: 'approve',
        args: [token, spender, maxUint160, Number(maxUint48)],
      }),
      gas: 100_000n,
    })),
  ])
}

function openFeeds(): readonly DevnetTransaction[] {
  const oracle = oracleAccount.address
  return pricedAssets.map(({ feed }) => ({
    to: aggregatorOf(feed.address),
    data: encodeFunctionData({
      abi: fluxAggregatorAbi,
      functionName: 'changeOracles',
      args: [[], [oracle], [oracle], 1, 1, 0],
    }),
  }))
}

function handOutWrappedEther(): readonly DevnetTransaction[] {
  const to = contracts.wrappedNative
  const give = (account: Address, amount: bigint): DevnetTransaction => ({
    to,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [account, amount] }),
  })
  return [
    { to, data: encodeFunctionData({ abi: wethAbi, functionName: 'deposit' }), value: makerWrappedEther },
    ...userAccounts.map(({ address }) => give(address, userWrappedEther)),
    give(whaleAccount.address, traderWrappedEther),
    give(arbitrageurAccount.address, traderWrappedEther),
  ]
}

function fillPair(pool: SeededContractPool, offset: bigint): DevnetTransaction {
  const { amount0, amount1 } = reservesOf(pool, offset)
  return {
    to: devnetContracts.uniswapV2Router02,
    data: encodeFunctionData({
      abi: v2RouterAbi,
      functionName: 'addLiquidity',
      args: [pool.token0, pool.token1, amount0, amount1, 0n, 0n, makerAccount.address, noDeadline],
    }),
  }
}

function fillPool(pool: SeededContractPool, offset: bigint, random: () => number): DevnetTransaction {
  const { token0, token1, feePips } = pool
  const create = encodeFunctionData({
    abi: positionManagerAbi,
    functionName: 'createAndInitializePoolIfNecessary',
    args: [token0, token1, feePips, startSqrtPriceX96(pool, offset)],
  })
  const mints = positionsOf(pool, random).map(({ tickLower, tickUpper, amount0, amount1 }) =>
    encodeFunctionData({
      abi: positionManagerAbi,
      functionName: 'mint',
      args: [
        {
          token0,
          token1,
          fee: feePips,
          tickLower,
          tickUpper,
          amount0Desired: amount0,
          amount1Desired: amount1,
          amount0Min: 0n,
          amount1Min: 0n,
          recipient: makerAccount.address,
          deadline: noDeadline,
        },
      ],
    }),
  )
  return {
    to: devnetContracts.positionManager,
    data: encodeFunctionData({ abi: positionManagerAbi, functionName: 'multicall', args: [[create, ...mints]] }),
  }
}

/** Lets the protocol keep its part of the fee in the v3 pools that are to have one. */
function takeV3ProtocolFees(): readonly DevnetTransaction[] {
  return seededContractPools.flatMap((pool) => {
    if (pool.version !== 'v3' || pool.protocolPart === undefined) return []
    const args = [pool.protocolPart, pool.protocolPart] as const
    return [{ to: pool.address, data: encodeFunctionData({ abi: v3PoolAbi, functionName: 'setFeeProtocol', args }) }]
  })
}

const warmUpAmount = ({ id, decimals }: Asset) => amountWorth(warmUpUsd, startPrice(id), decimals)

/** A small swap through every pool, both ways: the first one of a pool writes fresh storage and costs 17 000 gas more. */
function warmUp(): DevnetTransaction {
  const swap = (pool: SeededContractPool, zeroForOne: boolean) => {
    const [sold, tokenIn, tokenOut] = zeroForOne
      ? [pool.asset0, pool.token0, pool.token1]
      : [pool.asset1, pool.token1, pool.token0]
    const amountIn = warmUpAmount(sold)
    const recipient = makerAccount.address
    return pool.version === 'v2'
      ? encodeFunctionData({
          abi: swapRouter02Abi,
          functionName: 'swapExactTokensForTokens',
          args: [amountIn, 0n, [tokenIn, tokenOut], recipient],
        })
      : encodeFunctionData({
          abi: swapRouter02Abi,
          functionName: 'exactInputSingle',
          args: [
            { tokenIn, tokenOut, fee: pool.feePips, recipient, amountIn, amountOutMinimum: 0n, sqrtPriceLimitX96: 0n },
          ],
        })
  }
  const swaps = seededContractPools.flatMap((pool) => [swap(pool, true), swap(pool, false)])
  return {
    to: contracts.swapRouter02,
    data: encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [swaps] }),
    gas: 30_000_000n,
  }
}

/** As {@link warmUp}, in the pools of v4. */
function warmUpV4(): DevnetTransaction {
  const swaps = seededV4Pools.flatMap(({ key, asset0, asset1 }) => [
    { key, zeroForOne: true, amountIn: warmUpAmount(asset0) },
    { key, zeroForOne: false, amountIn: warmUpAmount(asset1) },
  ])
  return encodeV4Swaps(swaps, makerAccount.address)
}

/** Gives every account its balances, opens the feeds at the start prices and fills the pools. */
export async function seedMarket(rpcUrl: string, { seed }: { readonly seed: number }): Promise<void> {
  const random = seededRandom(seed)
  const maker = makerAccount.address
  const quantity = (value: bigint) => `0x${value.toString(16)}`
  await sendBatch(rpcUrl, [
    { method: 'anvil_setBalance', params: [maker, quantity(makerEther)] },
    ...[whaleAccount, arbitrageurAccount].map(({ address }) => ({
      method: 'anvil_setBalance',
      params: [address, quantity(traderEther)],
    })),
    ...userAccounts.map(({ address }) => ({ method: 'anvil_setBalance', params: [address, quantity(userEther)] })),
  ])
  await sendTransactions(rpcUrl, {
    from: maker,
    transactions: [
      ...openFeeds(),
      ...handOutWrappedEther(),
      {
        to: contracts.uniswapV3Factory,
        data: encodeFunctionData({ abi: v3FactoryAbi, functionName: 'enableFeeAmount', args: [100, 1] }),
      },
      ...approvals([devnetContracts.positionManager, devnetContracts.uniswapV2Router02, contracts.swapRouter02]),
      ...permit2Approvals([devnetContracts.v4PositionManager, contracts.universalRouter]),
      ...seededContractPools.map((pool) => {
        const offset = drawOffset(pool.feePips, random)
        return pool.version === 'v2' ? fillPair(pool, offset) : fillPool(pool, offset, random)
      }),
      fillV4Pools(random),
      ...takeV3ProtocolFees(),
      ...takeV4ProtocolFees(),
    ],
  })
  await sendBatch(rpcUrl, [{ method: 'evm_increaseTime', params: [seedingSeconds] }])
  await sendTransactions(rpcUrl, { from: maker, transactions: [warmUp(), warmUpV4()] })
  for (const { address } of [whaleAccount, arbitrageurAccount])
    await sendTransactions(rpcUrl, {
      from: address,
      transactions: [...approvals([contracts.swapRouter02]), ...permit2Approvals([contracts.universalRouter])],
    })
  await sendTransactions(rpcUrl, {
    from: oracleAccount.address,
    transactions: pricedAssets.map(({ asset, feed }) => ({
      to: aggregatorOf(feed.address),
      data: encodeFunctionData({
        abi: fluxAggregatorAbi,
        functionName: 'submit',
        args: [1n, toFeedAnswer(startPrice(asset.id))],
      }),
    })),
  })
}
