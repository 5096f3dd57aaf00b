import { encodeFunctionData, numberToHex, parseAbi } from 'viem'
import { getTransactionReceipt, readContract } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { erc20Abi, swapRouter02Abi } from '@/lib/chain/abis'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { runMarkerAddress } from '@/lib/chain/runMarker'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { ExecutionRecord, Rung } from '@/lib/core/execution/execution'
import { reduceExecution, summariseExecution } from '@/lib/core/execution/reduceExecution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'
import {
  type ExecutionBench,
  type Handler,
  refuse,
  startExecutionBench,
  tokenOf,
} from '@/lib/testing/execution/executionBench'
import { readOutcome } from './readOutcome'
import { resumeExecution, runExecution } from './runExecution'

let bench: ExecutionBench
let devnet: ExecutionBench['devnet']
let client: ExecutionBench['client']
let account: Address
let compose: ExecutionBench['compose']
let openWallet: ExecutionBench['openWallet']
let openDesk: ExecutionBench['openDesk']

const router = deployment.contracts.swapRouter02
const weth = deployment.contracts.wrappedNative
const [link, uni, usdc] = ['LINK', 'UNI', 'USDC'].map(tokenOf) as [Address, Address, Address]

beforeAll(async () => {
  bench = await startExecutionBench()
  ;({ devnet, client, account, compose, openWallet, openDesk } = bench)
})
afterAll(() => bench?.stop())
beforeEach(() => bench.reset())

function allowance(token: Address): Promise<bigint> {
  return readContract(client, { address: token, abi: erc20Abi, functionName: 'allowance', args: [account, router] })
}

async function asDone(plan: RebalancePlan, record: ExecutionRecord): Promise<void> {
  const summary = summariseExecution(record.execution)
  expect([
    summary.status,
    record.execution.steps.at(-1)?.state.status === 'confirmed' ? '' : record.execution.steps.at(-1)?.state,
  ]).toEqual(['done', ''])
  if (summary.status !== 'done') return
  const receipt = await getTransactionReceipt(client, { hash: summary.txHash })
  const outcome = await readOutcome(client, { receipt, plan, deployment })
  expect(outcome.legs.map(({ receivedOut }) => receivedOut)).toEqual(plan.legs.map(({ quotedOut }) => quotedOut))
  for (const { amount } of outcome.allowancesAfter) expect(amount).toBe(0n)
}

/** The node answers before the block is there. */
async function mined(hash: Hex): Promise<void> {
  await devnet.client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
}

const whale = () => devnet.accounts.whale.address

/** Sells LINK into the plan's first pool for it, much or little. */
async function movePools(amount: bigint, { maxFeePerGas }: { maxFeePerGas?: bigint } = {}): Promise<Hex> {
  const params = {
    tokenIn: link,
    tokenOut: weth,
    fee: 3000,
    recipient: whale(),
    amountIn: amount,
    amountOutMinimum: 0n,
    sqrtPriceLimitX96: 0n,
  }
  await devnet.client.setBalance({ address: whale(), value: 10n ** 24n })
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, amount] })
  const swap = encodeFunctionData({ abi: swapRouter02Abi, functionName: 'exactInputSingle', args: [params] })
  const fees = maxFeePerGas === undefined ? {} : { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas }
  await devnet.client.sendTransaction({ account: whale(), to: link, data: approve, gas: 100_000n, ...fees })
  return devnet.client.sendTransaction({ account: whale(), to: router, data: swap, gas: 900_000n, ...fees })
}

