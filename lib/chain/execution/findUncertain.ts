import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { ExecutionFailure, SentId } from '@/lib/core/execution/execution'
import { findBundleReceipt, hasNewTransaction, listTransactions } from './chainReads'
import { type ExecutionSession, patienceOf } from './executionPorts'
import { pollUntil } from './patience'
import { callOfStep } from './trackStep'
import { isPast } from './trackTransaction'

/** How many looks at the chain must show nothing before a request that failed oddly counts as not sent. */
const looksBeforeUnsent = 3

/**
 * Looks on the chain for a request of which it is not known whether the wallet sent it: it failed oddly, or the page was left while
 * the wallet was asking. Found: the step is sent. Nothing there and no transaction under way: it was not sent. Else it stays open.
 * @throws {TrackingStoppedError} when the session's signal stops the waiting
 */
export async function findUncertain(
  session: ExecutionSession,
  stepIndex: number,
  failure: ExecutionFailure,
): Promise<void> {
  let emptyLooks = 0
  const ask = async (): Promise<SentId | 'notSent' | undefined> => {
    const found = await findSent(session, stepIndex)
    if (found !== undefined) return found
    const { bundle, execution } = session.current()
    const request = execution.steps[stepIndex]?.request
    emptyLooks = (await hasNewTransaction(session.client, bundle.account, request)) ? 0 : emptyLooks + 1
    return emptyLooks >= looksBeforeUnsent ? 'notSent' : undefined
  }
  const { answer } = await pollUntil(ask, patienceOf(session))
  if (answer === undefined) return
  if (answer === 'notSent') return session.apply({ type: 'notSent', stepIndex, failure })
  await session.apply({ type: 'sent', stepIndex, id: answer })
}

/**
 * After a reload while the wallet was asking: the prompt may still stand there. An approval may safely be asked for again, and so may
 * anything where prompts end with the page; else a swap is looked for until its deadline has passed on chain.
 * @throws {TrackingStoppedError} when the session's signal stops the waiting
 */
export async function findInterrupted(session: ExecutionSession, stepIndex: number): Promise<void> {
  const { client, provider } = session
  const { bundle, requoted, execution } = session.current()
  const kind = execution.steps[stepIndex]?.kind
  const isHarmless = kind === 'approval' || kind === 'resetApproval'
  if (isHarmless || provider.promptsEndWithPage === true) return findUncertain(session, stepIndex, 'timeout')
  const { deadline } = requoted ?? bundle
  const ask = async (): Promise<SentId | 'expired' | undefined> => {
    const isOver = await isPast(client, deadline)
    return (await findSent(session, stepIndex)) ?? (isOver ? 'expired' : undefined)
  }
  const { answer } = await pollUntil(ask, { ...patienceOf(session), timeoutMs: longestWaitMs })
  if (answer === undefined) return
  if (answer === 'expired') return session.apply({ type: 'notSent', stepIndex, failure: 'deadlinePassed' })
  await session.apply({ type: 'sent', stepIndex, id: answer })
}

/** Somewhat more than the longest deadline. */
const longestWaitMs = 11 * 60_000

async function findSent(session: ExecutionSession, stepIndex: number): Promise<SentId | undefined> {
  const { client, deployment } = session
  const { bundle, execution } = session.current()
  const { account } = bundle
  const step = execution.steps[stepIndex]
  if (step?.request === undefined) return undefined
  const fromBlock = step.request.blockNumber
  if (step.kind === 'batch') {
    const decoded = decodeBundle(bundle, deployment)
    const receipt = await findBundleReceipt(client, { account, decoded, deployment, fromBlock })
    return receipt === undefined ? undefined : { kind: 'transaction', hash: receipt.transactionHash }
  }
  const call = callOfStep(session.current(), stepIndex)
  const mined = await listTransactions(client, { account, call, fromBlock })
  const same = mined.find(({ isSameCall }) => isSameCall)
  return same === undefined ? undefined : { kind: 'transaction', hash: same.hash }
}
