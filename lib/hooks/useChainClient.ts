import type { ChainClient } from '@/lib/chain/client'
import { chainClientOf } from '@/lib/query/chainClientOf'
import { useDeployment } from './useDeployment'
import { useRuntimeConfig } from './useRuntimeConfig'

/** The client that reads the chain that is shown; nothing until the run-time configuration is there. */
export function useChainClient(): ChainClient | undefined {
  const { chainId } = useDeployment()
  const { data: config } = useRuntimeConfig()
  const chain = config?.chains.find((candidate) => candidate.chainId === chainId)
  return chain === undefined ? undefined : chainClientOf(chain)
}