describe('to the end', () => {
  test('behaviour: one batch, one prompt, executed as planned', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    const execution = await runExecution(desk.input())
    expect(execution).toEqual(desk.record().execution)
    expect(desk.events.reduce(reduceExecution, desk.first.execution)).toEqual(execution)
    await asDone(composed.plan, desk.record())
    expect(wallet.sends()).toHaveLength(1)
    expect(wallet.sends()[0]?.params).toMatchObject([
      { atomicRequired: true, version: '2.0.0', chainId: '0x7a69', from: account },
    ])
  })

  test('behaviour: approvals one by one, then the swap with fresh minimums', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const desk = openDesk('approveThenSwap', composed, wallet.provider)
    const { steps } = await runExecution(desk.input())
    expect(steps.map(({ kind }) => kind)).toEqual(['approval', 'approval', 'swap'])
    await asDone(composed.plan, desk.record())
    expect(wallet.sends().map(({ method }) => method)).toEqual(Array(3).fill('eth_sendTransaction'))
    for (const { params } of wallet.sends()) {
      expect(Object.isFrozen(params)).toBe(true)
      expect(params).toMatchObject([{ from: account, chainId: '0x7a69', gas: expect.stringMatching(/^0x/) }])
    }
  })

  test('behaviour: T-26 T-27 every request is in the journal before the wallet sees it', async () => {
    const composed = await compose()
    const seen: (string | undefined)[] = []
    const wallet = openWallet({
      eth_sendTransaction: (_, pass) => {
        const { steps } = desk.record().execution
        seen.push(steps.find(({ state }) => state.status === 'awaitingSignature')?.request?.callsHash)
        return pass()
      },
    })
    const desk = openDesk('approveThenSwap', composed, wallet.provider)
    await runExecution(desk.input())
    expect(seen.filter((hash) => hash !== undefined)).toHaveLength(3)
  })

  test('behaviour: A-27 T-25 T-35 only the methods that are announced are ever asked of the wallet, and none that signs', async () => {
    const wallet = openWallet()
    const composed = await compose()
    await runExecution(openDesk('approveThenSwap', composed, wallet.provider).input())
    await runExecution(openDesk('atomicBatch', await compose(), wallet.provider).input())
    expect([...new Set(wallet.asked.map(({ method }) => method))].sort()).toEqual([
      'eth_accounts',
      'eth_call',
      'eth_chainId',
      'eth_getTransactionCount',
      'eth_sendTransaction',
      'wallet_getCallsStatus',
      'wallet_sendCalls',
    ])
  })
})

