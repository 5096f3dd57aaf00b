'use client'

import { lazy, Suspense } from 'react'
import { ConfigFailure } from '@/components/app/ConfigFailure'
import { PageHead } from '@/components/rebalance/PageHead'
import { Panel } from '@/components/ui/Panel'
import { ConnectButton } from '@/components/wallet/ConnectButton'
import { WatchAddressButton } from '@/components/wallet/WatchAddressButton'
import { useChainClient } from '@/lib/hooks/useChainClient'
import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'
import { useSession } from '@/lib/hooks/useSession'
import { ActivitySkeleton } from './ActivitySkeleton'

const AccountActivity = lazy(() => import('./AccountActivity').then((module) => ({ default: module.AccountActivity })))

/** The screen of what was done: receipts, their export, the way back, and what may still be taken. */
export function ActivityScreen() {
  return (
    <>
      <PageHead title="Activity" />
      <ActivityBody />
    </>
  )
}

function ActivityBody() {
  const session = useSession()
  const client = useChainClient()
  const config = useRuntimeConfig()

  if (session.status === 'none') return <NobodyHere />
  if (config.isError) {
    return <ConfigFailure error={config.error} isRetrying={config.isFetching} onRetry={config.refetch} />
  }
  if (session.status === 'starting') return <ActivitySkeleton />
  if (client === undefined) return config.isSuccess ? <ConfigFailure /> : <ActivitySkeleton />
  return (
    <Suspense fallback={<ActivitySkeleton />}>
      <AccountActivity key={session.account} session={session} client={client} />
    </Suspense>
  )
}

function NobodyHere() {
  return (
    <Panel>
      <div className="flex flex-col items-start gap-4 py-4">
        <div>
          <h2 className="font-semibold text-lg">Receipts belong to an account</h2>
          <p className="mt-1 max-w-prose text-ink-soft">
            Connect a wallet, or watch an address, to see what this browser kept of its rebalances: what was quoted and
            what arrived, what it cost, and the way back.
          </p>
        </div>
        <div className="flex flex-wrap gap-3">
          <ConnectButton />
          <WatchAddressButton />
        </div>
      </div>
    </Panel>
  )
}
