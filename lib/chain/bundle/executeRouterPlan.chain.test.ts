import { createWalletClient, encodeFunctionData, http, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getBalance, getBlock, readContract, sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { warp } from '@/devnet/control/time'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import { type ChainClient, createChainClient, toViemChain } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { findBundleReceipt, provesBundle } from '@/lib/chain/execution/chainReads'
import { readOutcome } from '@/lib/chain/execution/readOutcome'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { encodeDelegateBatch } from '@/lib/chain/wallet/delegateBatch'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { buildRouterPlan, type RouterLegDraft } from '@/lib/testing/builders/routerPlan'
import { checkBundle } from './checkBundle'
import { checkSimulation } from './checkSimulation'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { bundleCalls } from './hashBundle'
import { simulateBundle } from './simulateBundle'

let devnet: Devnet
let client: ChainClient
let account: Address
let clean: Hex

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment, rpcUrls: [devnet.rpcUrl] })
  account = devnet.accounts.demo.address
  clean = await devnet.client.snapshot()
})
afterAll(() => devnet?.stop())
beforeEach(async () => {
  await devnet.client.revert({ id: clean })
  await devnet.client.request({ method: 'anvil_dropAllTransactions', params: [] } as never)
  clean = await devnet.client.snapshot()
})

const { universalRouter, permit2, swapRouter02 } = deployment.contracts
const e18 = 10n ** 18n
const e17 = 10n ** 17n
const e6 = 10n ** 6n

function tokenOf(symbol: string): Address {
  const found = deployment.assets.flatMap(({ tokens }) => tokens).find((each) => each.symbol === symbol)
  if (found === undefined) throw new Error(symbol)
  return found.address
}

const kinds = { v2: 'constantProduct', v3: 'concentrated', v4: 'singleton' } as const
type Version = keyof typeof kinds

type Drawn = readonly [
  version: Version,
  feePips: number,
  sell: string,
  buy: string,
  amountIn: bigint | 'rest',
  paidFrom: RouterLegDraft['paidFrom'],
]

function findPool(snapshot: Snapshot, [version, feePips, sell, buy]: Drawn): Pool {
  const found = snapshot.pools.find(
    (pool) =>
      pool.kind === kinds[version] &&
      pool.feePips === feePips &&
      pool.assetIds.includes(sell) &&
      pool.assetIds.includes(buy),
  )
  if (found === undefined) throw new Error(`${version} ${feePips} ${sell} ${buy}`)
  return found
}

type Sold = readonly (readonly [symbol: string, amount: bigint])[]

async function draw(sold: Sold, legs: readonly Drawn[], traits?: { readonly slippageBps: number }) {
  const snapshot = await readSnapshot(client, { deployment, account })
  const drafts = legs.map((leg): RouterLegDraft => {
    const [, , sell, , amountIn, paidFrom] = leg
    return { sell, pool: findPool(snapshot, leg), amountIn, paidFrom }
  })
  const sales = sold.map(([symbol, amount]) => ({ token: tokenOf(symbol), amount }))
  return { snapshot, plan: buildRouterPlan(snapshot, { sold: sales, drafts }, traits) }
}

const tokens = deployment.assets.flatMap((asset) => asset.tokens).map(({ address }) => address)
const erc20s = tokens.filter((address) => address !== nativeAddress)

async function readBalances(owner: Address): Promise<ReadonlyMap<Address, bigint>> {
  const amounts = tokens.map(async (address) => {
    const amount =
      address === nativeAddress
        ? await getBalance(client, { address: owner, blockTag: 'latest' })
        : await readContract(client, { address, abi: erc20Abi, functionName: 'balanceOf', args: [owner] })
    return [address, amount] as const
  })
  return new Map(await Promise.all(amounts))
}

/** What the routers and Permit2 may take of each token; a grant that is over counts 0. */
async function readAllowances(): Promise<ReadonlyMap<string, bigint>> {
  const { timestamp } = await getBlock(client)
  const amounts = erc20s.flatMap((address) => [
    ...[swapRouter02, permit2].map(async (spender) => {
      const args = [account, spender] as const
      const amount = await readContract(client, { address, abi: erc20Abi, functionName: 'allowance', args })
      return [`${address} ${spender}`, amount] as const
    }),
    (async () => {
      const args = [account, address, universalRouter] as const
      const read = { address: permit2, abi: permit2Abi, functionName: 'allowance', args } as const
      const [amount, expiration] = await readContract(client, read)
      return [`${address} grant`, BigInt(expiration) > timestamp ? amount : 0n] as const
    })(),
  ])
  return new Map(await Promise.all(amounts))
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
  const hash = await sendTransaction(wallet(), call)
  return waitForTransactionReceipt(client, { hash, pollingInterval: 50 })
}

