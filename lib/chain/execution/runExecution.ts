import { WalletPendingError } from '@/lib/chain/appErrors'
import { toAppError } from '@/lib/chain/toAppError'
import type { Execution, ExecutionRecord } from '@/lib/core/execution/execution'
import { currentStepIndex, isSettled, mayPutAway, reduceExecution } from '@/lib/core/execution/reduceExecution'
import { assertNever } from '@/lib/core/units'
import { exclusively } from './exclusively'
import { type ExecutionPorts, type ExecutionSession, openSession } from './executionPorts'
import { findInterrupted } from './findUncertain'
import { lookAgain } from './lookAgain'
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
    await reconcile(session)
    for (;;) {
      const stepIndex = currentStepIndex(session.execution())
      const before = stepIndex === undefined ? undefined : session.execution().steps[stepIndex]?.state
      if (stepIndex === undefined || before === undefined || input.signal?.aborted) return
      switch (before.status) {
        case 'idle':
        case 'held':
        case 'unsent':
          await requestStep(session, stepIndex)
          break
        case 'awaitingReceipt':
        case 'unresolved':
          await trackStep(session, stepIndex)
          break
        case 'awaitingSignature':
          await findInterrupted(session, stepIndex)
          break
        case 'confirmed':
        case 'reverted':
        case 'notIncluded':
        case 'broken':
          return
        default:
          assertNever(before)
      }
      const after = session.execution().steps[stepIndex]?.state
      if (after === undefined || after === before || !isMoving(after.status)) return
    }
  })
}

/** Whether the driver may go on by itself from a state. `held`, `unsent` and `unresolved` wait for the person. */
function isMoving(status: Execution['steps'][number]['state']['status']): boolean {
  return status === 'awaitingReceipt' || status === 'confirmed'
}

/**
 * After a reload, or when the person waits again: finds out from the chain what became of everything that was under way. Asks the
 * wallet for nothing new; `runExecution` goes on from there.
 * @throws {WalletPendingError} when the execution is already being driven, here or in another tab
 */
export async function resumeExecution(input: ExecutionInput): Promise<Execution> {
  return drive(input, async (session) => {
    await reconcile(session)
    for (;;) {
      const stepIndex = currentStepIndex(session.execution())
      const before = stepIndex === undefined ? undefined : session.execution().steps[stepIndex]?.state
      if (stepIndex === undefined || before === undefined || input.signal?.aborted) return
      if (before.status === 'awaitingSignature') await findInterrupted(session, stepIndex)
      else if (before.status === 'awaitingReceipt' || before.status === 'unresolved') {
        await trackStep(session, stepIndex)
      } else return
      const after = session.execution().steps[stepIndex]?.state
      if (after === before || after === undefined || !isMoving(after.status)) return
    }
  })
}

/** Lets every state that is not final say what the chain shows by now. Where the chain is out of reach, it stays as it is. */
async function reconcile(session: ExecutionSession): Promise<void> {
  const { steps } = session.execution()
  if (!steps.some(({ state }) => isSettled(state))) return
  const found = await lookAgain(session.current(), session).catch(() => [])
  for (const event of found) await session.apply(event)
}

async function drive(
  { execution, bundle, requoted, ...ports }: ExecutionInput,
  task: (session: ExecutionSession) => Promise<void>,
): Promise<Execution> {
  const given: ExecutionRecord = { execution, bundle, ...(requoted === undefined ? {} : { requoted }) }
  let session: ExecutionSession | undefined
  try {
    await exclusively(execution, async () => {
      session = openSession(await readNewest(given, ports), ports)
      await task(session)
    })
  } catch (error) {
    if (!(error instanceof TrackingStoppedError)) throw toAppError(error)
  }
  return session?.execution() ?? execution
}

/**
 * The newest record of an execution: another tab may have driven it on. The place of another one is taken only when the chain still
 * shows that nothing of it can move value.
 * @throws {WalletPendingError} when another execution of the account is saved and may still move value
 * @throws {AppError} when that cannot be told, since the node is out of reach
 */
async function readNewest(given: ExecutionRecord, ports: ExecutionPorts): Promise<ExecutionRecord> {
  const saved = ports.readJournal?.()
  if (saved === undefined) return given
  if (saved.execution.id === given.execution.id) return saved
  const seen = (await lookAgain(saved, ports)).reduce(reduceExecution, saved.execution)
  if (!mayPutAway(seen)) throw new WalletPendingError(pendingCode)
  return given
}

const pendingCode = -32002
