import { encodeFunctionData, type Hex } from 'viem'
import { getTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { setDelegation } from '@/devnet/control/delegation'
import { erc20Abi } from '@/lib/chain/abis'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { ExecutionRecord, Rung, StepState } from '@/lib/core/execution/execution'
import { isSpedUp, reduceExecution, summariseExecution } from '@/lib/core/execution/reduceExecution'
import type { Address } from '@/lib/core/units'
import {
  type ExecutionBench,
  refuse,
  type Standing,
  startExecutionBench,
  tokenOf,
} from '@/lib/testing/execution/executionBench'
import { lookAgain } from './lookAgain'
import { resumeExecution, runExecution } from './runExecution'
import { watchExecution } from './watchExecution'

let bench: ExecutionBench

const router = deployment.contracts.swapRouter02
const highFee = 50n * 10n ** 9n

beforeAll(async () => {
  bench = await startExecutionBench()
})
afterAll(() => bench?.stop())
beforeEach(() => bench.reset())

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

type Desk = ReturnType<ExecutionBench['openDesk']>

const stateOf = (desk: Desk, stepIndex = 0): StepState | undefined => desk.record().execution.steps[stepIndex]?.state

/** A batch that changes the account's code as well cannot be sent again by the node alone. */
async function delegate(): Promise<void> {
  await setDelegation(bench.devnet, bench.account, deployment.trustedDelegates[0] ?? bench.nobody)
}

/** An execution whose first transaction waits for its block, which does not come by itself. */
async function sent(rung: Rung, wallet = bench.openWallet()) {
  await delegate()
  const before = await bench.readStanding()
  const composed = await bench.compose()
  const desk = bench.openDesk(rung, composed, wallet.provider)
  await bench.devnet.client.setAutomine(false)
  const stop = new AbortController()
  const running = runExecution(desk.input({ signal: stop.signal, timeoutMs: 20_000 }))
  await expect.poll(() => stateOf(desk)?.status, { timeout: 10_000, interval: 10 }).toBe('awaitingReceipt')
  if (rung === 'approveThenSwap') {
    await expect.poll(() => desk.record().execution.steps[0]?.nonce, { interval: 10 }).toBeDefined()
  }
  const state = stateOf(desk)
  if (state?.status !== 'awaitingReceipt') throw new Error(state?.status)
  const hash = state.id.kind === 'transaction' ? state.id.hash : (state.id.batchId as Hex)
  return { before, composed, wallet, desk, stop, running, hash }
}

/** Takes the nonce of a waiting transaction. */
async function replace(hash: Hex, change: { readonly to: Address; readonly data: Hex }): Promise<Hex> {
  const { nonce } = await bench.client.getTransaction({ hash })
  return bench.devnet.client.sendTransaction({
    account: bench.account,
    nonce,
    gas: 900_000n,
    maxFeePerGas: highFee,
    maxPriorityFeePerGas: highFee,
    ...change,
  })
}

async function mineAtOnce(): Promise<void> {
  await bench.mine()
  await bench.devnet.client.setAutomine(true)
}

async function rawOf(hash: Hex): Promise<Hex> {
  return (await bench.ask('eth_getRawTransactionByHash', hash)) as Hex
}

/** Nothing but gas is gone, nobody may take more than before, and the routers hold nothing. */
async function expectUntouched(before: Standing, fromBlock: bigint): Promise<void> {
  const after = await bench.readStanding()
  const gasPaid = await bench.readGasPaid(fromBlock)
  expect(after.balances).toEqual({ ...before.balances, ETH: (before.balances.ETH ?? 0n) - gasPaid })
  expect(after.allowances).toEqual(before.allowances)
  expect(after.inRouters).toEqual(before.inRouters)
}

function blockOf({ execution }: ExecutionRecord): bigint {
  return execution.steps[0]?.request?.blockNumber ?? 0n
}

describe.each(['approveThenSwap', 'atomicBatch'] as const)('%s', (rung) => {
  test('behaviour: F-20 T-29 sped up under another hash is one success', async () => {
    const { desk, running, hash, wallet } = await sent(rung)
    const { to, input } = await bench.client.getTransaction({ hash })
    const faster = await replace(hash, { to: to ?? router, data: input })
    await mineAtOnce()
    await running
    const [step] = desk.record().execution.steps
    expect(step?.state).toMatchObject({ status: 'confirmed', txHash: faster })
    if (rung === 'approveThenSwap') expect(step !== undefined && isSpedUp(step)).toBe(true)
    expect(summariseExecution(desk.record().execution)).toMatchObject({ status: 'done', finality: 'included' })
    expect(wallet.sends()).toHaveLength(rung === 'atomicBatch' ? 1 : 3)
    expect((await bench.readStanding()).inRouters).toEqual(expect.objectContaining({ LINK: 0n, UNI: 0n, ETH: 0n }))
  })

  test('behaviour: F-23 T-29 dropped after four blocks, and a success if it comes after all', async () => {
    const { desk, running, hash, wallet } = await sent(rung, bench.openWallet({ wallet_getCallsStatus: refuse(5730) }))
    const raw = await rawOf(hash)
    await bench.ask('anvil_dropTransaction', hash)
    if (rung === 'approveThenSwap') {
      await pause(200)
      await bench.mine(3)
      await pause(200)
      expect(stateOf(desk)).toMatchObject({ status: 'awaitingReceipt' })
      await bench.mine(2)
      await expect.poll(() => stateOf(desk)).toMatchObject({ status: 'unresolved', failure: 'dropped' })
      expect(summariseExecution(desk.record().execution)).toMatchObject({ status: 'unresolved', failure: 'dropped' })
    }
    await bench.ask('eth_sendRawTransaction', raw)
    await mineAtOnce()
    await running
    expect(stateOf(desk)).toMatchObject({ status: 'confirmed', txHash: hash })
    expect(summariseExecution(desk.record().execution).status).toBe('done')
    expect(wallet.sends()).toHaveLength(rung === 'atomicBatch' ? 1 : 3)
  })
})

test('behaviour: F-21 T-29 cancelled by the person: nothing is traded', async () => {
  const { before, desk, running, hash } = await sent('approveThenSwap')
  const taker = await replace(hash, { to: bench.account, data: '0x' })
  await mineAtOnce()
  await running
  expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'cancelled', txHash: taker })
  expect(summariseExecution(desk.record().execution)).toEqual({ status: 'failed', stepIndex: 0 })
  await expectUntouched(before, blockOf(desk.record()))
})

