import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { setDelegation } from '@/devnet/control/delegation'
import { composeRevoke } from '@/lib/chain/bundle/composeRevoke'
import { bundleCalls } from '@/lib/chain/bundle/hashBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { encodeDelegateBatch } from '@/lib/chain/wallet/delegateBatch'
import type { Rung } from '@/lib/core/execution/execution'
import { mayPutAway, summariseExecution } from '@/lib/core/execution/reduceExecution'
import type { Address } from '@/lib/core/units'
import { encodeJson } from '@/lib/storage/jsonCodec'
import {
  type Composed,
  type ExecutionBench,
  type Handler,
  refuse,
  type Standing,
  startExecutionBench,
  tokenOf,
} from '@/lib/testing/execution/executionBench'
import { lookAgain } from './lookAgain'
import { resumeExecution, runExecution } from './runExecution'

let bench: ExecutionBench

const router = deployment.contracts.swapRouter02
const rungs = ['atomicBatch', 'approveThenSwap'] as const satisfies readonly Rung[]
const exact: Readonly<Record<string, bigint>> = {
  'LINK swapRouter02': 50n * 10n ** 18n,
  'UNI swapRouter02': 90n * 10n ** 18n,
}

beforeAll(async () => {
  bench = await startExecutionBench()
})
afterAll(() => bench?.stop())
beforeEach(() => bench.reset())

const never = () => new Promise<never>(() => undefined)

/** What an account may lose is gas; what it may leave behind are the exact approvals that were made. */
async function expectOnlyGasSpent(
  before: Standing,
  { fromBlock, approved = [] }: { readonly fromBlock: bigint; readonly approved?: readonly string[] },
): Promise<void> {
  const after = await bench.readStanding()
  const gasPaid = await bench.readGasPaid(fromBlock)
  expect(after.balances).toEqual({ ...before.balances, ETH: (before.balances.ETH ?? 0n) - gasPaid })
  expect(after.inRouters).toEqual(before.inRouters)
  expect(after.allowances).toEqual({
    ...before.allowances,
    ...Object.fromEntries(approved.map((name) => [name, exact[name]])),
  })
}

async function newestBlock(): Promise<bigint> {
  return (await bench.client.getBlock()).number
}

