'use client'

import { Button } from '@/components/ui/Button'
import { openConnectDialog, prepareConnectDialog, useConnectDialog } from '@/lib/hooks/wallet/connectDialog'

type ConnectButtonProps = {
  readonly label?: string
  readonly size?: 'sm' | 'md' | 'lg'
  readonly variant?: 'primary' | 'secondary'
  readonly className?: string
}

/** Opens RainbowKit's dialog, which is fetched as soon as pointer or focus comes near. */
export function ConnectButton({
  label = 'Connect wallet',
  size = 'md',
  variant = 'primary',
  className,
}: ConnectButtonProps) {
  const { isReady, openRequests } = useConnectDialog()
  return (
    <Button
      variant={variant}
      size={size}
      className={className}
      isBusy={openRequests > 0 && !isReady}
      onPointerEnter={prepareConnectDialog}
      onFocus={prepareConnectDialog}
      onClick={openConnectDialog}
    >
      {label}
    </Button>
  )
}
