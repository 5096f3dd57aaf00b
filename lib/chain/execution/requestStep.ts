import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { bundleCalls, hashBundle, hashCalls } from '@/lib/chain/bundle/hashBundle'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { Bundle } from '@/lib/core/bundle'
import { compareRequote } from '@/lib/core/execution/compareRequote'
import type { ExecutionStep, SentId, StepRequest } from '@/lib/core/execution/execution'
import { reduceExecution, type StepEvent } from '@/lib/core/execution/reduceExecution'
import type { Hex } from '@/lib/core/units'
import { readHead } from './chainHead'
import { BundleNotSendableError, checkBeforeSending, checkDelegation } from './checkBeforeSending'
import type { ExecutionSession } from './executionPorts'
import { findUncertain, openFind } from './findUncertain'
import { type NonceReading, readNonces } from './findWaiting'
import { callOfStep } from './openLook'
import { closeRequest, keepRequest, type RequestAnswer } from './openRequests'
import { unlessAborted } from './patience'
import { requestBatch } from './requestBatch'
import { HashMismatchError } from './requestErrors'
import { requestTransaction } from './requestTransaction'

/** MetaMask takes no more calls in one batch. */
const batchCallLimit = 10

/**
 * Asks the wallet for one step: checks, journal, request. Every failure becomes the step's state.
 * @throws {TrackingStoppedError} when the waiting for the wallet is called off; what was asked stays asked
 */
export async function requestStep(session: ExecutionSession, stepIndex: number): Promise<void> {
  const step = session.execution().steps[stepIndex]
  if (step === undefined) return
  try {
    // A request that failed before may have gone out after all.
    const earlier = step.request === undefined ? undefined : await openFind(session, stepIndex)()
    if (earlier !== undefined) return session.apply({ type: 'sent', stepIndex, id: earlier })
    const callsHash = await prepare(session, stepIndex, step)
    const { waiting, ...request } = await readRequest(session, callsHash)
    if (waiting !== undefined && waiting.nonce !== acknowledgedNonceOf(session, step)) {
      return session.apply({ type: 'held', stepIndex, waiting })
    }
    if (step.state.status === 'held' && waiting === undefined && isQuotedOnce(step, stepIndex)) {
      throw new BundleNotSendableError('quoteMoved', 'the transaction that was waiting may have changed the account')
    }
    await session.apply({ type: 'requested', stepIndex, request })
  } catch (error) {
    return session.apply({ type: 'notSent', stepIndex, failure: toExecutionFailure(error) })
  }
  const asked = session.execution().steps[stepIndex]
  if (asked?.state.status !== 'awaitingSignature' || asked.request === undefined) return
  const { execution } = session.current()
  const open = keepRequest(execution, stepIndex, send(session, stepIndex, asked.kind, asked.request.callsHash))
  const answer = await unlessAborted(open.answered, session.signal).catch((stopped: unknown) => {
    void open.answered.then((late) => keepLateAnswer(session, stepIndex, late))
    throw stopped
  })
  closeRequest(execution, stepIndex)
  const event = toEvent(answer)
  return event === undefined
    ? findUncertain(session, stepIndex, toExecutionFailure('error' in answer ? answer.error : undefined))
    : session.apply({ ...event, stepIndex })
}

/** What an answer does to the step; nothing while it is uncertain. */
function toEvent(answer: RequestAnswer): StepEvent | undefined {
  if ('id' in answer) return { type: 'sent', id: answer.id }
  return answer.failure === undefined ? undefined : { type: 'notSent', ...answer.failure }
}

/** Nobody waits any more: the answer goes into what is saved by now. */
async function keepLateAnswer(
  { current, readJournal, journal, dispatch }: ExecutionSession,
  stepIndex: number,
  answer: RequestAnswer,
): Promise<void> {
  const event = toEvent(answer)
  const record = readJournal === undefined ? current() : readJournal()
  if (event === undefined || record?.execution.id !== current().execution.id) return
  const execution = reduceExecution(record.execution, { ...event, stepIndex })
  if (execution === record.execution) return
  await journal({ ...record, execution })
  closeRequest(execution, stepIndex)
  dispatch({ ...event, stepIndex })
}

/** Whether a step goes out as it was reviewed. Later ones are quoted again anyway. */
function isQuotedOnce(step: ExecutionStep, stepIndex: number): boolean {
  return stepIndex === 0 || step.kind === 'batch'
}

function acknowledgedNonceOf({ acknowledgedNonce }: ExecutionSession, step: ExecutionStep): number | undefined {
  return acknowledgedNonce ?? step.acknowledgedNonce
}

/** Makes sure that a step may go out, and says by which hash it is recognised when it does. */
async function prepare(session: ExecutionSession, stepIndex: number, { kind }: ExecutionStep): Promise<Hex> {
  const { client, deployment } = session
  const { bundle, execution } = session.current()
  if (hashBundle(bundle) !== execution.bundleHash) throw new HashMismatchError()
  await checkDelegation(client, { account: bundle.account, deployment })
  switch (kind) {
    case 'batch':
      if (bundleCalls(bundle).length > batchCallLimit) {
        throw new BundleNotSendableError('batchTooLarge', 'it has more than ten calls')
      }
      await checkBeforeSending(client, { bundle, deployment })
      return execution.bundleHash
    case 'swap': {
      const swapping = stepIndex === 0 ? bundle : await requoteSwap(session)
      await checkBeforeSending(client, { bundle: { ...swapping, approvals: [] }, deployment })
      return hashCalls({ ...swapping, calls: [swapping.swap] })
    }
    case 'approval':
    case 'resetApproval':
      // Before the first approval all of the bundle must be able to succeed, and to be paid for.
      if (stepIndex === 0) await checkBeforeSending(client, { bundle, deployment })
      return hashCalls({ ...bundle, calls: [callOfStep(session.current(), stepIndex)] })
  }
}

/** Approvals took their time: the swap goes out with fresh minimums, if they are still those that were reviewed. */
async function requoteSwap(session: ExecutionSession): Promise<Bundle> {
  const { deployment } = session
  const { bundle } = session.current()
  const fresh = await session.requote()
  if (fresh.chainId !== bundle.chainId || fresh.account.toLowerCase() !== bundle.account.toLowerCase()) {
    throw new HashMismatchError()
  }
  if (fresh.approvals.length > 0) throw new BundleNotSendableError('balanceChanged', 'an allowance is not as approved')
  if (compareRequote(decodeBundle(bundle, deployment), decodeBundle(fresh, deployment)) !== 'same') {
    throw new BundleNotSendableError('quoteMoved', 'the pools moved since the review')
  }
  session.setRequoted(fresh)
  return fresh
}

async function readRequest(
  { client, provider, current }: ExecutionSession,
  callsHash: Hex,
): Promise<StepRequest & Pick<NonceReading, 'waiting'>> {
  const [{ blockNumber }, { next, ...others }] = await Promise.all([
    readHead(client),
    readNonces(client, provider, current().bundle.account),
  ])
  return { nonce: next, blockNumber, callsHash, ...others }
}

function send(
  session: ExecutionSession,
  stepIndex: number,
  kind: ExecutionStep['kind'],
  expectedHash: Hex,
): Promise<SentId> {
  const { client, provider } = session
  const { bundle } = session.current()
  if (kind === 'batch') return requestBatch(provider, { bundle, expectedHash, client })
  const call = callOfStep(session.current(), stepIndex)
  const { account, chainId } = bundle
  return requestTransaction(provider, { call, account, chainId, expectedHash, client })
}
