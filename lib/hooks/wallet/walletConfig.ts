import { type Chain, custom } from 'viem'
import { createConfig, createStorage } from 'wagmi'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { deployments } from '@/lib/chain/deployments/deployments'
import { localDeployment } from '@/lib/chain/deployments/local'
import { queryClient } from '@/lib/query/queryClient'
import { runtimeConfigQuery } from '@/lib/query/runtimeConfigQuery'
import { browserStorage, forgivingStorage } from '@/lib/storage/browserStorage'
import { requestFromNode } from './requestFromNode'

/** Prefix of the keys under which wagmi keeps what it must know to find the wallet again after a reload. */
export const walletStorageKey = 'ballast.wallet'

/** A chain's endpoints, which stand in the run-time configuration and not in the build; none until that is loaded. */
function selectEndpoints(chainId: number): readonly string[] {
  const config = queryClient.getQueryData(runtimeConfigQuery().queryKey)
  return config?.chains.find((chain) => chain.chainId === chainId)?.rpcUrls ?? []
}

/** The chain as a wallet is told of it when it is asked to add it. */
function toWalletChain({ chainId, name }: Deployment): Chain {
  return {
    id: chainId,
    name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: {
      default: {
        get http() {
          return selectEndpoints(chainId)
        },
      },
    },
  }
}

const realDeployments = deployments.filter(({ chainId }) => chainId !== localDeployment.chainId)
const walletChains = [toWalletChain(localDeployment), ...realDeployments.map(toWalletChain)] as const

/** Wallets of the browser join as they announce themselves (EIP-6963), those of the dialog when it is loaded. */
export const walletConfig = createConfig({
  chains: walletChains,
  transports: Object.fromEntries(
    walletChains.map(({ id }) => [
      id,
      custom({ request: (request) => requestFromNode(id, request) }, { retryCount: 0 }),
    ]),
  ),
  multiInjectedProviderDiscovery: false,
  storage: createStorage({
    key: walletStorageKey,
    ...(typeof window === 'undefined' ? {} : { storage: forgivingStorage(browserStorage) }),
  }),
})
