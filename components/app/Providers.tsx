'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { WagmiContext } from 'wagmi'
import { WalletIslands } from '@/components/wallet/WalletIslands'
import { startSession } from '@/lib/hooks/wallet/sessionStart'
import { walletConfig } from '@/lib/hooks/wallet/walletConfig'
import { queryClient } from '@/lib/query/queryClient'

/**
 * Wires the screens to the wallet and to what was read. `WagmiContext` stands in for `WagmiProvider`, whose only other
 * work is to reconnect: here {@link startSession} does that, and only where a wallet is remembered.
 */
export function Providers({ children }: { children: ReactNode }) {
  useEffect(startSession, [])

  return (
    <WagmiContext value={walletConfig}>
      <QueryClientProvider client={queryClient}>
        {children}
        <WalletIslands />
      </QueryClientProvider>
    </WagmiContext>
  )
}
