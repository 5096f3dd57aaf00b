import { assertNever, type Hex } from '../units'
import type {
  ExecutedCall,
  Execution,
  ExecutionFailure,
  ExecutionStep,
  ExecutionSummary,
  NotIncludedCause,
  SentId,
  Shown,
  StepRequest,
  StepState,
  WaitingTransaction,
} from './execution'

/** The block in which the chain shows something. */
export type BlockMark = Pick<Shown, 'blockNumber' | 'blockHash'>

/** What the chain shows of something that was sent. */
export type ChainFact = BlockMark &
  (
    | { readonly type: 'confirmed'; readonly txHash: Hex; readonly splitHashes?: readonly Hex[] }
    | { readonly type: 'reverted'; readonly txHash: Hex; readonly reason: string }
    | { readonly type: 'notIncluded'; readonly cause: NotIncludedCause; readonly txHash?: Hex }
    | { readonly type: 'broken'; readonly executed: readonly ExecutedCall[]; readonly rest: 'mayRun' | 'over' }
  )

/** What can happen to one step. An event that its state does not allow changes nothing. */
export type StepEvent =
  | { readonly type: 'held'; readonly waiting: WaitingTransaction }
  | { readonly type: 'acknowledged'; readonly nonce: number }
  | { readonly type: 'requested'; readonly request: StepRequest }
  | { readonly type: 'sent'; readonly id: SentId }
  | { readonly type: 'notSent'; readonly failure: ExecutionFailure }
  /** A node has it waiting under this nonce. */
  | { readonly type: 'seen'; readonly nonce: number }
  | ChainFact
  /** The chain took back the block in which it was. */
  | { readonly type: 'reorganised' }
  /** By the chain's own rule what it showed cannot be taken back any more. */
  | { readonly type: 'final' }
  | { readonly type: 'lostTrack'; readonly failure: ExecutionFailure }
  | { readonly type: 'waitAgain' }

/** Something that happened to a step of an execution. */
export type ExecutionEvent = { readonly stepIndex: number } & StepEvent

/**
 * The next state of an execution. Total and pure: an event that does not fit is ignored and the same object comes back, so that
 * late, doubled or foreign events can never make a sent step unsent, forget an id or start a step out of turn.
 */
export function reduceExecution(execution: Execution, event: ExecutionEvent): Execution {
  const { stepIndex, ...happened } = event
  const step = execution.steps[stepIndex]
  if (step === undefined) return execution
  const next = nextStep(step, happened, firstOpenIndex(execution) === stepIndex)
  if (next === step) return execution
  return { ...execution, steps: execution.steps.map((other, index) => (index === stepIndex ? next : other)) }
}

function nextStep(step: ExecutionStep, event: StepEvent, isFirstOpen: boolean): ExecutionStep {
  const { state } = step
  switch (state.status) {
    case 'idle':
    case 'held':
    case 'unsent':
      return isFirstOpen ? nextUnaskedStep(step, event) : step
    case 'awaitingSignature':
      switch (event.type) {
        case 'sent':
          return { ...step, state: { status: 'awaitingReceipt', id: event.id } }
        case 'notSent':
          return { ...step, state: { status: 'unsent', failure: event.failure } }
        default:
          return step
      }
    case 'awaitingReceipt':
    case 'unresolved':
    case 'confirmed':
    case 'reverted':
    case 'notIncluded':
    case 'broken':
      return nextSentStep(step, state, event)
    default:
      return assertNever(state)
  }
}

/** Nothing of the step was asked for, or what was asked for was not sent. */
function nextUnaskedStep(step: ExecutionStep, event: StepEvent): ExecutionStep {
  switch (event.type) {
    case 'held':
      return { ...step, state: { status: 'held', waiting: event.waiting } }
    case 'acknowledged':
      return step.state.status === 'held' && step.state.waiting.nonce === event.nonce
        ? { ...step, state: { status: 'idle' }, acknowledgedNonce: event.nonce }
        : step
    case 'requested':
      return { ...step, state: { status: 'awaitingSignature' }, request: joinRequests(step.request, event.request) }
    case 'notSent':
      return { ...step, state: { status: 'unsent', failure: event.failure } }
    case 'sent':
      // It was asked for before, and went out although the wallet had said otherwise.
      return step.request === undefined ? step : { ...step, state: { status: 'awaitingReceipt', id: event.id } }
    default:
      return step
  }
}

/** A step that is asked for again is searched for from where it was asked for first. */
function joinRequests(earlier: StepRequest | undefined, next: StepRequest): StepRequest {
  return earlier === undefined || earlier.blockNumber > next.blockNumber
    ? next
    : { ...next, blockNumber: earlier.blockNumber }
}

type SentState = Extract<StepState, { readonly id: SentId }>
type SettledState = Extract<SentState, Shown>

function nextSentStep(step: ExecutionStep, state: SentState, event: StepEvent): ExecutionStep {
  const { id } = state
  if (isSettled(state) && state.finality === 'final') return step
  switch (event.type) {
    case 'seen':
      return step.nonce === event.nonce ? step : { ...step, nonce: event.nonce }
    case 'confirmed':
    case 'reverted':
    case 'notIncluded':
    case 'broken':
      return remember(state, { ...step, state: toSettledState(id, event) })
    case 'reorganised':
      return isSettled(state) ? remember(state, { ...step, state: { status: 'awaitingReceipt', id } }) : step
    case 'final':
      return isSettled(state) ? { ...step, state: { ...state, finality: 'final' } } : step
    case 'lostTrack':
      return isSettled(state) ? step : { ...step, state: { status: 'unresolved', id, failure: event.failure } }
    case 'waitAgain':
      return state.status === 'unresolved' ? { ...step, state: { status: 'awaitingReceipt', id } } : step
    case 'held':
    case 'acknowledged':
    case 'requested':
    case 'sent':
    case 'notSent':
      return step
    default:
      return assertNever(event)
  }
}

