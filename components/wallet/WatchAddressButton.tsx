'use client'

import { lazy, Suspense, useState } from 'react'
import { Button } from '@/components/ui/Button'

const loadDialog = () => import('./WatchAddressDialog').then((module) => ({ default: module.WatchAddressDialog }))
const WatchAddressDialog = lazy(loadDialog)

type WatchAddressButtonProps = { readonly size?: 'sm' | 'md' | 'lg'; readonly className?: string }

/** The way in without a wallet: any address can be looked at. */
export function WatchAddressButton({ size = 'md', className }: WatchAddressButtonProps) {
  const [isOpen, setIsOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)

  return (
    <>
      <Button
        size={size}
        icon="eye"
        className={className}
        onPointerEnter={loadDialog}
        onFocus={loadDialog}
        onClick={() => {
          setWasOpened(true)
          setIsOpen(true)
        }}
      >
        Watch address
      </Button>
      <Suspense fallback={null}>
        {wasOpened && <WatchAddressDialog isOpen={isOpen} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </>
  )
}
