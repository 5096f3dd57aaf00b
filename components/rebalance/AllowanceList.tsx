import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { nameContract } from '@/components/wallet/nameContract'
import type { ChainClient } from '@/lib/chain/client'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import { findLowerAmount } from '@/lib/core/activity/neededAllowance'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { type AllowanceChange, useAllowanceChange } from '@/lib/hooks/activity/useAllowanceChange'
import type { Session } from '@/lib/hooks/useSession'
import { describeExpiration } from './describeExpiration'
import { describeFailure } from './executionWords'
import type { AllowanceView } from './listAllowances'

export type AllowanceListProps = {
  readonly session: Extract<Session, { status: 'connected' | 'watching' }>
  readonly deployment: Deployment
  readonly client: ChainClient
  readonly allowances: readonly AllowanceView[]
  /** Says how much of each is needed; without one they are only revoked. */
  readonly plan: RebalancePlan | undefined
}

/** What contracts may take of an account's tokens, each with the ways to lower and to end it, and what became of the last change. */
export function AllowanceList({ session, deployment, client, allowances, plan }: AllowanceListProps) {
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
      <div className="space-y-3 px-5 py-4 text-[13px] text-ink-faint empty:hidden sm:px-6">
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
