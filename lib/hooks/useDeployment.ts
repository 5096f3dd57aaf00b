import { useQuery } from '@tanstack/react-query'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { selectDeployment } from '@/lib/chain/deployments/deployments'
import { localDeployment } from '@/lib/chain/deployments/local'
import { runtimeConfigQuery } from '@/lib/query/runtimeConfigQuery'

/** The chain that is shown: the first known one of the run-time configuration. */
export function useDeployment(): Deployment {
  const { data } = useQuery(runtimeConfigQuery())
  const known = data?.chains.map(({ chainId }) => selectDeployment(chainId)).find((found) => found !== undefined)
  return known ?? localDeployment
}
