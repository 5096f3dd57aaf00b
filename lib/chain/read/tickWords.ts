import { encodeFunctionData } from 'viem'
import type { InitializedTick } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { tickLensAbi } from '../abis'
import type { ContractRead, ReadResult } from './aggregate3'
import { countWords, signedWordAt, wordAt } from './words'

/** One word of the tick bitmap of one v3 pool. */
export type TickWord = { readonly pool: Address; readonly word: number }

/** A name for a word of a pool. */
export function tickWordKey({ pool, word }: TickWord): string {
  return `${pool}:${word}`
}

/** Asks TickLens for the initialised ticks of a word. */
export function encodeTickWord(tickLens: Address, { pool, word }: TickWord): ContractRead {
  const data = encodeFunctionData({ abi: tickLensAbi, functionName: 'getPopulatedTicksInWord', args: [pool, word] })
  return { target: tickLens, data }
}

/** Decodes what TickLens returns for a word, ascending; nothing where it could not be read. */
export function decodeTickWord({ success, data }: ReadResult): readonly InitializedTick[] | undefined {
  const count = success ? wordAt(data, 1) : undefined
  if (count === undefined || wordAt(data, 0) !== 32n || count * 3n + 2n !== BigInt(countWords(data))) return undefined
  return Array.from({ length: Number(count) }, (_, index) => ({
    index: Number(signedWordAt(data, 2 + index * 3)),
    liquidityNet: signedWordAt(data, 3 + index * 3) ?? 0n,
  })).sort((one, other) => one.index - other.index)
}

/**
 * Groups words so that no group reads more than about `maxTicks` ticks: each costs some 12,000 gas, and nodes cap an
 * `eth_call` at 30 to 50 million. `expectTicks` guesses how many a word holds.
 */
export function groupTickWords(
  words: readonly TickWord[],
  { maxTicks, expectTicks }: { readonly maxTicks: number; readonly expectTicks: (word: TickWord) => number },
): readonly (readonly TickWord[])[] {
  const groups: TickWord[][] = []
  let room = 0
  for (const word of words) {
    const ticks = 1 + expectTicks(word)
    const group = groups.at(-1)
    if (group === undefined || ticks > room) {
      groups.push([word])
      room = maxTicks - ticks
    } else {
      group.push(word)
      room -= ticks
    }
  }
  return groups
}
