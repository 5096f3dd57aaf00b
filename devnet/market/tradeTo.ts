import { type Address, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { swapRouter02Abi, v2PairAbi, v3PoolAbi } from '../abis'
import type { RunningChain } from '../calls'
import { sqrtPriceX96Of } from '../marketSeed'
import type { SeededPool } from '../pools'
import { sendBatch } from '../rpc'
import { sendTransactions } from '../transactions'
import { amountToRatio, compareRatios, type PoolState, priceOf, type Ratio } from './arbitrage'

/** A pool and the price to bring it to. */
export type PoolTarget = { readonly pool: SeededPool; readonly state: PoolState; readonly target: Ratio }

const tradeGas = 30_000_000n
/** Enough of any token to move a pool: the price limit ends the swap and only what it took is paid. */
const ampleAmount = 2n ** 120n

/** What decides the price of each of the given pools, in one request. */
export async function readPoolStates(
  { rpcUrl }: RunningChain,
  pools: readonly SeededPool[],
): Promise<readonly PoolState[]> {
  const getReserves = encodeFunctionData({ abi: v2PairAbi, functionName: 'getReserves' })
  const slot0 = encodeFunctionData({ abi: v3PoolAbi, functionName: 'slot0' })
  const answers = await sendBatch(
    rpcUrl,
    pools.map(({ address, version }) => ({
      method: 'eth_call',
      params: [{ to: address, data: version === 'v2' ? getReserves : slot0 }, 'latest'],
    })),
  )
  return pools.map(({ version }, index): PoolState => {
    const data = answers[index] as Hex
    if (version === 'v2') {
      const [reserve0, reserve1] = decodeFunctionResult({ abi: v2PairAbi, functionName: 'getReserves', data })
      return { version, reserve0, reserve1 }
    }
    const [sqrtPriceX96] = decodeFunctionResult({ abi: v3PoolAbi, functionName: 'slot0', data })
    return { version, sqrtPriceX96 }
  })
}

function encodeTrade({ pool, state, target }: PoolTarget, recipient: Address): readonly Hex[] {
  if (state.version === 'v2') {
    const { zeroForOne, amountIn } = amountToRatio(state, target, pool.feePips)
    if (amountIn === 0n) return []
    const path = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
    return [
      encodeFunctionData({
        abi: swapRouter02Abi,
        functionName: 'swapExactTokensForTokens',
        args: [amountIn, 0n, path, recipient],
      }),
    ]
  }
  const sqrtPriceLimitX96 = sqrtPriceX96Of(target)
  if (sqrtPriceLimitX96 === state.sqrtPriceX96) return []
  const zeroForOne = compareRatios(priceOf(state), target) > 0
  const [tokenIn, tokenOut] = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
  return [
    encodeFunctionData({
      abi: swapRouter02Abi,
      functionName: 'exactInputSingle',
      args: [
        {
          tokenIn,
          tokenOut,
          fee: pool.feePips,
          recipient,
          amountIn: ampleAmount,
          amountOutMinimum: 0n,
          sqrtPriceLimitX96,
        },
      ],
    }),
  ]
}

/** Brings each pool to its price by a real swap through SwapRouter02, all in one transaction of one account. */
export async function tradeTo(
  { rpcUrl }: RunningChain,
  trader: Address,
  targets: readonly PoolTarget[],
): Promise<{ readonly swaps: number }> {
  const swaps = targets.flatMap((target) => encodeTrade(target, trader))
  if (swaps.length === 0) return { swaps: 0 }
  await sendTransactions(rpcUrl, {
    from: trader,
    transactions: [
      {
        to: localDeployment.contracts.swapRouter02,
        data: encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [swaps] }),
        gas: tradeGas,
      },
    ],
  })
  return { swaps: swaps.length }
}
