import { Panel } from '@/components/ui/Panel'
import { Skeleton } from '@/components/ui/Skeleton'
import { FrontierSkeleton } from './FrontierSkeleton'
import { planGrid } from './planGrid'

const rowNames = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh']

/** Holds the place of a plan that is being made, at about the size it will have. */
export function PlanSkeleton() {
  return (
    <div className={planGrid.frame}>
      <Panel title="Weights" description="Now, after this plan, and your target" className={planGrid.weights} isFlush>
        <div className="space-y-[1.6rem] px-5 pt-3 pb-7 sm:px-6">
          {rowNames.map((name) => (
            <div key={name} className="flex items-center gap-4">
              <Skeleton className="h-5 w-16" />
              <Skeleton className="h-3 flex-1" />
              <Skeleton className="h-5 w-40 max-sm:w-24" />
            </div>
          ))}
        </div>
      </Panel>
      <Panel title="Cost" className={planGrid.cost}>
        <div className="space-y-5">
          <Skeleton className="h-9 w-40" />
          <Skeleton className="h-2 w-full" />
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-13 w-full rounded-control" />
        </div>
      </Panel>
      <div className={planGrid.rest}>
        <Panel
          title="Fewer trades, less cost"
          description="What each number of trades costs, and the drift that it leaves"
        >
          <FrontierSkeleton />
        </Panel>
        <Panel title="Trades" isFlush>
          <div className="space-y-6 px-5 pt-3 pb-6 sm:px-6">
            {rowNames.slice(0, 4).map((name) => (
              <Skeleton key={name} className="h-20 w-full" />
            ))}
          </div>
        </Panel>
      </div>
    </div>
  )
}