describe('F-13 T-23 A-13 a wallet that says atomic and sends call after call', () => {
  /** Sends the first calls of every batch singly and forgets the rest. */
  function breakAfter(count: number, { bundle }: Composed, report: Handler) {
    const hashes: Hex[] = []
    const wallet = bench.openWallet({
      wallet_sendCalls: async () => {
        for (const call of bundleCalls(bundle).slice(0, count)) hashes.push(await bench.sendAlone(call))
        return { id: '0x99' }
      },
      wallet_getCallsStatus: (params, pass) => report(params, pass),
    })
    return { ...wallet, hashes }
  }

  const reports: readonly (readonly [name: string, (hashes: readonly Hex[]) => Handler])[] = [
    ['says confirmed', () => () => ({ status: 200, atomic: true })],
    [
      'names its transactions and says 600',
      (hashes) => () => ({
        status: 600,
        atomic: false,
        receipts: hashes.map((transactionHash) => ({ transactionHash })),
      }),
    ],
    ['says 500', () => () => ({ status: 500 })],
    ['says pending', () => () => ({ status: 100 })],
    ['does not know it', () => refuse(5730)],
  ]
  const cases = reports.flatMap(([name, report]) => [1, 2].map((count) => [count, name, report] as const))

  test.each(cases)('behaviour: stops after %i of 3 and %s: named, listed, revocable', async (count, _, report) => {
    const before = await bench.readStanding()
    const fromBlock = await newestBlock()
    const composed = await bench.compose()
    let reporting: Handler = () => undefined
    const wallet = breakAfter(count, composed, (params, pass) => reporting(params, pass))
    reporting = report(wallet.hashes)
    const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
    const execution = await runExecution(desk.input({ timeoutMs: 400 }))
    const executed = wallet.hashes.map((txHash, callIndex) => ({ callIndex, txHash }))
    expect(execution.steps[0]?.state).toMatchObject({ status: 'broken', executed, rest: 'mayRun' })
    expect(summariseExecution(execution)).toEqual({ status: 'failed', stepIndex: 0 })
    const approved = Object.keys(exact).slice(0, count)
    await expectOnlyGasSpent(before, { fromBlock, approved })

    // It is never asked for again, and never without atomicity.
    expect(mayPutAway(execution)).toBe(false)
    await runExecution(desk.input())
    expect(wallet.sends()).toHaveLength(1)
    expect(wallet.sends()[0]?.params).toMatchObject([{ atomicRequired: true }])

    for (const token of ['LINK', 'UNI'].slice(0, count).map(tokenOf)) {
      await bench.sendAlone(composeRevoke({ kind: 'erc20', token, spender: router }, deployment))
    }
    await expectOnlyGasSpent(before, { fromBlock })
    await bench.devnet.client.increaseTime({ seconds: 700 })
    await bench.mine()
    const over = await resumeExecution(desk.input())
    expect(over.steps[0]?.state).toMatchObject({ status: 'broken', executed, rest: 'over' })
    expect(mayPutAway(over)).toBe(true)
  })

  test('behaviour: stops after 0 of 3: nothing is on the chain, and after the deadline nothing can come', async () => {
    const before = await bench.readStanding()
    const fromBlock = await newestBlock()
    const composed = await bench.compose()
    const wallet = breakAfter(0, composed, () => ({ status: 200 }))
    const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
    const waiting = await runExecution(desk.input({ timeoutMs: 200 }))
    expect(summariseExecution(waiting)).toEqual({ status: 'unresolved', stepIndex: 0, failure: 'timeout' })
    await bench.devnet.client.increaseTime({ seconds: 700 })
    await bench.mine()
    const over = await resumeExecution(desk.input())
    expect(over.steps[0]?.state).toMatchObject({ status: 'notIncluded', cause: 'expired' })
    await expectOnlyGasSpent(before, { fromBlock })
  })

  test.each(reports)('behaviour: sends 3 of 3 and %s: all was traded, and it is named', async (_, report) => {
    const before = await bench.readStanding()
    const composed = await bench.compose()
    let reporting: Handler = () => undefined
    const wallet = breakAfter(3, composed, (params, pass) => reporting(params, pass))
    reporting = report(wallet.hashes)
    const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
    const execution = await runExecution(desk.input())
    const [link, uni, swap] = wallet.hashes
    expect(execution.steps[0]?.state).toMatchObject({ status: 'confirmed', txHash: swap, splitHashes: [link, uni] })
    expect(summariseExecution(execution).status).toBe('done')
    const after = await bench.readStanding()
    expect(after.allowances).toEqual(before.allowances)
    expect(after.inRouters).toEqual(before.inRouters)
  })

  test('behaviour: goes on later: what it says is true at every moment', async () => {
    const composed = await bench.compose()
    const wallet = breakAfter(2, composed, () => ({ status: 100 }))
    const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
    await runExecution(desk.input({ timeoutMs: 200 }))
    expect(desk.record().execution.steps[0]?.state).toMatchObject({ status: 'broken', rest: 'mayRun' })
    await bench.sendAlone(composed.bundle.swap)
    for (const event of await lookAgain(desk.record(), { client: bench.client, deployment })) desk.events.push(event)
    expect(desk.events.at(-1)).toMatchObject({ type: 'confirmed', splitHashes: wallet.hashes })
  })

  test('behaviour: the swap came alone and failed: no more of it can run', async () => {
    const before = await bench.readStanding()
    const fromBlock = await newestBlock()
    const composed = await bench.compose()
    const calls = bundleCalls(composed.bundle)
    const wallet = bench.openWallet({
      wallet_sendCalls: async () => {
        for (const call of [calls[0], calls[2]]) if (call !== undefined) await bench.sendAlone(call)
        return { id: '0x99' }
      },
      wallet_getCallsStatus: () => ({ status: 600 }),
    })
    const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
    const execution = await runExecution(desk.input())
    expect(execution.steps[0]?.state).toMatchObject({ status: 'broken', executed: [{ callIndex: 0 }], rest: 'over' })
    await expectOnlyGasSpent(before, { fromBlock, approved: ['LINK swapRouter02'] })
  })
})

