import { useDisconnect } from 'wagmi'
import { walletConfig } from './wallet/walletConfig'

/** Parts from the wallet and forgets that it was connected. */
export function useDisconnectWallet(): () => void {
  const { disconnect } = useDisconnect()
  return () => {
    disconnect()
    walletConfig.storage?.removeItem('recentConnectorId')
  }
}
