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
    <div className="whitespace-nowrap">
      <dt className="inline text-ink-faint">{label}</dt> <dd className="inline text-ink-soft">{children}</dd>
    </div>
  )
}

/** What the plan trades, in the order in which the router executes it. */
export function LegList({ legs }: { legs: readonly LegView[] }) {
  return (
    <ol aria-label="Legs" className="divide-y divide-line border-line border-t">
      {legs.map(({ key, sell, buy, minimumOut, passing, hops, soldUsd, feeUsd, impactUsd, impactBps, gasUsd }) => (
        <li key={key} className="space-y-1.5 px-5 py-3.5 sm:px-6">
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
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 sm:gap-x-3">
            <Route hops={hops} />
            {passing !== undefined && <p className="text-[13px] text-ink-faint">{passing}</p>}
            <p className="ml-auto text-ink-soft text-sm tabular-nums">{formatUsd(soldUsd)}</p>
          </div>
          <dl className="flex flex-wrap gap-x-2.5 gap-y-0.5 text-[12px] tabular-nums sm:gap-x-4 sm:text-[13px]">
            {minimumOut !== undefined && (
              <Fact label="At least">
                <TokenAmount amount={minimumOut} decimals={buy.decimals} symbol={buy.symbol} />
              </Fact>
            )}
            <Fact label="Fees">{formatUsd(feeUsd)}</Fact>
            <Fact label="Impact">
              {formatPercent(impactBps)} ({formatUsd(impactUsd)})
            </Fact>
            <Fact label="Gas">{formatUsd(gasUsd)}</Fact>
          </dl>
        </li>
      ))}
    </ol>
  )
}