function approve(symbol: string, spender: Address, amount: bigint): Promise<TransactionReceipt> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
  return send({ to: tokenOf(symbol), data, value: 0n })
}

function grant(symbol: string, amount: bigint, expiration: number): Promise<TransactionReceipt> {
  const args = [tokenOf(symbol), universalRouter, amount, expiration] as const
  return send({
    to: permit2,
    data: encodeFunctionData({ abi: permit2Abi, functionName: 'approve', args }),
    value: 0n,
  })
}

async function executeBatch(bundle: Pick<Bundle, 'approvals' | 'swap'>): Promise<TransactionReceipt> {
  const [delegate] = deployment.trustedDelegates
  if (delegate === undefined) throw new Error('no delegate')
  const signer = wallet()
  const authorization = await signer.signAuthorization({ contractAddress: delegate, executor: 'self' })
  const data = encodeDelegateBatch(bundleCalls(bundle))
  const request = { to: account, data, authorizationList: [authorization], gas: 5_000_000n }
  return waitForTransactionReceipt(client, { hash: await sendTransaction(signer, request), pollingInterval: 50 })
}

/** What the plan says that each token of the account changes by. */
function plannedDeltas({ spendings, purchases }: RebalancePlan): ReadonlyMap<Address, bigint> {
  return new Map([
    ...spendings.map(({ token, amount }) => [token, -amount] as const),
    ...purchases.map(({ token, quotedOut }) => [token, quotedOut] as const),
  ])
}

/** Composes, decodes, checks, simulates, executes, and holds all of it against each other and against the chain. */
async function carryOut(sold: Sold, legs: readonly Drawn[]) {
  const { plan, snapshot } = await draw(sold, legs)
  const bundle = composeBundle({ plan, snapshot, deployment })
  const decoded = decodeBundle(bundle, deployment)
  expect(checkBundle(decoded, { account, deployment, plan, snapshot })).toEqual([])
  const simulation = await simulateBundle(client, { bundle, snapshot, deployment })
  if (simulation.status !== 'succeeded') throw new Error(JSON.stringify(simulation))
  expect(checkSimulation(simulation, decoded)).toEqual([])
  const planned = plannedDeltas(plan)
  expect(new Map(simulation.deltas.map(({ token, amount }) => [token, amount]))).toEqual(planned)

  const [before, routerBefore, allowedBefore] = [
    await readBalances(account),
    await readBalances(universalRouter),
    await readAllowances(),
  ]
  const receipt = await executeBatch(bundle)
  expect(receipt.status).toBe('success')
  const after = await readBalances(account)
  const gas = receipt.gasUsed * receipt.effectiveGasPrice
  for (const [token, amount] of after) {
    const paid = token === nativeAddress ? gas : 0n
    expect(amount + paid - (before.get(token) ?? 0n), token).toBe(planned.get(token) ?? 0n)
  }
  expect(await readBalances(universalRouter)).toEqual(routerBefore)
  expect([...(await readBalances(permit2)).values()].every((amount) => amount === 0n)).toBe(true)
  const allowed = await readAllowances()
  for (const [key, amount] of allowed) expect(amount, key).toBeLessThanOrEqual(allowedBefore.get(key) ?? 0n)

  const outcome = await readOutcome(client, { receipt, plan, deployment })
  expect(outcome.legs.map(({ amountIn, receivedOut }) => [amountIn, receivedOut])).toEqual(
    plan.legs.map(({ amountIn, quotedOut }) => [amountIn, quotedOut]),
  )
  expect(outcome.bought.map(({ token, received }) => [token, received])).toEqual(
    plan.purchases.map(({ token, quotedOut }) => [token, quotedOut]),
  )
  for (const { kind, token, spender, amount } of outcome.allowancesAfter) {
    expect(amount).toBe(allowed.get(kind === 'permit2' ? `${token} grant` : `${token} ${spender}`))
  }
  expect(provesBundle(receipt.logs, decoded, { account, deployment })).toBe(true)
  const search = { account, decoded, deployment, fromBlock: snapshot.block.number }
  expect((await findBundleReceipt(client, search))?.transactionHash).toBe(receipt.transactionHash)
  return { plan, bundle, decoded, kinds: decoded.steps.map(({ kind }) => kind) }
}

