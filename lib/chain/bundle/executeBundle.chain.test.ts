import { createWalletClient, encodeFunctionData, http, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getBalance, readContract, sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { erc20Abi } from '@/lib/chain/abis'
import { type ChainClient, createChainClient, toViemChain } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readOutcome } from '@/lib/chain/execution/readOutcome'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { encodeDelegateBatch } from '@/lib/chain/wallet/delegateBatch'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { buildPlan, type LegDraft } from '@/lib/testing/builders/plan'
import { checkBundle } from './checkBundle'
import { checkSimulation } from './checkSimulation'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { bundleCalls } from './hashBundle'
import { type BundleSimulation, simulateBundle } from './simulateBundle'

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

const router = deployment.contracts.swapRouter02
const weth = deployment.contracts.wrappedNative

function token(symbol: string): Address {
  const found = deployment.assets.flatMap(({ tokens }) => tokens).find((each) => each.symbol === symbol)
  if (found === undefined) throw new Error(symbol)
  return found.address
}

function pool(snapshot: Snapshot, kind: 'v2' | number, a: string, b: string): Pool {
  const found = snapshot.pools.find(
    (each) =>
      (kind === 'v2' ? each.kind === 'constantProduct' : each.kind === 'concentrated' && each.feePips === kind) &&
      each.assetIds.includes(a) &&
      each.assetIds.includes(b),
  )
  if (found === undefined) throw new Error(`${kind} ${a} ${b}`)
  return found
}

type Hopping = readonly [kind: 'v2' | number, a: string, b: string]

function leg(
  snapshot: Snapshot,
  sell: string,
  amountIn: bigint,
  hops: readonly Hopping[],
  paidFrom: 'token' | 'native' = 'token',
): LegDraft {
  return { sell, amountIn, paidFrom, pools: hops.map(([kind, a, b]) => pool(snapshot, kind, a, b)) }
}

type Reading = { readonly balances: ReadonlyMap<Address, bigint>; readonly allowances: ReadonlyMap<Address, bigint> }

async function readAll(owner: Address): Promise<Reading> {
  const tokens = deployment.assets.flatMap(({ tokens: all }) => all).map(({ address }) => address)
  const erc20s = tokens.filter((address) => address !== nativeAddress)
  const balances = await Promise.all(
    tokens.map(async (address) => {
      const amount =
        address === nativeAddress
          ? await getBalance(client, { address: owner, blockTag: 'latest' })
          : await readContract(client, { address, abi: erc20Abi, functionName: 'balanceOf', args: [owner] })
      return [address, amount] as const
    }),
  )
  const allowances = await Promise.all(
    erc20s.map(async (address) => {
      const args = [owner, router] as const
      return [address, await readContract(client, { address, abi: erc20Abi, functionName: 'allowance', args })] as const
    }),
  )
  return { balances: new Map(balances), allowances: new Map(allowances) }
}

function wallet() {
  const key = devnet.accounts.demo.privateKey
  return createWalletClient({
    account: privateKeyToAccount(key),
    chain: toViemChain(deployment, [devnet.rpcUrl]),
    transport: http(devnet.rpcUrl),
    pollingInterval: 50,
  })
}

async function send(call: Call, gas?: bigint): Promise<TransactionReceipt> {
  const hash = await sendTransaction(wallet(), { ...call, ...(gas === undefined ? {} : { gas }) })
  return waitForTransactionReceipt(client, { hash, pollingInterval: 50 })
}

type Executed = { readonly swapReceipt: TransactionReceipt; readonly gasCost: bigint; readonly gasUsed: bigint }

function total(receipts: readonly TransactionReceipt[]): Executed {
  const last = receipts.at(-1)
  if (last === undefined) throw new Error('nothing was sent')
  return {
    swapReceipt: last,
    gasCost: receipts.reduce((sum, { gasUsed, effectiveGasPrice }) => sum + gasUsed * effectiveGasPrice, 0n),
    gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
  }
}

async function executeOneByOne(bundle: Bundle): Promise<Executed> {
  const receipts: TransactionReceipt[] = []
  for (const call of bundleCalls(bundle)) receipts.push(await send(call))
  return total(receipts)
}

