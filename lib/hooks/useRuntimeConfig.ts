import { useQuery } from '@tanstack/react-query'
import { runtimeConfigQuery } from '@/lib/query/runtimeConfigQuery'

/** The run-time configuration with the state of reading it. */
export function useRuntimeConfig() {
  return useQuery(runtimeConfigQuery())
}
