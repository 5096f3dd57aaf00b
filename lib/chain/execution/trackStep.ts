import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { Call } from '@/lib/core/bundle'
import type { ExecutionRecord, ExecutionStep } from '@/lib/core/execution/execution'
import { assertNever } from '@/lib/core/units'
import { provesBundle, readRevertReason } from './chainReads'
import { type ExecutionSession, patienceOf } from './executionPorts'
import { trackBatch } from './trackBatch'
import { type Tracked, trackTransaction } from './trackTransaction'

/** The call that a step of rung 2 sends. */
export function callOfStep({ bundle, requoted }: ExecutionRecord, stepIndex: number): Call {
  return bundle.approvals[stepIndex] ?? (requoted ?? bundle).swap
}

/**
 * Waits for what a step sent and applies what the chain says of it.
 * @throws {TrackingStoppedError} when the session's signal stops the waiting; the step stays as it is
 */
export async function trackStep(session: ExecutionSession, stepIndex: number): Promise<void> {
  const step = session.execution().steps[stepIndex]
  if (step === undefined) return
  if (step.state.status === 'unresolved') await session.apply({ type: 'waitAgain', stepIndex })
  const tracked = await track(session, stepIndex, step)
  if (tracked === undefined) return
  switch (tracked.status) {
    case 'included':
      return settle(session, stepIndex, step, tracked)
    case 'notIncluded':
      return session.apply({ type: 'notIncluded', stepIndex, cause: tracked.cause })
    case 'unresolved':
      return session.apply({ type: 'lostTrack', stepIndex, failure: tracked.failure })
    default:
      return assertNever(tracked)
  }
}

async function track(session: ExecutionSession, stepIndex: number, step: ExecutionStep): Promise<Tracked | undefined> {
  const { client, provider, deployment } = session
  const { bundle, requoted } = session.current()
  const { state, request, kind } = step
  const id = 'id' in state ? state.id : undefined
  if (id === undefined) return undefined
  const patience = patienceOf(session)
  if (id.kind === 'batch') {
    return trackBatch(provider, client, { batchId: id.batchId, bundle, deployment, request, ...patience })
  }
  const isMoney = kind === 'swap' || kind === 'batch'
  return trackTransaction(client, {
    hash: id.hash,
    account: bundle.account,
    call: callOfStep(session.current(), stepIndex),
    request,
    ...(isMoney ? { deadline: (requoted ?? bundle).deadline } : {}),
    ...patience,
  })
}

/** A transaction that succeeded counts for money only when its logs show the bundle's sales. */
async function settle(
  session: ExecutionSession,
  stepIndex: number,
  { kind }: ExecutionStep,
  { receipt }: Extract<Tracked, { status: 'included' }>,
): Promise<void> {
  const { client, deployment } = session
  const { transactionHash: txHash, blockNumber } = receipt
  if (receipt.status === 'reverted') {
    const reason = await readRevertReason(client, receipt)
    return session.apply({ type: 'reverted', stepIndex, txHash, reason })
  }
  if (kind === 'swap' || kind === 'batch') {
    const { bundle, requoted } = session.current()
    const decoded = decodeBundle(kind === 'swap' ? (requoted ?? bundle) : bundle, deployment)
    if (!provesBundle(receipt.logs, decoded, { account: bundle.account, deployment })) {
      return session.apply({ type: 'reverted', stepIndex, txHash, reason: 'the transaction did something else' })
    }
  }
  return session.apply({ type: 'confirmed', stepIndex, txHash, blockNumber })
}
