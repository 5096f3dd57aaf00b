import type { BlockRef, InitializedTick, Pool } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { type ReadResult, unread } from './aggregate3'
import { chunk, resultsOf } from './groupResults'
import type { SingletonCandidate } from './poolCandidates'
import { listTickWords } from './poolReads'
import { readAtBlock } from './readAtHead'
import type { ReadContext, RpcReader } from './readCalls'
import type { ReadGroup } from './readWitnessed'
import { decodeSlots, encodeSlots, listMissingSlots } from './singletonSlots'
import { decodeTickWord, encodeTickWord, groupTickWords, type TickWord, tickWordKey } from './tickWords'

/** The ticks of v3 pools by their words of the bitmap. */
export type KnownTicks = Map<string, readonly InitializedTick[]>

/** How many ticks of v3 one `eth_call` reads: at first, and again where that was too much for the node. */
export const tickBudgets = [1_500, 250, 1] as const

/** Puts away what TickLens answered for words. */
export function collectTicks(known: KnownTicks, words: readonly TickWord[], results: readonly ReadResult[]): void {
  words.forEach((word, index) => {
    const ticks = decodeTickWord(results[index] ?? unread)
    if (ticks !== undefined) known.set(tickWordKey(word), ticks)
  })
}

/** Reads the words of v3 pools around their prices that are not known yet. */
export async function readMissingTicks(
  client: RpcReader,
  context: ReadContext,
  request: {
    readonly pools: readonly Pool[]
    readonly known: KnownTicks
    readonly block: BlockRef
    readonly tickLens: Address
    readonly expectTicks: (word: TickWord) => number
  },
): Promise<void> {
  const { pools, known, block, tickLens, expectTicks } = request
  const words = pools.flatMap(listTickWords)
  for (const maxTicks of tickBudgets) {
    const missing = words.filter((word) => !known.has(tickWordKey(word)))
    if (missing.length === 0) return
    const groups = groupTickWords(missing, { maxTicks, expectTicks })
    const outcomes = await readAtBlock(client, context, {
      groups: groups.map((group) => ({
        kind: 'trusted',
        reads: group.map((word) => encodeTickWord(tickLens, word)),
      })),
      block,
    })
    collectTicks(known, missing, resultsOf(outcomes, groups))
  }
}

/** How many words of v4's storage one `eth_call` reads, for some 2,300 gas each. */
export const slotsPerCall = 4_000

/** One round for the bitmaps and one for the ticks that they name; then again where that was too much for the node. */
const slotBudgets = [slotsPerCall, slotsPerCall, 400, 40] as const

/** Puts away words of the PoolManager's storage. Nothing of an answer that is not just what was asked for. */
export function collectSlots(words: Map<Hex, bigint>, slots: readonly Hex[], result: ReadResult): void {
  const values = result.success ? decodeSlots(result.data, slots.length) : undefined
  slots.forEach((slot, index) => {
    const value = values?.[index]
    if (value !== undefined) words.set(slot, value)
  })
}

/** Reads what is not known yet of v4 pools whose state is: the bitmaps around their prices, then the ticks. */
export async function readMissingSlots(
  client: RpcReader,
  context: ReadContext,
  request: {
    readonly candidates: readonly SingletonCandidate[]
    readonly words: Map<Hex, bigint>
    readonly block: BlockRef
    readonly poolManager: Address
  },
): Promise<void> {
  const { candidates, words, block, poolManager } = request
  for (const budget of slotBudgets) {
    const missing = candidates.flatMap((candidate) => listMissingSlots(candidate, words))
    if (missing.length === 0) return
    const parts = chunk(missing, budget)
    const groups = parts.map((slots): ReadGroup => ({ kind: 'trusted', reads: [encodeSlots(poolManager, slots)] }))
    const results = resultsOf(
      await readAtBlock(client, context, { groups, block }),
      parts.map((slots) => [slots]),
    )
    parts.forEach((slots, index) => {
      collectSlots(words, slots, results[index] ?? unread)
    })
  }
}
