import { encodeFunctionData, getAddress } from 'viem'
import type { ConcentratedPool, InitializedTick, Pool, Snapshot } from '@/lib/core/snapshot'
import { uniswapV2PairAbi, uniswapV3PoolAbi } from '../abis'
import type { Deployment } from '../deployments/deployment'
import type { ContractRead, ReadResult } from './aggregate3'
import { listPoolCandidates, type PoolCandidate } from './poolCandidates'
import { selectTickWords, ticksPerWord, toKnownTicks } from './tickWindow'
import { type TickWord, tickWordKey } from './tickWords'
import { signedWordAt, wordAt } from './words'

const reservesData = encodeFunctionData({ abi: uniswapV2PairAbi, functionName: 'getReserves' })
const slot0Data = encodeFunctionData({ abi: uniswapV3PoolAbi, functionName: 'slot0' })
const liquidityData = encodeFunctionData({ abi: uniswapV3PoolAbi, functionName: 'liquidity' })

/** Tells v3 pools from v2 pairs. */
export function isConcentrated(pool: Pool): pool is ConcentratedPool {
  return pool.kind === 'concentrated'
}

/** Selects the pools that an earlier snapshot knew, or without one every place where a pool may stand. */
export function selectCandidates(deployment: Deployment, previous: Snapshot | undefined): readonly PoolCandidate[] {
  const candidates = listPoolCandidates(deployment)
  if (previous === undefined) return candidates
  const known = new Set(previous.pools.map(({ address }) => address.toLowerCase()))
  return candidates.filter(({ address }) => known.has(address))
}

/** Asks a place for its reserves (v2), or for its price and its liquidity (v3). */
export function encodePoolReads({ kind, address: target }: PoolCandidate): readonly ContractRead[] {
  if (kind === 'constantProduct') return [{ target, data: reservesData }]
  return [
    { target, data: slot0Data },
    { target, data: liquidityData },
  ]
}

/** Decodes a pool, a v3 pool without its ticks. Nothing where there is no pool, or none with liquidity. */
export function decodePool(candidate: PoolCandidate, results: readonly ReadResult[]): Pool | undefined {
  const [state, more] = results
  if (state === undefined || !state.success) return undefined
  if (candidate.kind === 'constantProduct') {
    const reserve0 = wordAt(state.data, 0)
    const reserve1 = wordAt(state.data, 1)
    if (reserve0 === undefined || reserve1 === undefined || reserve0 === 0n || reserve1 === 0n) return undefined
    return { ...candidate, address: getAddress(candidate.address), reserve0, reserve1 }
  }
  const sqrtPriceX96 = wordAt(state.data, 0)
  const tick = signedWordAt(state.data, 1)
  const liquidity = more?.success === true ? wordAt(more.data, 0) : undefined
  if (sqrtPriceX96 === undefined || tick === undefined || liquidity === undefined) return undefined
  if (sqrtPriceX96 === 0n || liquidity === 0n) return undefined
  return {
    ...candidate,
    address: getAddress(candidate.address),
    sqrtPriceX96,
    tick: Number(tick),
    liquidity,
    ticks: [],
    knownTicks: { lower: Number(tick), upper: Number(tick) },
  }
}

/** Lists the bitmap words that a plan may need of a pool; none of a v2 pair. */
export function listTickWords(pool: Pool): readonly TickWord[] {
  if (!isConcentrated(pool)) return []
  const { first, last } = selectTickWords(pool.tick, pool.tickSpacing)
  return Array.from({ length: last - first + 1 }, (_, index) => ({ pool: pool.address, word: first + index }))
}

/**
 * Puts the ticks around its price into a pool. Nothing where a word could not be read: a plan can do without a pool, not
 * with one of which it knows half.
 */
export function addTicks(pool: Pool, known: ReadonlyMap<string, readonly InitializedTick[]>): Pool | undefined {
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

/** Guesses how many ticks a word holds: as many as an earlier snapshot saw there, else a few. */
export function expectTicksFrom(previous: Snapshot | undefined): (word: TickWord) => number {
  if (previous === undefined) return () => ticksExpectedOfNewWord
  const counts = new Map<string, number>()
  for (const { address: pool, ticks, tickSpacing } of previous.pools.filter(isConcentrated)) {
    for (const { index } of ticks) {
      const key = tickWordKey({ pool, word: Math.floor(index / tickSpacing / ticksPerWord) })
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return (word) => counts.get(tickWordKey(word)) ?? 0
}
