import {
  type Chain,
  createPublicClient,
  custom,
  defineChain,
  type PublicClient,
  RpcRequestError,
  type Transport,
} from 'viem'
import type { Deployment } from './deployments/deployment'
import { createBatcher } from './rpc/batchCalls'
import { createEndpoint, type Jitter } from './rpc/endpoints'
import type { RpcCall } from './rpc/rpcCall'
import { sendCalls } from './rpc/sendCalls'

/** A client that reads one chain. */
export type ChainClient = PublicClient<Transport, Chain>

/** Where a chain is read, and how patiently. */
export type ChainClientOptions = {
  readonly deployment: Deployment
  /** JSON-RPC endpoints in order of preference; the next is asked when one fails. */
  readonly rpcUrls: readonly string[]
  /** How long one request to one endpoint may take, its body included. */
  readonly timeoutMs?: number
  /** How often a failed request is sent again to each endpoint, 0 for never. */
  readonly retryCount?: number
  /** After how long without an answer the next endpoint is asked as well. */
  readonly hedgeMs?: number
  /** Spreads the pauses before requests are sent again. */
  readonly jitter?: Jitter
}

/** No endpoint was given for a chain. */
export class MissingRpcUrlError extends Error {
  override readonly name = 'MissingRpcUrlError'
  constructor(readonly chainId: number) {
    super(`No RPC endpoint is configured for chain ${chainId}. Add one to "chains" in ballast.config.json.`)
  }
}

/** Describes a deployment as viem wants it. */
export function toViemChain(deployment: Deployment, rpcUrls: readonly string[]): Chain {
  return defineChain({
    id: deployment.chainId,
    name: deployment.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: rpcUrls } },
    contracts: { multicall3: { address: deployment.contracts.multicall3 } },
  })
}

const batchSize = 20

/**
 * Makes a client for a chain. Requests of the same moment travel in one HTTP request; a failed request is sent again with growing
 * pauses and falls over to the next endpoint, which is asked as well when the first takes long.
 * @throws {MissingRpcUrlError} when there is no endpoint.
 */
export function createChainClient(options: ChainClientOptions): ChainClient {
  const { deployment, rpcUrls, retryCount = 3, hedgeMs = 800, jitter = Math.random } = options
  const { chainId } = deployment
  if (rpcUrls.length === 0) throw new MissingRpcUrlError(chainId)
  const timeoutMs = options.timeoutMs ?? (rpcUrls.length > 1 ? 6_000 : 10_000)
  const endpoints = rpcUrls.map((url) => createEndpoint(url, { chainId, timeoutMs, jitter }))
  const ask = createBatcher((calls, signal) => sendCalls(calls, { endpoints, retryCount, hedgeMs, jitter, signal }), {
    batchSize,
  })
  const request = async (body: RpcCall, { signal }: { readonly signal?: AbortSignal } = {}): Promise<unknown> => {
    const outcome = await ask(body, signal)
    if (outcome.status === 'answered') return outcome.result
    throw new RpcRequestError({ body: { ...body }, error: outcome.error, url: rpcUrls[0] ?? '' })
  }
  return createPublicClient({
    chain: toViemChain(deployment, rpcUrls),
    transport: custom({ request }, { retryCount: 0, key: 'endpoints', name: 'JSON-RPC endpoints' }),
    pollingInterval: Math.max(1_000, (deployment.blockSeconds * 1_000) / 2),
  })
}
