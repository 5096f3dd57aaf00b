import { Alert } from '@/components/ui/Alert'
import type { PlanPart, Skipped } from '@/lib/core/rebalance/plan'
import { joinNames } from './planWords'

type PartNoticeProps = {
  readonly part: PlanPart
  /** The most calls that the wallet takes at once, where that is known. */
  readonly callLimit: number | undefined
  readonly skipped: readonly Skipped[]
}

/** Says that this is the first of several bundles, why, and what waits for the next. */
export function PartNotice({ part: { part, of }, callLimit, skipped }: PartNoticeProps) {
  const waiting = skipped.filter(({ reason }) => reason === 'callBudget').map(({ assetId }) => assetId)
  const limit =
    callLimit === undefined ? 'your wallet takes fewer calls' : `your wallet takes at most ${callLimit} calls`
  return (
    <Alert tone="warn" code="planPart" title={`Part ${part} of ${of}: ${limit} in one batch`}>
      <p>
        This bundle is signed and settled on its own. After it, plan again for the rest, at fresh quotes.
        {waiting.length > 0 && ` ${joinNames(waiting)} ${waiting.length === 1 ? 'waits' : 'wait'} for that.`}
      </p>
    </Alert>
  )
}
