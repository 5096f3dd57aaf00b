import Link from 'next/link'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import type { AssetId } from '@/lib/core/asset'
import type { DroughtJudgement } from '@/lib/core/drought/judgeDrought'
import { halveTurnover, listSkippable, type Relief } from '@/lib/core/drought/relief'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import { useDrought } from '@/lib/hooks/useMarketMemory'
import { describeDrought, describeDroughtUnknown, titleDrought } from './droughtWords'
import { linkStyles } from './linkStyles'

type DroughtNoticeProps = {
  readonly plan: RebalancePlan
  /** What the plan was made of. */
  readonly snapshot: Snapshot
  /** Assets that others are routed through: they are offered for skipping last. */
  readonly hubAssetIds: readonly AssetId[]
  readonly relief: Relief
  readonly onRelieve: (relief: Relief) => void
}

/** Says with figures whether the market is thin where a plan trades, and offers ways on. */
export function DroughtNotice({ plan, snapshot, hubAssetIds, relief, onRelieve }: DroughtNoticeProps) {
  const judgement = useDrought(plan, snapshot)
  return (
    <DroughtReport
      judgement={judgement}
      skippable={listSkippable(judgement, plan, hubAssetIds)}
      onSplit={() => onRelieve({ ...relief, turnoverCapBps: halveTurnover(plan, snapshot) })}
      onSkip={(assetId) => onRelieve({ ...relief, skipped: [...new Set([...relief.skipped, assetId])] })}
    />
  )
}

type DroughtReportProps = {
  readonly judgement: DroughtJudgement
  readonly skippable: readonly AssetId[]
  readonly onSplit: () => void
  readonly onSkip: (assetId: AssetId) => void
}

/** A judgement in words, with the ways on where there is a drought. */
export function DroughtReport({ judgement, skippable, onSplit, onSkip }: DroughtReportProps) {
  const unknown = describeDroughtUnknown(judgement)
  if (judgement.status === 'calm') return null
  if (judgement.status === 'unknown') {
    return (
      <details data-error-code="droughtUnknown" className="text-ink-soft text-sm">
        <summary className="cursor-pointer py-2">Not everything could be compared with earlier markets</summary>
        <Lines lines={unknown} />
      </details>
    )
  }
  return (
    <Alert
      tone="warn"
      code="drought"
      title={titleDrought(judgement)}
      action={
        <>
          <Button size="sm" onClick={onSplit}>
            Split over visits
          </Button>
          {skippable.map((assetId) => (
            <Button key={assetId} size="sm" onClick={() => onSkip(assetId)}>
              Skip {assetId}
            </Button>
          ))}
          <Link href="/" className={linkStyles.secondary}>
            Wait
          </Link>
        </>
      }
    >
      <Lines lines={describeDrought(judgement)} />
      {unknown.length > 0 && (
        <>
          <p className="mt-2">Not compared:</p>
          <Lines lines={unknown} />
        </>
      )}
      <p className="mt-2">
        Split sells half of this now and leaves the rest for another visit. Going on with the whole plan asks you to
        type a word before you sign.
      </p>
    </Alert>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="mt-1 list-disc space-y-1 pl-5">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
