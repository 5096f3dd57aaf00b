import { Skeleton } from '@/components/ui/Skeleton'

const rows = ['a', 'b', 'c', 'd'] as const

/** The outline of the lab, at the size that it will have. */
export function LabSkeleton() {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        Preparing the lab
      </p>
      <div aria-hidden="true" className="space-y-6">
        <div className="rounded-panel border border-line bg-surface px-5 py-5 shadow-panel sm:px-6">
          <Skeleton className="h-5 w-44" />
          <Skeleton className="mt-2 h-4 w-72 max-w-full" />
          <div className="mt-6 grid gap-4 sm:grid-cols-2">
            {rows.map((row) => (
              <div key={row}>
                <Skeleton className="h-4 w-24" />
                <Skeleton shape="control" className="mt-1 h-11" />
              </div>
            ))}
          </div>
        </div>
        <div className="rounded-panel border border-line bg-surface shadow-panel">
          <div className="px-5 py-5 sm:px-6">
            <Skeleton className="h-5 w-48" />
            <Skeleton className="mt-2 h-4 w-80 max-w-full" />
          </div>
          {rows.map((row) => (
            <div key={row} className="flex h-[53px] items-center gap-4 border-line border-t px-5 sm:px-6">
              <Skeleton className="h-4 w-20" />
              <Skeleton className="ml-auto h-4 w-2/5" />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
