import { useSyncExternalStore } from 'react'
import { type Connector, useAccount } from 'wagmi'
import type { Address } from '@/lib/core/units'
import { useDeployment } from './useDeployment'
import { isSessionSettled, subscribeToSessionStart } from './wallet/sessionStart'
import { selectWatchedAddress, subscribeToWatchedAddress } from './wallet/watchedAddress'

/** Whose portfolio is shown, and what may be asked of a wallet. */
export type Session =
  /** It is not known yet whether a wallet is still connected from an earlier visit. */
  | { readonly status: 'starting'; readonly account?: undefined }
  | { readonly status: 'none'; readonly account?: undefined }
  /** An address is looked at without its wallet: nothing can be signed. */
  | { readonly status: 'watching'; readonly account: Address }
  | {
      readonly status: 'connected'
      readonly account: Address
      /** The wallet itself; its `getProvider()` gives the EIP-1193 provider. */
      readonly connector: Connector
      readonly walletChainId: number | undefined
      /** The wallet is on another chain than the one that is shown. */
      readonly isOnOtherChain: boolean
    }

/** The connected wallet, or the address that is watched without one. */
export function useSession(): Session {
  const { status, address, connector, chainId } = useAccount()
  const deployment = useDeployment()
  const isSettled = useSyncExternalStore(subscribeToSessionStart, isSessionSettled, () => false)
  const watched = useSyncExternalStore(subscribeToWatchedAddress, selectWatchedAddress, () => undefined)
  if (!isSettled) return { status: 'starting' }
  if (status === 'connected') {
    const isOnOtherChain = chainId !== deployment.chainId
    return { status: 'connected', account: address, connector, walletChainId: chainId, isOnOtherChain }
  }
  return watched === undefined ? { status: 'none' } : { status: 'watching', account: watched }
}
