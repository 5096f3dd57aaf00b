import * as v from 'valibot'
import type { Bundle } from '@/lib/core/bundle'
import {
  type Execution,
  type ExecutionRecord,
  executionFailures,
  type SentId,
  type StepState,
} from '@/lib/core/execution/execution'
import { address, amount, count, hex, text } from './chainSchemas'

const failure = v.picklist(executionFailures)

const sentId: v.GenericSchema<unknown, SentId> = v.variant('kind', [
  v.object({ kind: v.literal('transaction'), hash: hex }),
  v.object({ kind: v.literal('batch'), batchId: v.pipe(v.string(), v.maxLength(10_000)) }),
])

const shown = { blockNumber: amount, blockHash: hex, finality: v.picklist(['included', 'final']) } as const

const stepState: v.GenericSchema<unknown, StepState> = v.variant('status', [
  v.object({ status: v.literal('idle') }),
  v.object({
    status: v.literal('held'),
    waiting: v.object({ nonce: count, order: v.picklist(['before', 'after']) }),
  }),
  v.object({ status: v.literal('awaitingSignature') }),
  v.object({ status: v.literal('awaitingReceipt'), id: sentId }),
  v.object({
    status: v.literal('confirmed'),
    id: sentId,
    txHash: hex,
    splitHashes: v.exactOptional(v.array(hex)),
    ...shown,
  }),
  v.object({ status: v.literal('reverted'), id: sentId, txHash: hex, reason: v.string(), ...shown }),
  v.object({
    status: v.literal('notIncluded'),
    id: sentId,
    cause: v.picklist(['cancelled', 'replaced', 'expired', 'droppedByWallet']),
    txHash: v.exactOptional(hex),
    ...shown,
  }),
  v.object({
    status: v.literal('broken'),
    id: sentId,
    executed: v.array(v.object({ callIndex: count, txHash: hex })),
    rest: v.picklist(['mayRun', 'over']),
    ...shown,
  }),
  v.object({ status: v.literal('unsent'), failure }),
  v.object({ status: v.literal('unresolved'), id: sentId, failure }),
])

const execution: v.GenericSchema<unknown, Execution> = v.object({
  id: text,
  account: address,
  chainId: count,
  rung: v.picklist(['atomicBatch', 'approveThenSwap']),
  bundleHash: hex,
  deadline: count,
  steps: v.pipe(
    v.array(
      v.object({
        kind: v.picklist(['batch', 'resetApproval', 'approval', 'swap']),
        token: v.exactOptional(address),
        state: stepState,
        request: v.exactOptional(v.object({ nonce: count, blockNumber: amount, callsHash: hex })),
        nonce: v.exactOptional(count),
        acknowledgedNonce: v.exactOptional(count),
        undone: v.exactOptional(v.array(v.object({ txHash: hex, blockNumber: amount }))),
      }),
    ),
    v.minLength(1),
  ),
})

const call = v.object({ to: address, data: hex, value: amount })

const bundle: v.GenericSchema<unknown, Bundle> = v.object({
  chainId: count,
  account: address,
  approvals: v.array(call),
  swap: call,
  deadline: count,
  hash: hex,
})

/** What is journaled of an execution: before each request to the wallet, and after each change. */
export const executionRecordSchema: v.GenericSchema<unknown, ExecutionRecord> = v.object({
  execution,
  bundle,
  requoted: v.exactOptional(bundle),
})
