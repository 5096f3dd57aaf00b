import { formatBps } from '@/components/format/formatBps'
import { cx } from '@/components/ui/cx'
import { formatUsd } from '@/lib/core/numbers/format'
import type { PlanCost } from '@/lib/core/rebalance/plan'
import { type CostPart, toCostParts } from './planView'

const grounds: Record<CostPart['kind'], string> = { fee: 'bg-accent', impact: 'bg-warn', gas: 'bg-control' }

/** What a plan costs, split into what pools, thinness and the chain take. */
export function CostBreakdown({ cost }: { cost: PlanCost }) {
  const parts = toCostParts(cost)
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-2.5">
        <span className="font-semibold text-[2rem] tabular-nums leading-tight tracking-[-0.02em]">
          {formatUsd(cost.totalUsd)}
        </span>
        <span className="text-ink-faint text-sm tabular-nums">{formatBps(cost.totalCentiBps)} of the portfolio</span>
      </p>
      <div aria-hidden="true" className="mt-3 flex h-1.5 gap-0.5 overflow-hidden rounded-full bg-sunken">
        {parts.map(({ kind, sharePercent }) => (
          <div key={kind} className={grounds[kind]} style={{ width: `${sharePercent}%` }} />
        ))}
      </div>
      <dl className="mt-3 space-y-1.5 text-sm">
        {parts.map(({ kind, label, usd }) => (
          <div key={kind} className="flex items-center justify-between gap-4">
            <dt className="inline-flex items-center gap-2 text-ink-soft">
              <span aria-hidden="true" className={cx('size-2 rounded-full', grounds[kind])} />
              {label}
            </dt>
            <dd className="tabular-nums">{formatUsd(usd)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
