import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { devnetContracts } from '@/devnet/addresses'
import type { PoolKey } from '@/devnet/pools'
import { quoterV2Abi, v4QuoterAbi } from '@/lib/chain/abis'
import type { ChainClient } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import { type ContractRead, decodeAggregate3, encodeAggregate3, type ReadResult } from '@/lib/chain/read/aggregate3'
import { wordAt } from '@/lib/chain/read/words'
import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import type { SwapOutcome } from '@/lib/core/amm/swapOutcome'
import { sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import type { Pool } from '@/lib/core/snapshot'
import { type Address, assertNever } from '@/lib/core/units'
import { seededOf, unitsWorthUsd } from './deepenMarket'

const { contracts } = localDeployment
const v2RouterAbi = parseAbi([
  'function getAmountsOut(uint256 amountIn, address[] path) view returns (uint256[] amounts)',
])
const quotesPerCall = 40
const ampleGas: Hex = '0x59682f00'

/** One swap to be held against the deployed quoters. */
export type SwapTrial = {
  readonly pool: Pool
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly amountIn: bigint
  /** What the PoolManager knows a v4 pool by; missing for those of v2 and v3. */
  readonly key?: PoolKey
}

/** Amounts spread evenly over the orders of magnitude from a billionth of the pool to all that it holds, both ways in turn. */
export function drawTrials(
  pool: Pool,
  { count, random }: { readonly count: number; readonly random: () => number },
): readonly SwapTrial[] {
  const seeded = seededOf(pool.id)
  const { depthUsd, asset0, asset1 } = seeded
  return Array.from({ length: count }, (_, index) => {
    const sellsToken0 = index % 2 === 0
    const usd = depthUsd * 10 ** (random() < 0.3 ? -9 * random() : -2 * random())
    return {
      pool,
      tokenIn: sellsToken0 ? pool.token0 : pool.token1,
      tokenOut: sellsToken0 ? pool.token1 : pool.token0,
      amountIn: unitsWorthUsd(usd, sellsToken0 ? asset0.id : asset1.id),
      ...(seeded.version === 'v4' ? { key: seeded.key } : {}),
    }
  })
}

function encodeQuote({ pool, tokenIn, tokenOut, amountIn, key }: SwapTrial): ContractRead {
  switch (pool.kind) {
    case 'constantProduct': {
      const args = [amountIn, [tokenIn, tokenOut]] as const
      const data = encodeFunctionData({ abi: v2RouterAbi, functionName: 'getAmountsOut', args })
      return { target: devnetContracts.uniswapV2Router02, data }
    }
    case 'concentrated': {
      const params = { tokenIn, tokenOut, amountIn, fee: pool.feePips, sqrtPriceLimitX96: 0n }
      const data = encodeFunctionData({ abi: quoterV2Abi, functionName: 'quoteExactInputSingle', args: [params] })
      return { target: contracts.quoterV2, data }
    }
    case 'singleton': {
      if (key === undefined) throw new Error(`The v4 pool ${pool.id} needs its key to be quoted.`)
      const zeroForOne = tokenIn === pool.token0
      const args = [{ poolKey: key, zeroForOne, exactAmount: amountIn, hookData: '0x' }] as const
      const data = encodeFunctionData({ abi: v4QuoterAbi, functionName: 'quoteExactInputSingle', args })
      return { target: contracts.v4Quoter, data }
    }
    default:
      return assertNever(pool)
  }
}

/** What a deployed quoter says, beside what the replay does. */
export type QuotedTrial = {
  readonly trial: SwapTrial
  /** Missing where the quoter refuses, or where the pair would pay nothing. */
  readonly quotedOut: bigint | undefined
  /** Only QuoterV2 tells. */
  readonly priceAfterX96: bigint | undefined
  readonly outcome: SwapOutcome
}

function toQuoted(trial: SwapTrial, { success, data }: ReadResult): QuotedTrial {
  // The router answers with the offset, the length 2, the amount in and the amount out.
  const amountOut = success ? wordAt(data, trial.pool.kind === 'constantProduct' ? 3 : 0) : undefined
  const paysNothing = trial.pool.kind === 'constantProduct' && amountOut === 0n
  return {
    trial,
    quotedOut: paysNothing ? undefined : amountOut,
    priceAfterX96: success && trial.pool.kind === 'concentrated' ? wordAt(data, 1) : undefined,
    outcome: swapExactIn(trial),
  }
}

/** Asks QuoterV2, the v2 router and V4Quoter at a block, forty swaps in a call, and replays the same swaps. */
export async function quoteTrials(
  client: ChainClient,
  { trials, blockHash }: { readonly trials: readonly SwapTrial[]; readonly blockHash: Hex },
): Promise<readonly QuotedTrial[]> {
  const quoted: QuotedTrial[] = []
  for (let start = 0; start < trials.length; start += quotesPerCall) {
    const group = trials.slice(start, start + quotesPerCall)
    const call = { to: contracts.multicall3, data: encodeAggregate3(group.map(encodeQuote)), gas: ampleGas }
    const answer = await client.request({ method: 'eth_call', params: [call, { blockHash }] })
    const results = decodeAggregate3(answer, group.length)
    quoted.push(...group.map((trial, index) => toQuoted(trial, results[index] ?? { success: false, data: '0x' })))
  }
  return quoted
}

/**
 * What came of a trial: the difference to the quoter in base units, or a refusal. The replay may refuse only where the deployed
 * pool would refuse too, would run dry, or would leave the ticks that were read; else the refusal is `wrong`.
 */
export type TrialVerdict =
  | { readonly kind: 'compared'; readonly difference: bigint; readonly ticksCrossed: number }
  | { readonly kind: 'refused' | 'wrong' }

/** Judges a trial. */
export function judgeTrial({ trial, quotedOut, priceAfterX96, outcome }: QuotedTrial): TrialVerdict {
  const { pool } = trial
  if (outcome.status === 'swapped') {
    if (quotedOut === undefined) return { kind: 'wrong' }
    const isAtPrice =
      priceAfterX96 === undefined ||
      (outcome.pool.kind === 'concentrated' && outcome.pool.sqrtPriceX96 === priceAfterX96)
    const difference = outcome.amountOut > quotedOut ? outcome.amountOut - quotedOut : quotedOut - outcome.amountOut
    return isAtPrice ? { kind: 'compared', difference, ticksCrossed: outcome.ticksCrossed } : { kind: 'wrong' }
  }
  if (quotedOut === undefined) return { kind: 'refused' }
  if (pool.kind === 'constantProduct') return { kind: 'wrong' }
  if (priceAfterX96 === undefined) return { kind: outcome.status === 'outOfKnownTicks' ? 'refused' : 'wrong' }
  const { lower, upper } = pool.knownTicks
  const isInside = priceAfterX96 > sqrtPriceAtTick(lower) && priceAfterX96 < sqrtPriceAtTick(upper)
  return { kind: isInside ? 'wrong' : 'refused' }
}

/** How many swaps were equal to the wei, and what they met. */
export type TrialCounts = {
  readonly compared: number
  readonly crossing: number
  readonly crossingMany: number
  readonly refused: number
  readonly wrong: number
  readonly worst: bigint
}

const manyTicks = 5

/** Counts verdicts. */
export function countTrials(quoted: readonly QuotedTrial[]): TrialCounts {
  const verdicts = quoted.map(judgeTrial)
  const compared = verdicts.filter((verdict) => verdict.kind === 'compared')
  return {
    compared: compared.length,
    crossing: compared.filter(({ ticksCrossed }) => ticksCrossed > 0).length,
    crossingMany: compared.filter(({ ticksCrossed }) => ticksCrossed > manyTicks).length,
    refused: verdicts.filter(({ kind }) => kind === 'refused').length,
    wrong: verdicts.filter(({ kind }) => kind === 'wrong').length,
    worst: compared.reduce((most, { difference }) => (difference > most ? difference : most), 0n),
  }
}
