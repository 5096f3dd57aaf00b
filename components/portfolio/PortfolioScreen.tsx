'use client'

import { lazy, Suspense, useEffect } from 'react'
import { useSession } from '@/lib/hooks/useSession'
import { useConnectDialog } from '@/lib/hooks/wallet/connectDialog'
import { Landing } from './Landing'
import { PortfolioSkeleton } from './PortfolioSkeleton'

const loadView = () => import('./PortfolioView').then((module) => ({ default: module.PortfolioView }))
const PortfolioView = lazy(loadView)

/** The first screen: what the wallet holds, and how far it is from its targets; or how to get there. */
export function PortfolioScreen() {
  const session = useSession()
  const { isWanted } = useConnectDialog()

  useEffect(() => {
    const isReturning = document.documentElement.dataset.session === 'returning'
    if (isWanted || isReturning) loadView().catch(() => undefined)
  }, [isWanted])

  switch (session.status) {
    case 'starting':
      return (
        <>
          <div data-when="returning">
            <PortfolioSkeleton />
          </div>
          <div data-when="new">
            <Landing />
          </div>
        </>
      )
    case 'none':
      return <Landing />
    case 'watching':
    case 'connected':
      return (
        <Suspense fallback={<PortfolioSkeleton />}>
          <PortfolioView key={session.account} session={session} />
        </Suspense>
      )
  }
}
