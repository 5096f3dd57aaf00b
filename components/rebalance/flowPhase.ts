import type { Execution, ExecutionFailure, StepState } from '@/lib/core/execution/execution'
import { isInFlight, sentIdOf, summariseExecution } from '@/lib/core/execution/reduceExecution'

/** Which part of the way from plan to receipt is on the screen. */
export type FlowPhase = 'plan' | 'review' | 'execution' | 'receipt'

/** True when nothing of an execution was ever sent and nothing is asked, of the wallet or the person: as if it had not been started. */
export function isVoid({ steps }: Pick<Execution, 'steps'>): boolean {
  return steps.every(({ state }) => sentIdOf(state) === undefined && !isInFlight(state) && state.status !== 'held')
}

/** Chooses what is shown. What was sent comes before everything else, until it is put away. */
export function selectPhase({
  execution,
  hasReview,
}: {
  readonly execution: Execution | undefined
  readonly hasReview: boolean
}): FlowPhase {
  if (execution !== undefined && !isVoid(execution)) {
    return summariseExecution(execution).status === 'done' ? 'receipt' : 'execution'
  }
  return hasReview ? 'review' : 'plan'
}

/** The failure for which nothing was sent, if that is how an execution ended. */
export function selectUnsentFailure(execution: Execution | undefined): ExecutionFailure | undefined {
  if (execution === undefined || !isVoid(execution)) return undefined
  const states: readonly StepState[] = execution.steps.map(({ state }) => state)
  return states.find((state) => state.status === 'unsent')?.failure
}

const outdating: ReadonlySet<ExecutionFailure> = new Set([
  'quoteMoved',
  'balanceChanged',
  'deadlinePassed',
  'simulationFailed',
  'hashMismatch',
])

/** After these failures the same bytes are not offered again: they are reviewed anew. */
export function isReviewOutdatedBy(failure: ExecutionFailure): boolean {
  return outdating.has(failure)
}
