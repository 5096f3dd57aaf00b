import { type Address, encodeFunctionData, type Hex } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { swapRouter02Abi } from '../abis'
import type { RunningChain } from '../calls'
import { sqrtPriceX96Of } from '../marketSeed'
import type { SeededPool } from '../pools'
import { type DevnetTransaction, sendTransactions } from '../transactions'
import { amountToPrice, readTicksTo } from './amountToPrice'
import { amountToRatio, compareRatios, type PoolState, priceOf, type Ratio, swapFeePips } from './arbitrage'
import { encodeV4Swaps, type V4Swap } from './v4Swaps'

/** A pool and the price to bring it to. */
export type PoolTarget = { readonly pool: SeededPool; readonly state: PoolState; readonly target: Ratio }

const tradeGas = 30_000_000n
/** Enough of any token to move a pool: the price limit ends the swap and only what it took is paid. */
const ampleAmount = 2n ** 120n

/** A swap through SwapRouter02: of a computed amount in a v2 pair, up to the price in a v3 pool. */
function encodeTrade({ pool, state, target }: PoolTarget, recipient: Address): readonly Hex[] {
  if (state.version === 'v4') return []
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

/** The swap that brings a v4 pool to its price. The Universal Router knows no price limit, so its amount is computed. */
async function toV4Swap(chain: RunningChain, { pool, state, target }: PoolTarget): Promise<readonly V4Swap[]> {
  if (pool.version !== 'v4' || state.version !== 'v4') return []
  const { sqrtPriceX96: from, liquidity, tick } = state
  const to = sqrtPriceX96Of(target)
  const ticks = await readTicksTo(chain, pool, { tick, sqrtPriceX96: to })
  const feePips = swapFeePips(state, target, pool.feePips)
  const amountIn = amountToPrice({ from, to, liquidity, ticks, feePips })
  return amountIn === 0n ? [] : [{ key: pool.key, zeroForOne: to < from, amountIn }]
}

/** Brings each pool to its price by a real swap, through SwapRouter02 or the Universal Router: one transaction for each. */
export async function tradeTo(
  chain: RunningChain,
  trader: Address,
  targets: readonly PoolTarget[],
): Promise<{ readonly swaps: number }> {
  const trades = targets.flatMap((target) => encodeTrade(target, trader))
  const v4Swaps = (await Promise.all(targets.map((target) => toV4Swap(chain, target)))).flat()
  const transactions: DevnetTransaction[] = []
  if (trades.length > 0)
    transactions.push({
      to: localDeployment.contracts.swapRouter02,
      data: encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [trades] }),
      gas: tradeGas,
    })
  if (v4Swaps.length > 0) transactions.push(encodeV4Swaps(v4Swaps, trader))
  await sendTransactions(chain.rpcUrl, { from: trader, transactions })
  return { swaps: trades.length + v4Swaps.length }
}
