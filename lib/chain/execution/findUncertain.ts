import { getTransactionCount } from 'viem/actions'
import { RpcResponseError } from '@/lib/chain/appErrors'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { ExecutionFailure, SentId } from '@/lib/core/execution/execution'
import { isMoneyStep } from '@/lib/core/execution/reduceExecution'
import { findApprovals } from './approvalEvents'
import { cannotRun } from './cannotRun'
import { readHead } from './chainHead'
import { findBundleReceipt } from './chainReads'
import { type ExecutionSession, patienceOf } from './executionPorts'
import { callOfStep } from './openLook'
import { closeRequest, openRequestOf } from './openRequests'
import { hasCall, isSameCall, type ListOwnTransactions, openOwnTransactions } from './ownTransactions'
import { pollUntil } from './patience'
import { readCounts } from './walletNode'

/** How many looks at the chain must show nothing before a request that failed oddly counts as not sent. */
const looksBeforeUnsent = 3

/**
 * Looks on the chain for a request of which it is not known whether the wallet sent it: it failed oddly, or the page was left while
 * the wallet was asking. Found: the step is sent. Nothing there and nothing of the account under way, by the page's node and by the
 * wallet's: it was not sent. Else it stays open.
 * @throws {TrackingStoppedError} when the session's signal stops the waiting
 */
export async function findUncertain(
  session: ExecutionSession,
  stepIndex: number,
  failure: ExecutionFailure,
): Promise<void> {
  const find = openFind(session, stepIndex)
  let emptyLooks = 0
  const ask = async (): Promise<SentId | 'notSent' | undefined> => {
    const found = await find()
    if (found !== undefined) return found
    emptyLooks = (await isQuiet(session)) ? emptyLooks + 1 : 0
    return emptyLooks >= looksBeforeUnsent ? 'notSent' : undefined
  }
  const { answer } = await pollUntil(ask, patienceOf(session))
  if (answer === undefined) return
  if (answer === 'notSent') return session.apply({ type: 'notSent', stepIndex, failure })
  await session.apply({ type: 'sent', stepIndex, id: answer })
}

/**
 * After a reload while the wallet was asking: the prompt may still stand there. An approval may safely be asked for again, and so may
 * anything where prompts end with the page, or of which the person says that it was declined; else what moves value is looked for
 * until the chain shows that it cannot run any more. Where the page still has the request open, the wallet's answer counts.
 * @throws {TrackingStoppedError} when the session's signal stops the waiting
 */
export async function findInterrupted(session: ExecutionSession, stepIndex: number): Promise<void> {
  const { execution } = session.current()
  const step = execution.steps[stepIndex]
  if (step === undefined) return
  const open = openRequestOf(execution, stepIndex)
  if (open === undefined) {
    if (session.isDeclined === true) return findUncertain(session, stepIndex, 'rejected')
    const isHarmless = !isMoneyStep(step) || session.provider.promptsEndWithPage === true
    if (isHarmless) return findUncertain(session, stepIndex, 'timeout')
  }
  const find = openFind(session, stepIndex)
  const ask = async (): Promise<Interrupted | undefined> => {
    const answer = open?.settled()
    if (answer !== undefined) return 'id' in answer ? answer : (answer.failure ?? { failure: undefined })
    const head = await readHead(session.client)
    const failure = open === undefined ? await cannotRun(session, stepIndex, head) : undefined
    const id = await find(head.blockNumber)
    if (id !== undefined) return { id }
    return failure === undefined ? undefined : { failure }
  }
  const { answer } = await pollUntil(ask, { ...patienceOf(session), timeoutMs: longestWaitMs })
  if (answer === undefined) return
  closeRequest(execution, stepIndex)
  if ('id' in answer) return session.apply({ type: 'sent', stepIndex, id: answer.id })
  if (answer.failure === undefined) return findUncertain(session, stepIndex, 'unknown')
  await session.apply({ type: 'notSent', stepIndex, failure: answer.failure })
}

/** How a request ended of which the page did not see the end; without a failure it is uncertain. */
type Interrupted = { readonly id: SentId } | { readonly failure: ExecutionFailure | undefined }

/** Somewhat more than the longest deadline. */
const longestWaitMs = 11 * 60_000

/** Whether all that the account has sent is in a block, for the page's node and for the wallet's. */
async function isQuiet({ client, provider, current }: ExecutionSession): Promise<boolean> {
  const { mined, all } = await readCounts(client, provider, current().bundle.account)
  return all <= mined
}

/**
 * Prepares looking for what a step asked for, by what it would do: a transaction of the account with the very call, or logs that show
 * its effect.
 */
export function openFind(
  session: ExecutionSession,
  stepIndex: number,
): (leastBlock?: bigint) => Promise<SentId | undefined> {
  const listOwn = openOwnTransactions(session.client, session.current().bundle.account)
  return (leastBlock = 0n) => findSent(session, stepIndex, { listOwn, leastBlock })
}

/** @throws {RpcResponseError} when the node that answers is behind `leastBlock` */
async function findSent(
  session: ExecutionSession,
  stepIndex: number,
  { listOwn, leastBlock }: { readonly listOwn: ListOwnTransactions; readonly leastBlock: bigint },
): Promise<SentId | undefined> {
  const { client, deployment } = session
  const { bundle, requoted, execution } = session.current()
  const { account } = bundle
  const step = execution.steps[stepIndex]
  if (step?.request === undefined) return undefined
  const { blockNumber: fromBlock } = step.request
  const head = await readHead(client)
  if (head.blockNumber < leastBlock) throw new RpcResponseError('an old block')
  if (head.blockNumber <= fromBlock) return undefined
  const next = await getTransactionCount(client, { address: account, blockTag: 'latest' })
  const own = next > step.request.nonce ? await listOwn(head, fromBlock) : []
  const call = callOfStep(session.current(), stepIndex)
  const same = own.find((each) => (step.kind === 'batch' ? hasCall(each, bundle.swap) : isSameCall(each, call)))
  if (same !== undefined) return { kind: 'transaction', hash: same.txHash }
  if (!isMoneyStep(step)) return undefined
  const decoded = decodeBundle(step.kind === 'swap' ? (requoted ?? bundle) : bundle, deployment)
  const proven = await findBundleReceipt(client, { account, decoded, deployment, fromBlock })
  if (proven !== undefined) return { kind: 'transaction', hash: proven.transactionHash }
  if (step.kind !== 'batch') return undefined
  // A wallet that breaks a batch may have begun with its approvals.
  const [begun] = await findApprovals(client, { account, deployment, approvals: decoded.approvals, fromBlock })
  return begun === undefined || decoded.approvals[begun.callIndex]?.amount === 0n
    ? undefined
    : { kind: 'transaction', hash: begun.txHash }
}
