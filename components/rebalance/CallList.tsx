import type { ReactNode } from 'react'
import { Icon, type IconName } from '@/components/ui/Icon'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { nameContract } from '@/components/wallet/nameContract'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { type Address, assertNever } from '@/lib/core/units'
import { describeExpiration } from './describeExpiration'
import { Route } from './Route'
import type { CallView, ReceiverView } from './reviewView'

/** What contracts and tokens are called. */
type Named = Pick<Deployment, 'assets' | 'contracts'>

function Line({ icon, title, children }: { icon: IconName; title: ReactNode; children?: ReactNode }) {
  return (
    <li className="flex gap-3 px-5 py-3 sm:px-6">
      <span className="mt-0.5 inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken text-ink-soft">
        <Icon name={icon} className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 space-y-1">
        <p className="font-medium tabular-nums">{title}</p>
        {children}
      </div>
    </li>
  )
}

/** A full address, never shortened where a decision depends on it. */
export function FullAddress({ address }: { address: Address }) {
  return <span className="break-all font-mono text-[12px] text-ink-soft leading-snug">{address}</span>
}

/** A contract by its name, where it is known, and by its full address. */
function Contract({ address, deployment }: { address: Address; deployment: Named }) {
  const name = nameContract(address, deployment)
  return (
    <>
      {name !== undefined && `${name} `}
      <FullAddress address={address} />
    </>
  )
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-[13px] text-ink-faint">{children}</p>
}

/** Who gets what a call pays: the account in words, anybody else by address alone. */
function Receiver({ receiver }: { receiver: ReceiverView }) {
  switch (receiver.kind) {
    case 'account':
      return <>Paid to your account</>
    case 'router':
      return <>Stays in the router for a later step of the same transaction</>
    case 'stranger':
      return (
        <>
          Paid to <FullAddress address={receiver.address} />
        </>
      )
  }
}

function describeCall(call: CallView, deployment: Named): { icon: IconName; title: ReactNode; body?: ReactNode } {
  switch (call.kind) {
    case 'approval':
      return {
        icon: 'unlock',
        title: (
          <>
            Allow exactly <TokenAmount {...call.amount} /> to be taken
          </>
        ),
        body: (
          <Note>
            by <Contract address={call.spender} deployment={deployment} />
          </Note>
        ),
      }
    case 'reset':
      return {
        icon: 'lock',
        title: <>Set the allowance of {call.symbol} back to 0 first</>,
        body: <Note>{call.symbol} refuses to change an allowance otherwise.</Note>,
      }
    case 'grant':
      return {
        icon: 'unlock',
        title: (
          <>
            Permit2 lets exactly <TokenAmount {...call.amount} /> be pulled, {describeExpiration(call.expiration)}
          </>
        ),
        body: (
          <Note>
            by <Contract address={call.spender} deployment={deployment} />
          </Note>
        ),
      }
    case 'pull':
      return {
        icon: 'arrowRight',
        title: (
          <>
            Pull <TokenAmount {...call.amount} /> into the router
          </>
        ),
        body: <Note>From your account, through Permit2</Note>,
      }
    case 'swap':
      return {
        icon: 'arrowRight',
        title: (
          <>
            Swap{' '}
            {call.sell === undefined ? (
              <>all {call.sellSymbol} that the router then holds</>
            ) : (
              <TokenAmount {...call.sell} />
            )}{' '}
            for{' '}
            {call.minimum === undefined ? (
              call.buySymbol
            ) : (
              <>
                at least <TokenAmount {...call.minimum} />
              </>
            )}
          </>
        ),
        body: (
          <>
            <Route hops={call.route} />
            <Note>
              <Receiver receiver={call.receiver} />
            </Note>
          </>
        ),
      }
    case 'wrap':
      return {
        icon: 'arrowRight',
        title: <>Wrap all ETH in the router</>,
        body: <Note>Pools of v2 and v3 trade WETH. It stays in the router.</Note>,
      }
    case 'unwrap':
      return {
        icon: 'arrowRight',
        title: <>Unwrap all WETH in the router</>,
        body: <Note>The ETH stays in the router for a later step of the same transaction.</Note>,
      }
    case 'payOut':
      return {
        icon: 'arrowLeft',
        title: (
          <>
            {call.isUnwrapped ? 'Unwrap and pay out' : 'Pay out'} all {call.symbol}
            {call.minimum !== undefined && (
              <>
                , at least <TokenAmount {...call.minimum} />
              </>
            )}
          </>
        ),
        body: (
          <Note>
            <Receiver receiver={call.receiver} />
          </Note>
        ),
      }
    case 'refund':
      return { icon: 'arrowLeft', title: <>Return ETH that was not spent to your account</> }
    default:
      return assertNever(call)
  }
}

type CallsProps = { readonly calls: readonly CallView[]; readonly deployment: Named }

function Calls({ title, calls, deployment }: CallsProps & { readonly title: string }) {
  return (
    <ol aria-label={title} className="divide-y divide-line border-line border-t">
      {calls.map((call) => {
        const { icon, title: words, body } = describeCall(call, deployment)
        return (
          <Line key={call.key} icon={icon} title={words}>
            {body}
          </Line>
        )
      })}
    </ol>
  )
}

const isApproval = ({ kind }: CallView) => kind === 'approval' || kind === 'reset' || kind === 'grant'

type CallListProps = CallsProps & { readonly router: Address }

/** What the bytes do: the approvals one by one, then the steps of the one call to the router. */
export function CallList({ calls, deployment, router }: CallListProps) {
  const approvals = calls.filter(isApproval)
  const steps = calls.filter((call) => !isApproval(call))
  return (
    <>
      {approvals.length > 0 && <Calls title="Approvals" calls={approvals} deployment={deployment} />}
      {approvals.length > 0 && (
        <h3 className="border-line border-t bg-sunken px-5 py-2 text-[13px] text-ink-soft sm:px-6">
          Then one call to {nameContract(router, deployment) ?? router}
        </h3>
      )}
      <Calls title="Calls" calls={steps} deployment={deployment} />
    </>
  )
}
