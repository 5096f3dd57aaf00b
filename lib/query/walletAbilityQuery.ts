import { queryOptions } from '@tanstack/react-query'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { readWalletAbility, type WalletAbility } from '@/lib/chain/wallet/readWalletAbility'
import type { Address } from '@/lib/core/units'

/** A wallet that does not answer within this time is planned for without batches. An extension that slept takes a second or two. */
const patienceMs = 4_000

/** What every wallet can do: sign one transaction after the other. */
export const leastAbility: WalletAbility = { rung: 'approveThenSwap', atomic: 'unsupported', callLimit: 10 }

/** Whom a wallet is asked about. `walletId` tells one wallet from another; it is missing where none is connected. */
export type WalletAbilityRequest = {
  readonly account: Address | undefined
  readonly chainId: number
  readonly walletId: string | undefined
  readonly getProvider: () => Promise<WalletProvider | undefined>
}

/** What a wallet can sign at once, for one account on one chain. It is asked once for each connection. */
export function walletAbilityQuery({ account, chainId, walletId, getProvider }: WalletAbilityRequest) {
  return queryOptions({
    queryKey: ['walletAbility', { account: account?.toLowerCase(), chainId, walletId }],
    queryFn: async (): Promise<WalletAbility> => {
      const provider = await getProvider()
      if (provider === undefined || account === undefined) return leastAbility
      const silence = new Promise<WalletAbility>((resolve) => setTimeout(resolve, patienceMs, leastAbility))
      return Promise.race([readWalletAbility(provider, { account, chainId }), silence])
    },
    enabled: account !== undefined && walletId !== undefined,
    staleTime: 60_000,
    retry: false,
    networkMode: 'always',
  })
}
