import { lazy, type ReactNode, Suspense } from 'react'
import { Panel } from '@/components/ui/Panel'
import { Skeleton } from '@/components/ui/Skeleton'
import { WhenSeen } from '@/components/ui/WhenSeen'
import type { FundedPortfolio } from '@/lib/core/portfolio/portfolio'
import { toChartRows } from './chartRows'

const DriftChart = lazy(() => import('./DriftChart').then(({ DriftChart }) => ({ default: DriftChart })))
const AllocationChart = lazy(() =>
  import('./AllocationChart').then(({ AllocationChart }) => ({ default: AllocationChart })),
)

const rowHeight = 40
const axisHeight = 44

function ChartPlace({ rowCount, label, children }: { rowCount: number; label: string; children: ReactNode }) {
  const waiting = <Skeleton className="size-full opacity-40" />
  return (
    <div role="img" aria-label={label} style={{ height: rowCount * rowHeight + axisHeight }}>
      <WhenSeen className="size-full" placeholder={waiting}>
        <Suspense fallback={waiting}>{children}</Suspense>
      </WhenSeen>
    </div>
  )
}

type ChartsProps = { readonly portfolio: FundedPortfolio; readonly hasTargets: boolean; readonly bandBps: number }

/** Drift and allocation as charts, loaded when they come into sight. The table above says the same in figures. */
export function Charts({ portfolio, hasTargets, bandBps }: ChartsProps) {
  const rows = toChartRows(portfolio.positions)
  return (
    <div className={hasTargets ? 'grid gap-6 lg:grid-cols-2' : undefined}>
      {hasTargets && (
        <Panel title="Drift" description="Percentage points from the target; the band is shaded.">
          <ChartPlace rowCount={rows.length} label="Chart of each asset’s drift. The Holdings table has the figures.">
            <DriftChart rows={rows} bandBps={bandBps} />
          </ChartPlace>
        </Panel>
      )}
      <Panel
        title="Allocation"
        description={
          hasTargets ? 'What each asset makes up now, and its target below it.' : 'What each asset makes up now.'
        }
      >
        <ChartPlace rowCount={rows.length} label="Chart of each asset’s weight. The Holdings table has the figures.">
          <AllocationChart rows={rows} hasTargets={hasTargets} />
        </ChartPlace>
      </Panel>
    </div>
  )
}
