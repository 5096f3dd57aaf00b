import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import { useExecutionRevoke } from '@/lib/hooks/useExecutionRevoke'
import type { Session } from '@/lib/hooks/useSession'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import type { PlanSubject } from '@/lib/query/planQuery'
import { describeFailure } from './executionWords'
import { listAllowances } from './listAllowances'

/** What Uniswap's router may still take, with a button for each that ends it. Nothing is shown where there is none. */
export function LeftoverAllowances({ subject, session }: { subject: PlanSubject; session: Session }) {
  const { account, client, deployment } = subject
  const snapshot = useSnapshot({ account, client })
  const revoking = useExecutionRevoke(subject, session)
  const allowances = snapshot.data === undefined ? [] : listAllowances(snapshot.data)
  if (allowances.length === 0) return null
  const canRevoke = session.status === 'connected' && !session.isOnOtherChain
  const failed =
    revoking.error === null
      ? undefined
      : describeFailure(toExecutionFailure(revoking.error), { chainName: deployment.name })
  return (
    <Panel
      title="Allowances"
      description="What Uniswap SwapRouter02 may still take from this account. The next plan uses them first."
      className="mt-6"
      isFlush
    >
      <ul aria-label="Allowances" className="divide-y divide-line border-line border-t">
        {allowances.map(({ token, amount }) => (
          <li key={token.address} className="flex flex-wrap items-center gap-3 px-5 py-2.5 sm:px-6">
            <TokenLogo symbol={token.symbol} size="sm" />
            <TokenAmount
              amount={amount}
              decimals={token.decimals}
              symbol={token.symbol}
              className="flex-1 tabular-nums"
            />
            <Button
              size="sm"
              disabled={!canRevoke || revoking.isPending}
              isBusy={revoking.isPending && revoking.variables === token.address}
              onClick={() => revoking.mutate(token.address)}
            >
              Revoke {token.symbol}
            </Button>
          </li>
        ))}
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
