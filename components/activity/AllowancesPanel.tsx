import { describeExpiration } from '@/components/rebalance/describeExpiration'
import { describeFailure } from '@/components/rebalance/executionWords'
import { type AllowanceView, listAllowances } from '@/components/rebalance/listAllowances'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { nameContract } from '@/components/wallet/nameContract'
import type { ChainClient } from '@/lib/chain/client'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import { findLowerAmount } from '@/lib/core/activity/neededAllowance'
import { nativeAddress } from '@/lib/core/asset'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import { type AllowanceChange, useAllowanceChange } from '@/lib/hooks/activity/useAllowanceChange'
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

type AllowanceListProps = {
  readonly session: Present
  readonly deployment: Deployment
  readonly client: ChainClient
  readonly allowances: readonly AllowanceView[]
  /** The plan to the saved targets, which says how much of each is needed. */
  readonly plan: RebalancePlan | undefined
}

/** Plans only where something could be lowered to what the plan needs. */
function PlannedAllowances({ subject, ...list }: Omit<AllowanceListProps, 'plan'> & { readonly subject: PlanSubject }) {
  const { data } = usePlan(subject)
  return <AllowanceList {...list} plan={data?.outcome.status === 'planned' ? data.outcome.plan : undefined} />
}

function AllowanceList({ session, deployment, client, allowances, plan }: AllowanceListProps) {
  const changing = useAllowanceChange({ account: session.account, deployment, client }, session)
  const canChange = session.status === 'connected' && !session.isOnOtherChain
  const isAsked = ({ kind, token, spender }: AllowanceView, to: AllowanceChange['change']['to']) => {
    const asked = changing.variables
    return (
      changing.isPending &&
      asked?.kind === kind &&
      asked.token.address === token.address &&
      asked.spender === spender &&
      asked.change.to === to
    )
  }
  return (
    <>
      <ul aria-label="Allowances" className="divide-y divide-line border-line border-t">
        {allowances.map((allowance) => {
          const { kind, token, spender, amount, isUnlimited } = allowance
          const lower = plan === undefined ? undefined : findLowerAmount(allowance, { plan, ...deployment })
          return (
            <li
              key={`${kind}-${token.address}-${spender}`}
              className="flex flex-wrap items-center gap-x-3 gap-y-2 px-5 py-3 sm:px-6"
            >
              <TokenLogo symbol={token.symbol} size="sm" />
              <div className="min-w-0 flex-1 basis-52">
                <p className="font-medium tabular-nums">
                  {isUnlimited ? (
                    `Unlimited ${token.symbol}`
                  ) : (
                    <TokenAmount amount={amount} decimals={token.decimals} symbol={token.symbol} />
                  )}
                </p>
                <p className="text-[13px] text-ink-faint">{describeHolder(allowance, deployment)}</p>
              </div>
              <div className="flex flex-wrap gap-2">
                {lower !== undefined && (
                  <Button
                    size="sm"
                    disabled={!canChange || changing.isPending}
                    isBusy={isAsked(allowance, 'lower')}
                    onClick={() => changing.mutate({ kind, token, spender, change: { to: 'lower', amount: lower } })}
                  >
                    Lower to {formatTokenAmount(lower, token.decimals)} {token.symbol}
                    <span className="sr-only">, what the plan to your targets needs</span>
                  </Button>
                )}
                <Button
                  size="sm"
                  disabled={!canChange || changing.isPending}
                  isBusy={isAsked(allowance, 'nothing')}
                  onClick={() => changing.mutate({ kind, token, spender, change: { to: 'nothing' } })}
                >
                  Revoke {token.symbol}
                  <span className="sr-only"> from {nameContract(spender, deployment)}</span>
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
      <div className="space-y-3 px-5 py-4 text-[13px] text-ink-faint sm:px-6">
        {!canChange && (
          <p>
            {session.status === 'watching'
              ? 'Connect the wallet of this account to change them.'
              : `Switch the wallet to ${deployment.name} to change them.`}
          </p>
        )}
        {allowances.some(({ kind, spender }) => kind === 'erc20' && spender === deployment.contracts.permit2) && (
          <p>Other apps use Permit2 too: what is lowered or revoked there, they ask for again.</p>
        )}
        <ChangeOutcome changing={changing} deployment={deployment} />
      </div>
    </>
  )
}

/** Who may take it, and until when. */
function describeHolder({ kind, spender, expiration }: AllowanceView, deployment: Deployment): string {
  const name = nameContract(spender, deployment) ?? spender
  if (kind === 'permit2') {
    const until = expiration === undefined ? '' : `, ${describeExpiration(expiration)}`
    return `${name}, through Permit2${until}`
  }
  return spender === deployment.contracts.permit2 ? `${name}, which hands it on to whom you let it` : name
}

type ChangeOutcomeProps = {
  readonly changing: ReturnType<typeof useAllowanceChange>
  readonly deployment: Deployment
}

/** What became of the last change, where it did not simply work. */
function ChangeOutcome({ changing: { error, data }, deployment }: ChangeOutcomeProps) {
  if (error !== null) {
    const { tone, title, code, body } = describeFailure(toExecutionFailure(error), { chainName: deployment.name })
    return (
      <Alert tone={tone === 'neutral' ? 'info' : 'danger'} title={title} code={code}>
        {body}
      </Alert>
    )
  }
  if (data?.status === 'included' && data.receipt.status === 'reverted') {
    return (
      <Alert code="allowanceReverted" title="The transaction reverted: the allowance is as it was">
        <span className="break-all">{data.receipt.transactionHash}</span>
      </Alert>
    )
  }
  if (data?.status === 'unresolved') {
    return (
      <Alert tone="warn" code="allowanceUnresolved" title="It was sent, and the chain does not show it yet">
        The list above follows the chain: it changes once the transaction is included.
      </Alert>
    )
  }
  return null
}
