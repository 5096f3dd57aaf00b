import { encodeFunctionData } from 'viem'
import type { KnownPool } from '@/lib/core/poolList'
import type { ConcentratedPool, ConstantProductPool, InitializedTick, Pool } from '@/lib/core/snapshot'
import { uniswapV2PairAbi, uniswapV3PoolAbi } from '../abis'
import type { ContractRead, ReadResult } from './aggregate3'
import { type ConcentratedCandidate, type PairCandidate, toPoolId } from './poolCandidates'
import { selectTickWords, ticksPerWord, toKnownTicks } from './tickWindow'
import { type TickWord, tickWordKey } from './tickWords'
import { signedWordAt, wordAt } from './words'

const reservesData = encodeFunctionData({ abi: uniswapV2PairAbi, functionName: 'getReserves' })
const slot0Data = encodeFunctionData({ abi: uniswapV3PoolAbi, functionName: 'slot0' })
const liquidityData = encodeFunctionData({ abi: uniswapV3PoolAbi, functionName: 'liquidity' })

/** Where a contract of its own stands for the pool, if there is one: v2 and v3. */
export type ContractCandidate = PairCandidate | ConcentratedCandidate

/** Tells v3 pools from all others. */
export function isConcentrated(pool: Pool): pool is ConcentratedPool {
  return pool.kind === 'concentrated'
}

/** Asks a place for its reserves (v2), or for its price and its liquidity (v3). */
export function encodePoolReads({ kind, id: target }: ContractCandidate): readonly ContractRead[] {
  if (kind === 'constantProduct') return [{ target, data: reservesData }]
  return [
    { target, data: slot0Data },
    { target, data: liquidityData },
  ]
}

/** Whether a contract stands there at all. One without liquidity does. */
export function hasContract(results: readonly ReadResult[]): boolean {
  return results.some(({ data }) => data !== '0x')
}

/** Decodes a pool, a v3 pool without its ticks. Nothing where there is no pool, or none with liquidity. */
export function decodePool(
  candidate: ContractCandidate,
  results: readonly ReadResult[],
): ConstantProductPool | ConcentratedPool | undefined {
  const [state, more] = results
  if (state === undefined || !state.success) return undefined
  if (candidate.kind === 'constantProduct') {
    const reserve0 = wordAt(state.data, 0)
    const reserve1 = wordAt(state.data, 1)
    if (reserve0 === undefined || reserve1 === undefined || reserve0 === 0n || reserve1 === 0n) return undefined
    return { ...candidate, id: toPoolId(candidate), reserve0, reserve1 }
  }
  const sqrtPriceX96 = wordAt(state.data, 0)
  const tick = signedWordAt(state.data, 1)
  const liquidity = more?.success === true ? wordAt(more.data, 0) : undefined
  if (sqrtPriceX96 === undefined || tick === undefined || liquidity === undefined) return undefined
  if (sqrtPriceX96 === 0n || liquidity === 0n) return undefined
  return {
    ...candidate,
    id: toPoolId(candidate),
    sqrtPriceX96,
    tick: Number(tick),
    liquidity,
    ticks: [],
    knownTicks: { lower: Number(tick), upper: Number(tick) },
  }
}

/** Lists the bitmap words that a plan may need of a v3 pool at a price; none of any other. */
export function listTickWords(pool: Pool | KnownPool): readonly TickWord[] {
  if (pool.kind !== 'concentrated') return []
  const { first, last } = selectTickWords(pool.tick, pool.tickSpacing)
  return Array.from({ length: last - first + 1 }, (_, index) => ({ pool: pool.id, word: first + index }))
}

/**
 * Puts the ticks around its price into a v3 pool. Nothing where a word could not be read: a plan can do without a pool, not
 * with one of which it knows half.
 */
export function addTicks(
  pool: ConstantProductPool | ConcentratedPool,
  known: ReadonlyMap<string, readonly InitializedTick[]>,
): Pool | undefined {
  if (!isConcentrated(pool)) return pool
  const words = listTickWords(pool).map((word) => known.get(tickWordKey(word)))
  if (words.includes(undefined)) return undefined
  return {
    ...pool,
    ticks: words.flatMap((ticks) => ticks ?? []),
    knownTicks: toKnownTicks(selectTickWords(pool.tick, pool.tickSpacing), pool.tickSpacing),
  }
}

const ticksExpectedOfNewWord = 8

/** Guesses how many ticks a word of a v3 pool holds: as many as were seen there before, else a few. */
export function expectTicksFrom(known: readonly KnownPool[] | undefined): (word: TickWord) => number {
  if (known === undefined) return () => ticksExpectedOfNewWord
  const counts = new Map<string, number>()
  for (const pool of known) {
    if (pool.kind !== 'concentrated') continue
    for (const index of pool.ticks) {
      const key = tickWordKey({ pool: pool.id, word: Math.floor(index / pool.tickSpacing / ticksPerWord) })
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return (word) => counts.get(tickWordKey(word)) ?? 0
}
