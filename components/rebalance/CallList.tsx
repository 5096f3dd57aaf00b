import type { ReactNode } from 'react'
import { Icon, type IconName } from '@/components/ui/Icon'
import { TokenAmount } from '@/components/ui/TokenAmount'
import type { Address } from '@/lib/core/units'
import { Route } from './Route'
import type { CallView } from './reviewView'

function Line({ icon, title, children }: { icon: IconName; title: ReactNode; children?: ReactNode }) {
  return (
    <li className="flex gap-3 px-5 py-3.5 sm:px-6">
      <span className="mt-0.5 inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken text-ink-soft">
        <Icon name={icon} className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 space-y-1.5">
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

/** Who gets what a call pays: the account in words, anybody else by address alone. */
function Receiver({ recipient, account }: { recipient: Address; account: Address }) {
  if (recipient.toLowerCase() === account.toLowerCase()) return <>your account</>
  return <FullAddress address={recipient} />
}

function describeCall(call: CallView, account: Address): { icon: IconName; title: ReactNode; body?: ReactNode } {
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
          <p className="text-[13px] text-ink-faint">
            by Uniswap SwapRouter02 <FullAddress address={call.spender} />
          </p>
        ),
      }
    case 'reset':
      return {
        icon: 'lock',
        title: <>Set the allowance of {call.symbol} back to 0 first</>,
        body: <p className="text-[13px] text-ink-faint">{call.symbol} refuses to change an allowance otherwise.</p>,
      }
    case 'swap':
      return {
        icon: 'arrowRight',
        title: (
          <>
            Swap <TokenAmount {...call.sell} /> for at least <TokenAmount {...call.minimum} />
          </>
        ),
        body: (
          <>
            <Route hops={call.route} />
            <p className="text-[13px] text-ink-faint">
              {call.isUnwrappedLater ? (
                'The router keeps it until the unwrap below, in the same transaction.'
              ) : (
                <>
                  Paid to <Receiver recipient={call.recipient} account={account} />
                </>
              )}
            </p>
          </>
        ),
      }
    case 'unwrap':
      return {
        icon: 'arrowRight',
        title: (
          <>
            Unwrap at least <TokenAmount {...call.minimum} />
          </>
        ),
        body: (
          <p className="text-[13px] text-ink-faint">
            Paid to <Receiver recipient={call.recipient} account={account} />
          </p>
        ),
      }
    case 'refund':
      return { icon: 'arrowLeft', title: <>Return ETH that was not spent to your account</> }
  }
}

/** What the bytes do, call by call. */
export function CallList({ calls, account }: { calls: readonly CallView[]; account: Address }) {
  return (
    <ol aria-label="Calls" className="divide-y divide-line border-line border-t">
      {calls.map((call) => {
        const { icon, title, body } = describeCall(call, account)
        return (
          <Line key={call.key} icon={icon} title={title}>
            {body}
          </Line>
        )
      })}
    </ol>
  )
}
