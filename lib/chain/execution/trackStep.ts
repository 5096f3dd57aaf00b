import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { StepState } from '@/lib/core/execution/execution'
import { isSettled } from '@/lib/core/execution/reduceExecution'
import { readHead } from './chainHead'
import { type ExecutionSession, patienceOf } from './executionPorts'
import { openLook } from './openLook'
import { pollUntil } from './patience'

/**
 * Waits for what a step sent, and lets its state say at each moment what the chain shows of it.
 * @throws {TrackingStoppedError} when the session's signal stops the waiting; the step stays as it is
 */
export async function trackStep(session: ExecutionSession, stepIndex: number): Promise<void> {
  const stateNow = () => session.execution().steps[stepIndex]?.state
  const first = stateNow()
  if (first?.status === 'unresolved' && first.failure !== 'dropped') {
    await session.apply({ type: 'waitAgain', stepIndex })
  }
  const look = openLook(session.current(), stepIndex, session)
  const ask = async (): Promise<'ended' | undefined> => {
    const step = session.execution().steps[stepIndex]
    if (step === undefined) return 'ended'
    for (const event of await look(step, await readHead(session.client))) {
      await session.apply({ ...event, stepIndex })
    }
    return isEnded(stateNow()) ? 'ended' : undefined
  }
  const { answer, ...waited } = await pollUntil(ask, patienceOf(session))
  if (answer !== undefined) return
  const last = stateNow()
  if (last?.status === 'unresolved') return
  const error = 'error' in waited ? waited.error : undefined
  await session.apply({
    type: 'lostTrack',
    stepIndex,
    failure: error === undefined ? 'timeout' : toExecutionFailure(error),
  })
}

/** Whether there is nothing to wait for but that it becomes final. */
function isEnded(state: StepState | undefined): boolean {
  return state === undefined || (isSettled(state) && !(state.status === 'broken' && state.rest === 'mayRun'))
}
