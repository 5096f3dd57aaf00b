import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { leaveUndo } from '@/lib/hooks/activity/undoFragment'
import type { Undo } from '@/lib/hooks/activity/useUndoTargets'
import { describeTime, describeUndoRefusal } from './activityWords'

/** Says on the plan's screen that it leads back to before a rebalance, and how to get to the saved targets again. */
export function UndoNotice({ undo }: { undo: Undo }) {
  const action = (
    <Button size="sm" onClick={leaveUndo}>
      Use my targets
    </Button>
  )
  switch (undo.status) {
    case 'ready':
      return (
        <Alert
          tone="info"
          className="mb-5"
          code="undo"
          title={`This leads back to the weights before the rebalance of ${describeTime(undo.receipt).text}`}
          action={action}
        >
          Your saved targets stay as they are. Nothing is sent before you review and sign it.
        </Alert>
      )
    case 'notFound':
      return (
        <Alert
          tone="warn"
          className="mb-5"
          code="undoNotFound"
          title="This device has no receipt of that rebalance for this account"
          action={action}
        >
          <p>A way back is planned from its receipt. Below is the plan to your targets.</p>
          <p className="mt-1 break-all font-mono text-[12.5px]">{undo.txHash}</p>
        </Alert>
      )
    case 'refused':
      return (
        <Alert
          tone="warn"
          className="mb-5"
          code={`undo-${undo.why.status}`}
          title="There is no way back to plan"
          action={action}
        >
          {describeUndoRefusal(undo.why)} Below is the plan to your targets.
        </Alert>
      )
  }
}
