import { useMutation, useQueryClient } from '@tanstack/react-query'
import { composeRevoke } from '@/lib/chain/bundle/composeRevoke'
import { hashCalls } from '@/lib/chain/bundle/hashBundle'
import { requestTransaction } from '@/lib/chain/execution/requestTransaction'
import { trackTransaction } from '@/lib/chain/execution/trackTransaction'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Allowance } from '@/lib/core/execution/outcome'
import type { PlanSubject } from '@/lib/query/planQuery'
import { snapshotKey } from '@/lib/query/snapshotQuery'
import type { Session } from './useSession'

const pollMs = 1_000
const timeoutMs = 180_000

/** Sets an allowance back to 0, by a transaction of its own. */
export function useExecutionRevoke({ account, deployment, client }: PlanSubject, session: Session) {
  const queries = useQueryClient()
  const { chainId } = deployment
  return useMutation({
    mutationFn: async (allowance: Pick<Allowance, 'kind' | 'token' | 'spender'>) => {
      if (session.status !== 'connected') return
      const provider = (await session.connector.getProvider()) as WalletProvider
      const call = composeRevoke(allowance, deployment)
      const expectedHash = hashCalls({ account, chainId, calls: [call] })
      const id = await requestTransaction(provider, { call, account, chainId, expectedHash, client })
      if (id.kind === 'transaction') {
        await trackTransaction(client, { hash: id.hash, account, call, pollMs, timeoutMs })
      }
      await queries.refetchQueries({ queryKey: snapshotKey({ chainId, account }) })
    },
  })
}
