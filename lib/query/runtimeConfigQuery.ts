import { queryOptions } from '@tanstack/react-query'
import type { RuntimeConfig } from '@/lib/config/runtimeConfig'

/** The run-time configuration that lies beside the app. It does not change while a page is open. */
export function runtimeConfigQuery() {
  return queryOptions({
    queryKey: ['runtimeConfig'],
    queryFn: async ({ signal }): Promise<RuntimeConfig> => {
      // Kept out of the first load: the page is there before its configuration is.
      const { readRuntimeConfig } = await import('@/lib/config/runtimeConfig')
      return readRuntimeConfig(fetch, { signal })
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: 1,
    retryDelay: 400,
  })
}