describe('A-05 A-06 A-13 a whole bundle on the Universal Router', () => {
  test('behaviour: one token through v2, v3 and v4 into three others, each paid by its pool', async () => {
    const { bundle, kinds: steps } = await carryOut(
      [['USDC', 900n * e6]],
      [
        ['v2', 3000, 'USDC', 'ETH', 300n * e6, 'router'],
        ['v3', 3000, 'USDC', 'LINK', 300n * e6, 'router'],
        ['v4', 100, 'USDC', 'DAI', 'rest', 'router'],
      ],
    )
    expect(bundle.approvals.map(({ to }) => to)).toEqual([tokenOf('USDC'), permit2])
    expect(steps).toEqual(['pull', 'swap', 'swap', 'swap', 'payOut'])
  })

  test('behaviour: legs pull by themselves', async () => {
    const { kinds: steps } = await carryOut(
      [
        ['USDC', 600n * e6],
        ['LINK', 20n * e18],
        ['UNI', 30n * e18],
      ],
      [
        ['v3', 100, 'USDC', 'DAI', 300n * e6, 'token'],
        ['v4', 100, 'USDC', 'USDT', 300n * e6, 'token'],
        ['v2', 3000, 'UNI', 'ETH', 30n * e18, 'token'],
        ['v4', 3000, 'LINK', 'ETH', 20n * e18, 'token'],
      ],
    )
    expect(steps).toEqual(['swap', 'swap', 'swap', 'swap', 'unwrap', 'payOut'])
  })

  test('behaviour: a token bought in two pools is swept once', async () => {
    const { plan, decoded } = await carryOut(
      [['USDC', 2_000n * e6]],
      [
        ['v3', 100, 'USDC', 'DAI', 1_200n * e6, 'token'],
        ['v4', 100, 'USDC', 'DAI', 800n * e6, 'token'],
      ],
    )
    const [{ token, minimumOut }] = plan.purchases
    const sweep = { kind: 'payOut', token, minimumOut, recipient: account, fromWrapped: false }
    expect(decoded.steps.at(-1)).toEqual(sweep)
  })

  test('behaviour: native coin sold in v4 as such, and wrapped for v2 and v3', async () => {
    const { decoded, kinds: steps } = await carryOut(
      [['ETH', 3n * e18]],
      [
        ['v4', 500, 'ETH', 'USDC', e18, 'native'],
        ['v2', 3000, 'ETH', 'DAI', e18, 'native'],
        ['v3', 3000, 'ETH', 'LINK', 'rest', 'native'],
      ],
    )
    expect(steps).toEqual(['swap', 'wrap', 'swap', 'swap'])
    expect(decoded.value).toBe(3n * e18)
  })

  test('behaviour: native coin only, only as such', async () => {
    const { bundle, kinds: steps } = await carryOut(
      [['ETH', 2n * e18]],
      [
        ['v4', 500, 'ETH', 'USDC', e18, 'native'],
        ['v4', 3000, 'ETH', 'LINK', 'rest', 'native'],
      ],
    )
    expect(bundle.approvals).toEqual([])
    expect(steps).toEqual(['swap', 'swap'])
  })

  test('behaviour: wrapped coin sold, part of it unwrapped for a v4 pool', async () => {
    const { kinds: steps } = await carryOut(
      [['WETH', 4n * e17]],
      [
        ['v3', 3000, 'ETH', 'AAVE', e17, 'router'],
        ['v4', 3000, 'ETH', 'AAVE', e17, 'router'],
        ['v4', 500, 'ETH', 'USDC', 'rest', 'router'],
      ],
    )
    expect(steps).toEqual(['pull', 'swap', 'swap', 'unwrap', 'swap', 'payOut'])
  })

  test('behaviour: native and wrapped coin sold together', async () => {
    const { kinds: steps } = await carryOut(
      [
        ['WETH', e18],
        ['ETH', 2n * e18],
      ],
      [
        ['v4', 500, 'ETH', 'USDC', e18, 'router'],
        ['v3', 3000, 'ETH', 'LINK', e18, 'router'],
        ['v2', 3000, 'ETH', 'UNI', 'rest', 'router'],
      ],
    )
    expect(steps).toEqual(['pull', 'swap', 'wrap', 'swap', 'swap'])
  })

  test('behaviour: ether bought in both forms', async () => {
    const { plan, decoded } = await carryOut(
      [
        ['USDC', 4_000n * e6],
        ['LINK', 50n * e18],
      ],
      [
        ['v3', 500, 'USDC', 'ETH', 1_500n * e6, 'router'],
        ['v4', 500, 'USDC', 'ETH', 'rest', 'router'],
        ['v4', 3000, 'LINK', 'ETH', 50n * e18, 'token'],
      ],
    )
    const [{ minimumOut }] = plan.purchases
    expect(decoded.steps.slice(-2)).toEqual([
      { kind: 'unwrap' },
      { kind: 'payOut', token: nativeAddress, minimumOut, recipient: account, fromWrapped: false },
    ])
  })

  test('behaviour: ether bought as wrapped coin only is unwrapped to the account', async () => {
    const { decoded } = await carryOut([['LINK', 50n * e18]], [['v3', 3000, 'LINK', 'ETH', 50n * e18, 'token']])
    expect(decoded.steps.at(-1)).toMatchObject({ kind: 'payOut', token: nativeAddress, fromWrapped: true })
  })

  test('behaviour: ether bought in one v4 pool is paid by the pool itself', async () => {
    const { kinds: steps } = await carryOut([['LINK', 50n * e18]], [['v4', 3000, 'LINK', 'ETH', 50n * e18, 'token']])
    expect(steps).toEqual(['swap'])
  })

  test('behaviour: a hub feeds several buys, and some of it stays with the account', async () => {
    const { kinds: steps } = await carryOut(
      [
        ['LINK', 100n * e18],
        ['UNI', 150n * e18],
        ['AAVE', 5n * e18],
      ],
      [
        ['v2', 3000, 'LINK', 'ETH', 40n * e18, 'router'],
        ['v4', 3000, 'LINK', 'ETH', 'rest', 'router'],
        ['v3', 3000, 'UNI', 'ETH', 150n * e18, 'token'],
        ['v4', 3000, 'AAVE', 'ETH', 5n * e18, 'token'],
        ['v2', 3000, 'ETH', 'DAI', e17, 'router'],
        ['v3', 500, 'ETH', 'USDC', 5n * e17, 'router'],
        ['v3', 3000, 'ETH', 'WBTC', e17, 'router'],
        ['v4', 100, 'USDC', 'USDT', 400n * e6, 'router'],
      ],
    )
    expect(steps.at(-1)).toBe('payOut')
  })

  test('behaviour: two hubs, converted where it must be', async () => {
    const { kinds: steps } = await carryOut(
      [['LINK', 100n * e18]],
      [
        ['v3', 3000, 'LINK', 'ETH', 60n * e18, 'router'],
        ['v4', 3000, 'LINK', 'ETH', 'rest', 'router'],
        ['v3', 3000, 'ETH', 'AAVE', e17, 'router'],
        ['v4', 500, 'ETH', 'USDC', 'rest', 'router'],
        ['v3', 100, 'USDC', 'DAI', 200n * e6, 'router'],
        ['v4', 100, 'USDC', 'USDT', 'rest', 'router'],
      ],
    )
    expect(steps).toEqual(['pull', 'swap', 'swap', 'swap', 'unwrap', 'swap', 'swap', 'swap'])
  })

  test('behaviour: a pool with a protocol fee', async () => {
    await carryOut([['ETH', e18]], [['v4', 3000, 'ETH', 'USDT', 'rest', 'native']])
    await carryOut([['USDT', 500n * e6]], [['v4', 3000, 'USDT', 'ETH', 500n * e6, 'token']])
  })

  test('behaviour: an allowance of USDT that does not suffice is reset first and ends at 0', async () => {
    await approve('USDT', permit2, 17n)
    const { decoded } = await carryOut(
      [['USDT', 1_500n * e6]],
      [
        ['v4', 100, 'USDT', 'USDC', 500n * e6, 'router'],
        ['v2', 3000, 'USDT', 'ETH', 'rest', 'router'],
      ],
    )
    expect(decoded.approvals.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['erc20', 0n],
      ['erc20', 1_500n * e6],
      ['permit2', 1_500n * e6],
    ])
  })

  test('behaviour: what suffices is used and not overwritten, but for a grant that ends too early', async () => {
    const { timestamp } = await getBlock(client)
    await approve('LINK', permit2, 2n ** 256n - 1n)
    await grant('LINK', 10n ** 30n, Number(timestamp) + 100_000)
    const { decoded } = await carryOut([['LINK', 20n * e18]], [['v3', 3000, 'LINK', 'USDC', 20n * e18, 'token']])
    expect(decoded.approvals).toEqual([])
    await grant('LINK', 10n ** 30n, Number(timestamp) + 300)
    const late = await carryOut([['LINK', 20n * e18]], [['v3', 3000, 'LINK', 'USDC', 20n * e18, 'token']])
    expect(late.decoded.approvals.map(({ kind }) => kind)).toEqual(['permit2'])
  })
})

