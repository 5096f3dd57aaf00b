import { useRouter } from 'next/navigation'
import { useId } from 'react'
import { planPath } from '@/components/app/paths'
import { Button } from '@/components/ui/Button'
import { WalletRejectedError } from '@/lib/chain/appErrors'
import { toAppError } from '@/lib/chain/toAppError'
import type { Session } from '@/lib/hooks/useSession'
import { useSwitchToDeployment } from '@/lib/hooks/useSwitchToDeployment'
import type { SaveOutcome } from '@/lib/storage/createStore'

type MainActionProps = {
  readonly session: Extract<Session, { status: 'connected' | 'watching' }>
  readonly hasTargets: boolean
  /** What became of targets that were just saved. */
  readonly saved: SaveOutcome | undefined
  readonly onEdit: () => void
}

function describeNote({ hasTargets, saved }: Pick<MainActionProps, 'hasTargets' | 'saved'>): string {
  if (!hasTargets) return 'A plan needs targets first.'
  if (saved === 'heldInMemory') return 'This browser keeps nothing: the targets hold until the page is closed.'
  return saved === 'saved' ? 'Targets saved on this device.' : ''
}

function describeSwitch(error: Error | null, chainName: string): string {
  if (error === null) return ''
  if (toAppError(error) instanceof WalletRejectedError) return 'You cancelled. The wallet stays on its chain.'
  return `The wallet did not change the chain. Choose ${chainName} in the wallet itself, then come back.`
}

/** What there is to do next, with the button that does it standing out. */
export function MainAction({ session, hasTargets, saved, onEdit }: MainActionProps) {
  const router = useRouter()
  const { chainName, switchToDeployment, isSwitching, error } = useSwitchToDeployment()
  const noteId = useId()
  const isOnOtherChain = session.status === 'connected' && session.isOnOtherChain

  return (
    <div className="max-sm:w-full">
      <div className="flex justify-end gap-3 max-sm:[&>*]:flex-1">
        <Button icon="sliders" variant={hasTargets || isOnOtherChain ? 'secondary' : 'primary'} onClick={onEdit}>
          Edit targets
        </Button>
        {isOnOtherChain ? (
          <Button variant="primary" isBusy={isSwitching} onClick={switchToDeployment}>
            Switch to {chainName}
          </Button>
        ) : (
          <Button
            variant={hasTargets ? 'primary' : 'secondary'}
            disabled={!hasTargets}
            aria-describedby={hasTargets ? undefined : noteId}
            onPointerEnter={() => router.prefetch(planPath)}
            onClick={() => router.push(planPath)}
          >
            Plan rebalance
          </Button>
        )}
      </div>
      <p
        id={noteId}
        role="status"
        className="mt-2 min-h-5 max-w-sm text-[13px] text-ink-faint leading-5 sm:ml-auto sm:text-right"
      >
        {isOnOtherChain ? describeSwitch(error, chainName) : describeNote({ hasTargets, saved })}
      </p>
    </div>
  )
}
