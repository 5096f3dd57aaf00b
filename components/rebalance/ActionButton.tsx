import { useId } from 'react'
import { Button } from '@/components/ui/Button'
import { ConnectButton } from '@/components/wallet/ConnectButton'

type ActionButtonProps = {
  readonly action: {
    readonly kind: 'connect' | 'switchChain' | 'review' | 'sign'
    readonly label: string
    readonly isBusy: boolean
    readonly isDisabled: boolean
    readonly reason?: string
  }
  readonly onClick: () => void
}

/** The one button that goes on, and under it why it does not, or what it leads to. */
export function ActionButton({ action: { kind, label, isBusy, isDisabled, reason }, onClick }: ActionButtonProps) {
  const reasonId = useId()
  return (
    <div>
      {kind === 'connect' ? (
        <ConnectButton size="lg" label={label} className="w-full" />
      ) : (
        <Button
          variant="primary"
          size="lg"
          className="w-full"
          isBusy={isBusy}
          disabled={isDisabled}
          aria-describedby={reason === undefined ? undefined : reasonId}
          onClick={onClick}
        >
          {label}
        </Button>
      )}
      {reason !== undefined && (
        <p id={reasonId} className="mt-2 text-[13px] text-ink-faint">
          {reason}
        </p>
      )}
    </div>
  )
}
