import { lazy, Suspense } from 'react'
import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'

const ConfigFailure = lazy(() =>
  import('@/components/app/ConfigFailure').then(({ ConfigFailure }) => ({ default: ConfigFailure })),
)

/** Says above everything else that this site cannot work, before anybody connects in vain. */
export function LandingNotice() {
  const { isError, error, isFetching, refetch } = useRuntimeConfig()
  if (!isError) return null
  return (
    <Suspense fallback={null}>
      <div className="mb-8">
        <ConfigFailure error={error} isRetrying={isFetching} onRetry={refetch} />
      </div>
    </Suspense>
  )
}
