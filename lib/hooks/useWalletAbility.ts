import { useQuery } from '@tanstack/react-query'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { walletAbilityQuery } from '@/lib/query/walletAbilityQuery'
import { useDeployment } from './useDeployment'
import type { Session } from './useSession'

/** What the connected wallet can sign at once; nothing while it is asked, or without a wallet. */
export function useWalletAbility(session: Session) {
  const { chainId } = useDeployment()
  const connector = session.status === 'connected' ? session.connector : undefined
  return useQuery(
    walletAbilityQuery({
      account: session.account,
      chainId,
      walletId: connector?.uid,
      getProvider: async () => (await connector?.getProvider()) as WalletProvider | undefined,
    }),
  )
}
