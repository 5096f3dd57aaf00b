import { createWalletClient, encodeFunctionData, http, parseAbi, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getBalance, readContract, sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Habit, makeOddToken, teachToken } from '@/devnet/control/oddToken'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { nativeAddress, type Token } from '@/lib/core/asset'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import { compareDeltas } from '@/lib/core/sources/compareDeltas'
import type { Address, Hex } from '@/lib/core/units'
import { buildPlan } from '@/lib/testing/builders/plan'
import { buildRouterPlan } from '@/lib/testing/builders/routerPlan'
import { erc20Abi } from './abis'
import { checkBundle } from './bundle/checkBundle'
import { checkSimulation } from './bundle/checkSimulation'
import { composeBundle } from './bundle/composeBundle'
import { decodeBundle } from './bundle/decodeBundle'
import { bundleCalls } from './bundle/hashBundle'
import { simulateBundle } from './bundle/simulateBundle'
import { type ChainClient, createChainClient, toViemChain } from './client'
import { localDeployment as deployment } from './deployments/local'
import { readSnapshot } from './read/readSnapshot'
import { readTokenRefusals } from './read/readTokenRefusals'
import { encodeDelegateBatch } from './wallet/delegateBatch'

let devnet: Devnet
let client: ChainClient
let account: Address
let clean: Hex

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment, rpcUrls: [devnet.rpcUrl], retryCount: 0 })
  account = devnet.accounts.demo.address
  await makeOddToken(devnet, link)
  clean = await devnet.client.snapshot()
})
afterAll(() => devnet?.stop())
beforeEach(async () => {
  await devnet.client.revert({ id: clean })
  await devnet.client.request({ method: 'anvil_dropAllTransactions', params: [] } as never)
  clean = await devnet.client.snapshot()
})

const { swapRouter02, universalRouter, permit2, v4PoolManager } = deployment.contracts
const tokens = deployment.assets.flatMap((asset) => asset.tokens)
const [e18, e6] = [10n ** 18n, 10n ** 6n]
/** Nobody of ours. */
const thief: Address = '0x000000000000000000000000000000000000dEaD'

function tokenOf(symbol: string): Token {
  const found = tokens.find((token) => token.symbol === symbol)
  if (found === undefined) throw new Error(`no ${symbol}`)
  return found
}
const link = tokenOf('LINK')

const kinds = { v2: 'constantProduct', v3: 'concentrated', v4: 'singleton' } as const

function poolOf({ pools }: Snapshot, version: keyof typeof kinds, a: string, b: string): Pool {
  const found = pools.find((of) => of.kind === kinds[version] && of.assetIds.includes(a) && of.assetIds.includes(b))
  if (found === undefined) throw new Error(`no ${version} pool of ${a} and ${b}`)
  return found
}

type Draw = (snapshot: Snapshot) => RebalancePlan