describe('F-13 A-13 through the Universal Router', () => {
  test('default', async () => {
    const composed = await bench.composeThroughUniversalRouter()
    const desk = bench.openDesk('atomicBatch', composed, bench.openWallet().provider)
    const execution = await runExecution(desk.input())
    expect(execution.steps[0]?.state).toMatchObject({ status: 'confirmed' })
    expect(execution.steps[0]?.state).not.toHaveProperty('splitHashes')
  })

  test.each([1, 2, 3])(
    'behaviour: call after call, %i of 3: Permit2 lets nothing be taken in a later block',
    async (count) => {
      const before = await bench.readStanding()
      const fromBlock = await newestBlock()
      const composed = await bench.composeThroughUniversalRouter()
      const hashes: Hex[] = []
      const wallet = bench.openWallet({
        wallet_sendCalls: async () => {
          for (const call of bundleCalls(composed.bundle).slice(0, count)) {
            // A block later means a second later, also where the chain runs ahead of this machine's clock.
            const { timestamp } = await bench.devnet.client.getBlock()
            await bench.devnet.client.setNextBlockTimestamp({ timestamp: timestamp + 2n })
            hashes.push(await bench.sendAlone(call))
          }
          return { id: '0x99' }
        },
        wallet_getCallsStatus: () => ({ status: 200 }),
      })
      const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
      const execution = await runExecution(desk.input({ timeoutMs: 400 }))
      const executed = hashes.slice(0, 2).map((txHash, callIndex) => ({ callIndex, txHash }))
      const rest = count === 3 ? 'over' : 'mayRun'
      expect(execution.steps[0]?.state).toMatchObject({ status: 'broken', executed, rest })
      const after = await bench.readStanding()
      const gasPaid = await bench.readGasPaid(fromBlock)
      expect(after.balances).toEqual({ ...before.balances, ETH: (before.balances.ETH ?? 0n) - gasPaid })
      expect(after.allowances).toEqual({ ...before.allowances, 'LINK permit2': 80n * 10n ** 18n })
      const link = tokenOf('LINK')
      await bench.sendAlone(
        composeRevoke({ kind: 'erc20', token: link, spender: deployment.contracts.permit2 }, deployment),
      )
      expect((await bench.readStanding()).allowances).toEqual(before.allowances)
    },
  )
})

test('behaviour: F-17 a wallet that takes its gas in a token that is sold, in the same batch', async () => {
  const composed = await bench.compose()
  const data = encodeFunctionData({
    abi: parseAbi(['function transfer(address to, uint256 amount) returns (bool)']),
    functionName: 'transfer',
    args: [bench.devnet.accounts.whale.address, 10n ** 15n],
  })
  await setDelegation(bench.devnet, bench.account)
  const wallet = bench.openWallet({
    wallet_sendCalls: async () => {
      const calls = [...bundleCalls(composed.bundle), { to: tokenOf('LINK'), data, value: 0n }]
      await bench.sendAlone({ to: bench.account, data: encodeDelegateBatch(calls), value: 0n }, { gas: 2_000_000n })
      return { id: '0x9' }
    },
    wallet_getCallsStatus: refuse(5730),
  })
  const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
  const execution = await runExecution(desk.input())
  expect(summariseExecution(execution).status).toBe('done')
})

describe('F-14 T-24 an account that unknown code controls', () => {
  test.each(rungs)('behaviour: nothing is asked of its wallet, %s', async (rung) => {
    const composed = await bench.compose()
    await setDelegation(bench.devnet, bench.account, '0x000000000000000000000000000000000000dEaD')
    const wallet = bench.openWallet()
    const desk = bench.openDesk(rung, composed, wallet.provider)
    const execution = await runExecution(desk.input())
    expect(summariseExecution(execution)).toEqual({ status: 'paused', stepIndex: 0, failure: 'unknownDelegate' })
    expect(wallet.asked).toEqual([])
    await setDelegation(bench.devnet, bench.account, deployment.trustedDelegates[0])
    await runExecution(desk.input())
    expect(summariseExecution(desk.record().execution).status).toBe('done')
  })
})

