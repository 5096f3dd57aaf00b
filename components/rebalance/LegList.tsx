import type { ReactNode } from 'react'
import { formatPercent } from '@/components/format/formatPercent'
import { Icon } from '@/components/ui/Icon'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { formatUsd } from '@/lib/core/numbers/format'
import type { LegView } from './planView'
import { Route } from './Route'

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-[12px] text-ink-faint">{label}</dt>
      <dd className="text-sm tabular-nums">{children}</dd>
    </div>
  )
}

/** What the plan trades, in the order in which the router executes it. */
export function LegList({ legs }: { legs: readonly LegView[] }) {
  return (
    <ol aria-label="Legs" className="divide-y divide-line border-line border-t">
      {legs.map(({ key, sell, buy, minimumOut, hops, soldUsd, feeUsd, impactUsd, impactBps, gasUsd }) => (
        <li key={key} className="space-y-2.5 px-5 py-4 sm:px-6">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium tabular-nums">
              <span className="sr-only">Sell </span>
              <span className="inline-flex items-center gap-2">
                <TokenLogo symbol={sell.symbol} size="sm" />
                <TokenAmount {...sell} />
              </span>
              <Icon name="arrowRight" className="text-ink-faint" />
              <span className="sr-only">for </span>
              <span className="inline-flex items-center gap-2">
                <TokenLogo symbol={buy.symbol} size="sm" />
                <TokenAmount {...buy} />
              </span>
            </p>
            <p className="text-ink-soft text-sm tabular-nums">{formatUsd(soldUsd)}</p>
          </div>
          <Route hops={hops} />
          <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-4">
            <Fact label="At least">
              <TokenAmount amount={minimumOut} decimals={buy.decimals} symbol={buy.symbol} />
            </Fact>
            <Fact label="Pool fees">{formatUsd(feeUsd)}</Fact>
            <Fact label="Price impact">
              {formatPercent(impactBps)} <span className="text-ink-faint">· {formatUsd(impactUsd)}</span>
            </Fact>
            <Fact label="Gas">{formatUsd(gasUsd)}</Fact>
          </dl>
        </li>
      ))}
    </ol>
  )
}