/** LINK for DAI or ether, or USDC for LINK, on either router and every kind of pool. */
const sales: readonly (readonly [string, Draw])[] = [
  [
    'v3, SwapRouter02',
    (of) =>
      buildPlan(of, [
        { sell: 'LINK', paidFrom: 'token', amountIn: 50n * e18, pools: [poolOf(of, 'v3', 'LINK', 'USDC')] },
      ]),
  ],
  [
    'v2, SwapRouter02',
    (of) =>
      buildPlan(of, [
        {
          sell: 'LINK',
          paidFrom: 'token',
          amountIn: 50n * e18,
          pools: [poolOf(of, 'v2', 'LINK', 'ETH'), poolOf(of, 'v2', 'ETH', 'DAI')],
        },
      ]),
  ],
  ['v3, Universal Router', (of) => drawRouter(of, 'LINK', 50n * e18, poolOf(of, 'v3', 'LINK', 'USDC'))],
  ['v2, Universal Router', (of) => drawRouter(of, 'LINK', 50n * e18, poolOf(of, 'v2', 'LINK', 'ETH'))],
  ['v4, Universal Router', (of) => drawRouter(of, 'LINK', 50n * e18, poolOf(of, 'v4', 'LINK', 'ETH'))],
]
const buys: readonly (readonly [string, Draw])[] = [
  [
    'v3, SwapRouter02',
    (of) =>
      buildPlan(of, [
        { sell: 'USDC', paidFrom: 'token', amountIn: 500n * e6, pools: [poolOf(of, 'v3', 'LINK', 'USDC')] },
      ]),
  ],
  [
    'v2, SwapRouter02',
    (of) =>
      buildPlan(of, [
        {
          sell: 'USDC',
          paidFrom: 'token',
          amountIn: 500n * e6,
          pools: [poolOf(of, 'v3', 'USDC', 'ETH'), poolOf(of, 'v2', 'ETH', 'LINK')],
        },
      ]),
  ],
  ['v3, Universal Router', (of) => drawRouter(of, 'USDC', 500n * e6, poolOf(of, 'v3', 'LINK', 'USDC'))],
  [
    'v2, Universal Router',
    (of) =>
      buildRouterPlan(of, {
        sold: [{ token: tokenOf('WETH').address, amount: e18 / 4n }],
        drafts: [{ sell: 'ETH', pool: poolOf(of, 'v2', 'LINK', 'ETH'), amountIn: e18 / 4n, paidFrom: 'token' }],
      }),
  ],
  [
    'v4, Universal Router',
    (of) =>
      buildRouterPlan(of, {
        sold: [{ token: nativeAddress, amount: e18 / 4n }],
        drafts: [{ sell: 'ETH', pool: poolOf(of, 'v4', 'LINK', 'ETH'), amountIn: e18 / 4n, paidFrom: 'native' }],
      }),
  ],
]

function drawRouter(snapshot: Snapshot, sell: string, amountIn: bigint, pool: Pool): RebalancePlan {
  const sold = [{ token: tokenOf(sell).address, amount: amountIn }]
  return buildRouterPlan(snapshot, { sold, drafts: [{ sell, pool, amountIn, paidFrom: 'token' }] })
}

type Reviewed = { readonly plan: RebalancePlan; readonly bundle: Bundle; readonly objections: readonly string[] }

/** Everything that a review holds against a plan, as words. Without any, it could be signed. */
async function review(draw: Draw, before?: () => Promise<void>): Promise<Reviewed> {
  const snapshot = await readSnapshot(client, { deployment, account })
  const plan = draw(snapshot)
  await before?.()
  const bundle = composeBundle({ plan, snapshot, deployment })
  const decoded = decodeBundle(bundle, deployment)
  const block = await client.getBlock()
  const at = { block: { number: block.number, timestamp: Number(block.timestamp) } }
  const simulation = await simulateBundle(client, { bundle, snapshot: at, deployment })
  const ofBytes = checkBundle(decoded, { account, deployment, plan, snapshot }).map(({ kind }) => kind)
  if (simulation.status !== 'succeeded') {
    const refusals = await readTokenRefusals(client, { plan, deployment, block })
    const reasons = refusals.map(({ side, reason }) => `${side}: ${reason}`)
    return { plan, bundle, objections: [...ofBytes, simulation.status, ...reasons] }
  }
  const ofEffects = checkSimulation(simulation, decoded).map(({ kind }) => kind)
  const ofDeltas = compareDeltas(plan, simulation.deltas).map(({ token }) => `delta of ${token}`)
  return { plan, bundle, objections: [...ofBytes, ...ofEffects, ...ofDeltas] }
}

function wallet() {
  return createWalletClient({
    account: privateKeyToAccount(devnet.accounts.demo.privateKey),
    chain: toViemChain(deployment, [devnet.rpcUrl]),
    transport: http(devnet.rpcUrl),
    pollingInterval: 50,
  })
}

async function send(call: Call): Promise<TransactionReceipt> {
  const hash = await sendTransaction(wallet(), { ...call, gas: 3_000_000n })
  return waitForTransactionReceipt(client, { hash, pollingInterval: 50 })
}

