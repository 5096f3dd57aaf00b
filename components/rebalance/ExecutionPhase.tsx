import type { ReactNode } from 'react'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { Bundle, DecodedBundle } from '@/lib/core/bundle'
import { currentStepIndex, summariseExecution } from '@/lib/core/execution/reduceExecution'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import { assertNever, type Hex } from '@/lib/core/units'
import type { Drive } from '@/lib/hooks/rebalance/drive'
import { useExecutionGas } from '@/lib/hooks/useExecutionGas'
import { useHasLasted } from '@/lib/hooks/useHasLasted'
import type { Session } from '@/lib/hooks/useSession'
import type { PlanSubject } from '@/lib/query/planQuery'
import type { SavedRebalance } from '@/lib/storage/rebalanceStore'
import { CallList } from './CallList'
import { ExecutedCalls } from './ExecutedCalls'
import { ExecutionPanel } from './ExecutionPanel'
import { toReviewView } from './reviewView'
import { countApprovalsMade, describeSituation, type Situation, type SituationAction } from './situation'

type ExecutionPhaseProps = {
  readonly saved: SavedRebalance
  readonly drive: Drive
  readonly subject: PlanSubject
  readonly session: Session
  /** Asks for the next step; with a nonce although the transaction that has it waits. */
  readonly onProceed: (acknowledgedNonce?: number) => void
  readonly onResume: () => void
  /** The person says that the wallet's request was declined. */
  readonly onDeclined: () => void
  readonly onPutAway: () => void
  readonly onSwitch: () => void
}

/** Nobody overlooks a wallet's window for so long. */
const lateMs = 90_000

/** A rebalance on its way: what was signed for at the left, where it stands at the right. */
export function ExecutionPhase(props: ExecutionPhaseProps) {
  const { saved, drive, subject, session } = props
  const { execution, bundle, requoted } = saved.record
  const { deployment } = subject
  const stepIndex = currentStepIndex(execution)
  const step = stepIndex === undefined ? undefined : execution.steps[stepIndex]
  const isAsking = step?.state.status === 'awaitingSignature'
  const isAnswerLate = useHasLasted(isAsking ? `${execution.id} ${stepIndex}` : undefined, lateMs)
  const situation = describeSituation({
    execution,
    drive,
    isOnOtherChain: session.status === 'connected' && session.isOnOtherChain,
    chainName: deployment.name,
    isAnswerLate,
  })
  const actions = situation?.actions ?? []
  const decoded = readCalls(requoted ?? bundle, subject)
  const view = decoded && toReviewView(decoded, { account: bundle.account, assets: deployment.assets })
  const isEnded = drive.status !== 'failed' && summariseExecution(execution).status === 'failed'
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="min-w-0 lg:order-2">
        <ExecutionPanel
          execution={execution}
          assets={deployment.assets}
          notice={
            situation !== undefined && (
              <SituationAlert key={situation.code ?? situation.title} situation={situation}>
                {isEnded && step?.state.status === 'reverted' && (
                  <GasSpent subject={subject} hash={step.state.txHash} />
                )}
                {isEnded && step?.state.status === 'broken' && (
                  <ExecutedCalls
                    calls={step.state.executed}
                    approvals={decoded?.approvals ?? []}
                    assets={deployment.assets}
                  />
                )}
                {isEnded && <ApprovalsKept count={countApprovalsMade(execution)} />}
              </SituationAlert>
            )
          }
          actions={
            actions.length > 0 &&
            actions.map((action, index) => (
              <SituationButton key={action.kind} action={action} isMain={index === 0} {...props} />
            ))
          }
        />
      </div>
      {view !== undefined && (
        <Panel title="What you sign" description="The same calls that you reviewed" className="min-w-0" isFlush>
          <CallList calls={view.calls} router={view.router} deployment={deployment} />
        </Panel>
      )}
    </div>
  )
}

/** The calls of a saved bundle. What was saved may have been tampered with: then there is nothing to show, and nothing is sent. */
function readCalls(bundle: Bundle, { deployment }: PlanSubject): DecodedBundle | undefined {
  try {
    return decodeBundle(bundle, deployment)
  } catch {
    return undefined
  }
}

function SituationAlert({ situation, children }: { situation: Situation; children: ReactNode }) {
  const { code, role, tone, title, body } = situation
  const isWrapped = role === 'alert' && tone !== 'danger'
  const alert = (
    <Alert tone={tone} title={title} {...(code === undefined || isWrapped ? {} : { code })}>
      <p>{body}</p>
      {children}
    </Alert>
  )
  return isWrapped ? (
    <div role="alert" data-error-code={code}>
      {alert}
    </div>
  ) : (
    alert
  )
}

type SituationButtonProps = ExecutionPhaseProps & { readonly action: SituationAction; readonly isMain: boolean }

function SituationButton({ action, isMain, ...props }: SituationButtonProps) {
  const { saved, drive, subject, session, onProceed, onResume, onDeclined, onPutAway, onSwitch } = props
  const variant = isMain ? 'primary' : 'secondary'
  const isDriving = drive.status === 'driving'
  const canAsk = session.status === 'connected'
  switch (action.kind) {
    case 'proceed':
      return (
        <Button variant={variant} disabled={!canAsk} isBusy={isDriving} onClick={() => onProceed()}>
          Continue
        </Button>
      )
    case 'sendAllTheSame':
      return (
        <Button variant={variant} disabled={!canAsk || isDriving} onClick={() => onProceed(action.nonce)}>
          Send all the same
        </Button>
      )
    case 'waitAndLook':
      return (
        <Button variant={variant} icon="refresh" disabled={!canAsk} isBusy={isDriving} onClick={() => onProceed()}>
          Wait and look again
        </Button>
      )
    case 'lookAgain':
      return (
        <Button variant={variant} icon="refresh" isBusy={isDriving} onClick={onResume}>
          Look again
        </Button>
      )
    case 'waitAgain':
      return (
        <Button variant={variant} icon="refresh" isBusy={isDriving} onClick={onResume}>
          Wait again
        </Button>
      )
    case 'declined':
      return <Button onClick={onDeclined}>I declined it in my wallet</Button>
    case 'switchChain':
      return (
        <Button variant={variant} onClick={onSwitch}>
          Switch to {subject.deployment.name}
        </Button>
      )
    case 'planAgain':
      return (
        <Button variant={variant} disabled={isDriving} onClick={onPutAway}>
          Plan again
        </Button>
      )
    case 'stop':
      return (
        <Button variant="ghost" disabled={isDriving} onClick={onPutAway}>
          {countApprovalsMade(saved.record.execution) > 0 ? 'Stop here' : 'Back to the plan'}
        </Button>
      )
    default:
      return assertNever(action)
  }
}

function GasSpent({ subject, hash }: { subject: PlanSubject; hash: Hex }) {
  const gas = useExecutionGas(subject.client, hash)
  return gas.data === undefined ? null : <p>Gas spent: {formatTokenAmount(gas.data, 18)} ETH.</p>
}

function ApprovalsKept({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <p>
      {count === 1 ? 'One approval was' : `${count} approvals were`} made. The next plan uses them; you can also revoke
      them there.
    </p>
  )
}
