import { queryOptions } from '@tanstack/react-query'
import { type SnapshotQueryRequest, snapshotQuery } from './snapshotQuery'

const pauseMs = 300_000

/** The snapshot of an account, read again every five minutes also while the page is not looked at, where that is wanted. */
export function backgroundSnapshotQuery(request: SnapshotQueryRequest, { isWanted }: { readonly isWanted: boolean }) {
  return queryOptions({
    ...snapshotQuery(request),
    refetchInterval: pauseMs,
    refetchIntervalInBackground: true,
    enabled: isWanted,
  })
}