function toSettledState(id: SentId, { type, ...fact }: ChainFact): SettledState {
  return { status: type, id, finality: 'included', ...fact } as SettledState
}

/** Keeps the transactions that the chain showed before and shows no more. */
function remember(before: SentState, step: ExecutionStep): ExecutionStep {
  const blockNumber = isSettled(before) ? before.blockNumber : 0n
  const shown = new Set(hashesIn(step.state))
  const gone = hashesIn(before).filter((txHash) => !shown.has(txHash))
  if (gone.length === 0) return step
  const others = (step.undone ?? []).filter(({ txHash }) => !gone.includes(txHash))
  return { ...step, undone: [...others, ...gone.map((txHash) => ({ txHash, blockNumber }))] }
}

/** The transactions of a step that its state names. */
function hashesIn(state: StepState): readonly Hex[] {
  switch (state.status) {
    case 'confirmed':
      return [state.txHash, ...(state.splitHashes ?? [])]
    case 'reverted':
      return [state.txHash]
    case 'broken':
      return [...new Set(state.executed.map(({ txHash }) => txHash))]
    default:
      return []
  }
}

/** True where the chain showed an end of what was sent. */
export function isSettled(state: StepState): state is SettledState {
  return 'finality' in state
}

/** True while something was asked of the wallet, or was sent, and its end is not known. */
export function isInFlight({ status }: StepState): boolean {
  return status === 'awaitingSignature' || status === 'awaitingReceipt' || status === 'unresolved'
}

/** The id under which a step was sent, if it ever was. */
export function sentIdOf(state: StepState): SentId | undefined {
  return 'id' in state ? state.id : undefined
}

/** True when a transaction was executed under another hash than the wallet gave: the person paid more to have it sooner. */
export function isSpedUp({ kind, state }: Pick<ExecutionStep, 'kind' | 'state'>): boolean {
  if (kind === 'batch' || state.status !== 'confirmed') return false
  return state.id.kind === 'transaction' && state.id.hash !== state.txHash
}

/** True for the steps that move value; the others only allow it. */
export function isMoneyStep({ kind }: Pick<ExecutionStep, 'kind'>): boolean {
  return kind === 'batch' || kind === 'swap'
}

/**
 * The step that an execution is at: one that the wallet was asked for, else one that was sent and waits, else the first that is not
 * confirmed; `undefined` once the swaps are confirmed.
 */
export function currentStepIndex(execution: Execution): number | undefined {
  const { steps } = execution
  if (steps.at(-1)?.state.status === 'confirmed') return undefined
  const asked = steps.findIndex(({ state }) => state.status === 'awaitingSignature')
  if (asked !== -1) return asked
  const inFlight = steps.findIndex(({ state }) => isInFlight(state))
  return inFlight === -1 ? firstOpenIndex(execution) : inFlight
}

function firstOpenIndex({ steps }: Execution): number | undefined {
  const index = steps.findIndex(({ state }) => state.status !== 'confirmed')
  return index === -1 ? undefined : index
}

/** Says in one value what an execution as a whole is doing. */
export function summariseExecution(execution: Execution): ExecutionSummary {
  const { steps } = execution
  const stepIndex = currentStepIndex(execution)
  if (stepIndex === undefined) {
    const last = steps.at(-1)?.state
    return last?.status === 'confirmed'
      ? { status: 'done', txHash: last.txHash, blockNumber: last.blockNumber, finality: finalityOf(execution) }
      : { status: 'ready' }
  }
  const state = steps[stepIndex]?.state ?? { status: 'idle' }
  switch (state.status) {
    case 'idle':
      return stepIndex === 0 ? { status: 'ready' } : { status: 'active', stepIndex }
    case 'held':
      return { status: 'held', stepIndex, waiting: state.waiting }
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
    case 'broken':
      return { status: 'failed', stepIndex }
    default:
      return assertNever(state)
  }
}

function finalityOf({ steps }: Execution): Shown['finality'] {
  const isFinal = ({ state }: ExecutionStep) => isSettled(state) && state.finality === 'final'
  return steps.every(isFinal) ? 'final' : 'included'
}

/** True while the chain may still change what the execution says of something that was sent. */
export function isWatchable({ steps }: Execution): boolean {
  return steps.some(({ state }) => sentIdOf(state) !== undefined && !(isSettled(state) && state.finality === 'final'))
}

/**
 * True when nothing is asked of the wallet and nothing that moves value was sent of which the end is not known: only then may another
 * rebalance of the account begin. An approval that waits does not stand in the way: it can at most be made, in its turn.
 */
export function mayPutAway({ steps }: Execution): boolean {
  return steps.every((step) => {
    const { state } = step
    switch (state.status) {
      case 'awaitingSignature':
        return false
      case 'awaitingReceipt':
      case 'unresolved':
        return !isMoneyStep(step)
      case 'broken':
        return state.rest === 'over'
      case 'idle':
      case 'held':
      case 'unsent':
      case 'confirmed':
      case 'reverted':
      case 'notIncluded':
        return true
      default:
        return assertNever(state)
    }
  })
}
