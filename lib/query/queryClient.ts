import { QueryClient } from '@tanstack/react-query'

/** Writes a query key, bigints included, in the same way whatever the order of its fields. */
export function hashQueryKey(key: readonly unknown[]): string {
  return JSON.stringify(key, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** All that the app has read, for as long as its page is open. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { queryKeyHashFn: hashQueryKey, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})
