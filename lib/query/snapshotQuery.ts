import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { OlderBlockError, RequestCancelledError, WrongChainError } from '@/lib/chain/appErrors'
import { toDeployment } from '@/lib/chain/deployments/deployments'
import type { RpcReader } from '@/lib/chain/read/readCalls'
import { readMarket } from '@/lib/chain/read/readSnapshot'
import { isOlderBlock } from '@/lib/core/headAge'
import { composeKnownPool, isPoolListFresh, type PoolList, refreshKnownPools } from '@/lib/core/poolList'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { poolListStore } from '@/lib/storage/poolListStore'

/** Whose snapshot, on which chain, and who reads it. */
export type SnapshotQueryRequest = {
  readonly chainId: number
  readonly account: Address
  readonly client: RpcReader
}

/** After this many reads the device learns where prices stand now, so that the first read after a reload asks for the right ticks. */
const readsPerTrace = 30
const shortestPauseMs = 1_000
/** Beyond the retries of the client: an answer may be whole and yet not fit together. */
const retries = 1
const retriesOfOlder = 2
/** A node that only ever answers from an older block has gone back for good after this time. */
const olderBlockMs = 30_000

/** The key of a snapshot. It names the chain and the account, whose case does not matter. */
export function snapshotKey({ chainId, account }: Pick<SnapshotQueryRequest, 'chainId' | 'account'>) {
  return ['snapshot', { chainId, account: account.toLowerCase() }] as const
}

/** The pools of a chain as far as they are known; nothing where it is time to look for new ones. */
function selectPoolList(chainId: number): PoolList | undefined {
  const list = poolListStore(chainId).read()
  return list !== undefined && isPoolListFresh(list, Date.now()) ? list : undefined
}

/** Reads a snapshot from the pools that the device knows, or looks for them everywhere and keeps what was found. */
async function readThroughPoolList(
  { chainId, account, client }: SnapshotQueryRequest,
  read: { readonly signal: AbortSignal; readonly previous: Snapshot | undefined; readonly count: number },
): Promise<Snapshot> {
  const deployment = toDeployment(chainId)
  const list = selectPoolList(chainId)
  const { signal, previous, count } = read
  // Without a list everything is looked for, whatever the last snapshot knew.
  const hints = list === undefined ? {} : { knownPools: list.pools, previous }
  const { snapshot, searched } = await readMarket(client, { deployment, account, signal, ...hints })
  const store = poolListStore(chainId)
  if (list === undefined || searched === 'everywhere') {
    store.save({ lookedAtMs: Date.now(), pools: snapshot.pools.map(composeKnownPool) })
  } else if (count % readsPerTrace === 0) {
    store.save({ ...list, pools: refreshKnownPools(list.pools, snapshot) })
  }
  return snapshot
}

function retriesAfter(error: Error): number {
  if (error instanceof WrongChainError || error instanceof RequestCancelledError) return 0
  return error instanceof OlderBlockError ? retriesOfOlder : retries
}

/**
 * The snapshot of an account, read again with every block; an older block never takes the place of a newer one. The last good one stays while a later read fails: look at
 * `error` and at `data.block` to tell that it is old. Pools are looked for once a day; in between the device knows them.
 * @throws {UnknownChainError} when no deployment describes the chain.
 */
export function snapshotQuery(request: SnapshotQueryRequest) {
  const deployment = toDeployment(request.chainId)
  const pauseMs = Math.max(shortestPauseMs, deployment.blockSeconds * 1_000)
  const queryKey = snapshotKey(request)
  return queryOptions({
    queryKey,
    queryFn: async ({ client: queries, signal }): Promise<Snapshot> => {
      const before = queries.getQueryState<Snapshot>(queryKey)
      const count = before?.dataUpdateCount ?? 0
      const snapshot = await readThroughPoolList(request, { signal, previous: before?.data, count })
      const known = queries.getQueryState<Snapshot>(queryKey)
      if (known?.data === undefined || Date.now() - known.dataUpdatedAt >= olderBlockMs) return snapshot
      if (!isOlderBlock(snapshot.block, known.data.block)) return snapshot
      throw new OlderBlockError(known.data.block.number, snapshot.block.number)
    },
    staleTime: pauseMs / 2,
    refetchInterval: pauseMs,
    networkMode: 'always',
    retry: (failures, error) => failures < retriesAfter(error),
    retryDelay: (failures) => Math.min(400 * 2 ** failures, pauseMs * 2),
  })
}

/** Looks for new pools now instead of once a day, and reads the snapshot again. */
export async function searchPools(queries: QueryClient, request: SnapshotQueryRequest): Promise<Snapshot> {
  poolListStore(request.chainId).clear()
  await queries.cancelQueries({ queryKey: snapshotKey(request) })
  return queries.fetchQuery({ ...snapshotQuery(request), staleTime: 0 })
}
