import { Skeleton } from '@/components/ui/Skeleton'

const rows = ['a', 'b', 'c', 'd', 'e', 'f'] as const

/** The outline of the portfolio, at the size that it will have. */
export function PortfolioSkeleton({ message }: { message?: string }) {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        {message ?? 'Reading the portfolio'}
      </p>
      <div aria-hidden="true">
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-5">
          <div>
            <Skeleton className="my-1 h-4 w-28" />
            <Skeleton className="mt-2 h-12 w-56" />
            <Skeleton className="mt-3 h-5 w-72 max-w-full" />
          </div>
          <div className="flex gap-3 max-sm:w-full">
            <Skeleton shape="control" className="h-11 w-36 max-sm:flex-1" />
            <Skeleton shape="control" className="h-11 w-36 max-sm:flex-1" />
          </div>
        </div>
        <div className="mt-7 space-y-2">
          <Skeleton className="ml-15 h-7" />
          <Skeleton className="ml-15 h-7" />
        </div>
        <div className="mt-7 rounded-panel border border-line bg-surface shadow-panel">
          <div className="h-16 px-5 py-5 sm:px-6">
            <Skeleton className="h-5 w-24" />
          </div>
          {rows.map((row) => (
            <div key={row} className="flex h-[124px] items-center gap-4 border-line border-t px-5 sm:px-6 md:h-[69px]">
              <Skeleton shape="disc" className="size-8" />
              <div className="w-24 space-y-2">
                <Skeleton className="h-4 w-14" />
                <Skeleton className="h-3 w-24" />
              </div>
              <Skeleton className="ml-auto h-4 w-24" />
              <Skeleton className="h-4 w-20 max-md:hidden" />
              <Skeleton className="h-4 w-20 max-md:hidden" />
              <Skeleton className="h-4 w-48 max-lg:hidden" />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
