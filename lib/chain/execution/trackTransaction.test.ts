import { describe, expect, test } from 'vitest'
import type { Call } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { ScriptedNode, type ScriptedTransaction } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { TrackingStoppedError } from './patience'
import { trackTransaction } from './trackTransaction'

const account: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const stranger: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const token: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const call: Call = { to: token, data: '0x095ea7b3', value: 0n }
const hash = toHash(7)

const sent = (change: Partial<ScriptedTransaction> = {}): ScriptedTransaction => ({
  ...{ hash, from: account, to: token, nonce: 0, input: call.data, value: 0n },
  ...change,
})

function track(node: ScriptedNode, more: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  return trackTransaction(node.client, { hash, account, call, pollMs: 1, timeoutMs: 200, ...more })
}

/** A chain of which each list is a block. */
function chainOf(...blocks: readonly (readonly ScriptedTransaction[])[]) {
  const node = new ScriptedNode()
  node.blocks = [[], ...blocks]
  return node
}

const nothing = () => undefined

test('default', async () => {
  const tracked = await track(chainOf([sent()]))
  expect(tracked).toMatchObject({ status: 'included', receipt: { transactionHash: hash, status: 'success' } })
})

test('behaviour: one that reverted is included too', async () => {
  const tracked = await track(chainOf([sent({ isReverted: true })]))
  expect(tracked).toMatchObject({ status: 'included', receipt: { transactionHash: hash, status: 'reverted' } })
})

test('behaviour: one that waits is waited for', async () => {
  const node = chainOf()
  node.waiting = [sent()]
  node.script.push(nothing, () => {
    node.waiting = []
    node.blocks = [[], [sent()]]
  })
  expect(await track(node)).toMatchObject({ status: 'included', receipt: { blockNumber: 1n } })
})

test('behaviour: the same call under another hash is the transaction, sped up', async () => {
  const node = chainOf()
  node.waiting = [sent()]
  node.script.push(nothing, () => {
    node.waiting = []
    node.blocks = [[], [sent({ hash: toHash(8) })]]
  })
  expect(await track(node)).toMatchObject({ status: 'included', receipt: { transactionHash: toHash(8) } })
})

describe('another transaction with its nonce', () => {
  test.each([
    ['replaced', { input: '0x1234' }],
    ['cancelled', { to: account, input: '0x' }],
  ] as const)('behaviour: it is not included, %s', async (cause, change) => {
    const node = chainOf()
    node.waiting = [sent()]
    node.script.push(nothing, () => {
      node.waiting = []
      node.blocks = [[], [sent({ hash: toHash(8), ...change })]]
    })
    expect(await track(node)).toEqual({ status: 'notIncluded', cause })
  })
})

test('behaviour: while it only waits, or no node knows it, nothing is said of it', async () => {
  const waiting = chainOf()
  waiting.waiting = [sent()]
  expect(await track(waiting, { timeoutMs: 20 })).toEqual({ status: 'unresolved', failure: 'timeout' })
  expect(await track(chainOf([sent({ from: stranger, hash: toHash(9) })]), { timeoutMs: 20 })).toEqual({
    status: 'unresolved',
    failure: 'timeout',
  })
})

test('behaviour: a node that does not answer is asked again, and in the end named', async () => {
  const node = chainOf([sent()])
  node.answers.eth_getTransactionCount = () => {
    throw Object.assign(new Error('limit exceeded'), { code: -32005 })
  }
  expect(await track(node, { timeoutMs: 30 })).toEqual({ status: 'unresolved', failure: 'unreachable' })
  expect(node.asked.filter((method) => method === 'eth_getTransactionCount').length).toBeGreaterThan(1)
})

test('error: TrackingStoppedError when nobody waits any more', async () => {
  await expect(track(chainOf(), { signal: AbortSignal.abort() })).rejects.toThrow(TrackingStoppedError)
})
