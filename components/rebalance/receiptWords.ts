import type { Execution } from '@/lib/core/execution/execution'
import { isSpedUp, summariseExecution } from '@/lib/core/execution/reduceExecution'
import type { Hex } from '@/lib/core/units'

/** Whether the chain could still take back what an execution did. */
export function describeFinality(execution: Execution): string {
  const summary = summariseExecution(execution)
  return summary.status === 'done' && summary.finality === 'final' ? 'Final' : 'Included, not final yet'
}

/** Something out of the ordinary about an execution that ended well. */
export type Oddity = { readonly code: 'spedUp' | 'splitBatch'; readonly text: string; readonly hashes: readonly Hex[] }

/** Names what went another way than agreed, although all of it happened. */
export function describeOddities({ steps }: Execution): readonly Oddity[] {
  const spedUp = steps.filter(isSpedUp)
  const earlier = spedUp.flatMap(({ state }) =>
    state.status === 'confirmed' && state.id.kind === 'transaction' ? [state.id.hash] : [],
  )
  const split = steps.flatMap(({ state }) => (state.status === 'confirmed' ? (state.splitHashes ?? []) : []))
  return [
    ...(earlier.length === 0
      ? []
      : [
          {
            code: 'spedUp',
            text: 'Sped up: it ran under another hash than your wallet gave at first, which was',
            hashes: earlier,
          } as const,
        ]),
    ...(split.length === 0
      ? []
      : [
          {
            code: 'splitBatch',
            text: 'Your wallet promised one transaction for all, and made approvals in others:',
            hashes: split,
          } as const,
        ]),
  ]
}
