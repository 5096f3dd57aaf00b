import { encodeAbiParameters, encodeEventTopics, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { ExecutionRecord, Rung, SentId, StepState } from '@/lib/core/execution/execution'
import { reduceExecution } from '@/lib/core/execution/reduceExecution'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { Address } from '@/lib/core/units'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { buildBundleLogs } from '@/lib/testing/builders/bundleLogs'
import { type ScriptedLog, ScriptedNode, type ScriptedTransaction } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { findSample } from '@/lib/testing/findSample'
import { type ExecutionPorts, openSession } from './executionPorts'
import { findInterrupted, findUncertain, openFind } from './findUncertain'
import { keepRequest } from './openRequests'
import { UncertainRequestError } from './requestErrors'

const approvalEvent = parseAbi(['event Approval(address indexed owner, address indexed spender, uint256 value)'])

const given = findSample(planArbitrary, (each) => {
  const [first] = decodeBundle(composeBundle({ ...each, deployment }), deployment).approvals
  return first !== undefined && first.amount > 0n
})
const bundle = composeBundle({ ...given, deployment })
const decoded = decodeBundle(bundle, deployment)
const { account } = bundle
const stranger: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const hash = toHash(5)
const logs = buildBundleLogs(given.plan, decoded)

const swapTransaction = (change: Partial<ScriptedTransaction> = {}): ScriptedTransaction => ({
  ...{ hash, from: account, to: bundle.swap.to, nonce: 0, input: bundle.swap.data, value: bundle.swap.value, logs },
  ...change,
})
const other = swapTransaction({ input: '0x1234', logs: [] })

function chainOf(...blocks: readonly (readonly ScriptedTransaction[])[]) {
  const node = new ScriptedNode()
  node.blocks = [[], [], ...blocks]
  return node
}

const silent: WalletProvider = {
  request: async () => {
    throw new Error('the wallet says nothing')
  },
}

let count = 0

/** The last step of an execution, asked of the wallet in block 1. */
function open(node: ScriptedNode, rung: Rung = 'atomicBatch', ports: Partial<ExecutionPorts> = {}, isAsked = true) {
  count += 1
  const idle = startExecution({ id: `${count}`, rung, bundle, approvals: decoded.approvals })
  const stepIndex = idle.steps.length - 1
  const steps = idle.steps.map((step, at) => {
    const state: StepState = {
      status: 'confirmed',
      txHash: toHash(90 + at),
      blockNumber: 1n,
      blockHash: toHash(1),
      finality: 'final',
    } as StepState
    return at < stepIndex ? { ...step, state } : step
  })
  const ready = { ...idle, steps }
  const request = { nonce: 0, blockNumber: 1n, callsHash: hash }
  const execution = isAsked ? reduceExecution(ready, { type: 'requested', stepIndex, request }) : ready
  const session = openSession({ bundle, execution } as ExecutionRecord, {
    ...{ deployment, client: node.client, provider: silent, dispatch: () => undefined, journal: () => undefined },
    ...{ requote: () => Promise.reject(new Error('not asked for')), pollMs: 1, timeoutMs: 60_000 },
    ...ports,
  })
  const stateNow = () => session.execution().steps[stepIndex]?.state
  return { session, stepIndex, stateNow }
}

const sent: SentId = { kind: 'transaction', hash }

describe('findUncertain', () => {
  test('default: the account’s own transaction with the very call', async () => {
    const { session, stepIndex, stateNow } = open(chainOf([swapTransaction()]), 'approveThenSwap')
    await findUncertain(session, stepIndex, 'unknown')
    expect(stateNow()).toMatchObject({ status: 'awaitingReceipt', id: sent })
  })

  test('behaviour: a batch by a transaction that carries its swap', async () => {
    const carrying = swapTransaction({ to: account, input: `0xabcd${bundle.swap.data.slice(2)}`, logs: [] })
    const { session, stepIndex, stateNow } = open(chainOf([carrying]))
    await findUncertain(session, stepIndex, 'unknown')
    expect(stateNow()).toMatchObject({ status: 'awaitingReceipt', id: sent })
  })

  test.each(['atomicBatch', 'approveThenSwap'] as const)(
    'behaviour: %s sent by somebody else, shown by its logs',
    async (rung) => {
      const relayed = swapTransaction({ from: stranger, to: account, input: '0xabcd' })
      const { session, stepIndex, stateNow } = open(chainOf([relayed]), rung)
      await findUncertain(session, stepIndex, 'unknown')
      expect(stateNow()).toMatchObject({ status: 'awaitingReceipt', id: sent })
    },
  )

  test('behaviour: nothing there and nothing under way, it was not sent', async () => {
    const { session, stepIndex, stateNow } = open(chainOf([], []))
    await findUncertain(session, stepIndex, 'rejected')
    expect(stateNow()).toEqual({ status: 'unsent', failure: 'rejected' })
  })

  test('behaviour: while the account has something under way it stays open', async () => {
    const node = chainOf([])
    node.waiting = [other]
    const { session, stepIndex, stateNow } = open(node, 'atomicBatch', { timeoutMs: 40 })
    await findUncertain(session, stepIndex, 'rejected')
    expect(stateNow()?.status).toBe('awaitingSignature')
  })

  test('behaviour: one look at something under way begins the looks anew', async () => {
    const node = chainOf([])
    const before: string[] = []
    node.script.push(
      () => undefined,
      () => {
        node.waiting = [other]
      },
      () => {
        node.waiting = []
        before.push(...node.asked.filter((method) => method === 'eth_getBlockByNumber'))
      },
    )
    const { session, stepIndex, stateNow } = open(node)
    await findUncertain(session, stepIndex, 'rejected')
    expect(stateNow()?.status).toBe('unsent')
    const looks = node.asked.filter((method) => method === 'eth_getBlockByNumber').length
    expect(looks - before.length).toBeGreaterThanOrEqual(2)
  })
})

describe('openFind', () => {
  const [approval] = decoded.approvals
  if (approval === undefined) throw new Error('no approval')
  const approvalLog = (amount: bigint): ScriptedLog => ({
    address: approval.token,
    topics: encodeEventTopics({
      abi: approvalEvent,
      args: { owner: account, spender: approval.spender },
    }) as ScriptedLog['topics'],
    data: encodeAbiParameters([{ type: 'uint256' }], [amount]),
  })
  const approving = (amount: bigint) =>
    chainOf([swapTransaction({ from: stranger, input: '0x', logs: [approvalLog(amount)] })])

  test('default: a wallet that breaks a batch has begun with its approvals', async () => {
    const { session, stepIndex } = open(approving(approval.amount))
    expect(await openFind(session, stepIndex)()).toEqual(sent)
  })

  test('behaviour: an approval of another amount is not of the batch, nor any of a swap by itself', async () => {
    const another = open(approving(approval.amount + 1n))
    expect(await openFind(another.session, another.stepIndex)()).toBeUndefined()
    const alone = open(approving(approval.amount), 'approveThenSwap')
    expect(await openFind(alone.session, alone.stepIndex)()).toBeUndefined()
  })

  test('behaviour: what was never asked of the wallet is not looked for', async () => {
    const node = chainOf([swapTransaction()])
    const { session, stepIndex } = open(node, 'atomicBatch', {}, false)
    expect(await openFind(session, stepIndex)()).toBeUndefined()
    expect(await openFind(session, 99)()).toBeUndefined()
    expect(node.asked).toEqual([])
  })

  test('behaviour: blocks up to the request are not searched', async () => {
    const node = new ScriptedNode()
    node.blocks = [[], [swapTransaction()]]
    const { session, stepIndex } = open(node)
    expect(await openFind(session, stepIndex)()).toBeUndefined()
  })

  test('error: RpcResponseError when the node that answers is behind', async () => {
    const { session, stepIndex } = open(chainOf([swapTransaction()]))
    await expect(openFind(session, stepIndex)(3n)).rejects.toMatchObject({ name: 'RpcResponseError' })
  })
})

describe('findInterrupted', () => {
  test('default: the answer that the page still waits for counts', async () => {
    const { session, stepIndex, stateNow } = open(chainOf([]))
    await keepRequest(session.execution(), stepIndex, Promise.resolve(sent)).answered
    await findInterrupted(session, stepIndex)
    expect(stateNow()).toMatchObject({ status: 'awaitingReceipt', id: sent })
  })

  test('behaviour: so does a refusal', async () => {
    const { session, stepIndex, stateNow } = open(chainOf([]))
    const refusal = Promise.reject(Object.assign(new Error('declined'), { code: 4001 }))
    await keepRequest(session.execution(), stepIndex, refusal).answered
    await findInterrupted(session, stepIndex)
    expect(stateNow()).toEqual({ status: 'unsent', failure: 'rejected' })
  })

  test('behaviour: an odd answer is looked into', async () => {
    const { session, stepIndex, stateNow } = open(chainOf([swapTransaction()]), 'approveThenSwap')
    const odd = Promise.reject(new UncertainRequestError('wallet_sendCalls', 'unknown'))
    await keepRequest(session.execution(), stepIndex, odd).answered
    await findInterrupted(session, stepIndex)
    expect(stateNow()).toMatchObject({ status: 'awaitingReceipt', id: sent })
  })

  test.each([
    ['of which the person says that it was declined', { isDeclined: true }, 'rejected'],
    ['of a wallet whose prompts end with the page', { provider: { ...silent, promptsEndWithPage: true } }, 'timeout'],
  ] as const)('behaviour: a request %s may be asked again once the chain bears it out', async (_, ports, failure) => {
    const { session, stepIndex, stateNow } = open(chainOf([]), 'atomicBatch', ports)
    await findInterrupted(session, stepIndex)
    expect(stateNow()).toEqual({ status: 'unsent', failure })
  })

  test('behaviour: a step that is not there changes nothing', async () => {
    const { session, stateNow } = open(chainOf([]))
    const before = stateNow()
    await findInterrupted(session, 99)
    expect(stateNow()).toBe(before)
  })
})
