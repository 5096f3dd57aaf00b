import { encodeAbiParameters, encodeEventTopics, parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { DecodedApproval } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { type ScriptedLog, ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { findApprovals, showsApproval } from './approvalEvents'

const account: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const stranger: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const dai: Address = '0x6B175474E89094C44Da98b954EedeAC495271d0F'
const { permit2, universalRouter } = deployment.contracts

const ofToken: DecodedApproval = { kind: 'erc20', token: usdc, spender: permit2, amount: 5n }
const ofPermit2: DecodedApproval = { kind: 'permit2', token: usdc, spender: universalRouter, amount: 5n, expiration: 0 }

function tokenLog(change: { token?: Address; owner?: Address; spender?: Address; amount?: bigint } = {}): ScriptedLog {
  const { token = usdc, owner = account, spender = permit2, amount = 5n } = change
  const abi = parseAbi(['event Approval(address indexed owner, address indexed spender, uint256 value)'])
  const topics = encodeEventTopics({ abi, args: { owner, spender } })
  return {
    address: token,
    topics: topics as ScriptedLog['topics'],
    data: encodeAbiParameters([{ type: 'uint256' }], [amount]),
  }
}

function permit2Log(
  change: { token?: Address; owner?: Address; spender?: Address; amount?: bigint } = {},
): ScriptedLog {
  const { token = usdc, owner = account, spender = universalRouter, amount = 5n } = change
  const abi = parseAbi([
    'event Approval(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration)',
  ])
  const topics = encodeEventTopics({ abi, args: { owner, token, spender } })
  const data = encodeAbiParameters([{ type: 'uint160' }, { type: 'uint48' }], [amount, 9])
  return { address: permit2, topics: topics as ScriptedLog['topics'], data }
}

const shows = (log: ScriptedLog, approval: DecodedApproval) => showsApproval([log], approval, { account, deployment })

test('default', () => {
  expect(shows(tokenLog(), ofToken)).toBe(true)
  expect(shows(permit2Log(), ofPermit2)).toBe(true)
})

test.each([
  ['another token', { token: dai }],
  ['another owner', { owner: stranger }],
  ['another spender', { spender: stranger }],
  ['another amount', { amount: 6n }],
])('behaviour: %s is another approval', (_, change) => {
  expect(shows(tokenLog(change), ofToken)).toBe(false)
  expect(shows(permit2Log(change), ofPermit2)).toBe(false)
})

test('behaviour: a log that says something else, or nothing that can be read, shows nothing', () => {
  expect(shows({ ...tokenLog(), data: '0x' }, ofToken)).toBe(false)
  expect(shows({ ...permit2Log(), topics: [] }, ofPermit2)).toBe(false)
  expect(shows(tokenLog({ token: permit2 }), ofPermit2)).toBe(false)
  expect(showsApproval([], ofToken, { account, deployment })).toBe(false)
})

function search(node: ScriptedNode, approvals: readonly DecodedApproval[]) {
  return findApprovals(node.client, { account, deployment, approvals, fromBlock: 1n })
}

function chainWith(...blocks: readonly (readonly ScriptedLog[])[]) {
  const node = new ScriptedNode()
  node.blocks = blocks.map((logs, nonce) => [
    { hash: toHash(100 + nonce), from: account, to: usdc, nonce, input: '0x12', value: 0n, logs },
  ])
  return node
}

test('behaviour: each is found in the first transaction after a block that made it', async () => {
  const node = chainWith([], [tokenLog()], [tokenLog({ amount: 7n })], [permit2Log(), tokenLog()], [tokenLog()])
  const found = await search(node, [ofPermit2, ofToken, { ...ofToken, amount: 99n }])
  expect(found).toEqual([
    { callIndex: 0, txHash: toHash(103), blockNumber: 3n, blockHash: node.hashOf(3) },
    { callIndex: 1, txHash: toHash(103), blockNumber: 3n, blockHash: node.hashOf(3) },
  ])
})

test('behaviour: only the contracts that may have logged it are asked', async () => {
  const node = chainWith([], [], [tokenLog(), permit2Log()])
  expect(await search(node, [])).toEqual([])
  expect(node.asked).toEqual([])
  expect(await search(node, [ofPermit2])).toHaveLength(1)
  expect(await search(node, [ofToken])).toHaveLength(1)
  expect(node.asked).toEqual(['eth_getLogs', 'eth_getLogs'])
})

test('behaviour: a log of a block that is not there yet does not count', async () => {
  const node = chainWith([])
  node.answers.eth_getLogs = () => [{ ...tokenLog(), blockNumber: null, blockHash: null, transactionHash: toHash(1) }]
  expect(await search(node, [ofToken])).toEqual([])
})
