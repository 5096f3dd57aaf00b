import '@rainbow-me/rainbowkit/styles.css'
import './connectDialog.css'
import { RainbowKitProvider, useConnectModal } from '@rainbow-me/rainbowkit'
import { useEffect, useRef, useState } from 'react'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { markConnectDialogReady, useConnectDialog } from '@/lib/hooks/wallet/connectDialog'
import { registerDialogWallets } from '@/lib/hooks/wallet/dialogWallets'
import { useSharedNames } from '@/lib/hooks/wallet/useSharedNames'
import { SharedNameWarning } from './SharedNameWarning'

function Opener() {
  const { openConnectModal } = useConnectModal()
  const { openRequests } = useConnectDialog()
  const answered = useRef(0)

  useEffect(markConnectDialogReady, [])

  useEffect(() => {
    if (openRequests === answered.current) return
    answered.current = openRequests
    openConnectModal?.()
  }, [openRequests, openConnectModal])

  return null
}

/** RainbowKit with its theme as a stylesheet, once the wallets of its list are registered. */
export function ConnectDialogIsland() {
  const { chainId } = useDeployment()
  const [areWalletsReady, setAreWalletsReady] = useState(false)
  const isNameShared = useSharedNames().length > 0

  useEffect(() => {
    registerDialogWallets().finally(() => setAreWalletsReady(true))
  }, [])

  if (!areWalletsReady) return null
  return (
    <RainbowKitProvider
      theme={null}
      modalSize="compact"
      initialChain={chainId}
      appInfo={{
        appName: 'Ballast',
        learnMoreUrl: 'https://ethereum.org/wallets/',
        ...(isNameShared ? { disclaimer: SharedNameWarning } : {}),
      }}
      locale="en-US"
    >
      <Opener />
    </RainbowKitProvider>
  )
}
