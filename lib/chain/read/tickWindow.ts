import { maxTick, minTick } from '@/lib/core/amm/tickMath'

/**
 * How far from the price the ticks are known at least: 1.0001^3000 = 1.35 times up, 0.74 times down.
 */
export const tickReach = 3_000

/** Ticks of a pool that share a word of its bitmap. */
export const ticksPerWord = 256

/** A run of words of a pool's tick bitmap, both ends included. */
export type TickWords = { readonly first: number; readonly last: number }

/** Selects the words that cover every tick within {@link tickReach} of the price. */
export function selectTickWords(tick: number, tickSpacing: number): TickWords {
  const wordOf = (of: number) => Math.floor(Math.floor(of / tickSpacing) / ticksPerWord)
  return {
    first: wordOf(Math.max(minTick, tick - tickReach)),
    last: wordOf(Math.min(maxTick, tick + tickReach)),
  }
}

/** The lowest and the highest usable tick that the words speak of. */
export function toKnownTicks(
  { first, last }: TickWords,
  tickSpacing: number,
): { readonly lower: number; readonly upper: number } {
  const usable = Math.floor(maxTick / tickSpacing) * tickSpacing
  return {
    lower: Math.max(-usable, first * ticksPerWord * tickSpacing),
    upper: Math.min(usable, (last * ticksPerWord + ticksPerWord - 1) * tickSpacing),
  }
}
