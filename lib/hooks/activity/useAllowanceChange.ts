import { useMutation, useQueryClient } from '@tanstack/react-query'
import { composeLower } from '@/lib/chain/bundle/composeLower'
import { composeRevoke } from '@/lib/chain/bundle/composeRevoke'
import { hashCalls } from '@/lib/chain/bundle/hashBundle'
import { requestTransaction } from '@/lib/chain/execution/requestTransaction'
import { trackTransaction } from '@/lib/chain/execution/trackTransaction'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Token } from '@/lib/core/asset'
import type { Allowance } from '@/lib/core/execution/outcome'
import type { Address } from '@/lib/core/units'
import type { PlanSubject } from '@/lib/query/planQuery'
import { snapshotKey } from '@/lib/query/snapshotQuery'
import type { Session } from '../useSession'

const pollMs = 1_000
const timeoutMs = 180_000

/** What is to become of an allowance: it ends, or it is lowered to an amount above 0. */
export type AllowanceChange = {
  readonly kind: Allowance['kind']
  readonly token: Token
  readonly spender: Address
  readonly change: { readonly to: 'nothing' } | { readonly to: 'lower'; readonly amount: bigint }
}

/** Revokes or lowers an allowance, by a transaction of its own. Answers what the chain says became of it. */
export function useAllowanceChange(
  { account, deployment, client }: Pick<PlanSubject, 'account' | 'deployment' | 'client'>,
  session: Session,
) {
  const queries = useQueryClient()
  const { chainId } = deployment
  return useMutation({
    mutationFn: async ({ kind, token, spender, change }: AllowanceChange) => {
      if (session.status !== 'connected') return undefined
      const provider = (await session.connector.getProvider()) as WalletProvider
      const call =
        change.to === 'lower'
          ? composeLower({ token, spender, amount: change.amount })
          : composeRevoke({ kind, token: token.address, spender }, deployment)
      const expectedHash = hashCalls({ account, chainId, calls: [call] })
      const id = await requestTransaction(provider, { call, account, chainId, expectedHash, client })
      const tracked =
        id.kind === 'transaction'
          ? await trackTransaction(client, { hash: id.hash, account, call, pollMs, timeoutMs })
          : undefined
      await queries.refetchQueries({ queryKey: snapshotKey({ chainId, account }) })
      return tracked
    },
  })
}
