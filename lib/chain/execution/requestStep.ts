import type { Client } from 'viem'
import { getBlock, getTransactionCount } from 'viem/actions'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { bundleCalls, hashBundle, hashCalls } from '@/lib/chain/bundle/hashBundle'
import { toAppError, toExecutionFailure } from '@/lib/chain/toAppError'
import type { Bundle } from '@/lib/core/bundle'
import { compareRequote } from '@/lib/core/execution/compareRequote'
import type { ExecutionStep, SentId, StepRequest } from '@/lib/core/execution/execution'
import type { Address, Hex } from '@/lib/core/units'
import { BundleNotSendableError, checkBeforeSending } from './checkBeforeSending'
import type { ExecutionSession } from './executionPorts'
import { findUncertain } from './findUncertain'
import { requestBatch } from './requestBatch'
import { HashMismatchError, UncertainRequestError } from './requestErrors'
import { requestTransaction } from './requestTransaction'
import { callOfStep } from './trackStep'

/** MetaMask takes no more calls in one batch. */
const batchCallLimit = 10

/** Asks the wallet for one step: checks, journal, request. Every failure becomes the step's state. */
export async function requestStep(session: ExecutionSession, stepIndex: number): Promise<void> {
  const step = session.execution().steps[stepIndex]
  if (step === undefined) return
  try {
    const callsHash = await prepare(session, stepIndex, step)
    const request = await readRequest(session.client, session.current().bundle.account, callsHash)
    await session.apply({ type: 'requested', stepIndex, request })
  } catch (error) {
    return session.apply({ type: 'notSent', stepIndex, failure: toExecutionFailure(error) })
  }
  const asked = session.execution().steps[stepIndex]
  if (asked?.state.status !== 'awaitingSignature' || asked.request === undefined) return
  try {
    const id = await send(session, stepIndex, asked.kind, asked.request.callsHash)
    await session.apply({ type: 'sent', stepIndex, id })
  } catch (error) {
    if (error instanceof UncertainRequestError) return findUncertain(session, stepIndex, error.failure)
    return session.apply({ type: 'notSent', stepIndex, failure: toExecutionFailure(error) })
  }
}

/** Makes sure that a step may go out, and says by which hash it is recognised when it does. */
async function prepare(session: ExecutionSession, stepIndex: number, { kind }: ExecutionStep): Promise<Hex> {
  const { client, deployment } = session
  const { bundle, execution } = session.current()
  if (hashBundle(bundle) !== execution.bundleHash) throw new HashMismatchError()
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

async function readRequest(client: Client, account: Address, callsHash: Hex): Promise<StepRequest> {
  try {
    const [block, nonce] = await Promise.all([
      getBlock(client),
      getTransactionCount(client, { address: account, blockTag: 'pending' }),
    ])
    return { nonce, blockNumber: block.number, callsHash }
  } catch (error) {
    throw toAppError(error)
  }
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
