import { TokenLogo } from '@/components/ui/TokenLogo'
import { formatDriftPp } from '@/lib/core/numbers/format'
import type { Skipped } from '@/lib/core/rebalance/plan'
import { describeSkip } from './planWords'

/** What is off its target and stays so, each with its reason. */
export function SkippedList({ skipped }: { skipped: readonly Skipped[] }) {
  return (
    <ul aria-label="Not traded" className="divide-y divide-line border-line border-t">
      {skipped.map(({ assetId, reason, driftBps }) => (
        <li key={assetId} className="flex items-center gap-3 px-5 py-2.5 text-sm sm:px-6">
          <TokenLogo symbol={assetId} size="sm" />
          <span className="font-medium">{assetId}</span>
          <span className="min-w-0 flex-1 text-ink-soft">{describeSkip(reason)}</span>
          <span className="text-ink-faint tabular-nums">{formatDriftPp(driftBps)}</span>
        </li>
      ))}
    </ul>
  )
}
