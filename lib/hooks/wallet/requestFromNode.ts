import { queryClient } from '@/lib/query/queryClient'
import { runtimeConfigQuery } from '@/lib/query/runtimeConfigQuery'

type JsonRpcRequest = { readonly method: string; readonly params?: unknown }

/** A chain that the run-time configuration does not name. */
export class UnconfiguredChainError extends Error {
  override readonly name = 'UnconfiguredChainError'
  constructor(readonly chainId: number) {
    super(`Chain ${chainId} has no endpoint here. Add it to "chains" in ballast.config.json.`)
  }
}

/** Asks a chain's endpoints. Neither the configuration nor the code that talks to nodes is loaded before. */
export async function requestFromNode(chainId: number, request: JsonRpcRequest): Promise<unknown> {
  const [{ chainClientOf }, config] = await Promise.all([
    import('@/lib/query/chainClientOf'),
    queryClient.ensureQueryData(runtimeConfigQuery()),
  ])
  const chain = config.chains.find((candidate) => candidate.chainId === chainId)
  if (chain === undefined) throw new UnconfiguredChainError(chainId)
  return chainClientOf(chain).transport.request(request)
}