test('behaviour: F-15 T-26 A-25 a hundred clicks are one request', async () => {
  const composed = await bench.compose()
  const wallet = bench.openWallet()
  const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
  const clicks = await Promise.allSettled(Array.from({ length: 100 }, () => runExecution(desk.input())))
  expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(wallet.sends()).toHaveLength(1)
})

test('behaviour: F-15 A-25 while one rebalance can still move value, another is not begun over its head', async () => {
  const composed = await bench.compose()
  const wallet = bench.openWallet()
  const first = bench.openDesk('atomicBatch', composed, wallet.provider)
  await bench.devnet.client.setAutomine(false)
  await runExecution(first.input({ timeoutMs: 100 }))
  expect(summariseExecution(first.record().execution).status).toBe('unresolved')
  const second = bench.openDesk('atomicBatch', composed, wallet.provider)
  const begin = runExecution(second.input({ readJournal: first.record }))
  await expect(begin).rejects.toMatchObject({ name: 'WalletPendingError' })
  expect(wallet.sends()).toHaveLength(1)
  expect(second.journal).toEqual([])
})

test('behaviour: F-24 A-25 nor while one that was confirmed has been taken back by the chain', async () => {
  const composed = await bench.compose()
  const wallet = bench.openWallet()
  const first = bench.openDesk('atomicBatch', composed, wallet.provider)
  await runExecution(first.input())
  expect(mayPutAway(first.record().execution)).toBe(true)
  await bench.ask('anvil_reorg', 1, [])
  const second = bench.openDesk('atomicBatch', composed, wallet.provider)
  const begin = runExecution(second.input({ readJournal: first.record }))
  await expect(begin).rejects.toMatchObject({ name: 'WalletPendingError' })
})

describe('F-16 T-27 a reload at every state of the journal', () => {
  test.each(rungs)('behaviour: reaches the same end, with no second request, %s', async (rung) => {
    const composed = await bench.compose()
    const wallet = bench.openWallet()
    const desk = bench.openDesk(rung, composed, wallet.provider)
    await runExecution(desk.input())
    const end = desk.record().execution.steps.map(({ state }) => state)
    const sends = wallet.sends().length
    expect(desk.journal.length).toBeGreaterThanOrEqual(3)
    for (const left of [...desk.journal]) {
      // Another id stands for a fresh page: this one may still have the request open.
      const record = { ...left, execution: { ...left.execution, id: `reloaded ${desk.journal.indexOf(left)}` } }
      const reloaded = await resumeExecution(desk.input({ ...record, journal: () => undefined }))
      const steps = reloaded.steps.map(({ state }) => state)
      for (const [index, state] of steps.entries()) {
        if (state.status === 'confirmed') expect(state).toMatchObject({ ...end[index], id: state.id })
        else expect(['idle', 'unsent']).toContain(state.status)
      }
      expect(wallet.sends()).toHaveLength(sends)
    }
  })
})

