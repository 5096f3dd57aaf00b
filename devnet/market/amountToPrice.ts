import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { amount0Up, amount1Up } from '@/lib/core/amm/sqrtPriceMath'
import { sqrtPriceAtTick, tickAtSqrtPrice } from '@/lib/core/amm/tickMath'
import { v4StateViewAbi } from '../abis'
import type { RunningChain } from '../calls'
import type { SeededV4Pool } from '../pools'
import { sendBatch } from '../rpc'

/** A tick where liquidity changes: by so much when the price rises over it. */
export type InitializedTick = { readonly tick: number; readonly liquidityNet: bigint }

const wholePips = 1_000_000n
const wordBits = 256

const divideUp = (a: bigint, b: bigint) => (a + b - 1n) / b

/**
 * What must be paid into a pool with concentrated liquidity to bring its price from one square root to another, the fee
 * included. The ticks are those between both, in any order. Rounded up range by range, so that the price is reached.
 */
export function amountToPrice({
  from,
  to,
  liquidity,
  ticks,
  feePips,
}: {
  readonly from: bigint
  readonly to: bigint
  readonly liquidity: bigint
  readonly ticks: readonly InitializedTick[]
  readonly feePips: number
}): bigint {
  const falls = to < from
  const walk = [...ticks].sort((a, b) => (falls ? b.tick - a.tick : a.tick - b.tick))
  const amountBetween = falls ? amount0Up : amount1Up
  let [price, active, amountIn] = [from, liquidity, 0n]
  const goTo = (next: bigint) => {
    const kept = amountBetween(price, next, active)
    amountIn += kept + divideUp(kept * BigInt(feePips), wholePips - BigInt(feePips))
    price = next
  }
  for (const { tick, liquidityNet } of walk) {
    goTo(sqrtPriceAtTick(tick))
    active += falls ? -liquidityNet : liquidityNet
  }
  goTo(to)
  return amountIn
}

const stateCall = (data: Hex) => ({
  method: 'eth_call',
  params: [{ to: localDeployment.contracts.v4StateView, data }, 'latest'],
})

/** The ticks of a v4 pool that its price crosses on the way from a tick to a square-root price. */
export async function readTicksTo(
  { rpcUrl }: RunningChain,
  { id, key }: SeededV4Pool,
  { tick, sqrtPriceX96 }: { readonly tick: number; readonly sqrtPriceX96: bigint },
): Promise<readonly InitializedTick[]> {
  const last = tickAtSqrtPrice(sqrtPriceX96)
  // Falling, a price crosses the ticks from its own down; rising, those above its own.
  const [lowest, highest] = last < tick ? [last + 1, tick] : [tick + 1, last]
  const wordOf = (of: number) => Math.floor(of / key.tickSpacing / wordBits)
  const firstWord = wordOf(lowest)
  const words = Array.from({ length: Math.max(0, wordOf(highest) - firstWord + 1) }, (_, index) => firstWord + index)
  const bitmaps = await sendBatch(
    rpcUrl,
    words.map((word) =>
      stateCall(encodeFunctionData({ abi: v4StateViewAbi, functionName: 'getTickBitmap', args: [id, word] })),
    ),
  )
  const crossed = words
    .flatMap((word, index) => {
      const data = bitmaps[index] as Hex
      const bitmap = decodeFunctionResult({ abi: v4StateViewAbi, functionName: 'getTickBitmap', data })
      return Array.from({ length: wordBits }, (_, bit) => bit)
        .filter((bit) => (bitmap >> BigInt(bit)) & 1n)
        .map((bit) => (word * wordBits + bit) * key.tickSpacing)
    })
    .filter((of) => of >= lowest && of <= highest)
  const nets = await sendBatch(
    rpcUrl,
    crossed.map((of) =>
      stateCall(encodeFunctionData({ abi: v4StateViewAbi, functionName: 'getTickLiquidity', args: [id, of] })),
    ),
  )
  return crossed.map((of, index) => {
    const data = nets[index] as Hex
    const [, liquidityNet] = decodeFunctionResult({ abi: v4StateViewAbi, functionName: 'getTickLiquidity', data })
    return { tick: of, liquidityNet }
  })
}