describe('stopped before anything is sent', () => {
  const cases: readonly (readonly [name: string, Readonly<Record<string, Handler>>, failure: string])[] = [
    ['declined', { wallet_sendCalls: refuse(4001) }, 'rejected'],
    ['declined at the upgrade', { wallet_sendCalls: refuse(5750) }, 'rejected'],
    ['not connected', { wallet_sendCalls: refuse(4100) }, 'walletLocked'],
    ['no batches after all', { wallet_sendCalls: refuse(5710) }, 'batchUnsupported'],
    ['no such method', { wallet_sendCalls: refuse(-32601) }, 'batchUnsupported'],
    ['no such capability', { wallet_sendCalls: refuse(5700) }, 'batchUnsupported'],
    ['too many calls', { wallet_sendCalls: refuse(5740) }, 'batchTooLarge'],
    ['a prompt already open', { wallet_sendCalls: refuse(-32002) }, 'walletPending'],
    ['an odd error', { wallet_sendCalls: refuse(-32603) }, 'unknown'],
    ['F-11 A-24 another chain', { eth_chainId: () => '0x1' }, 'wrongChain'],
    ['F-10 A-24 another account', { eth_accounts: () => [router] }, 'wrongAccount'],
    ['locked', { eth_accounts: () => [] }, 'walletLocked'],
    [
      'another run of the chain',
      {
        eth_call: (params, pass) =>
          JSON.stringify(params).includes(runMarkerAddress) ? `0x${'00'.repeat(32)}` : pass(),
      },
      'differentChainState',
    ],
  ]

  test.each(cases)('behaviour: %s', async (_, handlers, failure) => {
    const composed = await compose()
    const wallet = openWallet(handlers)
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    const before = await client.getTransactionCount({ address: account })
    const execution = await runExecution(desk.input())
    expect(summariseExecution(execution)).toEqual({ status: 'paused', stepIndex: 0, failure })
    expect(await client.getTransactionCount({ address: account })).toBe(before)

    await runExecution(desk.input({ provider: openWallet().provider }))
    await asDone(composed.plan, desk.record())
  })

  test('behaviour: declined between approvals, and gone on with', async () => {
    const composed = await compose()
    let prompts = 0
    const declining = openWallet({
      eth_sendTransaction: (params, pass) => {
        prompts += 1
        return prompts === 2 ? refuse(4001)(params, pass) : pass()
      },
    })
    const desk = openDesk('approveThenSwap', composed, declining.provider)
    const execution = await runExecution(desk.input())
    expect(execution.steps.map(({ state }) => state.status)).toEqual(['confirmed', 'unsent', 'idle'])
    expect(await allowance(link)).toBe(50n * 10n ** 18n)
    expect(await allowance(uni)).toBe(0n)
    await runExecution(desk.input())
    await asDone(composed.plan, desk.record())
    expect(prompts).toBe(4)
  })

  test('behaviour: A-12 bytes that are not those that were reviewed', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const { swap } = composed.bundle
    const tampered = {
      ...composed.bundle,
      swap: { ...swap, data: swap.data.replace(/0{24}/, '0'.repeat(23).concat('1')) as Hex },
    }
    for (const rung of ['atomicBatch', 'approveThenSwap'] as const) {
      const desk = openDesk(rung, composed, wallet.provider)
      const execution = await runExecution(desk.input({ bundle: tampered }))
      expect(summariseExecution(execution)).toMatchObject({ status: 'paused', failure: 'hashMismatch' })
    }
    expect(wallet.sends()).toEqual([])
  })

  test('behaviour: F-62 a balance that changed since the plan', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const data = encodeFunctionData({
      abi: parseAbi(['function transfer(address to, uint256 amount) returns (bool)']),
      functionName: 'transfer',
      args: [whale(), 880n * 10n ** 18n],
    })
    await mined(await devnet.client.sendTransaction({ account, to: link, data }))
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    expect(summariseExecution(await runExecution(desk.input()))).toMatchObject({
      status: 'paused',
      failure: 'balanceChanged',
    })
    expect(wallet.sends()).toEqual([])
  })

  test('behaviour: a pool that moved too far since the plan', async () => {
    const composed = await compose()
    await mined(await movePools(40_000n * 10n ** 18n))
    const wallet = openWallet()
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    expect(summariseExecution(await runExecution(desk.input()))).toMatchObject({
      status: 'paused',
      failure: 'quoteMoved',
    })
    expect(wallet.sends()).toEqual([])
  })

  test('behaviour: a pool that moved by more than 0.1 % between approvals and swap', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const desk = openDesk('approveThenSwap', composed, wallet.provider)
    const { requote } = desk.input()
    const execution = await runExecution(
      desk.input({
        requote: async () => {
          await mined(await movePools(4_000n * 10n ** 18n))
          return requote()
        },
      }),
    )
    expect(summariseExecution(execution)).toEqual({ status: 'paused', stepIndex: 2, failure: 'quoteMoved' })
    expect(wallet.sends()).toHaveLength(2)
  })

  test('behaviour: a deadline that is over', async () => {
    const composed = await compose()
    await devnet.client.increaseTime({ seconds: 700 })
    await devnet.client.mine({ blocks: 1 })
    const wallet = openWallet()
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    expect(summariseExecution(await runExecution(desk.input()))).toMatchObject({
      status: 'paused',
      failure: 'deadlinePassed',
    })
    expect(wallet.sends()).toEqual([])
  })

  test('behaviour: F-26 T-32 no money for gas', async () => {
    const composed = await compose()
    await devnet.client.setBalance({ address: account, value: 10n ** 18n + 1n })
    const wallet = openWallet()
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    expect(summariseExecution(await runExecution(desk.input()))).toMatchObject({
      status: 'paused',
      failure: 'insufficientGas',
    })
    expect(wallet.sends()).toEqual([])
  })

  test('error: F-15 T-26 A-25 WalletPendingError when one is already under way', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    const running = runExecution(desk.input())
    await expect(runExecution(desk.input())).rejects.toMatchObject({ name: 'WalletPendingError' })
    await running
    await asDone(composed.plan, desk.record())
    expect(wallet.sends()).toHaveLength(1)
  })
})

