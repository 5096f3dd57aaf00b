import { lazy, Suspense } from 'react'
import { Alert } from '@/components/ui/Alert'
import { UsdAmount } from '@/components/ui/UsdAmount'
import type { ChainClient } from '@/lib/chain/client'
import type { Portfolio } from '@/lib/core/portfolio/portfolio'
import { selectDisplayWeights, selectRows } from '@/lib/core/portfolio/selectRows'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { toUsd } from '@/lib/core/units'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { useIsSettled } from '@/lib/hooks/useIsSettled'
import type { Session } from '@/lib/hooks/useSession'
import type { SaveOutcome } from '@/lib/storage/createStore'
import { AccountHeading } from './AccountHeading'
import { MainAction } from './MainAction'
import { describePortfolio } from './portfolioWords'
import { toStripParts } from './stripParts'
import { WeightStrips } from './WeightStrips'

const TriggerStatus = lazy(() =>
  import('@/components/policy/TriggerStatus').then(({ TriggerStatus }) => ({ default: TriggerStatus })),
)
const PlanCostNote = lazy(() => import('./PlanCostNote').then(({ PlanCostNote }) => ({ default: PlanCostNote })))

type PortfolioHeadProps = {
  readonly session: Extract<Session, { status: 'connected' | 'watching' }>
  readonly client: ChainClient
  readonly portfolio: Portfolio
  readonly targets: Targets | undefined
  readonly settings: PlanSettings
  readonly saved: SaveOutcome | undefined
  readonly onEdit: () => void
}

/** The total, the state in one line, the strips of weights, and what can be done. */
export function PortfolioHead({ session, client, portfolio, targets, settings, saved, onEdit }: PortfolioHeadProps) {
  const deployment = useDeployment()
  const isSettled = useIsSettled()
  const hasTargets = targets !== undefined
  const totalUsd =
    portfolio.status === 'funded' ? portfolio.totalUsd : portfolio.status === 'empty' ? toUsd(0n) : undefined
  const isPartial = portfolio.status === 'funded' && portfolio.isPartial
  const rows = selectRows(portfolio)
  const parts = toStripParts(rows, selectDisplayWeights(rows), deployment.assets)

  return (
    <>
      {session.status === 'connected' && session.isOnOtherChain && (
        <Alert tone="warn" className="mb-6" code="wrong-chain" title="Your wallet is on another chain">
          What you see is read from {deployment.name}. To plan and sign there, switch the wallet to it.
        </Alert>
      )}
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-5">
        <div className="min-w-0">
          <AccountHeading session={session} />
          <p className="font-semibold text-[2.75rem] tabular-nums leading-[1.1] tracking-[-0.035em] sm:text-[3.25rem]">
            {isPartial && <span title="At least: something could not be read or priced">≥ </span>}
            <UsdAmount value={totalUsd} />
          </p>
          <p className="mt-1.5 text-ink-soft">
            {describePortfolio(portfolio, hasTargets)}
            {isSettled && targets !== undefined && portfolio.status === 'funded' && (
              <Suspense fallback={null}>
                <PlanCostNote
                  session={session}
                  subject={{ deployment, account: session.account, client, targets, settings }}
                />
              </Suspense>
            )}
          </p>
        </div>
        <MainAction session={session} hasTargets={hasTargets} saved={saved} onEdit={onEdit} />
      </div>
      {targets !== undefined && (
        <div className="min-h-12 sm:min-h-10">
          {isSettled && (
            <Suspense fallback={null}>
              <TriggerStatus
                account={session.account}
                chainId={deployment.chainId}
                client={client}
                portfolio={portfolio}
                targets={targets}
                settings={settings}
              />
            </Suspense>
          )}
        </div>
      )}
      {parts.length > 0 && (
        <div className="mt-7">
          <WeightStrips parts={parts} hasTargets={hasTargets} />
        </div>
      )}
    </>
  )
}
