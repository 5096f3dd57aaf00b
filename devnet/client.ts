import { createTestClient, defineChain, http, publicActions, walletActions } from 'viem'
import { localChainId, localDeployment } from '@/lib/chain/deployments/local'

/** A viem client of a local chain that is already running, in this process or another. */
export function createDevnetClient({
  rpcUrl,
  chainId = localChainId,
}: {
  readonly rpcUrl: string
  readonly chainId?: number
}) {
  const chain = defineChain({
    id: chainId,
    name: localDeployment.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
    contracts: { multicall3: { address: localDeployment.contracts.multicall3 } },
  })
  return createTestClient({
    mode: 'anvil',
    chain,
    transport: http(rpcUrl, { retryCount: 0 }),
    pollingInterval: 50,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions)
}

/** A viem client with test, public and wallet actions. */
export type DevnetClient = ReturnType<typeof createDevnetClient>