describe('a wallet that cannot be believed', () => {
  const reports: readonly (readonly [name: string, Handler])[] = [
    ['says 500 of a batch that was executed', () => ({ version: '2.0.0', status: 500 })],
    ['gives up a batch that was executed', () => ({ version: '2.0.0', status: 400 })],
    ['says that it was executed in part', () => ({ version: '2.0.0', status: 600 })],
    ['answers nonsense', () => ({ hello: 'world' })],
    ['does not know the batch', refuse(5730)],
    ['never stops saying pending', () => ({ version: '2.0.0', status: 100 })],
    [
      'names a transaction that is not there',
      () => ({ status: 200, receipts: [{ transactionHash: `0x${'12'.repeat(32)}` }] }),
    ],
    ['speaks the first draft', (_, pass) => pass().then((answer) => ({ ...(answer as object), status: 'CONFIRMED' }))],
  ]

  test.each(reports)('behaviour: %s', async (_, report) => {
    const composed = await compose()
    const desk = openDesk('atomicBatch', composed, openWallet({ wallet_getCallsStatus: report }).provider)
    await runExecution(desk.input())
    await asDone(composed.plan, desk.record())
  })

  test.each([
    ['fails after it sent', refuse(-32603)],
    ['loses its connection after it sent', refuse(4900)],
    ['answers nonsense after it sent', () => ({ nothing: true })],
  ] as const)('behaviour: %s', async (_, answer) => {
    for (const rung of ['atomicBatch', 'approveThenSwap'] as const) {
      const composed = await compose()
      const handler: Handler = async (params, pass) => {
        await pass()
        return answer(params, pass)
      }
      const wallet = openWallet({ wallet_sendCalls: handler, eth_sendTransaction: handler })
      const desk = openDesk(rung, composed, wallet.provider)
      await runExecution(desk.input())
      await asDone(composed.plan, desk.record())
      expect(wallet.sends()).toHaveLength(rung === 'atomicBatch' ? 1 : 3)
    }
  })

  test('behaviour: F-17 gives up a batch that was never sent', async () => {
    const composed = await compose()
    const wallet = openWallet({
      wallet_sendCalls: () => ({ id: '0x77' }),
      wallet_getCallsStatus: () => ({ version: '2.0.0', status: 400 }),
    })
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    const { steps } = await runExecution(desk.input())
    const id = { kind: 'batch', batchId: '0x77' }
    expect(steps[0]?.state).toMatchObject({ status: 'notIncluded', id, cause: 'droppedByWallet' })
  })

  test('behaviour: F-17 says pending of a batch that never comes: unresolved, and expired once its deadline is over', async () => {
    const composed = await compose()
    const wallet = openWallet({
      wallet_sendCalls: () => ({ id: '0x78' }),
      wallet_getCallsStatus: () => ({ version: '2.0.0', status: 100 }),
    })
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    const waiting = await runExecution(desk.input({ timeoutMs: 300 }))
    const id = { kind: 'batch', batchId: '0x78' }
    expect(waiting.steps[0]?.state).toEqual({ status: 'unresolved', id, failure: 'timeout' })
    await devnet.client.increaseTime({ seconds: 700 })
    await devnet.client.mine({ blocks: 1 })
    const over = await resumeExecution(desk.input({ timeoutMs: 600 }))
    expect(over.steps[0]?.state).toMatchObject({ status: 'notIncluded', id, cause: 'expired' })
  })
})

