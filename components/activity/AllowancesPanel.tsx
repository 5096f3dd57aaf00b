import { AllowanceList, type AllowanceListProps } from '@/components/rebalance/AllowanceList'
import { listAllowances } from '@/components/rebalance/listAllowances'
import { Alert } from '@/components/ui/Alert'
import { Panel } from '@/components/ui/Panel'
import type { ChainClient } from '@/lib/chain/client'
import { nativeAddress } from '@/lib/core/asset'
import type { Snapshot } from '@/lib/core/snapshot'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { usePlan } from '@/lib/hooks/usePlan'
import type { Session } from '@/lib/hooks/useSession'
import { useSettings } from '@/lib/hooks/useSettings'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import { useTargets } from '@/lib/hooks/useTargets'
import { useWalletAbility } from '@/lib/hooks/useWalletAbility'
import type { PlanSubject } from '@/lib/query/planQuery'

type Present = Extract<Session, { status: 'connected' | 'watching' }>

type AllowancesPanelProps = { readonly session: Present; readonly client: ChainClient }

/** What Uniswap's routers and Permit2 may take from an account, with the ways to lower and to end each. */
export function AllowancesPanel({ session, client }: AllowancesPanelProps) {
  const deployment = useDeployment()
  const { account } = session
  const owner = { account, chainId: deployment.chainId }
  const snapshot = useSnapshot({ account, client })
  const { targets } = useTargets(owner)
  const { settings } = useSettings(owner)
  const ability = useWalletAbility(session)
  const { data } = snapshot
  const allowances = data === undefined ? [] : listAllowances(data, deployment)
  const unreadable = data === undefined ? [] : listUnreadable(data)
  const isLowerable = allowances.some(({ kind, token }) => kind === 'erc20' && !token.resetsAllowance)
  const list = { session, deployment, client, allowances }
  const rung = ability.data?.rung ?? 'approveThenSwap'
  const callLimit = rung === 'atomicBatch' ? ability.data?.callLimit : undefined
  const isPlannable = session.status === 'watching' || !ability.isPending

  return (
    <Panel
      title="Allowances"
      description="What Uniswap’s routers and Permit2 may take from this account. Plans approve exact amounts that end at 0; what stands here came from elsewhere or from a rebalance that stopped."
      isFlush
    >
      {data === undefined && (
        <p className="px-5 pb-5 text-ink-soft text-sm sm:px-6">
          {snapshot.isError ? 'They could not be read: the chain does not answer.' : 'Reading them from the chain.'}
        </p>
      )}
      {data !== undefined && allowances.length === 0 && unreadable.length === 0 && (
        <p className="px-5 pb-5 text-ink-soft text-sm sm:px-6">None. Nobody of these may take anything.</p>
      )}
      {unreadable.length > 0 && (
        <div className="px-5 pb-4 sm:px-6">
          <Alert tone="warn" code="allowancesUnreadable" title="Some allowances could not be read">
            Of {unreadable.join(', ')} it is not known what may be taken. They are read again with the next block.
          </Alert>
        </div>
      )}
      {allowances.length > 0 &&
        (targets !== undefined && isLowerable && isPlannable ? (
          <PlannedAllowances {...list} subject={{ deployment, account, client, targets, settings, rung, callLimit }} />
        ) : (
          <AllowanceList {...list} plan={undefined} />
        ))}
    </Panel>
  )
}

/** The tokens of which some allowance is unknown. */
function listUnreadable({ assets }: Snapshot): readonly string[] {
  const tokens = assets.flatMap((reading) => reading.tokens)
  const isUnknown = ({ routerAllowance, permit2Allowance, universalRouterGrant }: (typeof tokens)[number]) =>
    [routerAllowance, permit2Allowance, universalRouterGrant].some(({ status }) => status === 'unreadable')
  return tokens
    .filter((reading) => reading.token.address !== nativeAddress && isUnknown(reading))
    .map(({ token }) => token.symbol)
}

/** Plans only where something could be lowered to what the plan needs. */
function PlannedAllowances({ subject, ...list }: Omit<AllowanceListProps, 'plan'> & { readonly subject: PlanSubject }) {
  const { data } = usePlan(subject)
  return <AllowanceList {...list} plan={data?.outcome.status === 'planned' ? data.outcome.plan : undefined} />
}