test('behaviour: F-21 a batch that was cancelled: the wallet gives it up, and the chain shows what took its nonce', async () => {
  const wallet = bench.openWallet({ wallet_getCallsStatus: () => ({ version: '2.0.0', status: 400 }) })
  const { before, desk, running, hash } = await sent('atomicBatch', wallet)
  const taker = await replace(hash, { to: bench.account, data: '0x' })
  await mineAtOnce()
  await running
  expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'cancelled', txHash: taker })
  await expectUntouched(before, blockOf(desk.record()))
})

test('behaviour: F-22 T-29 another transaction used the nonce: the plan is void', async () => {
  const { before, desk, running, hash } = await sent('approveThenSwap')
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [bench.account, 1n] })
  const taker = await replace(hash, { to: tokenOf('UNI'), data })
  await mineAtOnce()
  await running
  expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'replaced', txHash: taker })
  await expectUntouched(before, blockOf(desk.record()))
})

test('behaviour: F-22 an approval that no node ever showed, and another transaction under the nonce that it was asked for with', async () => {
  const wallet = bench.openWallet({ eth_sendTransaction: () => `0x${'77'.repeat(32)}` })
  const desk = bench.openDesk('approveThenSwap', await bench.compose(), wallet.provider)
  const running = runExecution(desk.input({ timeoutMs: 20_000 }))
  await expect.poll(() => stateOf(desk)?.status).toBe('awaitingReceipt')
  const taker = await bench.sendAlone({ to: bench.account, data: '0x', value: 0n })
  await pause(100)
  await bench.mine(5)
  await running
  expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'cancelled', txHash: taker })
})

test('behaviour: F-22 an amount that was edited in the wallet is not the approval that was reviewed', async () => {
  const wallet = bench.openWallet({
    eth_sendTransaction: (params) => {
      const [{ to }] = params as readonly [{ readonly to: Address }]
      const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, 3n] })
      return bench.sendAlone({ to, data, value: 0n })
    },
  })
  const desk = bench.openDesk('approveThenSwap', await bench.compose(), wallet.provider)
  await runExecution(desk.input())
  expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'replaced' })
  expect(wallet.sends()).toHaveLength(1)
})

