import Link from 'next/link'
import { lazy, Suspense, useState } from 'react'
import { planPath } from '@/components/app/paths'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import type { ChainClient } from '@/lib/chain/client'
import type { Portfolio } from '@/lib/core/portfolio/portfolio'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import type { TriggerJudgement } from '@/lib/core/triggers/judgeTriggers'
import type { AssetVolatilities } from '@/lib/core/triggers/triggerSettings'
import { type Address, usdUnit } from '@/lib/core/units'
import { showBrowserNotice } from '@/lib/hooks/browserNotices'
import { useBackgroundReading } from '@/lib/hooks/useBackgroundReading'
import { useRiskHistory } from '@/lib/hooks/useRiskHistory'
import { useTradeGas } from '@/lib/hooks/useTradeGas'
import { useTriggerSettings } from '@/lib/hooks/useTriggerSettings'
import { useTriggers } from '@/lib/hooks/useTriggers'
import { describeNotice, describeTriggers } from './triggerWords'

const TriggerSettings = lazy(() =>
  import('./TriggerSettings').then(({ TriggerSettings }) => ({ default: TriggerSettings })),
)

type TriggerStatusProps = {
  readonly account: Address
  readonly chainId: number
  readonly client: ChainClient
  readonly portfolio: Portfolio
  readonly targets: Targets
  readonly settings: PlanSettings
}

/** What the triggers say, the notice when something newly fires, and the way to their settings. */
export function TriggerStatus(props: TriggerStatusProps) {
  const { account, chainId } = props
  const { triggerSettings } = useTriggerSettings({ account, chainId })
  const { band } = triggerSettings
  const isScaled = band?.kind === 'threshold' && band.threshold.kind === 'volatilityScaled'
  return isScaled ? <ScaledStatus {...props} /> : <JudgedStatus {...props} />
}

/** Reads the history that thresholds by volatility need. */
function ScaledStatus(props: TriggerStatusProps) {
  const assetIds = props.portfolio.positions
    .filter(({ weightBps, targetBps, isExcluded }) => !isExcluded && (weightBps > 0 || targetBps > 0))
    .map(({ assetId }) => assetId)
  const risk = useRiskHistory(assetIds)
  const volatilities =
    risk.status === 'known' ? risk.volatilities.map(({ id, volatility }) => ({ assetId: id, volatility })) : undefined
  return <JudgedStatus {...props} volatilities={volatilities} />
}

/** The fee of most pools. */
const usualFeeBps = 30

type JudgedStatusProps = TriggerStatusProps & { readonly volatilities?: AssetVolatilities | undefined }

function JudgedStatus({ account, chainId, client, portfolio, targets, settings, volatilities }: JudgedStatusProps) {
  const { triggerSettings, saveTriggerSettings } = useTriggerSettings({ account, chainId })
  const [isEditing, setIsEditing] = useState(false)
  const { policy } = settings
  const gasUsd = useTradeGas({ account, chainId, client })
  const totalUsd = portfolio.status === 'funded' ? Number(portfolio.totalUsd) / Number(usdUnit) : 0
  useBackgroundReading({ account, chainId, client, isWanted: triggerSettings.isNotifying })
  const { judgement, notice, dismiss } = useTriggers({
    account,
    chainId,
    portfolio,
    targets,
    policy,
    volatilities,
    costs: gasUsd === undefined ? undefined : { feeBps: usualFeeBps, gasUsd, totalUsd },
    settings: triggerSettings,
    onFire: (fired) => {
      if (triggerSettings.isNotifying)
        showBrowserNotice({ ...describeNotice(fired), tag: `ballast.${chainId}.${account}` })
    },
  })

  return (
    <>
      <TriggerLine judgement={judgement} onEdit={() => setIsEditing(true)} />
      <div aria-live="polite">{notice !== undefined && <TriggerNotice judgement={notice} onDismiss={dismiss} />}</div>
      <Suspense fallback={null}>
        {isEditing && (
          <TriggerSettings
            saved={triggerSettings}
            account={account}
            targets={targets}
            hasHistory={volatilities !== undefined}
            onSave={(next) => {
              saveTriggerSettings(next)
              setIsEditing(false)
            }}
            onClose={() => setIsEditing(false)}
          />
        )}
      </Suspense>
    </>
  )
}

/** The status line of the triggers. */
export function TriggerLine({
  judgement,
  onEdit,
}: {
  readonly judgement: TriggerJudgement
  readonly onEdit: () => void
}) {
  const words = describeTriggers(judgement)
  return (
    <div className="mt-1 flex min-h-11 flex-wrap items-center gap-x-2 text-ink-faint text-sm sm:min-h-9">
      <p className="min-w-0">{words ?? 'No trigger is set.'}</p>
      <Button size="sm" variant="ghost" className="-ml-3 underline underline-offset-4" onClick={onEdit}>
        {words === undefined ? 'Set triggers' : 'Edit triggers'}
      </Button>
    </div>
  )
}

type TriggerNoticeProps = { readonly judgement: TriggerJudgement; readonly onDismiss: () => void }

/** Says once what newly fired, and leads to the plan. */
export function TriggerNotice({ judgement, onDismiss }: TriggerNoticeProps) {
  const { title, body } = describeNotice(judgement)
  return (
    <Alert
      tone="info"
      className="mt-3"
      code="trigger"
      title={title}
      action={
        <>
          <Link
            href={planPath}
            className="inline-flex min-h-11 items-center rounded-control border border-line-strong bg-surface px-3 font-medium text-ink text-sm hover:border-control hover:bg-hover sm:min-h-9"
          >
            See the plan
          </Link>
          <Button size="sm" variant="ghost" onClick={onDismiss}>
            Dismiss
          </Button>
        </>
      }
    >
      {body}
    </Alert>
  )
}
