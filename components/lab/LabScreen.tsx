'use client'

import { lazy, Suspense } from 'react'
import { ConfigFailure } from '@/components/app/ConfigFailure'
import { PageHead } from '@/components/rebalance/PageHead'
import { useChainClient } from '@/lib/hooks/useChainClient'
import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'
import { useSession } from '@/lib/hooks/useSession'
import { LabSkeleton } from './LabSkeleton'

const AccountLab = lazy(() => import('./AccountLab').then((module) => ({ default: module.AccountLab })))
const ExampleLab = lazy(() => import('./ExampleLab').then((module) => ({ default: module.ExampleLab })))

/** The screen of what can be worked out: bands, tracking error and back-tests. Nothing on it trades. */
export function LabScreen() {
  return (
    <>
      <PageHead title="Lab" />
      <p className="-mt-3 mb-6 max-w-prose text-ink-soft">
        What your costs say about when to rebalance, and what rules would have done. It is arithmetic on past or drawn
        prices, and no promise of any to come. Nothing here trades.
      </p>
      <LabBody />
    </>
  )
}

function LabBody() {
  const session = useSession()
  const client = useChainClient()
  const config = useRuntimeConfig()

  if (session.status === 'starting') return <LabSkeleton />
  if (session.status === 'none') {
    return (
      <Suspense fallback={<LabSkeleton />}>
        <ExampleLab />
      </Suspense>
    )
  }
  if (config.isError)
    return <ConfigFailure error={config.error} isRetrying={config.isFetching} onRetry={config.refetch} />
  if (client === undefined) return config.isSuccess ? <ConfigFailure /> : <LabSkeleton />
  return (
    <Suspense fallback={<LabSkeleton />}>
      <AccountLab key={session.account} session={session} client={client} />
    </Suspense>
  )
}
