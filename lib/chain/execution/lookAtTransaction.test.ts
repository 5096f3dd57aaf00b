import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { ExecutionStep, StepState } from '@/lib/core/execution/execution'
import type { Address } from '@/lib/core/units'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { buildBundleLogs } from '@/lib/testing/builders/bundleLogs'
import { ScriptedNode, type ScriptedTransaction } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { readHead } from './chainHead'
import { hashesOf, openTransactionLook, searchedFrom } from './lookAtTransaction'

const [sample] = fc.sample(planArbitrary, { seed: 4, numRuns: 1 })
if (sample === undefined) throw new Error('no sample')
const { plan } = sample
const { account } = plan
const bundle = composeBundle({ ...sample, deployment })
const decoded = decodeBundle(bundle, deployment)
const logs = buildBundleLogs(plan, decoded)
const stranger: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const hash = toHash(5)
const deadline = 100_000

const swap = (change: Partial<ScriptedTransaction> = {}): ScriptedTransaction => ({
  ...{ hash, from: account, to: bundle.swap.to, nonce: 0, input: bundle.swap.data, value: bundle.swap.value, logs },
  ...change,
})

const waiting: StepState = { status: 'awaitingReceipt', id: { kind: 'transaction', hash } }
const stepOf = (state: StepState = waiting, change: Partial<ExecutionStep> = {}): ExecutionStep => ({
  kind: 'swap',
  state,
  request: { nonce: 0, blockNumber: 1n, callsHash: hash },
  ...change,
})

function chainOf(...blocks: readonly (readonly ScriptedTransaction[])[]) {
  const node = new ScriptedNode()
  node.blocks = [[], [], ...blocks]
  return node
}

async function lookAt(node: ScriptedNode, step = stepOf(), witness?: WalletProvider) {
  const subject = { account, call: bundle.swap, effect: { kind: 'swap', decoded, deployment }, deadline } as const
  return openTransactionLook(node.client, subject, witness)(step, await readHead(node.client))
}

test('default', async () => {
  expect(await lookAt(chainOf([swap()]))).toMatchObject({
    fact: { type: 'confirmed', txHash: hash, blockNumber: 2n },
  })
})

test('behaviour: a success that did not do what was agreed is not the swap', async () => {
  expect(await lookAt(chainOf([swap({ logs: logs.slice(1) })]))).toEqual({
    fact: { type: 'open', isMissing: false },
    nonce: 0,
  })
})

describe('a transaction that reverted', () => {
  test('behaviour: its reason is read once, and kept while the block stands', async () => {
    const node = chainOf([swap({ isReverted: true })])
    node.answers.eth_call = () => {
      throw Object.assign(new Error('execution reverted'), { code: 3, data: '0x' })
    }
    const { fact } = await lookAt(node)
    expect(fact).toMatchObject({ type: 'reverted', txHash: hash, blockNumber: 2n })
    const again = (blockHash: ReturnType<ScriptedNode['hashOf']>, txHash = hash) => {
      node.asked.length = 0
      const known = { status: 'reverted', txHash, reason: 'STF', blockNumber: 2n, blockHash } as const
      return lookAt(node, stepOf({ ...known, id: { kind: 'transaction', hash }, finality: 'included' }))
    }
    expect(await again(node.hashOf(2))).toMatchObject({ fact: { type: 'reverted', reason: 'STF' } })
    expect(node.asked).not.toContain('eth_call')
    expect(await again(toHash(1))).not.toMatchObject({ fact: { reason: 'STF' } })
    expect(node.asked).toContain('eth_call')
    expect(await again(node.hashOf(2), toHash(77))).not.toMatchObject({ fact: { reason: 'STF' } })
  })

  test('behaviour: one without the call in it is another, which took the nonce', async () => {
    const look = await lookAt(chainOf([swap({ isReverted: true, input: '0x1234' })]))
    expect(look).toMatchObject({ fact: { type: 'notIncluded', cause: 'replaced', txHash: hash } })
  })
})

