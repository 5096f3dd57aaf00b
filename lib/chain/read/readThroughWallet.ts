import { composeKnownPool } from '@/lib/core/poolList'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BlockRef, Snapshot } from '@/lib/core/snapshot'
import { listSignedAssets, listSignedPools } from '@/lib/core/sources/compareSources'
import { RequestTimeoutError, RpcResponseError } from '../appErrors'
import type { Deployment } from '../deployments/deployment'
import type { WalletProvider } from '../wallet/eip1193'
import { readHeader } from './readAtHead'
import type { ReadContext, RpcReader } from './readCalls'
import { readMarket } from './readSnapshot'

/** What the wallet's own node says, and the newest block that it knows. */
export type WalletReading = { readonly snapshot: Snapshot; readonly head: BlockRef }

const patienceMs = 10_000

/** Reads through a wallet, which may never answer. */
export function toWalletReader(provider: WalletProvider, timeoutMs: number = patienceMs): RpcReader {
  const request = ({ method, params }: { readonly method: string; readonly params?: unknown }) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new RequestTimeoutError()), timeoutMs)
      provider
        .request(params === undefined ? { method } : { method, params })
        .then(resolve, reject)
        .finally(() => clearTimeout(timer))
    })
  return { request: request as RpcReader['request'] }
}

/**
 * Reads all that a plan's bytes rest on once more, through the wallet's own provider (T-40, T-41): at the block of our snapshot where
 * its node knows that block, else at its newest. Only calls that read are made, and no pools are looked for.
 * @throws {AppError} when the wallet's node cannot be read.
 */
export async function readThroughWallet(
  provider: WalletProvider,
  request: {
    readonly plan: RebalancePlan
    /** What our node said. */
    readonly snapshot: Snapshot
    readonly deployment: Deployment
    readonly timeoutMs?: number
    readonly signal?: AbortSignal | undefined
  },
): Promise<WalletReading> {
  const { plan, snapshot, deployment, signal } = request
  const client = toWalletReader(provider, request.timeoutMs)
  const [assetIds, poolIds] = [listSignedAssets(plan, snapshot), listSignedPools(plan)]
  const pools = snapshot.pools.filter(({ id }) => poolIds.has(id))
  const context: ReadContext = { chainId: deployment.chainId, multicall3: undefined, signal }
  const reading = {
    deployment: { ...deployment, assets: deployment.assets.filter(({ id }) => assetIds.has(id)) },
    account: snapshot.account,
    knownPools: pools.map(composeKnownPool),
    tokenGroups: 'trusted',
    signal,
  } as const
  const [{ block: head }, market] = await Promise.all([
    readHeader(client, context),
    readMarket(client, { ...reading, at: snapshot.block }).catch((error: unknown) => {
      if (error instanceof RpcResponseError) return readMarket(client, reading)
      throw error
    }),
  ])
  return { snapshot: market.snapshot, head }
}
