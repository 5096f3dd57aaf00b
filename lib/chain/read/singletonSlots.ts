import { concatHex, encodeFunctionData, keccak256, numberToHex } from 'viem'
import type { InitializedTick, SingletonPool } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { v4PoolManagerAbi } from '../abis'
import type { ContractRead } from './aggregate3'
import type { SingletonCandidate } from './poolCandidates'
import { selectTickWords, type TickWords, ticksPerWord, toKnownTicks } from './tickWindow'
import { countWords, wordAt } from './words'

/** Words of the PoolManager's storage by their slots. */
export type StorageWords = ReadonlyMap<Hex, bigint>

// Where Uniswap v4 keeps its pools (StateLibrary of v4-core): a mapping at slot 6 from ids to the struct Pool.State, in which
// the liquidity is the word 3, the ticks a mapping at 4 and their bitmap one at 5.
const poolsSlot: Hex = numberToHex(6, { size: 32 })
const liquidityOffset = 3n
const ticksOffset = 4n
const bitmapOffset = 5n

const toWord = (value: bigint): Hex => numberToHex(value, { size: 32 })
const uint160 = 1n << 160n
const uint12 = 1n << 12n
const uint24 = 1n << 24n

type PoolSlots = {
  readonly base: bigint
  readonly slot0: Hex
  readonly liquidity: Hex
  readonly ticks: Map<number, Hex>
  readonly bitmap: Map<number, Hex>
}

const known = new Map<Hex, PoolSlots>()
const maxKnownPools = 4096

/** The slots of a pool; each is a hash, and the same ones are asked for with every block. */
function slotsOf(id: Hex): PoolSlots {
  const before = known.get(id)
  if (before !== undefined) return before
  if (known.size >= maxKnownPools) known.clear()
  const base = BigInt(keccak256(concatHex([id, poolsSlot])))
  const slots = {
    base,
    slot0: toWord(base),
    liquidity: toWord(base + liquidityOffset),
    ticks: new Map(),
    bitmap: new Map(),
  }
  known.set(id, slots)
  return slots
}

function slotInMapping(slots: Map<number, Hex>, mapping: bigint, key: number): Hex {
  const before = slots.get(key)
  if (before !== undefined) return before
  const slot = keccak256(concatHex([numberToHex(key, { size: 32, signed: true }), toWord(mapping)]))
  slots.set(key, slot)
  return slot
}

function tickSlot(id: Hex, tick: number): Hex {
  const { ticks, base } = slotsOf(id)
  return slotInMapping(ticks, base + ticksOffset, tick)
}

function bitmapSlot(id: Hex, word: number): Hex {
  const { bitmap, base } = slotsOf(id)
  return slotInMapping(bitmap, base + bitmapOffset, word)
}

/** Asks the PoolManager for words of its storage: of all ways the one with the fewest bytes. */
export function encodeSlots(poolManager: Address, slots: readonly Hex[]): ContractRead {
  const data = encodeFunctionData({ abi: v4PoolManagerAbi, functionName: 'extsload', args: [slots] })
  return { target: poolManager, data }
}

/** Decodes as many words as were asked for, in their order. Nothing where the answer does not hold just them. */
export function decodeSlots(data: Hex, count: number): readonly bigint[] | undefined {
  if (countWords(data) !== count + 2 || wordAt(data, 0) !== 32n || wordAt(data, 1) !== BigInt(count)) return undefined
  return Array.from({ length: count }, (_, index) => wordAt(data, index + 2) ?? 0n)
}

/** The slots of a pool's price and its liquidity. */
export function listStateSlots({ id }: SingletonCandidate): readonly Hex[] {
  const { slot0, liquidity } = slotsOf(id)
  return [slot0, liquidity]
}

function listWords({ first, last }: TickWords): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The slots of the ticks that a pool is thought to have, and of the bitmap around the price that it is thought to have. */
export function listHintedSlots(
  { id, tickSpacing }: SingletonCandidate,
  { tick, ticks }: { readonly tick: number; readonly ticks: readonly number[] },
): readonly Hex[] {
  const words = listWords(selectTickWords(tick, tickSpacing))
  return [...words.map((word) => bitmapSlot(id, word)), ...ticks.map((index) => tickSlot(id, index))]
}