describe('pools that moved since the plan', () => {
  /** LINK becomes ether in two pools and three others from there: the last of each takes the rest. */
  const flow: readonly [Sold, readonly Drawn[]] = [
    [['LINK', 100n * e18]],
    [
      ['v3', 3000, 'LINK', 'ETH', 60n * e18, 'router'],
      ['v4', 3000, 'LINK', 'ETH', 'rest', 'router'],
      ['v3', 3000, 'ETH', 'AAVE', e17, 'router'],
      ['v4', 500, 'ETH', 'USDC', 'rest', 'router'],
    ],
  ]

  /** Somebody else sells LINK first. */
  async function moveLink(amount: bigint): Promise<void> {
    const { plan, snapshot } = await draw([['LINK', amount]], [['v3', 3000, 'LINK', 'ETH', amount, 'token']])
    const receipt = await executeBatch(composeBundle({ plan, snapshot, deployment }))
    expect(receipt.status).toBe('success')
  }

  async function executeAfter(amount: bigint, slippageBps: number) {
    const { plan, snapshot } = await draw(...flow, { slippageBps })
    const bundle = composeBundle({ plan, snapshot, deployment })
    await moveLink(amount)
    const before = await readBalances(account)
    const receipt = await executeBatch(bundle)
    return { plan, receipt, before, after: await readBalances(account) }
  }

  test('behaviour: an upstream leg that pays less within the minimum reverts nothing and leaves nothing behind', async () => {
    const routerBefore = await readBalances(universalRouter)
    const { plan, receipt, before, after } = await executeAfter(600n * e18, 50)
    expect(receipt.status).toBe('success')
    const outcome = await readOutcome(client, { receipt, plan, deployment })
    const [first] = outcome.legs
    expect(first?.receivedOut).toBeLessThan(first?.quotedOut ?? 0n)
    for (const { token, quoted, minimum, received } of outcome.bought) {
      expect(received).toBeLessThanOrEqual(quoted)
      expect(received).toBeGreaterThanOrEqual(minimum)
      expect((after.get(token) ?? 0n) - (before.get(token) ?? 0n)).toBe(received)
    }
    expect(outcome.bought.some(({ quoted, received }) => received < quoted)).toBe(true)
    expect(await readBalances(universalRouter)).toEqual(routerBefore)
  })

  test('behaviour: beyond the minimum all of it reverts', async () => {
    const { receipt, before, after } = await executeAfter(600n * e18, 1)
    expect(receipt.status).toBe('reverted')
    for (const token of erc20s) expect(after.get(token)).toBe(before.get(token))
  })

  test('behaviour: the simulation names the minimum', async () => {
    const { plan, snapshot } = await draw(...flow, { slippageBps: 1 })
    const bundle = composeBundle({ plan, snapshot, deployment })
    await moveLink(600n * e18)
    const { number, timestamp } = await getBlock(client)
    const now = { block: { number, timestamp: Number(timestamp) } }
    const simulation = await simulateBundle(client, { bundle, snapshot: now, deployment })
    expect(simulation).toMatchObject({ status: 'reverted', callIndex: 2, failure: 'quoteMoved' })
    const late = { block: { number, timestamp: bundle.deadline } }
    expect(await simulateBundle(client, { bundle, snapshot: late, deployment })).toMatchObject({
      status: 'reverted',
      failure: 'deadlinePassed',
    })
  })
})

test('behaviour: a grant of this bundle is dead in the next block', async () => {
  const { plan, snapshot } = await draw([['LINK', e18]], [['v3', 3000, 'LINK', 'USDC', e18, 'token']])
  const { approvals, swap } = composeBundle({ plan, snapshot, deployment })
  for (const call of approvals) expect((await send(call)).status).toBe('success')
  await warp(devnet, 1)
  await expect(client.call({ account, ...swap })).rejects.toThrow()
  expect([...(await readAllowances())].filter(([key, amount]) => key.endsWith('grant') && amount > 0n)).toEqual([])
})