/** Signs in one transaction, whatever comes of it. */
async function execute(bundle: Bundle): Promise<TransactionReceipt> {
  const [delegate] = deployment.trustedDelegates
  if (delegate === undefined) throw new Error('no delegate')
  const signer = wallet()
  const authorization = await signer.signAuthorization({ contractAddress: delegate, executor: 'self' })
  const data = encodeDelegateBatch(bundleCalls(bundle))
  const hash = await sendTransaction(signer, { to: account, data, authorizationList: [authorization], gas: 6_000_000n })
  return waitForTransactionReceipt(client, { hash, pollingInterval: 50 })
}

type Holdings = ReadonlyMap<string, bigint>

async function readHoldings(owner: Address): Promise<Holdings> {
  const amounts = tokens.map(async ({ address, symbol }) => {
    const amount =
      address === nativeAddress
        ? await getBalance(client, { address: owner, blockTag: 'latest' })
        : await readContract(client, { address, abi: erc20Abi, functionName: 'balanceOf', args: [owner] })
    return [symbol, amount] as const
  })
  return new Map(await Promise.all(amounts))
}

async function readAllowances(): Promise<Holdings> {
  const erc20s = tokens.filter(({ address }) => address !== nativeAddress)
  const amounts = erc20s.flatMap(({ address, symbol }) =>
    [swapRouter02, permit2].map(async (spender) => {
      const args = [account, spender] as const
      const amount = await readContract(client, { address, abi: erc20Abi, functionName: 'allowance', args })
      return [`${symbol} ${spender}`, amount] as const
    }),
  )
  return new Map(await Promise.all(amounts))
}

async function readWorld() {
  const [held, allowed, stolen, ...inRouters] = await Promise.all([
    readHoldings(account),
    readAllowances(),
    readHoldings(thief),
    ...[swapRouter02, universalRouter, permit2].map(readHoldings),
  ])
  return { held, allowed, stolen, inRouters }
}
type World = Awaited<ReturnType<typeof readWorld>>

/** What holds whatever happens (SECURITY, section 2): nothing lost, no allowance left, nothing in a router. */
function expectNothingLost(
  { before, after }: { readonly before: World; readonly after: World },
  { plan, receipt }: { readonly plan: RebalancePlan; readonly receipt: TransactionReceipt },
): void {
  const gas = receipt.gasUsed * receipt.effectiveGasPrice
  const changeOf = (symbol: string) =>
    (after.held.get(symbol) ?? 0n) - (before.held.get(symbol) ?? 0n) + (symbol === 'ETH' ? gas : 0n)
  const paid = new Map(plan.spendings.map(({ token, amount }) => [token, amount]))
  const minimum = new Map(plan.purchases.map(({ token, minimumOut }) => [token, minimumOut]))
  const isDone = receipt.status === 'success'
  for (const { symbol, address } of tokens) {
    const least = isDone ? (minimum.get(address) ?? 0n) - (paid.get(address) ?? 0n) : 0n
    expect(changeOf(symbol), symbol).toBeGreaterThanOrEqual(least)
    if (!isDone) expect(changeOf(symbol), symbol).toBe(0n)
  }
  for (const [key, amount] of after.allowed) expect(amount, key).toBeLessThanOrEqual(before.allowed.get(key) ?? 0n)
  expect(after.inRouters).toEqual(before.inRouters)
  expect(after.stolen).toEqual(before.stolen)
}

/** A plan that was sound at review goes out after the token learned a habit. */
async function surprise(draw: Draw, habits: readonly Habit[]): Promise<TransactionReceipt> {
  const { plan, bundle, objections } = await review(draw)
  expect(objections).toEqual([])
  for (const habit of habits) await teachToken(devnet, link, habit)
  const before = await readWorld()
  const receipt = await execute(bundle)
  expectNothingLost({ before, after: await readWorld() }, { plan, receipt })
  return receipt
}

const all = [
  ...sales.map(([route, draw]) => ['sold', route, draw] as const),
  ...buys.map(([route, draw]) => ['bought', route, draw] as const),
]

