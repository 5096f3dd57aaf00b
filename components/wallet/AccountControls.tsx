'use client'

import { lazy, Suspense } from 'react'
import { Skeleton } from '@/components/ui/Skeleton'
import { useSession } from '@/lib/hooks/useSession'
import { ConnectButton } from './ConnectButton'

const AccountMenu = lazy(() => import('./AccountMenu').then((module) => ({ default: module.AccountMenu })))

/** At the right of the header: who is here, or the way in. */
export function AccountControls() {
  const session = useSession()
  switch (session.status) {
    case 'starting':
      return (
        <>
          <div data-when="returning">
            <Skeleton shape="control" className="h-11 w-36" />
          </div>
          <div data-when="new">
            <ConnectButton label="Connect" variant="secondary" />
          </div>
        </>
      )
    case 'none':
      return <ConnectButton label="Connect" variant="secondary" />
    case 'watching':
    case 'connected':
      return (
        <Suspense fallback={<Skeleton shape="control" className="h-11 w-36" />}>
          <AccountMenu session={session} />
        </Suspense>
      )
  }
}