async function executeBatch(bundle: Bundle): Promise<Executed> {
  const [delegate] = deployment.trustedDelegates
  if (delegate === undefined) throw new Error('no delegate')
  const signer = wallet()
  const authorization = await signer.signAuthorization({ contractAddress: delegate, executor: 'self' })
  const data = encodeDelegateBatch(bundleCalls(bundle))
  const hash = await sendTransaction(signer, { to: account, data, authorizationList: [authorization], gas: 5_000_000n })
  return total([await waitForTransactionReceipt(client, { hash, pollingInterval: 50 })])
}

function succeeded(simulation: BundleSimulation): Extract<BundleSimulation, { status: 'succeeded' }> {
  if (simulation.status !== 'succeeded') throw new Error(JSON.stringify(simulation))
  return simulation
}

/** What the plan says that each token of the account changes by. */
function plannedDeltas(plan: RebalancePlan): ReadonlyMap<Address, bigint> {
  const deltas = new Map<Address, bigint>()
  const add = (address: Address, amount: bigint) => deltas.set(address, (deltas.get(address) ?? 0n) + amount)
  for (const { hops, paidFrom, amountIn, quotedOut } of plan.legs) {
    add(paidFrom === 'native' ? nativeAddress : hops[0].tokenIn, -amountIn)
    const last = hops.at(-1) ?? hops[0]
    add(last.tokenOut === weth ? nativeAddress : last.tokenOut, quotedOut)
  }
  return deltas
}

/** Composes, decodes, checks, simulates, executes, and holds all of it against each other and against the chain. */
async function carryOut(
  plan: RebalancePlan,
  snapshot: Snapshot,
  execute: (bundle: Bundle) => Promise<Executed>,
): Promise<{ readonly bundle: Bundle; readonly gasUsed: bigint }> {
  const bundle = composeBundle({ plan, snapshot, deployment })
  const decoded = decodeBundle(bundle, deployment)
  expect(checkBundle(decoded, { account, deployment, plan, snapshot })).toEqual([])
  const simulation = succeeded(await simulateBundle(client, { bundle, snapshot, deployment }))
  expect(checkSimulation(simulation, decoded)).toEqual([])
  const planned = plannedDeltas(plan)
  expect(new Map(simulation.deltas.map(({ token: address, amount }) => [address, amount]))).toEqual(planned)

  const [before, routerBefore] = [await readAll(account), await readAll(router)]
  const { swapReceipt, gasCost, gasUsed } = await execute(bundle)
  expect(swapReceipt.status).toBe('success')
  const [after, routerAfter] = [await readAll(account), await readAll(router)]

  for (const [address, amount] of after.balances) {
    const gas = address === nativeAddress ? gasCost : 0n
    expect(amount + gas - (before.balances.get(address) ?? 0n), address).toBe(planned.get(address) ?? 0n)
  }
  expect(routerAfter.balances).toEqual(routerBefore.balances)
  for (const [address, amount] of after.allowances) {
    expect(amount, address).toBeLessThanOrEqual(before.allowances.get(address) ?? 0n)
    const simulated = simulation.tokens.find((each) => each.token === address)
    const allowance = simulated?.allowances.find(({ kind, spender }) => kind === 'erc20' && spender === router)
    expect(amount, address).toBe(allowance?.after)
  }
  const outcome = await readOutcome(client, { receipt: swapReceipt, plan, deployment })
  expect(outcome.legs.map(({ receivedOut }) => receivedOut)).toEqual(plan.legs.map(({ quotedOut }) => quotedOut))
  for (const { allowancesAfter } of [outcome]) {
    for (const { token: address, amount } of allowancesAfter) expect(amount).toBe(after.allowances.get(address))
  }
  return { bundle, gasUsed }
}

const rungs = [
  ['approveThenSwap', executeOneByOne],
  ['atomicBatch', executeBatch],
] as const

