import type { ShareLimits } from './scheme'

/** `unplaced` is what remains when everything with a score is at its most. */
export type BoundedShares =
  | { readonly status: 'shared'; readonly shares: readonly number[] }
  | { readonly status: 'unplaced'; readonly unplaced: number }

/**
 * Shares a total out in proportion to scores, none below `least` and none above `most`: the fixed point of handing what a cap takes
 * off to the others in proportion, until nothing changes. It is `min(most, max(least, f score))` with the one factor f at which the
 * sum is right, found exactly between two of the points at which an asset reaches or leaves a limit.
 * @param scores finite, zero or above; a score of zero stays at `least`
 * @param limits `total` is between n x least and n x most
 */
export function shareWithinBounds(scores: readonly number[], { total, least, most }: ShareLimits): BoundedShares {
  const shareAt = (factor: number) =>
    scores.map((score) => (score > 0 ? Math.min(most, Math.max(least, factor * score)) : least))
  const scored = scores.filter((score) => score > 0)
  const reachable = scored.length * most + (scores.length - scored.length) * least
  if (total > reachable) return { status: 'unplaced', unplaced: total - reachable }
  const turns = scored.flatMap((score) => [least / score, most / score]).sort((a, b) => a - b)
  const isEnough = (factor: number) => sum(shareAt(factor)) >= total
  const after = turns.findIndex(isEnough)
  if (after < 0) return { status: 'shared', shares: shareAt(turns.at(-1) ?? 0) }
  const from = turns[after - 1] ?? 0
  const to = turns[after] as number
  // Between two turns the same assets move, each in proportion to its score.
  const moving = scored.filter((score) => least / score <= from && most / score >= to)
  const pace = sum(moving)
  const factor = pace > 0 ? from + (total - sum(shareAt(from))) / pace : to
  return { status: 'shared', shares: shareAt(Math.min(to, factor)) }
}

/** The sum of numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
