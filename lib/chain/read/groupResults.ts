import { type ReadResult, unread } from './aggregate3'
import type { GroupOutcome } from './readCalls'

/** Cuts a list into pieces of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

/** The results of all groups in the order of their reads; those of a failed group are {@link unread}. */
export function resultsOf(
  outcomes: readonly GroupOutcome[],
  groups: readonly (readonly unknown[])[],
): readonly ReadResult[] {
  return groups.flatMap((group, position) => {
    const outcome = outcomes[position]
    return outcome?.status === 'read' ? outcome.results : group.map(() => unread)
  })
}
