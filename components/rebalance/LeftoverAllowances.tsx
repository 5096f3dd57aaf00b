import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { nameContract } from '@/components/wallet/nameContract'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import { useExecutionRevoke } from '@/lib/hooks/useExecutionRevoke'
import type { Session } from '@/lib/hooks/useSession'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import type { PlanSubject } from '@/lib/query/planQuery'
import { describeExpiration } from './describeExpiration'
import { describeFailure } from './executionWords'
import { type AllowanceView, listAllowances } from './listAllowances'

/** Who may take it, and until when. */
function describeHolder({ kind, spender, expiration }: AllowanceView, deployment: Deployment): string {
  const name = nameContract(spender, deployment) ?? spender
  if (kind === 'permit2') {
    const until = expiration === undefined ? '' : `, ${describeExpiration(expiration)}`
    return `${name}, through Permit2${until}`
  }
  return spender === deployment.contracts.permit2 ? `${name}, which hands it on to whom you let it` : name
}

/** What Uniswap's routers and Permit2 may still take, with a button for each that ends it. Nothing is shown where there is none. */
export function LeftoverAllowances({ subject, session }: { subject: PlanSubject; session: Session }) {
  const { account, client, deployment } = subject
  const snapshot = useSnapshot({ account, client })
  const revoking = useExecutionRevoke(subject, session)
  const allowances = snapshot.data === undefined ? [] : listAllowances(snapshot.data, deployment)
  if (allowances.length === 0) return null
  const canRevoke = session.status === 'connected' && !session.isOnOtherChain
  const failed =
    revoking.error === null
      ? undefined
      : describeFailure(toExecutionFailure(revoking.error), { chainName: deployment.name })
  return (
    <Panel
      title="Allowances"
      description="What Uniswap’s routers and Permit2 may still take from this account. The next plan uses what suffices."
      className="mt-6"
      isFlush
    >
      <ul aria-label="Allowances" className="divide-y divide-line border-line border-t">
        {allowances.map((allowance) => {
          const { kind, token, spender, amount, isUnlimited } = allowance
          const asked = revoking.variables
          const isAsked = asked?.kind === kind && asked.token === token.address && asked.spender === spender
          return (
            <li
              key={`${kind}-${token.address}-${spender}`}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-5 py-2.5 sm:px-6"
            >
              <TokenLogo symbol={token.symbol} size="sm" />
              <div className="min-w-0 flex-1">
                <p className="font-medium tabular-nums">
                  {isUnlimited ? (
                    `Unlimited ${token.symbol}`
                  ) : (
                    <TokenAmount amount={amount} decimals={token.decimals} symbol={token.symbol} />
                  )}
                </p>
                <p className="text-[13px] text-ink-faint">{describeHolder(allowance, deployment)}</p>
              </div>
              <Button
                size="sm"
                disabled={!canRevoke || revoking.isPending}
                isBusy={revoking.isPending && isAsked}
                onClick={() => revoking.mutate({ kind, token: token.address, spender })}
              >
                Revoke {token.symbol}
                <span className="sr-only"> from {nameContract(spender, deployment)}</span>
              </Button>
            </li>
          )
        })}
      </ul>
      {failed !== undefined && (
        <div className="px-5 pb-5 sm:px-6">
          <Alert tone={failed.tone === 'neutral' ? 'info' : 'danger'} title={failed.title} code={failed.code}>
            {failed.body}
          </Alert>
        </div>
      )}
    </Panel>
  )
}
