import { type Address, encodeFunctionData, maxUint256 } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import {
  erc20Abi,
  fluxAggregatorAbi,
  positionManagerAbi,
  swapRouter02Abi,
  v2RouterAbi,
  v3FactoryAbi,
  wethAbi,
} from './abis'
import { arbitrageurAccount, makerAccount, oracleAccount, userAccounts, whaleAccount } from './accounts'
import { aggregatorOf, devnetContracts } from './addresses'
import { pricedAssets } from './contracts'
import { drawOffset, positionsOf, reservesOf, startSqrtPriceX96 } from './marketSeed'
import { type SeededPool, seededPools } from './pools'
import { userEther, userWrappedEther } from './portfolio'
import { amountWorth, startPrice, toFeedAnswer } from './prices'
import { sendBatch } from './rpc'
import { seededRandom } from './seededRandom'
import { type DevnetTransaction, sendTransactions } from './transactions'

const { contracts } = localDeployment
const ether = 10n ** 18n
const makerEther = 4_000_000n * ether
const makerWrappedEther = 2_500_000n * ether
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

function fillPair(pool: SeededPool, offset: bigint): DevnetTransaction {
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

function fillPool(pool: SeededPool, offset: bigint, random: () => number): DevnetTransaction {
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

/** A small swap through every pool, both ways: the first one of a pool writes fresh storage and costs 17 000 gas more. */
function warmUp(): DevnetTransaction {
  const swap = (pool: SeededPool, zeroForOne: boolean) => {
    const [sold, tokenIn, tokenOut] = zeroForOne
      ? [pool.asset0, pool.token0, pool.token1]
      : [pool.asset1, pool.token1, pool.token0]
    const amountIn = amountWorth(warmUpUsd, startPrice(sold.id), sold.decimals)
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
  const swaps = seededPools.flatMap((pool) => [swap(pool, true), swap(pool, false)])
  return {
    to: contracts.swapRouter02,
    data: encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [swaps] }),
    gas: 30_000_000n,
  }
}

/** Gives every account its balances, opens the feeds at the start prices and fills the pools. */
export async function seedMarket(rpcUrl: string, { seed }: { readonly seed: number }): Promise<void> {
  const random = seededRandom(seed)
  const maker = makerAccount.address
  const quantity = (value: bigint) => `0x${value.toString(16)}`
  await sendBatch(rpcUrl, [
    { method: 'anvil_setBalance', params: [maker, quantity(makerEther)] },
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
      ...seededPools.map((pool) => {
        const offset = drawOffset(pool.feePips, random)
        return pool.version === 'v2' ? fillPair(pool, offset) : fillPool(pool, offset, random)
      }),
    ],
  })
  await sendBatch(rpcUrl, [{ method: 'evm_increaseTime', params: [seedingSeconds] }])
  await sendTransactions(rpcUrl, { from: maker, transactions: [warmUp()] })
  for (const { address } of [whaleAccount, arbitrageurAccount])
    await sendTransactions(rpcUrl, { from: address, transactions: approvals([contracts.swapRouter02]) })
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