type SingletonState = Pick<SingletonPool, 'sqrtPriceX96' | 'tick' | 'liquidity' | 'feePips' | 'protocolFeePips'>

/** Whether a pool was initialised: whether it has a price. */
export function hasPrice({ id }: SingletonCandidate, words: StorageWords): boolean {
  const { slot0 } = slotsOf(id)
  return (words.get(slot0) ?? 0n) !== 0n
}

/** Decodes Slot0 (v4-core, types/Slot0.sol) and the liquidity. Nothing where there is no pool, or none with liquidity. */
function decodeState({ id }: SingletonCandidate, words: StorageWords): SingletonState | undefined {
  const slots = slotsOf(id)
  const slot0 = words.get(slots.slot0) ?? 0n
  const liquidity = words.get(slots.liquidity) ?? 0n
  if (slot0 === 0n || liquidity === 0n) return undefined
  return {
    sqrtPriceX96: slot0 % uint160,
    tick: Number(BigInt.asIntN(24, slot0 >> 160n)),
    protocolFeePips: [Number((slot0 >> 184n) % uint12), Number((slot0 >> 196n) % uint12)],
    feePips: Number((slot0 >> 208n) % uint24),
    liquidity,
  }
}

/** The ticks whose bits are set in a word of the bitmap, ascending. */
function listTicksOf(bits: bigint, word: number, tickSpacing: number): readonly number[] {
  const ticks: number[] = []
  for (let rest = bits, bit = 0; rest > 0n; rest >>= 1n, bit += 1) {
    if ((rest & 1n) === 1n) ticks.push((word * ticksPerWord + bit) * tickSpacing)
  }
  return ticks
}

function listKnownTicks(
  { id, tickSpacing }: SingletonCandidate,
  tick: number,
  words: StorageWords,
): { readonly missing: readonly Hex[]; readonly ticks: readonly number[] } {
  const inWords = listWords(selectTickWords(tick, tickSpacing)).map((word) => {
    const slot = bitmapSlot(id, word)
    const bits = words.get(slot)
    return bits === undefined ? { missing: slot } : { ticks: listTicksOf(bits, word, tickSpacing) }
  })
  const ticks = inWords.flatMap((word) => word.ticks ?? [])
  const unread = ticks.map((index) => tickSlot(id, index)).filter((slot) => !words.has(slot))
  return { missing: [...inWords.flatMap(({ missing }) => missing ?? []), ...unread], ticks }
}

/**
 * The slots that are still missing of a pool whose state was read: first the bitmap around its price, then the ticks that the bitmap
 * names. None where there is no pool, and none once all is known.
 */
export function listMissingSlots(candidate: SingletonCandidate, words: StorageWords): readonly Hex[] {
  const state = decodeState(candidate, words)
  return state === undefined ? [] : listKnownTicks(candidate, state.tick, words).missing
}

/** Decodes a pool with its ticks. Nothing where there is none, or where something of it is still unknown. */
export function decodeSingleton(candidate: SingletonCandidate, words: StorageWords): SingletonPool | undefined {
  const state = decodeState(candidate, words)
  if (state === undefined || state.feePips !== candidate.feePips) return undefined
  const { missing, ticks } = listKnownTicks(candidate, state.tick, words)
  if (missing.length > 0) return undefined
  const { id, tickSpacing } = candidate
  return {
    ...candidate,
    ...state,
    ticks: ticks.map(
      (index): InitializedTick => ({
        index,
        // The upper half of the word; the lower is the gross liquidity.
        liquidityNet: BigInt.asIntN(128, (words.get(tickSlot(id, index)) ?? 0n) >> 128n),
      }),
    ),
    knownTicks: toKnownTicks(selectTickWords(state.tick, tickSpacing), tickSpacing),
  }
}
