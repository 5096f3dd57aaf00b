import Link from 'next/link'
import { useMemo } from 'react'
import { labPath } from '@/components/app/paths'
import { Badge } from '@/components/ui/Badge'
import type { Asset } from '@/lib/core/asset'
import { toPriceSeries } from '@/lib/core/history/riskHistory'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { useRiskHistory } from '@/lib/hooks/useRiskHistory'
import { WorthSkeleton } from './WorthSkeleton'
import { listPlanned, measurePlanWorth, type WorthFigures } from './worthFigures'
import { describeWorth } from './worthWords'

type PlanWorthProps = { readonly plan: RebalancePlan; readonly assets: readonly Asset[] }

/** The verdict on a plan, from the prices that the chain remembers. */
export function PlanWorth({ plan, assets }: PlanWorthProps) {
  const moving = listPlanned(plan, assets).flatMap(({ id, isStable }) => (isStable ? [] : [id]))
  const history = useRiskHistory(moving)
  const worth = useMemo((): WorthFigures | undefined => {
    if (history.status === 'loading') return undefined
    if (history.status === 'failed') return { status: 'unknown', reason: 'the price history could not be read' }
    return measurePlanWorth({ plan, assets, series: history.assets.map(toPriceSeries) })
  }, [history, plan, assets])
  return <WorthBody worth={worth} />
}

/** The verdict with its arithmetic, or why there is none. */
export function WorthBody({ worth }: { readonly worth: WorthFigures | undefined }) {
  if (worth === undefined) return <WorthSkeleton />
  if (worth.status === 'unknown')
    return <p className="text-ink-soft text-sm">What waiting costs cannot be said: {worth.reason}.</p>
  const { verdict, sentence, details } = describeWorth(worth)
  return (
    <div className="min-h-29">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 font-medium">
        {sentence} <Badge tone={worth.worth.status === 'pays' ? 'ok' : 'neutral'}>{verdict}</Badge>
      </p>
      <p className="mt-2 max-w-prose text-ink-soft text-sm">
        {details.join(' ')}{' '}
        <Link href={labPath} prefetch={false} className="text-accent underline underline-offset-2">
          Lab
        </Link>
      </p>
    </div>
  )
}
