import { useQuery } from '@tanstack/react-query'
import type { ChainClient } from '@/lib/chain/client'
import type { Address } from '@/lib/core/units'
import { snapshotQuery } from '@/lib/query/snapshotQuery'
import { useDeployment } from './useDeployment'

/** What an account holds, with prices and pools at one block. The last good reading stays while a later one fails. */
export function useSnapshot({ account, client }: { readonly account: Address; readonly client: ChainClient }) {
  const { chainId } = useDeployment()
  return useQuery(snapshotQuery({ chainId, account, client }))
}