test('behaviour: F-23 a dropped swap can only be waited for, and expires with its deadline', async () => {
  const composed = await bench.compose()
  const wallet = bench.openWallet()
  const desk = bench.openDesk('approveThenSwap', composed, wallet.provider)
  const stop = new AbortController()
  const running = runExecution(desk.input({ signal: stop.signal, timeoutMs: 20_000 }))
  await expect.poll(() => stateOf(desk, 1)?.status, { timeout: 10_000 }).toBe('confirmed')
  await bench.devnet.client.setAutomine(false)
  await expect.poll(() => stateOf(desk, 2)?.status, { timeout: 10_000 }).toBe('awaitingReceipt')
  const swap = stateOf(desk, 2)
  const hash = swap?.status === 'awaitingReceipt' && swap.id.kind === 'transaction' ? swap.id.hash : '0x'
  await bench.ask('anvil_dropTransaction', hash)
  await pause(200)
  await bench.mine(5)
  await expect.poll(() => stateOf(desk, 2)).toMatchObject({ status: 'unresolved', failure: 'dropped' })
  await runExecution(desk.input()).catch((error: unknown) => expect(error).toMatchObject({ failure: 'walletPending' }))
  await bench.devnet.client.increaseTime({ seconds: 700 })
  await bench.mine()
  const ended = await running
  expect(ended.steps[2]?.state).toMatchObject({ status: 'notIncluded', cause: 'expired' })
  expect(wallet.sends()).toHaveLength(3)
})

