import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/Badge'
import { Panel } from '@/components/ui/Panel'
import type { Asset } from '@/lib/core/asset'
import { formatWeight } from '@/lib/core/numbers/format'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { CertificateNote } from './CertificateNote'
import { CostBreakdown } from './CostBreakdown'
import { LegList } from './LegList'
import { planGrid } from './planGrid'
import { listTraded, toLegViews, toWeightRows } from './planView'
import { joinNames } from './planWords'
import { SkippedList } from './SkippedList'
import { WeightTable } from './WeightTable'

type PlanPanelProps = {
  readonly plan: RebalancePlan
  readonly assets: readonly Asset[]
  /** The main button with its reason. */
  readonly action: ReactNode
}

function countOf(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

/** The plan: what moves, what it costs and what proves it, with the button that goes on. */
export function PlanPanel({ plan, assets, action }: PlanPanelProps) {
  const { sold, bought } = listTraded(plan)
  const offTarget = plan.skipped.filter(({ reason }) => reason !== 'inBand')
  return (
    <div className={planGrid.frame}>
      <Panel title="Weights" description="Now, after this plan, and your target" className={planGrid.weights} isFlush>
        <WeightTable rows={toWeightRows(plan, assets)} />
      </Panel>
      <Panel title="Cost" className={planGrid.cost}>
        <div className="space-y-5">
          <CostBreakdown cost={plan.cost} />
          <dl className="flex items-baseline justify-between gap-4 border-line border-t pt-4 text-sm">
            <dt className="text-ink-soft">Drift</dt>
            <dd className="font-medium tabular-nums">
              {formatWeight(plan.driftBeforeBps)} → {formatWeight(plan.driftAfterBps)}
            </dd>
          </dl>
          <CertificateNote certificate={plan.certificate} />
          {plan.impactLevel !== 'quiet' && (
            <p className="text-sm">
              <Badge tone="warn">Price impact</Badge>{' '}
              {plan.impactLevel === 'warn'
                ? 'Above 1 %: the pools are thin for these amounts.'
                : 'Above 3 %: you will be asked to type the loss before you sign.'}
            </p>
          )}
          {action}
        </div>
      </Panel>
      <div className={planGrid.rest}>
        <Panel
          title="Trades"
          description={`${countOf(plan.legs.length, 'swap')}: sells ${joinNames(sold)}, buys ${joinNames(bought)}`}
          isFlush
        >
          <LegList legs={toLegViews(plan, assets)} />
        </Panel>
        {offTarget.length > 0 && (
          <Panel title="Not traded, or not in full" description="What stays off its target, and why" isFlush>
            <SkippedList skipped={offTarget} />
          </Panel>
        )}
      </div>
    </div>
  )
}