describe('F-17 what a wallet says of its batch', () => {
  const statuses: readonly (readonly [name: string, Handler])[] = [
    ['100', () => ({ status: 100 })],
    ['200 without receipts', () => ({ status: 200 })],
    ['200 with no receipts', () => ({ status: 200, receipts: [] })],
    ['200 with receipts of nothing', () => ({ status: 200, receipts: [null, {}, { transactionHash: 7 }] })],
    ['400', () => ({ status: 400 })],
    ['500 although it was mined', () => ({ status: 500 })],
    ['600', () => ({ status: 600 })],
    ['700', () => ({ status: 700 })],
    ['777', () => ({ status: 777 })],
    ['CONFIRMED', () => ({ status: 'CONFIRMED' })],
    ['PENDING', () => ({ status: 'PENDING' })],
    ['a number as a text', () => ({ status: '200' })],
    ['nothing', () => undefined],
    ['null', () => null],
    ['an error 5730', refuse(5730)],
    ['an error without a code', () => Promise.reject('no')],
    [
      'a throw',
      () => {
        throw undefined
      },
    ],
  ]

  test.each(statuses)('behaviour: %s of a batch that is on the chain', async (_, report) => {
    const wallet = bench.openWallet({ wallet_getCallsStatus: report })
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    expect(summariseExecution(await runExecution(desk.input())).status).toBe('done')
  })

  test.each(statuses)('behaviour: %s of a batch that is nowhere', async (name, report) => {
    const before = await bench.readStanding()
    const fromBlock = await newestBlock()
    const wallet = bench.openWallet({ wallet_sendCalls: () => ({ id: '0x5' }), wallet_getCallsStatus: report })
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    const execution = await runExecution(desk.input({ timeoutMs: 300 }))
    const id = { kind: 'batch', batchId: '0x5' }
    expect(execution.steps[0]?.state).toMatchObject(
      name === '400'
        ? { status: 'notIncluded', id, cause: 'droppedByWallet' }
        : { status: 'unresolved', id, failure: 'timeout' },
    )
    await expectOnlyGasSpent(before, { fromBlock })
  })

  test('behaviour: no answer, ever', async () => {
    const wallet = bench.openWallet({ wallet_getCallsStatus: never })
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    expect(summariseExecution(await runExecution(desk.input({ timeoutMs: 20_000 }))).status).toBe('done')
  })
})

describe('F-18 T-28 every way to say no', () => {
  const coded = (code: unknown, message: string) => Object.assign(new Error(message), { code })
  const errors: readonly (readonly [name: string, error: unknown, failure: string])[] = [
    ['4001', coded(4001, 'User rejected the request.'), 'rejected'],
    ['4001 as a text', { code: '4001' }, 'rejected'],
    ['ACTION_REJECTED', { code: 'ACTION_REJECTED' }, 'rejected'],
    ['5750', coded(5750, 'rejected upgrade'), 'rejected'],
    ['4100', coded(4100, 'unauthorized'), 'walletLocked'],
    ['4900', coded(4900, 'disconnected'), 'unreachable'],
    ['4901', coded(4901, 'chain disconnected'), 'wrongChain'],
    ['-32002', coded(-32002, 'already pending'), 'walletPending'],
    ['-32603', coded(-32603, 'internal'), 'unknown'],
    ['a plain string', 'no', 'unknown'],
    ['undefined', undefined, 'unknown'],
    ['null', null, 'unknown'],
    ['a number', 42, 'unknown'],
    ['an error without a code', new Error('no'), 'unknown'],
    ['a huge message', coded(-32603, 'x'.repeat(2_000_000)), 'unknown'],
  ]

  test.each(rungs.flatMap((rung) => errors.map((each) => [rung, ...each] as const)))(
    'behaviour: %s, %s: nothing changed, and it can be asked for again',
    async (rung, _, error, failure) => {
      const before = await bench.readStanding()
      const fromBlock = await newestBlock()
      const composed = await bench.compose()
      const no = () => Promise.reject(error)
      const wallet = bench.openWallet({ wallet_sendCalls: no, eth_sendTransaction: no })
      const desk = bench.openDesk(rung, composed, wallet.provider)
      const execution = await runExecution(desk.input())
      expect(summariseExecution(execution)).toEqual({ status: 'paused', stepIndex: 0, failure })
      expect(mayPutAway(execution)).toBe(true)
      expect(wallet.sends()).toHaveLength(1)
      await expectOnlyGasSpent(before, { fromBlock })
      expect(encodeJson(desk.record().execution).length).toBeLessThan(5_000)
    },
  )
})

