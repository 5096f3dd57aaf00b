import type { Client } from 'viem'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Call } from '@/lib/core/bundle'
import type { ExecutionRecord, ExecutionStep } from '@/lib/core/execution/execution'
import { type ChainHead, reconcileStep } from '@/lib/core/execution/reconcileStep'
import type { StepEvent } from '@/lib/core/execution/reduceExecution'
import { openBatchLook } from './lookAtBatch'
import { type Look, openTransactionLook, type TransactionSubject } from './lookAtTransaction'

/** The call that a step of rung 2 sends. */
export function callOfStep({ bundle, requoted }: ExecutionRecord, stepIndex: number): Call {
  return bundle.approvals[stepIndex] ?? (requoted ?? bundle).swap
}

/** Looks at the chain for one step, and says what has to happen so that its state says what the chain shows. */
export type StepLook = (step: ExecutionStep, head: ChainHead) => Promise<readonly StepEvent[]>

/** Prepares looking for a step of an execution. `provider` is missing where no wallet is asked. */
export function openLook(
  record: ExecutionRecord,
  stepIndex: number,
  {
    client,
    deployment,
    provider,
  }: { readonly client: Client; readonly deployment: Deployment; readonly provider?: WalletProvider | undefined },
): StepLook {
  const { bundle, requoted, execution } = record
  const { account } = bundle
  const kind = execution.steps[stepIndex]?.kind
  const reviewed = decodeBundle(bundle, deployment)
  const swapped = kind === 'swap' && requoted !== undefined ? decodeBundle(requoted, deployment) : reviewed
  const deadline = kind === 'swap' || kind === 'batch' ? swapped.deadline : undefined
  const approval = reviewed.approvals[stepIndex]
  const toEffect = (): TransactionSubject['effect'] => {
    if (kind === 'swap') return { kind: 'swap', decoded: swapped, deployment }
    return approval === undefined ? { kind: 'call' } : { kind: 'approval', approval, deployment }
  }
  const call = callOfStep(record, stepIndex)
  const look: (step: ExecutionStep, head: ChainHead) => Promise<Look> =
    kind === 'batch'
      ? openBatchLook(client, { account, deployment, bundle, decoded: reviewed }, provider)
      : openTransactionLook(client, { account, call, deadline, effect: toEffect() }, provider)
  return async (step, head) => {
    const { fact, nonce } = await look(step, head)
    const seen: readonly StepEvent[] = nonce === undefined || nonce === step.nonce ? [] : [{ type: 'seen', nonce }]
    return [...seen, ...reconcileStep(step.state, fact, { head, deadline })]
  }
}