describe.each(rungs)('A-05 A-06 A-13 a whole bundle on SwapRouter02, %s', (_, execute) => {
  test('behaviour: v3 pools only, one and two hops', async () => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [
      leg(snapshot, 'LINK', 100n * 10n ** 18n, [
        [3000, 'LINK', 'ETH'],
        [500, 'ETH', 'USDC'],
      ]),
      leg(snapshot, 'UNI', 200n * 10n ** 18n, [[10000, 'UNI', 'USDC']]),
    ])
    await carryOut(plan, snapshot, execute)
  })

  test('behaviour: v2 pools only, one and two hops, the same pool twice', async () => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [
      leg(snapshot, 'LINK', 50n * 10n ** 18n, [
        ['v2', 'LINK', 'ETH'],
        ['v2', 'ETH', 'DAI'],
      ]),
      leg(snapshot, 'UNI', 80n * 10n ** 18n, [
        ['v2', 'UNI', 'ETH'],
        ['v2', 'ETH', 'DAI'],
      ]),
    ])
    await carryOut(plan, snapshot, execute)
  })

  test('behaviour: v2 and v3 in one path, in both orders, through the router', async () => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [
      leg(snapshot, 'LINK', 60n * 10n ** 18n, [
        [3000, 'LINK', 'ETH'],
        ['v2', 'ETH', 'USDC'],
        [100, 'USDC', 'DAI'],
      ]),
      leg(snapshot, 'UNI', 70n * 10n ** 18n, [
        ['v2', 'UNI', 'ETH'],
        [500, 'ETH', 'WBTC'],
      ]),
    ])
    await carryOut(plan, snapshot, execute)
  })

  test('behaviour: native coin first, then wrapped, v2 and v3', async () => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [
      leg(snapshot, 'ETH', 10n ** 18n, [[500, 'ETH', 'USDC']], 'native'),
      leg(snapshot, 'ETH', 5n * 10n ** 17n, [['v2', 'ETH', 'LINK']], 'native'),
      leg(
        snapshot,
        'ETH',
        3n * 10n ** 17n,
        [
          [3000, 'ETH', 'WBTC'],
          [3000, 'WBTC', 'USDT'],
        ],
        'native',
      ),
      leg(snapshot, 'ETH', 2n * 10n ** 18n, [[3000, 'ETH', 'AAVE']]),
      leg(snapshot, 'USDC', 500n * 10n ** 6n, [
        ['v2', 'USDC', 'ETH'],
        ['v2', 'ETH', 'SNX'],
      ]),
    ])
    await carryOut(plan, snapshot, execute)
  })

  test('behaviour: ether bought over several paths is unwrapped at the end', async () => {
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [
      leg(snapshot, 'AAVE', 3n * 10n ** 18n, [
        [3000, 'AAVE', 'ETH'],
        ['v2', 'ETH', 'MKR'],
      ]),
      leg(snapshot, 'USDC', 4_000n * 10n ** 6n, [[500, 'USDC', 'ETH']]),
      leg(snapshot, 'USDC', 1_000n * 10n ** 6n, [['v2', 'USDC', 'ETH']]),
      leg(snapshot, 'DAI', 700n * 10n ** 18n, [
        [100, 'DAI', 'USDC'],
        ['v2', 'USDC', 'ETH'],
      ]),
    ])
    const { bundle } = await carryOut(plan, snapshot, execute)
    const least = plan.legs.slice(1).reduce((sum, { minimumOut }) => sum + minimumOut, 0n)
    expect(decodeBundle(bundle, deployment).steps.at(-1)).toEqual({
      kind: 'payOut',
      token: nativeAddress,
      minimumOut: least,
      recipient: account,
      fromWrapped: true,
    })
  })

  test('behaviour: an allowance of USDT that does not suffice is reset first and ends at 0', async () => {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, 17n] })
    await send({ to: token('USDT'), data, value: 0n })
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [
      leg(snapshot, 'USDT', 1_500n * 10n ** 6n, [
        [500, 'USDT', 'ETH'],
        ['v2', 'ETH', 'UNI'],
      ]),
      leg(snapshot, 'USDT', 500n * 10n ** 6n, [[100, 'USDT', 'USDC']]),
    ])
    const { bundle } = await carryOut(plan, snapshot, execute)
    expect(decodeBundle(bundle, deployment).approvals.map(({ amount }) => amount)).toEqual([0n, 2_000n * 10n ** 6n])
  })

  test('behaviour: an allowance that suffices is used and not overwritten', async () => {
    const amount = 9_000n * 10n ** 18n
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, amount] })
    await send({ to: token('LINK'), data, value: 0n })
    const snapshot = await readSnapshot(client, { deployment, account })
    const sold = 10n * 10n ** 18n
    const plan = buildPlan(snapshot, [leg(snapshot, 'LINK', sold, [[3000, 'LINK', 'USDC']])])
    const { bundle } = await carryOut(plan, snapshot, execute)
    expect(bundle.approvals).toEqual([])
    const left = await readContract(client, {
      address: token('LINK'),
      abi: erc20Abi,
      functionName: 'allowance',
      args: [account, router],
    })
    expect(left).toBe(amount - sold)
  })
})

