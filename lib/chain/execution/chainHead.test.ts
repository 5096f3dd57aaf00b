import { describe, expect, test } from 'vitest'
import { ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { readFinalHead, readHead } from './chainHead'

function chainOf(length: number) {
  const node = new ScriptedNode()
  node.blocks = Array.from({ length }, () => [])
  return node
}

const failing = () => {
  throw Object.assign(new Error('limit exceeded'), { code: -32005 })
}

test('default', async () => {
  const node = chainOf(11)
  expect(await readHead(node.client)).toEqual({ blockNumber: 10n, blockHash: node.hashOf(10), timestamp: 120 })
})

test('error: RpcUnreachableError when the node does not answer', async () => {
  const node = chainOf(11)
  node.answers.eth_getBlockByNumber = failing
  await expect(readHead(node.client)).rejects.toMatchObject({ failure: 'unreachable' })
  await expect(readFinalHead(node.client, { finality: { kind: 'depth', blocks: 8 } })).rejects.toMatchObject({
    failure: 'unreachable',
  })
})

describe('readFinalHead', () => {
  test('behaviour: by depth, so many blocks lie on what is final', async () => {
    const head = await readFinalHead(chainOf(11).client, { finality: { kind: 'depth', blocks: 8 } })
    expect(head).toMatchObject({ blockNumber: 10n, finalBlock: { number: 2n, timestamp: 24 } })
  })

  test('behaviour: by tag, the node says what is final', async () => {
    const node = chainOf(11)
    const tags: unknown[] = []
    node.answers.eth_getBlockByNumber = ([tag]) => {
      tags.push(tag)
      const number = tag === 'finalized' ? '0x4' : '0xa'
      return { number, hash: node.hashOf(1), timestamp: number, transactions: [] }
    }
    const head = await readFinalHead(node.client, { finality: { kind: 'tag', tag: 'finalized' } })
    expect(head).toMatchObject({ blockNumber: 10n, finalBlock: { number: 4n, timestamp: 4 } })
    expect(tags).toEqual(['latest', 'finalized'])
  })

  test('behaviour: where the node does not say, nothing is final', async () => {
    const node = chainOf(11)
    const answer = { number: '0xa', hash: node.hashOf(10), timestamp: '0x1', transactions: [] }
    node.answers.eth_getBlockByNumber = ([tag]) => (tag === 'latest' ? answer : failing())
    const head = await readFinalHead(node.client, { finality: { kind: 'tag', tag: 'finalized' } })
    expect(head).toEqual({ blockNumber: 10n, blockHash: node.hashOf(10), timestamp: 1 })
  })
})
