import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { toDeployment } from '@/lib/chain/deployments/deployments'
import type { ChainConfig } from '@/lib/config/runtimeConfig'

const clients = new WeakMap<ChainConfig, ChainClient>()

/** The client that reads a chain of the run-time configuration: always the same one, so that requests are batched. */
export function chainClientOf(chain: ChainConfig): ChainClient {
  const known = clients.get(chain)
  if (known !== undefined) return known
  const client = createChainClient({ deployment: toDeployment(chain.chainId), rpcUrls: chain.rpcUrls })
  clients.set(chain, client)
  return client
}