describe('F-19 T-28 no answer', () => {
  test.each(rungs)('behaviour: waiting can be called off; the answer that comes later is kept, %s', async (rung) => {
    const composed = await bench.compose()
    let answerNow: () => Promise<void> = async () => undefined
    const slow: Handler = (_, pass) =>
      new Promise((resolve) => {
        answerNow = async () => resolve(await pass())
      })
    const wallet = bench.openWallet({ wallet_sendCalls: slow, eth_sendTransaction: slow })
    const desk = bench.openDesk(rung, composed, wallet.provider)
    const stop = new AbortController()
    const running = runExecution(desk.input({ signal: stop.signal, readJournal: desk.record }))
    await expect.poll(() => wallet.sends().length).toBe(1)
    stop.abort()
    const left = await running
    expect(summariseExecution(left)).toEqual({ status: 'active', stepIndex: 0 })
    expect(mayPutAway(left)).toBe(false)

    await answerNow()
    await expect.poll(() => desk.record().execution.steps[0]?.state.status).toBe('awaitingReceipt')
    const quick = bench.openWallet()
    await runExecution(desk.input({ provider: quick.provider, readJournal: desk.record }))
    expect(summariseExecution(desk.record().execution).status).toBe('done')
    expect(wallet.sends().length + quick.sends().length).toBe(rung === 'atomicBatch' ? 1 : 3)
  })

  test('behaviour: looked for again on the same page, a refusal counts at once', async () => {
    const composed = await bench.compose()
    let refuseNow: () => void = () => undefined
    const wallet = bench.openWallet({
      wallet_sendCalls: () =>
        new Promise((_resolve, reject) => {
          refuseNow = () => reject(Object.assign(new Error('no'), { code: 4001 }))
        }),
    })
    const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
    const stop = new AbortController()
    const running = runExecution(desk.input({ signal: stop.signal }))
    await expect.poll(() => wallet.sends().length).toBe(1)
    stop.abort()
    await running
    const resuming = resumeExecution(desk.input())
    refuseNow()
    expect(summariseExecution(await resuming)).toEqual({ status: 'paused', stepIndex: 0, failure: 'rejected' })
  })

  test.each(['eth_accounts', 'eth_chainId'] as const)(
    'behaviour: a locked wallet that leaves %s open',
    async (method) => {
      const wallet = bench.openWallet({ [method]: never })
      const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
      const execution = await runExecution(desk.input())
      expect(summariseExecution(execution)).toMatchObject({ status: 'paused', failure: 'walletLocked' })
      expect(wallet.sends()).toEqual([])
    },
  )
})

describe('T-27 a page that was left while the wallet asked', () => {
  /** What the journal holds then, at a step of rung 2. */
  async function interrupted(stepIndex: number) {
    const composed = await bench.compose()
    let prompts = 0
    const wallet = bench.openWallet({
      eth_sendTransaction: (_, pass) => {
        prompts += 1
        return prompts === stepIndex + 1 ? never() : pass()
      },
    })
    const desk = bench.openDesk('approveThenSwap', composed, wallet.provider)
    const stop = new AbortController()
    const running = runExecution(desk.input({ signal: stop.signal }))
    await expect.poll(() => wallet.sends().length, { timeout: 10_000 }).toBe(stepIndex + 1)
    stop.abort()
    await running
    const { execution } = desk.record()
    return { desk, wallet, execution: { ...execution, id: 'reloaded' } }
  }

  test('behaviour: a swap whose approval is revoked cannot run any more: a new plan at once', async () => {
    const { desk, execution } = await interrupted(2)
    const resuming = resumeExecution(desk.input({ execution, timeoutMs: 20_000 }))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(desk.record().execution.steps[2]?.state.status).toBe('awaitingSignature')
    await bench.sendAlone(composeRevoke({ kind: 'erc20', token: tokenOf('UNI'), spender: router }, deployment))
    const resumed = await resuming
    expect(summariseExecution(resumed)).toEqual({ status: 'paused', stepIndex: 2, failure: 'balanceChanged' })
    expect(mayPutAway(resumed)).toBe(true)
  })

  test('behaviour: a person who declined it in the wallet says so, and the chain bears it out', async () => {
    const { desk, execution } = await interrupted(2)
    const resumed = await resumeExecution(desk.input({ execution, isDeclined: true }))
    expect(summariseExecution(resumed)).toEqual({ status: 'paused', stepIndex: 2, failure: 'rejected' })
  })

  test('behaviour: a person who says so although it was signed is corrected by the chain', async () => {
    const { desk, wallet, execution } = await interrupted(2)
    const asked = wallet.sends()[2]?.params as readonly { to: Address; data: Hex; value: Hex }[] | undefined
    for (const { to, data, value } of asked ?? []) await bench.sendAlone({ to, data, value: BigInt(value) })
    const resumed = await resumeExecution(desk.input({ execution, isDeclined: true }))
    expect(summariseExecution(resumed).status).toBe('done')
  })

  test('behaviour: an approval can be asked for again', async () => {
    const { desk, execution } = await interrupted(1)
    const resumed = await resumeExecution(desk.input({ execution }))
    expect(summariseExecution(resumed)).toEqual({ status: 'paused', stepIndex: 1, failure: 'timeout' })
  })
})

