import { queryOptions } from '@tanstack/react-query'
import { RequestCancelledError, WrongChainError } from '@/lib/chain/appErrors'
import { toDeployment } from '@/lib/chain/deployments/deployments'
import type { RpcReader } from '@/lib/chain/read/readCalls'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'

/** Whose snapshot, on which chain, and who reads it. */
export type SnapshotQueryRequest = {
  readonly chainId: number
  readonly account: Address
  readonly client: RpcReader
}

/** Pools that are new are looked for at the first read and after this many more. */
const readsPerDiscovery = 30
const shortestPauseMs = 1_000
const retries = 2

/** The key of a snapshot. It names the chain and the account, whose case does not matter. */
export function snapshotKey({ chainId, account }: Pick<SnapshotQueryRequest, 'chainId' | 'account'>) {
  return ['snapshot', { chainId, account: account.toLowerCase() }] as const
}

/**
 * The snapshot of an account, read again with every block. The last good one stays while a later read fails: look at
 * `error` and at `data.block` to tell that it is old.
 * @throws {UnknownChainError} when no deployment describes the chain.
 */
export function snapshotQuery({ chainId, account, client }: SnapshotQueryRequest) {
  const deployment = toDeployment(chainId)
  const pauseMs = Math.max(shortestPauseMs, deployment.blockSeconds * 1_000)
  const queryKey = snapshotKey({ chainId, account })
  return queryOptions({
    queryKey,
    queryFn: ({ client: queries, signal }): Promise<Snapshot> => {
      const state = queries.getQueryState<Snapshot>(queryKey)
      const isDiscovery = (state?.dataUpdateCount ?? 0) % readsPerDiscovery === 0
      const previous = isDiscovery ? undefined : state?.data
      return readSnapshot(client, { deployment, account, signal, previous })
    },
    staleTime: pauseMs / 2,
    refetchInterval: pauseMs,
    networkMode: 'always',
    retry: (failures, error) =>
      !(error instanceof WrongChainError) && !(error instanceof RequestCancelledError) && failures < retries,
    retryDelay: (failures) => Math.min(400 * 2 ** failures, pauseMs * 2),
  })
}
