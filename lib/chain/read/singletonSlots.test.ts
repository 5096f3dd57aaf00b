import * as fc from 'fast-check'
import { decodeFunctionData, encodeAbiParameters, encodeFunctionResult, encodePacked, keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { SingletonPool } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { singletonArbitrary } from '@/lib/testing/arbitraries/pools'
import { v4PoolManagerAbi } from '../abis'
import type { SingletonCandidate } from './poolCandidates'
import {
  decodeSingleton,
  decodeSlots,
  encodeSlots,
  hasPrice,
  listHintedSlots,
  listMissingSlots,
  listStateSlots,
} from './singletonSlots'
import { selectTickWords, toKnownTicks } from './tickWindow'

const poolManager: Address = '0x000000000004444c5dc75cB358380D2e3dE08A90'

/** The PoolManager's storage with one pool, laid out as v4-core's StateLibrary reads it. */
function layOut({ id, sqrtPriceX96, tick, liquidity, feePips, protocolFeePips, tickSpacing, ticks }: SingletonPool) {
  const state = BigInt(keccak256(encodePacked(['bytes32', 'uint256'], [id, 6n])))
  const storage = new Map<bigint, bigint>()
  const inMapping = (key: number, offset: bigint) =>
    BigInt(keccak256(encodeAbiParameters([{ type: 'int256' }, { type: 'uint256' }], [BigInt(key), state + offset])))
  const [sold0, sold1] = protocolFeePips.map(BigInt)
  const fees = (BigInt(feePips) << 24n) | ((sold1 ?? 0n) << 12n) | (sold0 ?? 0n)
  storage.set(state, (fees << 184n) | (BigInt.asUintN(24, BigInt(tick)) << 160n) | sqrtPriceX96)
  storage.set(state + 3n, liquidity)
  for (const { index, liquidityNet } of ticks) {
    storage.set(inMapping(index, 4n), (BigInt.asUintN(128, liquidityNet) << 128n) | 12_345n)
    const compressed = index / tickSpacing
    const word = inMapping(Math.floor(compressed / 256), 5n)
    storage.set(word, (storage.get(word) ?? 0n) | (1n << BigInt(((compressed % 256) + 256) % 256)))
  }
  return storage
}

const toCandidate = ({ id, assetIds, token0, token1, feePips, tickSpacing }: SingletonPool): SingletonCandidate => ({
  ...{ kind: 'singleton', id, assetIds, token0, token1, feePips, tickSpacing },
})

function read(storage: ReadonlyMap<bigint, bigint>, words: Map<Hex, bigint>, slots: readonly Hex[]): void {
  for (const slot of slots) words.set(slot, storage.get(BigInt(slot)) ?? 0n)
}

/** The pool as a reader sees it: no ticks outside the window. */
function inWindow(pool: SingletonPool): SingletonPool {
  const knownTicks = toKnownTicks(selectTickWords(pool.tick, pool.tickSpacing), pool.tickSpacing)
  const ticks = pool.ticks.filter(({ index }) => index >= knownTicks.lower && index <= knownTicks.upper)
  return { ...pool, ticks, knownTicks }
}

const sampled = () => {
  const [pool] = fc.sample(singletonArbitrary, { numRuns: 1, seed: 3 })
  if (pool === undefined) throw new Error('no pool')
  return pool
}

test('default', () => {
  fc.assert(
    fc.property(singletonArbitrary, (pool) => {
      const storage = layOut(pool)
      const candidate = toCandidate(pool)
      const words = new Map<Hex, bigint>()
      read(storage, words, listStateSlots(candidate))
      expect(hasPrice(candidate, words)).toBe(true)
      const rounds: number[] = []
      for (
        let missing = listMissingSlots(candidate, words);
        missing.length > 0;
        missing = listMissingSlots(candidate, words)
      ) {
        expect(decodeSingleton(candidate, words)).toBeUndefined()
        rounds.push(missing.length)
        read(storage, words, missing)
      }
      expect(rounds.length).toBeLessThanOrEqual(2)
      expect(decodeSingleton(candidate, words)).toEqual(inWindow(pool))
    }),
  )
})

test('property: from what was known before nothing is missing, and new ticks alone are', () => {
  fc.assert(
    fc.property(singletonArbitrary, fc.nat(), (pool, at) => {
      const storage = layOut(pool)
      const candidate = toCandidate(pool)
      const seen = inWindow(pool).ticks.map(({ index }) => index)
      const readWith = (ticks: readonly number[]) => {
        const words = new Map<Hex, bigint>()
        read(storage, words, [...listStateSlots(candidate), ...listHintedSlots(candidate, { tick: pool.tick, ticks })])
        return words
      }
      const words = readWith([...seen, 887_200])
      expect(listMissingSlots(candidate, words)).toEqual([])
      expect(decodeSingleton(candidate, words)).toEqual(inWindow(pool))
      const unknown = seen[at % seen.length]
      if (unknown === undefined) return
      const without = readWith(seen.filter((tick) => tick !== unknown))
      const [missing, ...more] = listMissingSlots(candidate, without)
      expect(more).toEqual([])
      expect(storage.has(BigInt(missing ?? 0))).toBe(true)
    }),
  )
})

describe('behaviour: what is no pool to trade in is left out, and no more is asked of it', () => {
  const pool = sampled()
  const candidate = toCandidate(pool)

  test.each<[string, SingletonPool, boolean]>([
    ['one without a price', { ...pool, sqrtPriceX96: 0n, tick: 0, feePips: 0, protocolFeePips: [0, 0] }, false],
    ['one without liquidity', { ...pool, liquidity: 0n }, true],
  ])('behaviour: %s', (_, other, isThere) => {
    const words = new Map<Hex, bigint>()
    read(layOut(other), words, listStateSlots(candidate))
    expect(hasPrice(candidate, words)).toBe(isThere)
    expect(listMissingSlots(candidate, words)).toEqual([])
    expect(decodeSingleton(candidate, words)).toBeUndefined()
  })

  test('behaviour: nothing read', () => {
    expect(hasPrice(candidate, new Map())).toBe(false)
    expect(listMissingSlots(candidate, new Map())).toEqual([])
    expect(decodeSingleton(candidate, new Map())).toBeUndefined()
  })

  test('behaviour: one whose fee is not that of its key', () => {
    const storage = layOut({ ...pool, feePips: pool.feePips + 1 })
    const words = new Map<Hex, bigint>()
    read(storage, words, listStateSlots(candidate))
    for (let round = 0; round < 2; round += 1) read(storage, words, listMissingSlots(candidate, words))
    expect(decodeSingleton(candidate, words)).toBeUndefined()
  })
})

const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const hexOf = (value: bigint) => toHex(value, { size: 32 })

test('property: a general encoder answers what is decoded, and a general decoder reads what is asked', () => {
  fc.assert(
    fc.property(fc.array(word), (values) => {
      const slots = values.map(hexOf)
      const { target, data } = encodeSlots(poolManager, slots)
      expect(target).toBe(poolManager)
      expect(decodeFunctionData({ abi: v4PoolManagerAbi, data }).args).toEqual([slots])
      const answer = encodeFunctionResult({ abi: v4PoolManagerAbi, functionName: 'extsload', result: slots })
      expect(decodeSlots(answer, values.length)).toEqual(values)
      expect(decodeSlots(answer, values.length + 1)).toBeUndefined()
      expect(decodeSlots(answer.slice(0, -2) as Hex, values.length)).toBeUndefined()
    }),
  )
})
