import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { Bundle } from '@/lib/core/bundle'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { BundleNotSendableError, checkBeforeSending } from './checkBeforeSending'

const bundles = fc
  .sample(planArbitrary, { seed: 4, numRuns: 60 })
  .map(({ plan, snapshot }) => composeBundle({ plan, snapshot, deployment }))

function find(has: (bundle: Bundle) => boolean): Bundle {
  const found = bundles.find(has)
  if (found === undefined) throw new Error('no such sample')
  return found
}

const bare = find(({ approvals }) => approvals.length === 0)
const approved = find(({ approvals }) => approvals.length > 0)
const gas = 100_000n
/** What a quarter more gas costs at the fee that the node's blocks lead to, and the value. */
const enough = bare.swap.value + (gas * 5n * 3_000_000_000n) / 4n

/** A node that cannot simulate a bundle. */
function plainNode({ balance = enough }: { balance?: bigint } = {}) {
  const node = new ScriptedNode()
  node.answers.eth_getBalance = () => `0x${balance.toString(16)}`
  node.answers.eth_maxPriorityFeePerGas = () => '0x3b9aca00'
  node.answers.eth_estimateGas = () => `0x${gas.toString(16)}`
  return node
}

const failing = (code: number, message: string) => () => {
  throw Object.assign(new Error(message), { code })
}

describe('a node that cannot simulate a bundle', () => {
  test('default', async () => {
    const node = plainNode()
    await expect(checkBeforeSending(node.client, { bundle: bare, deployment })).resolves.toBeUndefined()
    expect(node.asked).toContain('eth_estimateGas')
  })

  test('behaviour: with approvals it cannot run the swap alone either', async () => {
    const node = plainNode({ balance: 0n })
    await expect(checkBeforeSending(node.client, { bundle: approved, deployment })).resolves.toBeUndefined()
    expect(node.asked).not.toContain('eth_estimateGas')
  })

  test('error: a swap that reverts by itself is not sent', async () => {
    const node = plainNode()
    node.answers.eth_estimateGas = failing(3, 'execution reverted')
    await expect(checkBeforeSending(node.client, { bundle: bare, deployment })).rejects.toMatchObject({
      name: 'CallRevertedError',
    })
  })

  test('error: InsufficientGasError without money for a quarter more gas', async () => {
    const node = plainNode({ balance: bare.swap.value + gas * 1_000_000_000n })
    await expect(checkBeforeSending(node.client, { bundle: bare, deployment })).rejects.toMatchObject({
      name: 'InsufficientGasError',
    })
  })
})

test('error: RpcUnreachableError when there is no block to look at', async () => {
  const node = plainNode()
  node.answers.eth_getBlockByNumber = failing(-32005, 'limit exceeded')
  await expect(checkBeforeSending(node.client, { bundle: bare, deployment })).rejects.toMatchObject({
    failure: 'unreachable',
  })
})

test('error: BundleNotSendableError unless two more blocks fit before the deadline', async () => {
  const node = plainNode()
  const at = (timestamp: number) => {
    node.answers.eth_getBlockByNumber = () => ({
      ...{ number: '0x1', hash: node.hashOf(1), timestamp: `0x${timestamp.toString(16)}`, transactions: [] },
      ...{ baseFeePerGas: '0x3b9aca00', gasLimit: '0x1c9c380' },
    })
    return checkBeforeSending(node.client, { bundle: bare, deployment })
  }
  const last = bare.deadline - 2 * deployment.blockSeconds
  await expect(at(last)).rejects.toThrow(BundleNotSendableError)
  await expect(at(last)).rejects.toMatchObject({ failure: 'deadlinePassed' })
  await expect(at(last - 1)).resolves.toBeUndefined()
})
