import Link from 'next/link'
import { useState } from 'react'
import { UndoNotice } from '@/components/activity/UndoNotice'
import { Alert } from '@/components/ui/Alert'
import { Panel } from '@/components/ui/Panel'
import type { ChainClient } from '@/lib/chain/client'
import { noRelief, relieveSettings } from '@/lib/core/drought/relief'
import type { Rung } from '@/lib/core/execution/execution'
import type { Address } from '@/lib/core/units'
import { useUndoTargets } from '@/lib/hooks/activity/useUndoTargets'
import { useDeployment } from '@/lib/hooks/useDeployment'
import type { Session } from '@/lib/hooks/useSession'
import { useSettings } from '@/lib/hooks/useSettings'
import { useTargets } from '@/lib/hooks/useTargets'
import { useWalletAbility } from '@/lib/hooks/useWalletAbility'
import { linkStyles } from './linkStyles'
import { PageHead } from './PageHead'
import { PlanSkeleton } from './PlanSkeleton'
import { RebalanceFlow } from './RebalanceFlow'

type RebalanceAccountProps = {
  readonly session: Extract<Session, { status: 'connected' | 'watching' }>
  readonly client: ChainClient
  readonly previousAccount: Address | undefined
}

/** Gathers what a plan of an account is made of: its targets, its limits and what its wallet can sign. */
export function RebalanceAccount({ session, client, previousAccount }: RebalanceAccountProps) {
  const { account } = session
  const deployment = useDeployment()
  const owner = { account, chainId: deployment.chainId }
  const undo = useUndoTargets(owner)
  const { targets: savedTargets } = useTargets(owner)
  const targets = undo?.status === 'ready' ? undo.targets : savedTargets
  const { settings } = useSettings(owner)
  const ability = useWalletAbility(session)
  const [chosenRung, setChosenRung] = useState<Rung>()
  const [refusedLimit, setRefusedLimit] = useState<number>()
  const [relief, setRelief] = useState(noRelief)

  if (targets === undefined) return <NoTargets />
  if (session.status === 'connected' && ability.isPending) {
    return (
      <>
        <PageHead title="Rebalance" />
        <PlanSkeleton />
      </>
    )
  }
  const rung = chosenRung ?? ability.data?.rung ?? 'approveThenSwap'
  const offeredLimit = ability.data?.callLimit
  const isRefused = refusedLimit !== undefined && (offeredLimit === undefined || refusedLimit < offeredLimit)
  const callLimit = rung === 'atomicBatch' ? (isRefused ? refusedLimit : offeredLimit) : undefined
  return (
    <>
      {previousAccount !== undefined && (
        <Alert tone="info" title="Account changed – plan rebuilt" className="mb-5" code="accountChanged">
          <p className="break-all">
            The plan of {previousAccount} was put away. This one is for {account}.
          </p>
        </Alert>
      )}
      {undo !== undefined && <UndoNotice undo={undo} />}
      <RebalanceFlow
        key={undo?.status === 'ready' ? undo.txHash : 'targets'}
        session={session}
        subject={{ deployment, account, client, targets, settings: relieveSettings(settings, relief), rung, callLimit }}
        hasModes={undo === undefined}
        relief={relief}
        onRelieve={setRelief}
        onChooseRung={setChosenRung}
        onLimitCalls={setRefusedLimit}
        isUpgradeAsked={ability.data?.atomic === 'ready'}
      />
    </>
  )
}

function NoTargets() {
  return (
    <>
      <PageHead title="Rebalance" />
      <Panel>
        <div className="flex flex-col items-start gap-4 py-4">
          <div>
            <h2 className="font-semibold text-lg">No targets yet</h2>
            <p className="mt-1 max-w-prose text-ink-soft">
              A plan leads from what you hold to what you want to hold. Set your target weights first; they stay on this
              device.
            </p>
          </div>
          <Link href="/" className={linkStyles.primary}>
            Edit targets
          </Link>
        </div>
      </Panel>
    </>
  )
}