test.each(all)('default: without a habit LINK is %s on %s as planned', async (_, _route, draw) => {
  const { plan, bundle, objections } = await review(draw)
  expect(objections).toEqual([])
  const before = await readWorld()
  const receipt = await execute(bundle)
  expect(receipt.status).toBe('success')
  expectNothingLost({ before, after: await readWorld() }, { plan, receipt })
})

describe('F-47: a fee on every transfer', () => {
  const fees = [
    ['one unit', { kind: 'fee', bps: 0n, amount: 1n }],
    ['0.01 %', { kind: 'fee', bps: 1n, amount: 0n }],
    ['0.3 %', { kind: 'fee', bps: 30n, amount: 0n }],
    ['10 %', { kind: 'fee', bps: 1_000n, amount: 0n }],
  ] as const
  test.each(all.flatMap((route) => fees.map(([name, habit]) => [...route, name, habit] as const)))(
    'behaviour: %s on %s: blocked, or too little to cost a unit of what is bought',
    async (_, _route, draw, _name, habit) => {
      await teachToken(devnet, link, habit)
      const { plan, bundle, objections } = await review(draw)
      if (objections.length > 0) {
        expect(objections).not.toContain('unavailable')
        return
      }
      expect(habit.amount).toBe(1n)
      const before = await readWorld()
      const receipt = await execute(bundle)
      const after = await readWorld()
      expect(receipt.status).toBe('success')
      for (const { token, quotedOut } of plan.purchases) {
        const symbol = tokens.find(({ address }) => address === token)?.symbol ?? ''
        const gas = token === nativeAddress ? receipt.gasUsed * receipt.effectiveGasPrice : 0n
        expect((after.held.get(symbol) ?? 0n) - (before.held.get(symbol) ?? 0n) + gas).toBe(quotedOut)
      }
    },
  )
})

describe('F-48: a paused token', () => {
  test.each(all)('behaviour: %s on %s: blocked, with what the token says', async (side, _, draw) => {
    await teachToken(devnet, link, { kind: 'paused' })
    expect((await review(draw)).objections).toEqual(['reverted', `${side}: token is paused`])
  })

  test.each(all)('behaviour: %s on %s, paused after the review: all or nothing', async (_, _route, draw) => {
    expect((await surprise(draw, [{ kind: 'paused' }])).status).toBe('reverted')
  })

  test('behaviour: approved first, paused before the swap: nothing is lost, and the allowance is exact', async () => {
    const [[, draw] = []] = sales
    if (draw === undefined) throw new Error('no sale')
    const { plan, bundle } = await review(draw)
    const before = await readWorld()
    for (const approval of bundle.approvals) expect((await send(approval)).status).toBe('success')
    await teachToken(devnet, link, { kind: 'paused' })
    expect((await send(bundle.swap)).status).toBe('reverted')
    const after = await readWorld()
    expect(after.held.get('LINK')).toBe(before.held.get('LINK'))
    expect(after.allowed.get(`LINK ${swapRouter02}`)).toBe(plan.spendings[0].amount)
    expect(after.inRouters).toEqual(before.inRouters)
  })
})

describe('F-49: a token whose issuer blocks accounts', () => {
  const blocked = 'token issuer blocks this account'
  test.each(all)('behaviour: %s on %s: our account', async (side, _, draw) => {
    await teachToken(devnet, link, { kind: 'blocks', account })
    expect((await review(draw)).objections).toEqual(['reverted', `${side}: ${blocked}`])
  })

  test.each(all)('behaviour: %s on %s: the pool', async (side, _, draw) => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const pools = draw(snapshot).legs.flatMap(({ hops }) => hops.map(({ pool }) => pool))
    for (const pool of pools) {
      const holder = pool.kind === 'singleton' ? v4PoolManager : pool.id
      await teachToken(devnet, link, { kind: 'blocks', account: holder })
    }
    expect((await review(draw)).objections).toEqual(['reverted', `${side}: ${blocked}`])
  })

  test.each(all)('behaviour: %s on %s, blocked after the review: all or nothing', async (_, _route, draw) => {
    expect((await surprise(draw, [{ kind: 'blocks', account }])).status).toBe('reverted')
  })
})

