import type { ReactNode } from 'react'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { Bundle } from '@/lib/core/bundle'
import type { ExecutionStep, NotIncludedCause } from '@/lib/core/execution/execution'
import { currentStepIndex, summariseExecution } from '@/lib/core/execution/reduceExecution'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import { assertNever, type Hex } from '@/lib/core/units'
import type { Drive } from '@/lib/hooks/rebalance/drive'
import { useExecutionGas } from '@/lib/hooks/useExecutionGas'
import type { Session } from '@/lib/hooks/useSession'
import type { PlanSubject } from '@/lib/query/planQuery'
import type { SavedRebalance } from '@/lib/storage/rebalanceStore'
import { CallList } from './CallList'
import { ExecutionPanel } from './ExecutionPanel'
import { FailureAlert } from './FailureAlert'
import { type ReviewView, toReviewView } from './reviewView'

type ExecutionPhaseProps = {
  readonly saved: SavedRebalance
  readonly drive: Drive
  readonly subject: PlanSubject
  readonly session: Session
  readonly onProceed: () => void
  readonly onResume: () => void
  readonly onPutAway: () => void
  readonly onSwitch: () => void
}

/** A rebalance on its way: what was signed for at the left, where it stands at the right. */
export function ExecutionPhase(props: ExecutionPhaseProps) {
  const { saved, subject } = props
  const { execution, bundle, requoted } = saved.record
  const { assets } = subject.deployment
  const view = readCalls(requoted ?? bundle, subject)
  const { notice, actions } = describeSituation(props)
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="min-w-0 lg:order-2">
        <ExecutionPanel execution={execution} assets={assets} notice={notice} actions={actions} />
      </div>
      {view !== undefined && (
        <Panel title="What you sign" description="The same calls that you reviewed" className="min-w-0" isFlush>
          <CallList calls={view.calls} router={view.router} deployment={subject.deployment} />
        </Panel>
      )}
    </div>
  )
}

/** The calls of a saved bundle. What was saved may have been tampered with: then there is nothing to show, and nothing is sent. */
function readCalls(bundle: Bundle, { deployment }: PlanSubject): ReviewView | undefined {
  try {
    return toReviewView(decodeBundle(bundle, deployment), { account: bundle.account, assets: deployment.assets })
  } catch {
    return undefined
  }
}

function describeSituation(props: ExecutionPhaseProps): { readonly notice?: ReactNode; readonly actions?: ReactNode } {
  const { saved, drive, subject, session, onProceed, onResume, onPutAway, onSwitch } = props
  const { execution } = saved.record
  const { name } = subject.deployment
  const summary = summariseExecution(execution)
  const madeApprovals = execution.steps.filter(({ kind, state }) => kind === 'approval' && state.status === 'confirmed')
  const approvalsMade = madeApprovals.length
  const kept = approvalsMade > 0 && (
    <p>
      {approvalsMade === 1 ? 'One approval was' : `${approvalsMade} approvals were`} made. The next plan uses them; you
      can also revoke them there.
    </p>
  )
  const stop = (
    <Button variant="ghost" onClick={onPutAway}>
      {approvalsMade > 0 ? 'Stop here' : 'Back to the plan'}
    </Button>
  )
  if (drive.status === 'failed') {
    const isElsewhere = drive.failure === 'walletPending'
    return {
      notice: isElsewhere ? (
        <Alert tone="warn" title="A rebalance is already waiting in another tab" code="walletPending">
          Go on there. This tab shows how it goes.
        </Alert>
      ) : (
        <FailureAlert failure={drive.failure} chainName={name} />
      ),
      actions: (
        <Button icon="refresh" onClick={onResume}>
          Look again
        </Button>
      ),
    }
  }
  switch (summary.status) {
    case 'ready':
      return {}
    case 'active': {
      const step = execution.steps[summary.stepIndex]
      if (drive.status === 'resting' && step?.state.status === 'idle') {
        return {
          notice: (
            <Alert tone="info" title="This page was left in between">
              Everything is where it was. Go on with the next step when you are ready.
            </Alert>
          ),
          actions: (
            <>
              <Button variant="primary" disabled={session.status !== 'connected'} onClick={onProceed}>
                Continue
              </Button>
              {stop}
            </>
          ),
        }
      }
      const isInterrupted = drive.status === 'driving' && drive.mode === 'resume'
      return { notice: step === undefined ? undefined : <Waiting step={step} isInterrupted={isInterrupted} /> }
    }
    case 'paused': {
      const isWrongChain = summary.failure === 'wrongChain'
      const isVoidPlan = ['quoteMoved', 'balanceChanged', 'deadlinePassed', 'hashMismatch'].includes(summary.failure)
      return {
        notice:
          summary.failure === 'timeout' ? (
            <Alert tone="warn" title="Your wallet was not answered" code="timeout">
              Nothing of this step is on the chain. Ask your wallet again, or stop here.
            </Alert>
          ) : (
            <FailureAlert failure={summary.failure} chainName={name} approvalsMade={approvalsMade} />
          ),
        actions: isVoidPlan ? (
          <Button variant="primary" onClick={onPutAway}>
            Plan again
          </Button>
        ) : (
          <>
            {isWrongChain && session.status === 'connected' && session.isOnOtherChain ? (
              <Button variant="primary" onClick={onSwitch}>
                Switch to {name}
              </Button>
            ) : (
              <Button variant="primary" disabled={session.status !== 'connected'} onClick={onProceed}>
                Continue
              </Button>
            )}
            {stop}
          </>
        ),
      }
    }
    case 'unresolved':
      return {
        notice: <FailureAlert failure={summary.failure} chainName={name} />,
        actions: (
          <Button variant="primary" icon="refresh" isBusy={drive.status === 'driving'} onClick={onResume}>
            Wait again
          </Button>
        ),
      }
    case 'failed': {
      const index = currentStepIndex(execution)
      const state = index === undefined ? undefined : execution.steps[index]?.state
      return {
        notice:
          state?.status === 'reverted' ? (
            <RevertAlert subject={subject} hash={state.txHash} reason={state.reason}>
              {kept}
            </RevertAlert>
          ) : (
            state?.status === 'notIncluded' && <NotIncludedAlert cause={state.cause}>{kept}</NotIncludedAlert>
          ),
        actions: (
          <Button variant="primary" onClick={onPutAway}>
            Plan again
          </Button>
        ),
      }
    }
    case 'done':
      return {}
    default:
      return assertNever(summary)
  }
}

