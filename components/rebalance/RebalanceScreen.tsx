'use client'

import { useState } from 'react'
import { ConfigFailure } from '@/components/app/ConfigFailure'
import { Panel } from '@/components/ui/Panel'
import { ConnectButton } from '@/components/wallet/ConnectButton'
import type { Address } from '@/lib/core/units'
import { useChainClient } from '@/lib/hooks/useChainClient'
import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'
import { useSession } from '@/lib/hooks/useSession'
import { MemoryNotice } from './MemoryNotice'
import { PageHead } from './PageHead'
import { PlanSkeleton } from './PlanSkeleton'
import { RebalanceAccount } from './RebalanceAccount'

/** The screen where a plan is made, reviewed, signed and accounted for. */
export function RebalanceScreen() {
  const session = useSession()
  const client = useChainClient()
  const config = useRuntimeConfig()
  const previous = usePreviousAccount(session.account)

  if (session.status === 'none') return <NobodyHere />
  if (config.isError) {
    return <ConfigFailure error={config.error} isRetrying={config.isFetching} onRetry={config.refetch} />
  }
  if (session.status === 'starting' || client === undefined) {
    if (session.status !== 'starting' && config.isSuccess) return <ConfigFailure />
    return (
      <>
        <PageHead title="Rebalance" />
        <PlanSkeleton />
      </>
    )
  }
  return (
    <>
      <MemoryNotice />
      <RebalanceAccount key={session.account} session={session} client={client} previousAccount={previous} />
    </>
  )
}

/** The account that was here before the present one, while this screen was open. */
function usePreviousAccount(account: Address | undefined): Address | undefined {
  const [seen, setSeen] = useState<{ readonly now: Address | undefined; readonly before: Address | undefined }>({
    now: account,
    before: undefined,
  })
  if (account !== undefined && account !== seen.now) setSeen({ now: account, before: seen.now })
  return seen.before
}

function NobodyHere() {
  return (
    <>
      <PageHead title="Rebalance" />
      <Panel>
        <div className="flex flex-col items-start gap-4 py-4">
          <div>
            <h2 className="font-semibold text-lg">A plan is made from what a wallet holds</h2>
            <p className="mt-1 max-w-prose text-ink-soft">
              Connect a wallet to plan, review and sign. You can also watch any address on the portfolio screen and look
              at its plan without signing.
            </p>
          </div>
          <ConnectButton />
        </div>
      </Panel>
    </>
  )
}