describe('A-35 A-13 stopped after any part of rung 2', () => {
  test.each([0, 1, 2])('behaviour: after %i of 3 steps nothing is traded; gone on with, all is', async (steps) => {
    const before = await bench.readStanding()
    const fromBlock = await newestBlock()
    let prompts = 0
    const wallet = bench.openWallet({
      eth_sendTransaction: (params, pass) => {
        prompts += 1
        return prompts === steps + 1 ? refuse(4001)(params, pass) : pass()
      },
    })
    const desk = bench.openDesk('approveThenSwap', await bench.compose(), wallet.provider)
    const execution = await runExecution(desk.input())
    expect(summariseExecution(execution)).toEqual({ status: 'paused', stepIndex: steps, failure: 'rejected' })
    await expectOnlyGasSpent(before, { fromBlock, approved: Object.keys(exact).slice(0, steps) })
    await runExecution(desk.input())
    expect(summariseExecution(desk.record().execution).status).toBe('done')
    const after = await bench.readStanding()
    expect(after.allowances).toEqual(before.allowances)
    expect(after.inRouters).toEqual(before.inRouters)
  })
})

describe('the ladder', () => {
  test.each([5710, 5760, 5700, 4200, -32601, -32602, -32004])(
    'behaviour: F-29 %i at send although the wallet said that it could: asked first, then approvals and one swap',
    async (code) => {
      const composed = await bench.compose()
      const wallet = bench.openWallet({ wallet_sendCalls: refuse(code) })
      const desk = bench.openDesk('atomicBatch', composed, wallet.provider)
      const execution = await runExecution(desk.input())
      expect(summariseExecution(execution)).toMatchObject({ status: 'paused', failure: 'batchUnsupported' })
      // Nothing goes out until the person has chosen the other way.
      expect(wallet.sends()).toHaveLength(1)
      const other = bench.openDesk('approveThenSwap', composed, wallet.provider)
      await runExecution(other.input({ readJournal: desk.record }))
      expect(summariseExecution(other.record().execution).status).toBe('done')
      expect(wallet.sends().map(({ method }) => method)).toEqual([
        'wallet_sendCalls',
        ...Array(3).fill('eth_sendTransaction'),
      ])
    },
  )

  test('behaviour: F-27 5740 is said as what it is', async () => {
    const wallet = bench.openWallet({ wallet_sendCalls: refuse(5740) })
    const desk = bench.openDesk('atomicBatch', await bench.compose(), wallet.provider)
    expect(summariseExecution(await runExecution(desk.input()))).toMatchObject({ failure: 'batchTooLarge' })
  })

  test.each(rungs)('behaviour: F-27 more gas than a block has room for, %s', async (rung) => {
    const composed = await bench.compose()
    await bench.ask('evm_setBlockGasLimit', '0x493e0')
    await bench.mine()
    const wallet = bench.openWallet()
    const desk = bench.openDesk(rung, composed, wallet.provider)
    const execution = await runExecution(desk.input())
    await bench.ask('evm_setBlockGasLimit', '0x3938700')
    await bench.mine()
    expect(summariseExecution(execution)).toMatchObject({ status: 'paused', failure: 'batchTooLarge' })
    expect(wallet.sends()).toEqual([])
  })
})