describe('F-24 T-30 a reorganisation', () => {
  /** Watches what a desk has done, as the receipt's screen does. */
  function watch(desk: Desk, provider = bench.openWallet().provider) {
    const stop = new AbortController()
    const { execution } = desk.record()
    const watching = watchExecution({
      of: { executionId: execution.id, account: execution.account, chainId: execution.chainId },
      client: bench.client,
      deployment,
      provider,
      readJournal: desk.record,
      journal: (next) => void desk.journal.push(next),
      dispatch: (event) => void desk.events.push(event),
      signal: stop.signal,
      pollMs: 30,
    })
    return { stop, watching }
  }

  async function done(rung: Rung) {
    const wallet = bench.openWallet()
    const composed = await bench.compose()
    const before = await bench.readStanding()
    const desk = bench.openDesk(rung, composed, wallet.provider)
    await runExecution(desk.input())
    expect(summariseExecution(desk.record().execution)).toMatchObject({ status: 'done', finality: 'included' })
    const hashes = desk
      .record()
      .execution.steps.flatMap(({ state }) => (state.status === 'confirmed' ? [state.txHash] : []))
    const raws = await Promise.all(hashes.map(rawOf))
    return { wallet, composed, before, desk, hashes, raws }
  }

  test.each([1, 2, 3, 4, 5, 6])(
    'behaviour: %i blocks deep, and it is in the new chain: success again',
    async (depth) => {
      const { desk, raws, hashes } = await done('atomicBatch')
      await bench.mine(depth - 1)
      const [old] = [stateOf(desk)]
      const { stop, watching } = watch(desk)
      await bench.ask(
        'anvil_reorg',
        depth,
        raws.map((raw) => [raw, depth - 1]),
      )
      await expect
        .poll(() => stateOf(desk), { timeout: 5_000 })
        .toMatchObject({ status: 'confirmed', txHash: hashes[0] })
      await expect
        .poll(() => (stateOf(desk) as { blockHash?: Hex }).blockHash)
        .not.toBe(old?.status === 'confirmed' ? old.blockHash : undefined)
      await bench.mine(deployment.finality.kind === 'depth' ? deployment.finality.blocks : 0)
      await watching
      expect(summariseExecution(desk.record().execution)).toMatchObject({ status: 'done', finality: 'final' })
      expect(desk.events.reduce(reduceExecution, desk.first.execution)).toEqual(desk.record().execution)
      stop.abort()
    },
  )

  test.each([1, 2, 3, 4, 5, 6])(
    'behaviour: %i blocks deep, and it is not: undone by the chain, balances as before',
    async (depth) => {
      const { desk, before, hashes, wallet } = await done('atomicBatch')
      await bench.mine(depth - 1)
      const { stop, watching } = watch(desk)
      await bench.ask('anvil_reorg', depth, [])
      await expect.poll(() => stateOf(desk)?.status).toBe('awaitingReceipt')
      expect(desk.record().execution.steps[0]?.undone).toMatchObject([{ txHash: hashes[0] }])
      expect(summariseExecution(desk.record().execution)).toEqual({ status: 'active', stepIndex: 0 })
      const after = await bench.readStanding()
      expect(after).toEqual(before)
      await bench.devnet.client.increaseTime({ seconds: 700 })
      await bench.mine(1 + (deployment.finality.kind === 'depth' ? deployment.finality.blocks : 0))
      await watching
      expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'expired', finality: 'final' })
      expect(wallet.sends()).toHaveLength(1)
      stop.abort()
    },
  )

  test('behaviour: approvals and swap go back together and come again together', async () => {
    const { desk, raws } = await done('approveThenSwap')
    const { stop, watching } = watch(desk)
    await bench.ask('anvil_reorg', 3, [])
    await expect
      .poll(() => desk.record().execution.steps.map(({ state }) => state.status))
      .toEqual(['awaitingReceipt', 'awaitingReceipt', 'awaitingReceipt'])
    for (const raw of raws) await bench.ask('eth_sendRawTransaction', raw)
    await expect
      .poll(() => summariseExecution(desk.record().execution), { timeout: 5_000 })
      .toMatchObject({ status: 'done' })
    await bench.mine(9)
    await watching
    expect(summariseExecution(desk.record().execution)).toMatchObject({ finality: 'final' })
    stop.abort()
  })

  test('behaviour: a failure can be taken back too, and the swap succeed in the new chain', async () => {
    const { desk, running, hash, wallet } = await sent('approveThenSwap')
    const raw = await rawOf(hash)
    await replace(hash, { to: bench.account, data: '0x' })
    await mineAtOnce()
    await running
    expect(stateOf(desk)).toMatchObject({ status: 'notIncluded', cause: 'cancelled', finality: 'included' })
    await bench.ask('anvil_reorg', 1, [[raw, 0]])
    const found = await lookAgain(desk.record(), { client: bench.client, deployment, provider: wallet.provider })
    expect(found).toMatchObject([{ stepIndex: 0, type: 'confirmed', txHash: hash }])
  })

  test('behaviour: what is final is not looked at again', async () => {
    const { desk } = await done('atomicBatch')
    await bench.mine(8)
    const { watching } = watch(desk)
    await watching
    expect(await lookAgain(desk.record(), { client: bench.client, deployment })).toEqual([])
    await bench.ask('anvil_reorg', 9, [])
    expect(await lookAgain(desk.record(), { client: bench.client, deployment })).toEqual([])
  })

  test('behaviour: after a reload, resuming says what the chain shows by now', async () => {
    const { desk } = await done('atomicBatch')
    await bench.ask('anvil_reorg', 1, [])
    const resumed = await resumeExecution(desk.input({ timeoutMs: 100 }))
    expect(resumed.steps[0]?.state).toMatchObject({ status: 'unresolved', failure: 'timeout' })
    expect(resumed.steps[0]?.undone).toHaveLength(1)
  })
})

