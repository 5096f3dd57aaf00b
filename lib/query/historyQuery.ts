import { queryOptions, skipToken } from '@tanstack/react-query'
import { RequestCancelledError, WrongChainError } from '@/lib/chain/appErrors'
import { toDeployment } from '@/lib/chain/deployments/deployments'
import type { RpcReader } from '@/lib/chain/read/readCalls'
import { type PriceHistory, readPriceHistory } from '@/lib/chain/read/readPriceHistory'
import type { AssetId } from '@/lib/core/asset'
import { isSameHistory, listDaysToRead } from '@/lib/core/history/knownHistory'
import {
  type AssetCloses,
  type AssetHistory,
  listDays,
  mergeCloses,
  selectCloses,
  selectEndedDays,
} from '@/lib/core/history/priceHistory'
import { historyStore } from '@/lib/storage/historyStore'

/** Whose past, on which chain, and who reads it: nobody while the run-time configuration is not there. */
export type HistoryQueryRequest = {
  readonly chainId: number
  readonly assetIds: readonly AssetId[]
  readonly client: RpcReader | undefined
}

/** A day is closed for good once so much time has passed since its end: a block before it may still be taken back. */
const settlingSeconds = 3_600
/** A new day is looked for so often. */
const refreshMs = 30 * 60_000
/** What could not be read is asked for again after so long. */
const unreadMs = 5 * 60_000
const retries = 1

type Knowledge = ReadonlyMap<AssetId, AssetCloses>

/** Whether something is missing only because it could not be read. */
function hasUnread({ assets }: PriceHistory): boolean {
  return assets.some((asset) =>
    asset.status === 'unavailable'
      ? asset.reason === 'unreadable'
      : asset.gaps.some(({ reason }) => reason === 'unread'),
  )
}

/** Reads the days that are not known, and a few that are. */
function readUnknown(
  { chainId, assetIds, client }: HistoryQueryRequest & { readonly client: RpcReader },
  { known, signal }: { readonly known: Knowledge; readonly signal: AbortSignal },
): Promise<PriceHistory> {
  return readPriceHistory(client, {
    deployment: toDeployment(chainId),
    assetIds,
    signal,
    selectDays: (assetId, window) => {
      const closes = known.get(assetId)
      return closes === undefined ? listDays(window) : listDaysToRead(closes, window)
    },
  })
}

/**
 * The daily closes of assets: what the device knows, and what the chain says of the days since. Where the chain contradicts what is
 * known, it is another chain, and everything is read again.
 */
async function readHistory(
  request: HistoryQueryRequest & { readonly client: RpcReader },
  signal: AbortSignal,
): Promise<PriceHistory> {
  const store = historyStore(request.chainId)
  const known: Knowledge = new Map(store.read().map((asset) => [asset.assetId, asset]))
  const read = await readUnknown(request, { known, signal })
  const isOfAnotherChain = read.assets.some((asset) => {
    const before = known.get(asset.assetId)
    return before !== undefined && asset.status === 'known' && !isSameHistory(before, asset)
  })
  if (isOfAnotherChain) {
    store.clear()
    return readHistory(request, signal)
  }
  const assets = read.assets.map((asset): AssetHistory => {
    const before = known.get(asset.assetId)
    if (asset.status === 'unavailable' || before === undefined) return asset
    return { status: 'known', ...selectCloses(mergeCloses(before, asset), read.window) }
  })
  const settled = selectEndedDays(read.block.timestamp - settlingSeconds, listDays(read.window).length)
  const kept = new Map(known)
  for (const asset of assets) if (asset.status === 'known') kept.set(asset.assetId, selectCloses(asset, settled))
  store.save([...kept.values()].map(({ assetId, closes, gaps }) => ({ assetId, closes, gaps })))
  return { ...read, assets }
}

/**
 * The daily closes of assets over two years, from the rounds of their feeds. What the device knows of days that have ended is not read
 * again. `data.assets` says for each asset which days have no close and why.
 * @throws {UnknownChainError} when no deployment describes the chain.
 */
export function historyQuery(request: HistoryQueryRequest) {
  const { chainId, client } = request
  const assetIds = [...new Set(request.assetIds)].sort()
  return queryOptions({
    queryKey: ['history', { chainId, assetIds }] as const,
    queryFn: client === undefined ? skipToken : ({ signal }) => readHistory({ chainId, assetIds, client }, signal),
    staleTime: refreshMs,
    refetchInterval: ({ state }) => (state.data !== undefined && hasUnread(state.data) ? unreadMs : refreshMs),
    gcTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    retry: (failures, error) =>
      failures < retries && !(error instanceof WrongChainError || error instanceof RequestCancelledError),
  })
}