function Waiting({ step: { state }, isInterrupted }: { step: ExecutionStep; isInterrupted: boolean }) {
  switch (state.status) {
    case 'awaitingSignature':
      if (isInterrupted) {
        return (
          <Alert tone="info" title="This page was left while your wallet was asking" code="interrupted">
            If the request still stands in your wallet, answer it there. It cannot be sent a second time: this page
            looks for it on the chain until its deadline, at most ten minutes after you reviewed. Then you can plan
            again.
          </Alert>
        )
      }
      return (
        <Alert tone="info" title="Confirm in your wallet">
          Compare it with the calls shown here. Nothing happens until you confirm. If you see no prompt, open your
          wallet.
        </Alert>
      )
    case 'awaitingReceipt':
      return (
        <Alert tone="info" title="Sent. Waiting for its block">
          You can leave this page: it finds out again what became of it.
        </Alert>
      )
    default:
      return (
        <Alert tone="info" title="Preparing the next step">
          Checking quotes, balances and the wallet.
        </Alert>
      )
  }
}

type RevertAlertProps = {
  readonly subject: PlanSubject
  readonly hash: Hex
  readonly reason: string
  readonly children: ReactNode
}

function RevertAlert({ subject, hash, reason, children }: RevertAlertProps) {
  const gas = useExecutionGas(subject.client, hash)
  return (
    <Alert tone="danger" code="reverted" title="Nothing was traded">
      <p>
        {gas.data !== undefined && `Gas spent: ${formatTokenAmount(gas.data, 18)} ETH. `}Reason:{' '}
        {describeReason(reason)}
      </p>
      {children}
    </Alert>
  )
}

/** The router's own words, and what they mean. */
function describeReason(reason: string): string {
  switch (reason) {
    case 'Too little received':
      return 'the market moved past your minimum (“Too little received”).'
    case 'Transaction too old':
      return 'the deadline had passed (“Transaction too old”).'
    case 'STF':
      return 'a balance or an allowance was too small (“STF”).'
    default:
      return `“${reason}”.`
  }
}

function NotIncludedAlert({ cause, children }: { cause: NotIncludedCause; children: ReactNode }) {
  return (
    <Alert tone="danger" code={`notIncluded-${cause}`} title="Nothing was traded">
      <p>{describeCause(cause)}</p>
      {children}
    </Alert>
  )
}

function describeCause(cause: NotIncludedCause): string {
  switch (cause) {
    case 'replaced':
      return 'Another transaction of your wallet took its place.'
    case 'expired':
      return 'Its deadline passed before it got into a block.'
    case 'droppedByWallet':
      return 'Your wallet gave it up before any of it reached the chain.'
    default:
      return assertNever(cause)
  }
}