describe('a simulation that reverts', () => {
  async function planOne(slippageBps = 50) {
    const snapshot = await readSnapshot(client, { deployment, account })
    const plan = buildPlan(snapshot, [leg(snapshot, 'LINK', 10n * 10n ** 18n, [[3000, 'LINK', 'USDC']])], {
      slippageBps,
    })
    return { snapshot, plan, bundle: composeBundle({ plan, snapshot, deployment }) }
  }

  test('behaviour: a minimum above the quote', async () => {
    const { snapshot, plan } = await planOne()
    const [first] = plan.legs
    const greedy = {
      ...plan,
      legs: [{ ...first, minimumOut: first.quotedOut + 1n, quotedOut: first.quotedOut + 1n }] as const,
    }
    const [hop] = first.hops
    const legs = [{ ...greedy.legs[0], hops: [{ ...hop, amountOut: first.quotedOut + 1n }] as const }] as const
    const bundle = composeBundle({ plan: { ...plan, legs }, snapshot, deployment })
    const simulation = await simulateBundle(client, { bundle, snapshot, deployment })
    expect(simulation).toEqual({
      status: 'reverted',
      callIndex: 1,
      reason: 'Too little received',
      failure: 'quoteMoved',
    })
  })

  test('behaviour: a deadline that is over', async () => {
    const { bundle, snapshot } = await planOne()
    const late = { block: { number: snapshot.block.number, timestamp: bundle.deadline } }
    const simulation = await simulateBundle(client, { bundle, snapshot: late, deployment })
    expect(simulation).toMatchObject({
      status: 'reverted',
      callIndex: 1,
      reason: 'Transaction too old',
      failure: 'deadlinePassed',
    })
  })

  test('behaviour: a balance that is gone', async () => {
    const { bundle, snapshot } = await planOne()
    const link = token('LINK')
    const held = await readContract(client, {
      address: link,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [account],
    })
    const transfer = [
      {
        type: 'function',
        name: 'transfer',
        stateMutability: 'nonpayable',
        inputs: [
          { type: 'address', name: 'to' },
          { type: 'uint256', name: 'amount' },
        ],
        outputs: [],
      },
    ] as const
    await send({
      to: link,
      data: encodeFunctionData({ abi: transfer, functionName: 'transfer', args: [router, held] }),
      value: 0n,
    })
    const block = await client.getBlock()
    const now = { block: { number: block.number, timestamp: Number(block.timestamp) } }
    const simulation = await simulateBundle(client, { bundle, snapshot: now, deployment })
    expect(simulation).toMatchObject({ status: 'reverted', callIndex: 1, reason: 'STF', failure: 'balanceChanged' })
    expect(snapshot.block.number).toBeLessThan(block.number)
  })

  test('behaviour: more native coin than is held', async () => {
    const { bundle, snapshot } = await planOne()
    const value = 10n ** 24n
    const simulation = await simulateBundle(client, {
      bundle: { ...bundle, swap: { ...bundle.swap, value } },
      snapshot,
      deployment,
    })
    expect(simulation).toMatchObject({ status: 'reverted', failure: 'insufficientGas' })
  })
})
