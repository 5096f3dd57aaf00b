import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { RpcReader } from '@/lib/chain/read/readCalls'
import { type ForeignContract, ForeignContractsError, readForeignContracts } from '@/lib/chain/read/readContractCode'

/** Which chain is checked, and who reads it. */
export type ContractCodeRequest = { readonly deployment: Deployment; readonly client: RpcReader }

/** Contracts do not change; what answers for them may. One small call a minute. */
const freshMs = 60_000

/** The contracts whose code is not the one that the deployment names: none, where all is well. */
export function contractCodeQuery({ deployment, client }: ContractCodeRequest) {
  return queryOptions({
    queryKey: ['contractCode', { chainId: deployment.chainId }],
    queryFn: ({ signal }): Promise<readonly ForeignContract[]> => readForeignContracts(client, deployment, signal),
    staleTime: freshMs,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    networkMode: 'always',
  })
}

/**
 * Refuses a chain whose contracts are not the known ones. Only good news is kept: whoever corrected an endpoint need not wait.
 * @param maxAgeMs how old an earlier look may be; 0 looks again
 * @throws {ForeignContractsError} when one differs.
 * @throws {AppError} when the node cannot be read.
 */
export async function assertKnownContracts(
  queries: QueryClient,
  request: ContractCodeRequest,
  maxAgeMs: number = freshMs,
): Promise<void> {
  const query = contractCodeQuery(request)
  const known = queries.getQueryData<readonly ForeignContract[]>(query.queryKey)
  const staleTime = known === undefined || known.length === 0 ? maxAgeMs : 0
  const foreign = await queries.fetchQuery({ ...query, staleTime })
  if (foreign.length > 0) throw new ForeignContractsError(foreign)
}