describe('F-50: USDT, which refuses to change an allowance that is not zero', () => {
  const drawUsdt: Draw = (of) =>
    buildPlan(of, [{ sell: 'USDT', paidFrom: 'token', amountIn: 700n * e6, pools: [poolOf(of, 'v3', 'USDT', 'USDC')] }])
  test('behaviour: an old allowance is taken back first; it ends at 0', async () => {
    const usdt = tokenOf('USDT').address
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [swapRouter02, 5n] })
    await send({ to: usdt, data, value: 0n })
    const { plan, bundle, objections } = await review(drawUsdt)
    expect(objections).toEqual([])
    expect(decodeBundle(bundle, deployment).approvals.map(({ amount }) => amount)).toEqual([0n, 700n * e6])
    const before = await readWorld()
    const receipt = await execute(bundle)
    expect(receipt.status).toBe('success')
    const after = await readWorld()
    expectNothingLost({ before, after }, { plan, receipt })
    expect(after.allowed.get(`USDT ${swapRouter02}`)).toBe(0n)
  })
})

describe('F-51: transfers that answer otherwise than they should', () => {
  test.each(all)('behaviour: %s on %s: nothing is answered, as by USDT: it works', async (_, _route, draw) => {
    await teachToken(devnet, link, { kind: 'answers', with: 'nothing' })
    const { plan, bundle, objections } = await review(draw)
    expect(objections).toEqual([])
    const before = await readWorld()
    const receipt = await execute(bundle)
    expect(receipt.status).toBe('success')
    expectNothingLost({ before, after: await readWorld() }, { plan, receipt })
  })

  test.each(all)('behaviour: %s on %s: false, and nothing moves: blocked, with the reason', async (side, _, draw) => {
    await teachToken(devnet, link, { kind: 'answers', with: 'refusal' })
    expect((await review(draw)).objections).toEqual(['reverted', `${side}: it answers false`])
  })

  test.each(all)('behaviour: %s on %s: true, and nothing moves: blocked', async (_, _route, draw) => {
    await teachToken(devnet, link, { kind: 'answers', with: 'lie' })
    expect((await review(draw)).objections).not.toEqual([])
  })

  test.each(all)('behaviour: %s on %s: false after the review: all or nothing', async (_, _route, draw) => {
    expect((await surprise(draw, [{ kind: 'answers', with: 'refusal' }])).status).toBe('reverted')
  })
})

describe('F-52: amounts that do not fit', () => {
  test.each(all)(
    'behaviour: %s on %s: 96 bits are enough, since only what is needed is approved',
    async (_, _route, draw) => {
      await teachToken(devnet, link, { kind: 'narrow' })
      const { plan, bundle, objections } = await review(draw)
      expect(objections).toEqual([])
      const before = await readWorld()
      const receipt = await execute(bundle)
      expect(receipt.status).toBe('success')
      expectNothingLost({ before, after: await readWorld() }, { plan, receipt })
      for (const { amount } of decodeBundle(bundle, deployment).approvals) expect(amount).toBeLessThan(2n ** 96n)
    },
  )
})

describe('F-53: a token that rebases', () => {
  test.each(sales)('behaviour: 1 %% more after the review: sold as planned or not at all, %s', async (_, draw) => {
    await surprise(draw, [{ kind: 'rebased', bps: 10_100n }])
  })

  test.each(sales)('behaviour: 1 %% less after the review: sold as planned or not at all, %s', async (_, draw) => {
    await surprise(draw, [{ kind: 'rebased', bps: 9_900n }])
  })

  test.each(sales)('behaviour: all of it is sold, and there is 1 %% less: nothing happens, %s', async (_, draw) => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const sold = draw(snapshot).spendings[0].amount
    const transfer = parseAbi(['function transfer(address to, uint256 amount) returns (bool)'])
    const held = await readContract(client, {
      address: link.address,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [account],
    })
    const data = encodeFunctionData({ abi: transfer, functionName: 'transfer', args: [thief, held - sold] })
    await send({ to: link.address, data, value: 0n })
    expect((await surprise(draw, [{ kind: 'rebased', bps: 9_900n }])).status).toBe('reverted')
  })

  test.each(all)(
    'behaviour: rebased before the review: what is planned is what is there, %s on %s',
    async (_, _route, draw) => {
      await teachToken(devnet, link, { kind: 'rebased', bps: 10_100n })
      const { objections, plan, bundle } = await review(draw)
      if (objections.length > 0) return
      const before = await readWorld()
      const receipt = await execute(bundle)
      expectNothingLost({ before, after: await readWorld() }, { plan, receipt })
    },
  )
})

