import type { BlockRef } from './snapshot'

/** How often blocks of a chain come, and how old the newest may be for a plan, both in seconds. */
export type HeadPace = { readonly blockSeconds: number; readonly maxHeadAgeSeconds: number }

/**
 * How old the newest block is that a node shows. `fresh`: as it should be; `late`: prices are so many seconds old, and people are told;
 * `tooOld`: nothing is planned or signed on it (T-42). Seconds are whole and never negative.
 */
export type HeadAge = { readonly status: 'fresh' | 'late' | 'tooOld'; readonly seconds: number }

/** Blocks bear whole seconds, and no two clocks agree. */
const leastLateSeconds = 10
const lateBlocks = 3

/**
 * Measures the age of a block by a clock.
 * @param nowSeconds Unix seconds; a clock that is behind the block counts as one that agrees with it
 */
export function measureHeadAge(
  { timestamp }: Pick<BlockRef, 'timestamp'>,
  { nowSeconds, pace }: { readonly nowSeconds: number; readonly pace: HeadPace },
): HeadAge {
  const seconds = Math.max(0, Math.floor(nowSeconds - timestamp))
  if (seconds > pace.maxHeadAgeSeconds) return { status: 'tooOld', seconds }
  const lateSeconds = Math.max(leastLateSeconds, lateBlocks * pace.blockSeconds)
  return { status: seconds > lateSeconds ? 'late' : 'fresh', seconds }
}

/**
 * Whether a block comes before another by the chain's own time. A chain that was started anew, or that was reorganised, has lower
 * numbers and later times: it does not come before.
 */
export function isOlderBlock(
  block: Pick<BlockRef, 'number' | 'timestamp'>,
  than: Pick<BlockRef, 'number' | 'timestamp'>,
): boolean {
  if (block.timestamp !== than.timestamp) return block.timestamp < than.timestamp
  return block.number < than.number
}
