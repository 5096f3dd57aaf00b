import { assertNever, type Hex } from '../units'
import type {
  Execution,
  ExecutionFailure,
  ExecutionStep,
  ExecutionSummary,
  NotIncludedCause,
  SentId,
  StepRequest,
  StepState,
} from './execution'

/** What can happen to one step. An event that its state does not allow changes nothing. */
export type ExecutionEvent = { readonly stepIndex: number } & (
  | { readonly type: 'requested'; readonly request: StepRequest }
  | { readonly type: 'sent'; readonly id: SentId }
  | { readonly type: 'notSent'; readonly failure: ExecutionFailure }
  | { readonly type: 'confirmed'; readonly txHash: Hex; readonly blockNumber: bigint }
  | { readonly type: 'reverted'; readonly txHash: Hex; readonly reason: string }
  | { readonly type: 'notIncluded'; readonly cause: NotIncludedCause }
  | { readonly type: 'lostTrack'; readonly failure: ExecutionFailure }
  | { readonly type: 'waitAgain' }
  | { readonly type: 'reorganised' }
)

/**
 * The next state of an execution. Total and pure: an event that does not fit is ignored and the same object comes back, so that
 * late, doubled or foreign events can never make a sent step unsent, forget an id or start a step out of turn.
 */
export function reduceExecution(execution: Execution, event: ExecutionEvent): Execution {
  const step = execution.steps[event.stepIndex]
  if (step === undefined) return execution
  if (event.type === 'requested') {
    return mayRequest(execution, event.stepIndex)
      ? withStep(execution, event.stepIndex, {
          ...step,
          state: { status: 'awaitingSignature' },
          request: event.request,
        })
      : execution
  }
  if (event.type === 'reorganised' && isLaterTouched(execution, event.stepIndex)) return execution
  if (event.type === 'notSent' && !isCurrent(execution, event.stepIndex)) return execution
  const state = nextState(step.state, event)
  return state === step.state ? execution : withStep(execution, event.stepIndex, { ...step, state })
}

type LaterEvent = Exclude<ExecutionEvent, { readonly type: 'requested' }>

function nextState(state: StepState, event: LaterEvent): StepState {
  switch (state.status) {
    case 'idle':
    case 'unsent':
      return event.type === 'notSent' ? { status: 'unsent', failure: event.failure } : state
    case 'awaitingSignature':
      switch (event.type) {
        case 'sent':
          return { status: 'awaitingReceipt', id: event.id }
        case 'notSent':
          return { status: 'unsent', failure: event.failure }
        default:
          return state
      }
    case 'awaitingReceipt':
    case 'unresolved':
      return nextSentState(state, event)
    case 'confirmed':
      return event.type === 'reorganised' ? { status: 'awaitingReceipt', id: state.id } : state
    case 'reverted':
    case 'notIncluded':
      return state
    default:
      return assertNever(state)
  }
}

function nextSentState(
  state: Extract<StepState, { status: 'awaitingReceipt' | 'unresolved' }>,
  event: LaterEvent,
): StepState {
  const { id } = state
  switch (event.type) {
    case 'confirmed':
      return { status: 'confirmed', id, txHash: event.txHash, blockNumber: event.blockNumber }
    case 'reverted':
      return { status: 'reverted', id, txHash: event.txHash, reason: event.reason }
    case 'notIncluded':
      return { status: 'notIncluded', id, cause: event.cause }
    case 'lostTrack':
      return { status: 'unresolved', id, failure: event.failure }
    case 'waitAgain':
      return state.status === 'unresolved' ? { status: 'awaitingReceipt', id } : state
    case 'sent':
    case 'notSent':
    case 'reorganised':
      return state
    default:
      return assertNever(event)
  }
}

/** True while something was asked of the wallet, or was sent, and its end is not known. */
export function isInFlight(state: StepState): boolean {
  switch (state.status) {
    case 'awaitingSignature':
    case 'awaitingReceipt':
    case 'unresolved':
      return true
    case 'idle':
    case 'confirmed':
    case 'reverted':
    case 'notIncluded':
    case 'unsent':
      return false
    default:
      return assertNever(state)
  }
}

/** The id under which a step was sent, if it ever was. */
export function sentIdOf(state: StepState): SentId | undefined {
  return 'id' in state ? state.id : undefined
}

/** The first step that is not confirmed, or `undefined` when all are. */
export function currentStepIndex(execution: Execution): number | undefined {
  const index = execution.steps.findIndex(({ state }) => state.status !== 'confirmed')
  return index === -1 ? undefined : index
}

/** Says in one value what an execution as a whole is doing. */
export function summariseExecution(execution: Execution): ExecutionSummary {
  const stepIndex = currentStepIndex(execution)
  if (stepIndex === undefined) {
    const last = execution.steps.at(-1)?.state
    return last?.status === 'confirmed'
      ? { status: 'done', txHash: last.txHash, blockNumber: last.blockNumber }
      : { status: 'ready' }
  }
  const state = execution.steps[stepIndex]?.state ?? { status: 'idle' }
  switch (state.status) {
    case 'idle':
      return stepIndex === 0 ? { status: 'ready' } : { status: 'active', stepIndex }
    case 'awaitingSignature':
    case 'awaitingReceipt':
    case 'confirmed':
      return { status: 'active', stepIndex }
    case 'unsent':
      return { status: 'paused', stepIndex, failure: state.failure }
    case 'unresolved':
      return { status: 'unresolved', stepIndex, failure: state.failure }
    case 'reverted':
    case 'notIncluded':
      return { status: 'failed', stepIndex }
    default:
      return assertNever(state)
  }
}

function mayRequest(execution: Execution, stepIndex: number): boolean {
  const status = execution.steps[stepIndex]?.state.status
  return isCurrent(execution, stepIndex) && (status === 'idle' || status === 'unsent')
}

function isCurrent(execution: Execution, stepIndex: number): boolean {
  return currentStepIndex(execution) === stepIndex
}

function isLaterTouched(execution: Execution, stepIndex: number): boolean {
  return execution.steps.slice(stepIndex + 1).some(({ state }) => isInFlight(state) || sentIdOf(state) !== undefined)
}

function withStep(execution: Execution, stepIndex: number, step: ExecutionStep): Execution {
  return { ...execution, steps: execution.steps.map((other, index) => (index === stepIndex ? step : other)) }
}
