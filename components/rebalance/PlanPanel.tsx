import { type ReactNode, useRef, useState } from 'react'
import { Badge } from '@/components/ui/Badge'
import { InfoTip } from '@/components/ui/InfoTip'
import { Panel } from '@/components/ui/Panel'
import type { Asset } from '@/lib/core/asset'
import { formatWeight } from '@/lib/core/numbers/format'
import type { RebalancePlan, RouterName } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import { CertificateNote } from './CertificateNote'
import { CertificatePanel } from './CertificatePanel'
import { CostBreakdown } from './CostBreakdown'
import { LegList } from './LegList'
import { PurchaseList } from './PurchaseList'
import { planGrid } from './planGrid'
import { listTraded, toLegViews, toPurchaseViews, toWeightRows } from './planView'
import { joinNames } from './planWords'
import { SkippedList } from './SkippedList'
import { WeightTable } from './WeightTable'

type PlanPanelProps = {
  readonly plan: RebalancePlan
  /** What the plan was made of. */
  readonly snapshot: Snapshot
  readonly assets: readonly Asset[]
  /** The main button with its reason. */
  readonly action: ReactNode
  /** Plans with fewer trades, to choose from. */
  readonly frontier: ReactNode
  /** The file that the plan can be checked with. */
  readonly exportAction: ReactNode
}

function countOf(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

const routerNames: Record<RouterName, string> = {
  swapRouter02: 'Uniswap SwapRouter02',
  universalRouter: 'Uniswap Universal Router',
}

/** The plan: what moves, what it costs and what proves it, with the button that goes on. */
export function PlanPanel({ plan, snapshot, assets, action, frontier, exportAction }: PlanPanelProps) {
  const { sold, bought } = listTraded(plan)
  const [isProofOpen, setIsProofOpen] = useState(false)
  const proof = useRef<HTMLElement>(null)
  const offTarget = plan.skipped.filter(({ reason }) => reason !== 'inBand')

  function showProof() {
    setIsProofOpen(true)
    proof.current?.scrollIntoView({ block: 'center' })
    proof.current?.focus({ preventScroll: true })
  }

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
          <CertificateNote certificate={plan.certificate} onExplain={showProof} />
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
        {frontier}
        <Panel
          title="Trades"
          description={`${countOf(plan.legs.length, 'swap')} through ${routerNames[plan.router]}: sells ${joinNames(sold)}, buys ${joinNames(bought)}`}
          isFlush
        >
          <LegList legs={toLegViews(plan, assets)} />
        </Panel>
        <Panel
          title="You receive at least"
          description={
            <>
              If less of any of these would arrive, nothing is traded{' '}
              <InfoTip label="About the minimums">
                The quote less your slippage, and never below the floor from the price feeds. The router itself refuses
                to pay less.
              </InfoTip>
            </>
          }
          isFlush
        >
          <PurchaseList purchases={toPurchaseViews(plan, assets)} />
        </Panel>
        {offTarget.length > 0 && (
          <Panel title="Not traded, or not in full" description="What stays off its target, and why" isFlush>
            <SkippedList skipped={offTarget} />
          </Panel>
        )}
        <CertificatePanel
          plan={plan}
          snapshot={snapshot}
          isOpen={isProofOpen}
          onToggle={setIsProofOpen}
          summaryRef={proof}
        >
          {exportAction}
        </CertificatePanel>
      </div>
    </div>
  )
}
