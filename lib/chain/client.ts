import { type Chain, createPublicClient, defineChain, fallback, http, type PublicClient, type Transport } from 'viem'
import type { Deployment } from './deployments/deployment'

/** A client that reads one chain. */
export type ChainClient = PublicClient<Transport, Chain>

/** Where a chain is read, and how patiently. */
export type ChainClientOptions = {
  readonly deployment: Deployment
  /** JSON-RPC endpoints in order of preference; the next is asked when one fails. */
  readonly rpcUrls: readonly string[]
  /** How long one request to one endpoint may take, its body included. */
  readonly timeoutMs?: number
  /** How often a failed request is sent again, 0 for never. */
  readonly retryCount?: number
}

/** No endpoint was given for a chain. */
export class MissingRpcUrlError extends Error {
  override readonly name = 'MissingRpcUrlError'
  constructor(readonly chainId: number) {
    super(`No RPC endpoint is configured for chain ${chainId}. Add one to "chains" in ballast.config.json.`)
  }
}

/**
 * Makes a `fetch` that has read the body as well when it answers, all within a time. viem's own limit ends with the
 * headers, and does not hold at all for a request that can be called off.
 */
function fetchWithin(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit
    const response = await fetch(input, { ...init, signal })
    const body = await response.arrayBuffer()
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
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

/**
 * Makes a client for a chain. Requests of the same moment travel in one HTTP request; a failed request is sent again
 * with growing pauses and falls over to the next endpoint.
 * @throws {MissingRpcUrlError} when there is no endpoint.
 */
export function createChainClient({ deployment, rpcUrls, timeoutMs, retryCount = 3 }: ChainClientOptions): ChainClient {
  if (rpcUrls.length === 0) throw new MissingRpcUrlError(deployment.chainId)
  const fetchFn = fetchWithin(timeoutMs ?? (rpcUrls.length > 1 ? 4_000 : 10_000))
  const [first, ...others] = rpcUrls.map((url) =>
    http(url, { batch: { batchSize: 20, wait: 0 }, fetchFn, retryCount, retryDelay: 150, timeout: 0 }),
  )
  if (first === undefined) throw new MissingRpcUrlError(deployment.chainId)
  return createPublicClient({
    chain: toViemChain(deployment, rpcUrls),
    transport: others.length === 0 ? first : fallback([first, ...others], { retryCount, retryDelay: 150 }),
    pollingInterval: Math.max(1_000, (deployment.blockSeconds * 1_000) / 2),
  })
}
