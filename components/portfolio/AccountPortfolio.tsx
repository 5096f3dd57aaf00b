import { lazy, Suspense, useState } from 'react'
import { Panel } from '@/components/ui/Panel'
import type { ChainClient } from '@/lib/chain/client'
import { measurePortfolio } from '@/lib/core/portfolio/portfolio'
import type { Snapshot } from '@/lib/core/snapshot'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { useMarketMemory } from '@/lib/hooks/useMarketMemory'
import type { Session } from '@/lib/hooks/useSession'
import { useSettings } from '@/lib/hooks/useSettings'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import { useTargets } from '@/lib/hooks/useTargets'
import type { SaveOutcome } from '@/lib/storage/createStore'
import { AccountHeading } from './AccountHeading'
import { Charts } from './Charts'
import { EmptyPortfolio } from './EmptyPortfolio'
import { HoldingsTable } from './HoldingsTable'
import { PortfolioHead } from './PortfolioHead'
import { PortfolioSkeleton } from './PortfolioSkeleton'
import { ReadFailure } from './ReadFailure'
import { ReadingAge } from './ReadingAge'

const TargetsEditor = lazy(() =>
  import('@/components/targets/TargetsEditor').then(({ TargetsEditor }) => ({ default: TargetsEditor })),
)

type Present = Extract<Session, { status: 'connected' | 'watching' }>

type AccountPortfolioProps = { readonly session: Present; readonly client: ChainClient }

/** What an account holds: read, measured, and kept on the screen while it is read again. */
export function AccountPortfolio({ session, client }: AccountPortfolioProps) {
  const snapshot = useSnapshot({ account: session.account, client })
  useMarketMemory(snapshot.data)

  if (snapshot.data === undefined) {
    if (snapshot.isError) {
      return (
        <>
          <AccountHeading session={session} />
          <ReadFailure error={snapshot.error} isRetrying={snapshot.isFetching} onRetry={snapshot.refetch} />
        </>
      )
    }
    return <PortfolioSkeleton />
  }
  return (
    <>
      {snapshot.isError && (
        <div className="mb-6">
          <ReadFailure
            error={snapshot.error}
            isRetrying={snapshot.isFetching}
            onRetry={snapshot.refetch}
            readAtMs={snapshot.dataUpdatedAt}
          />
        </div>
      )}
      <MeasuredPortfolio
        session={session}
        client={client}
        snapshot={snapshot.data}
        readAtMs={snapshot.dataUpdatedAt}
        onRefresh={snapshot.refetch}
      />
    </>
  )
}

type MeasuredPortfolioProps = {
  readonly session: Present
  readonly client: ChainClient
  readonly snapshot: Snapshot
  readonly readAtMs: number
  readonly onRefresh: () => void
}

function MeasuredPortfolio({ session, client, snapshot, readAtMs, onRefresh }: MeasuredPortfolioProps) {
  const deployment = useDeployment()
  const { chainId, assets } = deployment
  const accountOnChain = { account: session.account, chainId }
  const { targets, saveTargets } = useTargets(accountOnChain)
  const { settings, saveSettings } = useSettings(accountOnChain)
  const [isEditing, setIsEditing] = useState(false)
  const [saved, setSaved] = useState<SaveOutcome>()
  const portfolio = measurePortfolio(snapshot, targets, settings)
  const hasTargets = targets !== undefined

  function save(nextTargets: Targets, nextSettings: PlanSettings) {
    const outcomes = [saveTargets(nextTargets), saveSettings(nextSettings)]
    setSaved(outcomes.includes('heldInMemory') ? 'heldInMemory' : 'saved')
    setIsEditing(false)
  }

  return (
    <>
      <PortfolioHead
        session={session}
        client={client}
        portfolio={portfolio}
        targets={targets}
        settings={settings}
        saved={saved}
        onEdit={() => setIsEditing(true)}
      />
      {portfolio.status === 'empty' && !hasTargets ? (
        <EmptyPortfolio account={session.account} />
      ) : (
        <div className="mt-7 space-y-6">
          <Panel
            title="Holdings"
            isFlush
            actions={
              <ReadingAge block={snapshot.block} deployment={deployment} readAtMs={readAtMs} onRefresh={onRefresh} />
            }
          >
            <HoldingsTable
              portfolio={portfolio}
              hasTargets={hasTargets}
              settings={settings}
              blockTimestamp={snapshot.block.timestamp}
            />
          </Panel>
          {portfolio.status === 'funded' && (
            <Charts portfolio={portfolio} hasTargets={hasTargets} bandBps={settings.bandBps} />
          )}
        </div>
      )}
      <Suspense fallback={null}>
        {isEditing && (
          <TargetsEditor
            assets={assets}
            positions={portfolio.positions}
            targets={targets}
            settings={settings}
            onSave={save}
            onClose={() => setIsEditing(false)}
          />
        )}
      </Suspense>
    </>
  )
}