describe('F-25 T-31 another transaction of the account waits', () => {
  const idle = () => ({ to: bench.account, data: '0x' as Hex, value: 0n })

  test.each(['atomicBatch', 'approveThenSwap'] as const)(
    'behaviour: an old one: held until it is acknowledged, %s',
    async (rung) => {
      const composed = await bench.compose()
      const wallet = bench.openWallet()
      const desk = bench.openDesk(rung, composed, wallet.provider)
      await bench.devnet.client.setAutomine(false)
      await bench.sendAlone(idle())
      const nonce = await bench.client.getTransactionCount({ address: bench.account })
      const waiting = { nonce, order: 'before' } as const
      await runExecution(desk.input())
      expect(summariseExecution(desk.record().execution)).toEqual({ status: 'held', stepIndex: 0, waiting })
      await runExecution(desk.input({ acknowledgedNonce: nonce + 1 }))
      expect(summariseExecution(desk.record().execution)).toEqual({ status: 'held', stepIndex: 0, waiting })
      expect(wallet.sends()).toEqual([])

      await runExecution(desk.input({ acknowledgedNonce: nonce, timeoutMs: 200 }))
      expect(wallet.sends()).toHaveLength(1)
      await mineAtOnce()
      await runExecution(desk.input())
      expect(summariseExecution(desk.record().execution).status).toBe('done')
    },
  )

  test('behaviour: once it has cleared, it is reviewed again', async () => {
    const wallet = bench.openWallet()
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    await bench.devnet.client.setAutomine(false)
    await bench.sendAlone(idle())
    await runExecution(desk.input())
    expect(summariseExecution(desk.record().execution).status).toBe('held')
    await mineAtOnce()
    await runExecution(desk.input())
    expect(summariseExecution(desk.record().execution)).toMatchObject({ status: 'paused', failure: 'quoteMoved' })
    expect(wallet.sends()).toEqual([])
  })

  test('behaviour: one behind a gap that ours would fill', async () => {
    const wallet = bench.openWallet()
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    const next = await bench.client.getTransactionCount({ address: bench.account })
    await bench.devnet.client.setAutomine(false)
    await bench.sendAlone(idle(), { nonce: next + 1 })
    await runExecution(desk.input())
    const waiting = { nonce: next + 1, order: 'after' }
    expect(summariseExecution(desk.record().execution)).toEqual({ status: 'held', stepIndex: 0, waiting })
    expect(wallet.sends()).toEqual([])
  })

  test('behaviour: one that only the wallet has seen', async () => {
    const next = await bench.client.getTransactionCount({ address: bench.account })
    const wallet = bench.openWallet({
      eth_getTransactionCount: (params) => {
        const isPending = (params as readonly unknown[])[1] === 'pending'
        return `0x${(next + (isPending ? 1 : 0)).toString(16)}`
      },
    })
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    await runExecution(desk.input())
    const waiting = { nonce: next, order: 'before' }
    expect(summariseExecution(desk.record().execution)).toEqual({ status: 'held', stepIndex: 0, waiting })
  })

  test('behaviour: a wallet whose node is a block ahead of ours, or behind, raises no alarm', async () => {
    const next = await bench.client.getTransactionCount({ address: bench.account })
    for (const count of [next + 1, next - 1]) {
      await bench.reset()
      const wallet = bench.openWallet({ eth_getTransactionCount: () => `0x${Math.max(0, count).toString(16)}` })
      const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
      await runExecution(desk.input())
      expect(summariseExecution(desk.record().execution).status).toBe('done')
    }
  })

  test.each([
    ['refuses', refuse(4200)],
    ['answers nonsense', () => 'many'],
    ['never answers', () => new Promise(() => undefined)],
  ] as const)('behaviour: a wallet that %s when its node is asked does not stand in the way', async (_, handler) => {
    const wallet = bench.openWallet({ eth_getTransactionCount: handler })
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    await runExecution(desk.input())
    expect(summariseExecution(desk.record().execution).status).toBe('done')
  })

  test('behaviour: F-16 with a journal that was lost, what was sent before is noticed on the chain', async () => {
    const { wallet, composed, stop, running } = await sent('atomicBatch')
    stop.abort()
    await running
    const fresh = bench.openDesk('atomicBatch', composed, wallet.provider)
    await runExecution(fresh.input())
    expect(summariseExecution(fresh.record().execution)).toMatchObject({ status: 'held' })
    expect(wallet.sends()).toHaveLength(1)
    await mineAtOnce()
    await runExecution(fresh.input())
    expect(summariseExecution(fresh.record().execution)).toMatchObject({ status: 'paused', failure: 'quoteMoved' })
    expect(wallet.sends()).toHaveLength(1)
  })
})

test('behaviour: T-29 a transaction is followed by its own hash only: another one of the same block is not taken for it', async () => {
  const { desk, running, hash } = await sent('approveThenSwap')
  await bench.devnet.client.sendTransaction({
    account: bench.devnet.accounts.whale.address,
    to: bench.account,
    value: 1n,
    gas: 21_000n,
  })
  await mineAtOnce()
  await running
  const state = stateOf(desk)
  expect(state).toMatchObject({ status: 'confirmed', txHash: hash })
  const receipt = await getTransactionReceipt(bench.client, { hash })
  expect(state?.status === 'confirmed' && state.blockHash).toBe(receipt.blockHash)
})
