import { encodeAbiParameters, encodeEventTopics, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { DecodedApproval } from '@/lib/core/bundle'
import type { ExecutionStep } from '@/lib/core/execution/execution'
import type { Address } from '@/lib/core/units'
import { type PlanCase, planArbitrary } from '@/lib/testing/arbitraries/plans'
import { buildBundleLogs } from '@/lib/testing/builders/bundleLogs'
import { type ScriptedLog, ScriptedNode, type ScriptedTransaction } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { findSample } from '@/lib/testing/findSample'
import { readHead } from './chainHead'
import { openBatchLook } from './lookAtBatch'

const approvalEvent = parseAbi(['event Approval(address indexed owner, address indexed spender, uint256 value)'])
const stranger: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const hash = toHash(5)
const approvalsOf = (given: PlanCase) => decodeBundle(composeBundle({ ...given, deployment }), deployment).approvals

/** A batch of which a wallet was asked in block 1, and what may come of it. */
function openBatch(has: (approvals: readonly DecodedApproval[]) => boolean) {
  const given = findSample(planArbitrary, (each) => has(approvalsOf(each)))
  const bundle = composeBundle({ ...given, deployment })
  const decoded = decodeBundle(bundle, deployment)
  const { account } = bundle
  const transaction = (change: Partial<ScriptedTransaction>): ScriptedTransaction => ({
    ...{ hash, from: account, to: account, nonce: 0, input: bundle.swap.data, value: 0n },
    ...change,
  })
  const approving = (change: Partial<ScriptedTransaction> = {}) => {
    const [approval] = decoded.approvals
    if (approval === undefined) throw new Error('no approval')
    const args = { owner: account, spender: approval.spender }
    const log: ScriptedLog = {
      address: approval.token,
      topics: encodeEventTopics({ abi: approvalEvent, args }) as ScriptedLog['topics'],
      data: encodeAbiParameters([{ type: 'uint256' }], [approval.amount]),
    }
    return transaction({ input: '0x1234', logs: [log], ...change })
  }
  const lookAt = async (blocks: readonly (readonly ScriptedTransaction[])[]) => {
    const node = new ScriptedNode()
    node.blocks = [[], [], ...blocks]
    const step: ExecutionStep = {
      ...{ kind: 'batch', state: { status: 'awaitingReceipt', id: { kind: 'batch', batchId: 'one' } } },
      request: { nonce: 0, blockNumber: 1n, callsHash: bundle.hash },
    }
    const look = openBatchLook(node.client, { account, deployment, bundle, decoded }, undefined)
    return (await look(step, await readHead(node.client))).fact
  }
  return { transaction, approving, lookAt, logs: buildBundleLogs(given.plan, decoded) }
}

describe('openBatchLook', () => {
  const grants = ([first]: readonly DecodedApproval[]) => first !== undefined && first.amount > 0n
  const resets = ([first]: readonly DecodedApproval[]) => first?.amount === 0n

  test('default: whoever sent it, logs show that it was executed', async () => {
    const { lookAt, transaction, logs } = openBatch((approvals) => approvals.length === 0)
    const relayed = transaction({ from: stranger, input: '0x1234', logs })
    expect(await lookAt([[relayed]])).toMatchObject({ type: 'confirmed', txHash: hash, blockNumber: 2n })
  })

  test('behaviour: an approval without the swap is a batch that was begun', async () => {
    const { lookAt, approving } = openBatch(grants)
    expect(await lookAt([[approving({ from: stranger })]])).toMatchObject({ type: 'broken' })
  })

  test('behaviour: a reset alone is of the batch only where it took the nonce of the request', async () => {
    const { lookAt, approving } = openBatch(resets)
    expect(await lookAt([[approving()]])).toMatchObject({ type: 'broken' })
    expect((await lookAt([[approving({ from: stranger, nonce: 7 })]])).type).not.toBe('broken')
  })

  test('behaviour: nothing of it on the chain leaves it open', async () => {
    const { lookAt } = openBatch(grants)
    expect(await lookAt([[]])).toMatchObject({ type: 'open' })
  })
})
