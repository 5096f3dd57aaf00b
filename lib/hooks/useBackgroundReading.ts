import { useQuery } from '@tanstack/react-query'
import { backgroundSnapshotQuery } from '@/lib/query/backgroundSnapshotQuery'
import type { SnapshotQueryRequest } from '@/lib/query/snapshotQuery'

/** Keeps reading an account while its page is not looked at, so that a notice can come. */
export function useBackgroundReading({
  isWanted,
  ...request
}: SnapshotQueryRequest & { readonly isWanted: boolean }): void {
  useQuery(backgroundSnapshotQuery(request, { isWanted }))
}