describe('between sending and its block', () => {
  async function sent(rung: Rung, pass: (hash: Hex) => Promise<unknown>) {
    const composed = await compose()
    const wallet = openWallet()
    const desk = openDesk(rung, composed, wallet.provider)
    await devnet.client.setAutomine(false)
    const stop = new AbortController()
    const running = runExecution(desk.input({ signal: stop.signal, timeoutMs: 20_000 }))
    const hash = await new Promise<Hex>((resolve) => {
      const timer = setInterval(() => {
        const state = desk.record().execution.steps[0]?.state
        if (state?.status !== 'awaitingReceipt') return
        clearInterval(timer)
        resolve(state.id.kind === 'transaction' ? state.id.hash : (state.id.batchId as Hex))
      }, 10)
    })
    // Time for the node to be asked for the transaction's nonce.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await pass(hash)
    return { composed, wallet, desk, stop, running, hash }
  }

  test.each(['atomicBatch', 'approveThenSwap'] as const)(
    'behaviour: F-16 T-27 the page is left and opened again, %s',
    async (rung) => {
      const { composed, wallet, desk, stop, running } = await sent(rung, async () => undefined)
      stop.abort()
      const left = await running
      expect(left.steps[0]?.state.status).toBe('awaitingReceipt')
      await devnet.client.mine({ blocks: 1 })
      await devnet.client.setAutomine(true)
      const resumed = await resumeExecution(desk.input())
      expect(resumed.steps[0]?.state.status).toBe('confirmed')
      await runExecution(desk.input())
      await asDone(composed.plan, desk.record())
      expect(wallet.sends()).toHaveLength(rung === 'atomicBatch' ? 1 : 3)
    },
  )

  test('behaviour: F-19 no block for a while: unresolved, waited for again, never sent again', async () => {
    const composed = await compose()
    const wallet = openWallet()
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    await devnet.client.setAutomine(false)
    const waiting = await runExecution(desk.input({ timeoutMs: 200 }))
    expect(summariseExecution(waiting)).toEqual({ status: 'unresolved', stepIndex: 0, failure: 'timeout' })
    await devnet.client.mine({ blocks: 1 })
    await runExecution(desk.input())
    await asDone(composed.plan, desk.record())
    expect(wallet.sends()).toHaveLength(1)
  })

  test('behaviour: A-13 a pool moves in the same block before it: reverted with its reason, nothing traded', async () => {
    const { desk, running, composed } = await sent('atomicBatch', async () => {
      await movePools(40_000n * 10n ** 18n, { maxFeePerGas: 80n * 10n ** 9n })
      await devnet.client.mine({ blocks: 1 })
      await devnet.client.setAutomine(true)
    })
    await running
    expect(desk.record().execution.steps[0]?.state).toMatchObject({ status: 'reverted', reason: 'Too little received' })
    expect(await allowance(link)).toBe(0n)
    const held = await readContract(client, {
      address: usdc,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [account],
    })
    expect(held).toBe(15_000n * 10n ** 6n)
    expect(composed.plan.legs).toHaveLength(3)
  })

  test('behaviour: F-16 T-27 the page is left while the wallet asks, and the person signs later', async () => {
    const composed = await compose()
    const stop = new AbortController()
    let closePage: () => void = () => undefined
    let signLater: () => Promise<unknown> = async () => undefined
    const wallet = openWallet({
      wallet_sendCalls: (_, pass) => {
        signLater = pass
        return new Promise((_resolve, reject) => {
          closePage = () => reject(Object.assign(new Error('gone'), { code: 4001 }))
        })
      },
    })
    const desk = openDesk('atomicBatch', composed, wallet.provider)
    const left = openDesk('atomicBatch', composed, wallet.provider)
    const running = runExecution(left.input({ signal: stop.signal, journal: (next) => void desk.journal.push(next) }))
    await expect.poll(() => wallet.sends().length).toBe(1)
    expect(desk.record().execution.steps[0]?.state).toEqual({ status: 'awaitingSignature' })
    await signLater()
    stop.abort()
    expect((await running).steps[0]?.state).toEqual({ status: 'awaitingSignature' })
    // Another id stands for a fresh page: this one still has the request open.
    const { execution } = desk.record()
    const resumed = await resumeExecution({ ...desk.input(), execution: { ...execution, id: 'reloaded' } })
    expect(resumed.steps[0]?.state).toMatchObject({ status: 'confirmed' })
    closePage()
  })
})

describe('a page that was left while the wallet asked, and nothing was signed', () => {
  /** What the journal holds then. */
  async function interrupted(provider: WalletProvider) {
    const composed = await compose()
    const desk = openDesk('atomicBatch', composed, provider)
    const { nonce, blockNumber } = {
      nonce: await client.getTransactionCount({ address: account }),
      blockNumber: (await client.getBlock()).number,
    }
    const request = { nonce, blockNumber, callsHash: composed.bundle.hash }
    const execution = reduceExecution(desk.first.execution, { type: 'requested', stepIndex: 0, request })
    return { composed, desk, execution }
  }

  test('behaviour: a wallet whose prompts end with the page can be asked again at once', async () => {
    const { provider } = openWallet()
    const { composed, desk, execution } = await interrupted({ ...provider, promptsEndWithPage: true })
    const resumed = await resumeExecution(desk.input({ execution }))
    expect(summariseExecution(resumed)).toEqual({ status: 'paused', stepIndex: 0, failure: 'timeout' })
    await runExecution(desk.input())
    await asDone(composed.plan, desk.record())
  })

  test('behaviour: any other wallet only once the deadline is over', async () => {
    const { provider } = openWallet()
    const { desk, execution } = await interrupted(provider)
    const running = resumeExecution(desk.input({ execution }))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(desk.events).toEqual([])
    await devnet.client.increaseTime({ seconds: 700 })
    await devnet.client.mine({ blocks: 1 })
    expect(summariseExecution(await running)).toEqual({ status: 'paused', stepIndex: 0, failure: 'deadlinePassed' })
  })
})

test('property: A-24 a request always carries chain and account', async () => {
  const wallet = openWallet()
  await runExecution(openDesk('atomicBatch', await compose(), wallet.provider).input())
  for (const { params } of wallet.sends()) {
    expect(params).toMatchObject([{ from: account, chainId: numberToHex(deployment.chainId) }])
  }
})