describe('F-54: a token that calls others while it moves', () => {
  const abi = parseAbi([
    'function unwrapWETH9(uint256 amountMinimum, address recipient) payable',
    'function sweepToken(address token, uint256 amountMinimum, address recipient) payable',
    'function transferFrom(address from, address to, uint160 amount, address token)',
    'function execute(bytes commands, bytes[] inputs) payable',
  ])
  const weth = tokenOf('WETH').address
  const attacks: readonly (readonly [string, Habit])[] = [
    [
      'unwraps what stands in SwapRouter02',
      {
        kind: 'calls',
        target: swapRouter02,
        data: encodeFunctionData({ abi, functionName: 'unwrapWETH9', args: [0n, thief] }),
      },
    ],
    [
      'sweeps what stands in SwapRouter02',
      {
        kind: 'calls',
        target: swapRouter02,
        data: encodeFunctionData({ abi, functionName: 'sweepToken', args: [weth, 0n, thief] }),
      },
    ],
    [
      'sweeps what stands in the Universal Router',
      {
        kind: 'calls',
        target: universalRouter,
        data: encodeFunctionData({
          abi,
          functionName: 'execute',
          // SWEEP(token, recipient, minimum)
          args: ['0x04', [`0x${[weth, thief, '0x0'].map((word) => word.slice(2).padStart(64, '0')).join('')}`]],
        }),
      },
    ],
  ]
  /** Ether stands in the router when LINK moves. */
  const exposed: readonly (readonly [string, Draw])[] = [
    [
      'SwapRouter02',
      (of) =>
        buildPlan(of, [
          { sell: 'UNI', paidFrom: 'token', amountIn: 40n * e18, pools: [poolOf(of, 'v3', 'UNI', 'ETH')] },
          { sell: 'LINK', paidFrom: 'token', amountIn: 20n * e18, pools: [poolOf(of, 'v3', 'LINK', 'USDC')] },
        ]),
    ],
    [
      'the Universal Router',
      (of) =>
        buildRouterPlan(of, {
          sold: [
            { token: tokenOf('UNI').address, amount: 40n * e18 },
            { token: link.address, amount: 20n * e18 },
          ],
          drafts: [
            { sell: 'UNI', pool: poolOf(of, 'v3', 'UNI', 'ETH'), amountIn: 40n * e18, paidFrom: 'token' },
            { sell: 'LINK', pool: poolOf(of, 'v3', 'LINK', 'USDC'), amountIn: 20n * e18, paidFrom: 'token' },
          ],
        }),
    ],
  ]

  test.each(exposed.flatMap((route) => attacks.map((attack) => [...route, ...attack] as const)))(
    'behaviour: on %s',
    async (_, draw, _attack, habit) => {
      await surprise(draw, [habit])
      await devnet.client.revert({ id: clean })
      clean = await devnet.client.snapshot()
      await teachToken(devnet, link, habit)
      const { plan, bundle } = await review(draw)
      const before = await readWorld()
      const receipt = await execute(bundle)
      expectNothingLost({ before, after: await readWorld() }, { plan, receipt })
    },
  )

  test.each(all)('behaviour: %s on %s: Permit2 is asked for what was allowed', async (_, _route, draw) => {
    const args = [account, thief, 1n, tokenOf('USDC').address] as const
    const data = encodeFunctionData({ abi, functionName: 'transferFrom', args })
    await surprise(draw, [{ kind: 'calls', target: permit2, data }])
  })
})
