import { lazy, Suspense } from 'react'
import { Panel } from '@/components/ui/Panel'
import type { Asset } from '@/lib/core/asset'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { WorthSkeleton } from './WorthSkeleton'

const PlanWorth = lazy(() => import('./PlanWorth').then((module) => ({ default: module.PlanWorth })))

type WorthNoteProps = { readonly plan: RebalancePlan; readonly assets: readonly Asset[] }

/** What waiting costs against what this plan costs, loaded beside the plan. */
export function WorthNote({ plan, assets }: WorthNoteProps) {
  return (
    <Panel title="Worth it?">
      <Suspense fallback={<WorthSkeleton />}>
        <PlanWorth plan={plan} assets={assets} />
      </Suspense>
    </Panel>
  )
}
