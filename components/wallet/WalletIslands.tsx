'use client'

import { lazy, Suspense } from 'react'
import { useConnectDialog } from '@/lib/hooks/wallet/connectDialog'
import { useDemoPrompt } from '@/lib/hooks/wallet/demoPrompt'

const ConnectDialogIsland = lazy(() =>
  import('./ConnectDialogIsland').then(({ ConnectDialogIsland }) => ({ default: ConnectDialogIsland })),
)
const DemoWalletPrompt = lazy(() =>
  import('./DemoWalletPrompt').then(({ DemoWalletPrompt }) => ({ default: DemoWalletPrompt })),
)

/** Parts of the wallet that are loaded when they are first needed, and not before. */
export function WalletIslands() {
  const { isWanted } = useConnectDialog()
  const demoPrompt = useDemoPrompt()
  return (
    <Suspense fallback={null}>
      {isWanted && <ConnectDialogIsland />}
      {demoPrompt !== undefined && <DemoWalletPrompt prompt={demoPrompt} />}
    </Suspense>
  )
}
