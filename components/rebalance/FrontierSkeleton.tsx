import { Skeleton } from '@/components/ui/Skeleton'

/** Holds the place of chart and slider at the size that they will have. */
export function FrontierSkeleton() {
  return (
    <div>
      <Skeleton className="h-12 w-56 opacity-60 sm:h-5" />
      <Skeleton className="mt-3 h-[180px] w-full opacity-40" />
      <Skeleton className="mt-4 h-11 w-full opacity-60" />
      <Skeleton className="mt-2 h-11 w-full opacity-60" />
    </div>
  )
}
