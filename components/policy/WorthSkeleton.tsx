import { Skeleton } from '@/components/ui/Skeleton'

/** The outline of the verdict on a plan, at the size that it will have. */
export function WorthSkeleton() {
  return (
    <div aria-busy="true" className="min-h-29">
      <span className="sr-only">Reading the price history</span>
      <Skeleton className="h-5 w-80 max-w-full" />
      <Skeleton className="mt-3 h-4 w-96 max-w-full" />
    </div>
  )
}
