import { Skeleton } from '@/components/ui/Skeleton'

const rows = ['a', 'b', 'c'] as const

/** The outline of the receipts, at the size that they will have. */
export function ActivitySkeleton() {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        Reading the receipts
      </p>
      <div aria-hidden="true" className="rounded-panel border border-line bg-surface shadow-panel">
        <div className="px-5 py-5 sm:px-6">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="mt-2 h-4 w-64 max-w-full" />
        </div>
        {rows.map((row) => (
          <div key={row} className="border-line border-t px-5 py-5 sm:px-6">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="mt-3 h-5 w-72 max-w-full" />
            <Skeleton className="mt-4 h-6" />
            <Skeleton className="mt-1.5 h-6" />
          </div>
        ))}
      </div>
    </div>
  )
}
