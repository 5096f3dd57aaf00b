import { toAppError } from '@/lib/chain/toAppError'
import type { Execution, ExecutionRecord } from '@/lib/core/execution/execution'
import { currentStepIndex } from '@/lib/core/execution/reduceExecution'
import { assertNever } from '@/lib/core/units'
import { exclusively } from './exclusively'
import { type ExecutionPorts, type ExecutionSession, openSession } from './executionPorts'
import { findInterrupted } from './findUncertain'
import { TrackingStoppedError } from './patience'
import { requestStep } from './requestStep'
import { trackStep } from './trackStep'

/** The record of an execution with the bundle that was reviewed for it, and what to drive it with. */
export type ExecutionInput = ExecutionRecord & ExecutionPorts

/**
 * Drives an execution from where it stands to its end, or to the first thing that needs the person: one batch, or approvals one by
 * one, a fresh quote and the swap. All that happens arrives as events and in the journal; nothing that was sent is ever sent again.
 *
 * @returns the execution as it stands then; `summariseExecution` says what it is waiting for
 * @throws {WalletPendingError} when one for the same account and chain is already under way, here or in another tab
 */
export async function runExecution(input: ExecutionInput): Promise<Execution> {
  return drive(input, async (session) => {
    for (;;) {
      const stepIndex = currentStepIndex(session.execution())
      const before = stepIndex === undefined ? undefined : session.execution().steps[stepIndex]?.state
      if (stepIndex === undefined || before === undefined || input.signal?.aborted) return
      switch (before.status) {
        case 'idle':
        case 'unsent':
          await requestStep(session, stepIndex)
          break
        case 'awaitingReceipt':
          await trackStep(session, stepIndex)
          break
        case 'awaitingSignature':
          await findInterrupted(session, stepIndex)
          break
        case 'unresolved':
          await trackStep(session, stepIndex)
          break
        case 'confirmed':
        case 'reverted':
        case 'notIncluded':
          return
        default:
          assertNever(before)
      }
      const after = session.execution().steps[stepIndex]?.state
      if (after === undefined || after === before || !isMoving(after.status)) return
    }
  })
}

/** Whether the driver may go on by itself from a state. `unsent` and `unresolved` wait for the person. */
function isMoving(status: Execution['steps'][number]['state']['status']): boolean {
  return status === 'awaitingReceipt' || status === 'confirmed'
}

/**
 * After a reload, or when the person waits again: finds out from the chain what became of the step that was under way. Asks the
 * wallet for nothing new; `runExecution` goes on from there.
 * @throws {WalletPendingError} when the execution is already being driven, here or in another tab
 */
export async function resumeExecution(input: ExecutionInput): Promise<Execution> {
  return drive(input, async (session) => {
    const stepIndex = currentStepIndex(session.execution())
    if (stepIndex === undefined) return
    if (session.execution().steps[stepIndex]?.state.status === 'awaitingSignature') {
      await findInterrupted(session, stepIndex)
    }
    const status = session.execution().steps[stepIndex]?.state.status
    if (status === 'awaitingReceipt' || status === 'unresolved') await trackStep(session, stepIndex)
  })
}

async function drive(
  { execution, bundle, requoted, ...ports }: ExecutionInput,
  task: (session: ExecutionSession) => Promise<void>,
): Promise<Execution> {
  const session = openSession({ execution, bundle, ...(requoted === undefined ? {} : { requoted }) }, ports)
  try {
    await exclusively(execution, () => task(session))
  } catch (error) {
    if (!(error instanceof TrackingStoppedError)) throw toAppError(error)
  }
  return session.execution()
}