describe('a transaction that no node has under its hash', () => {
  test('behaviour: the same call under another hash is it', async () => {
    expect(await lookAt(chainOf([swap({ hash: toHash(6) })]))).toMatchObject({
      fact: { type: 'confirmed', txHash: toHash(6) },
    })
  })

  test('behaviour: what did all that was agreed is it, by whatever call', async () => {
    const node = chainOf([swap({ hash: toHash(6), input: '0x1234' })])
    expect(await lookAt(node)).toMatchObject({ fact: { type: 'confirmed', txHash: toHash(6) } })
  })

  test('behaviour: the wallet’s own node may still have it', async () => {
    const knows = (answer: unknown): WalletProvider => ({ request: async () => answer })
    const node = chainOf([], [], [], [], [], [], [])
    const dropped = stepOf({ status: 'unresolved', id: { kind: 'transaction', hash }, failure: 'dropped' })
    expect(await lookAt(node, dropped, knows({ hash }))).toEqual({ fact: { type: 'open', isMissing: false } })
    expect(await lookAt(node, dropped, knows(null))).toEqual({ fact: { type: 'open', isMissing: true } })
    expect(await lookAt(node, dropped)).toEqual({ fact: { type: 'open', isMissing: true } })
  })

  test('behaviour: it is missing only once some blocks came without it', async () => {
    const node = chainOf([])
    const subject = { account, call: bundle.swap, effect: { kind: 'swap', decoded, deployment }, deadline } as const
    const look = openTransactionLook(node.client, subject, undefined)
    expect(await look(stepOf(), await readHead(node.client))).toEqual({ fact: { type: 'open', isMissing: false } })
    node.blocks = [...node.blocks, ...Array.from({ length: 40 }, () => [])]
    expect(await look(stepOf(), await readHead(node.client))).toEqual({ fact: { type: 'open', isMissing: true } })
  })

  test('behaviour: after the deadline nothing can come of it', async () => {
    const head = { ...(await readHead(chainOf().client)), timestamp: deadline + 1 }
    const subject = { account, call: bundle.swap, effect: { kind: 'swap', decoded, deployment }, deadline } as const
    const look = openTransactionLook(chainOf().client, subject, undefined)
    expect(await look(stepOf(), head)).toMatchObject({ fact: { type: 'notIncluded', cause: 'expired' } })
  })

  test('error: a node that fails is no answer', async () => {
    const node = chainOf([])
    node.answers.eth_getTransactionByHash = () => {
      throw Object.assign(new Error('limit exceeded'), { code: -32005 })
    }
    await expect(lookAt(node)).rejects.toThrow('limit exceeded')
  })
})

test('behaviour: a stranger’s transaction with the same call is not it', async () => {
  const node = chainOf([swap({ hash: toHash(6), from: stranger, logs: [] })])
  expect(await lookAt(node)).toEqual({ fact: { type: 'open', isMissing: false } })
})

test('behaviour: after a reorganisation the search begins earlier, never before the first block', () => {
  const undone = [{ txHash: toHash(3), blockNumber: 90n }]
  const from = (blockNumber: bigint, change: Partial<ExecutionStep>) =>
    searchedFrom(stepOf(waiting, { ...change, request: { nonce: 0, blockNumber, callsHash: hash } }))
  expect(from(100n, {})).toBe(100n)
  expect(from(100n, { undone })).toBe(36n)
  expect(from(64n, { undone })).toBe(0n)
  expect(searchedFrom({ kind: 'swap', state: waiting, undone })).toBeUndefined()
})

test('behaviour: every hash that was ever seen is asked for, each once', () => {
  const undone = [
    { txHash: hash, blockNumber: 1n },
    { txHash: toHash(6), blockNumber: 1n },
  ]
  expect(hashesOf(stepOf(waiting, { undone }))).toEqual([hash, toHash(6)])
  const batch = { status: 'awaitingReceipt', id: { kind: 'batch', batchId: 'x' } } as const
  expect(hashesOf(stepOf(batch))).toEqual([])
})
