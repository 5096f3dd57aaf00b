import { isAddressEqual } from 'viem'
import { getBlock, getTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readOutcome } from '@/lib/chain/execution/readOutcome'
import { runExecution } from '@/lib/chain/execution/runExecution'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { createDemoWallet } from '@/lib/chain/wallet/demoWallet'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { nativeAddress } from '@/lib/core/asset'
import type { ExecutionRecord, Rung } from '@/lib/core/execution/execution'
import { summariseExecution } from '@/lib/core/execution/reduceExecution'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import type { Snapshot } from '@/lib/core/snapshot'
import { type Address, toBps } from '@/lib/core/units'
import { checkBundle } from './checkBundle'
import { checkSimulation } from './checkSimulation'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { simulateBundle } from './simulateBundle'

let devnet: Devnet
let client: ChainClient
let provider: WalletProvider

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment, rpcUrls: [devnet.rpcUrl] })
  const memory = { getItem: () => 'yes', setItem: () => undefined, removeItem: () => undefined }
  provider = createDemoWallet({ rpcUrl: devnet.rpcUrl, confirm: async () => true, memory }) as WalletProvider
})
afterAll(() => devnet?.stop())

function toRequest(snapshot: Snapshot, weights: Readonly<Record<string, number>>, rung: Rung): PlanRequest {
  return {
    snapshot,
    targets: { weights: Object.entries(weights).map(([assetId, bps]) => ({ assetId, weightBps: toBps(bps) })) },
    settings: { bandBps: toBps(0), slippageBps: toBps(50), stableSlippageBps: toBps(10), nativeReserve: 10n ** 16n },
    maxFeePerGas: 2n * 10n ** 9n,
    nativeReserveFloor: deployment.nativeReserveFloor,
    wrappedNative: deployment.contracts.wrappedNative,
    hubAssetIds: deployment.hubAssetIds,
    rung,
    deadlineSeconds: 600,
    callLimit: 10,
  }
}

/** Dollars x 1e18 of all that an account holds, at the prices of another reading. */
function worthOf({ assets }: Snapshot, { assets: priced }: Snapshot): bigint {
  return assets.reduce((total, { asset, tokens }) => {
    const price = priced.find((each) => each.asset.id === asset.id)?.price
    if (price?.status !== 'fresh') throw new Error(`${asset.id} has no price.`)
    const held = tokens.reduce((sum, { balance }) => {
      if (balance.status !== 'known') throw new Error(`${asset.id} was not read.`)
      return sum + balance.amount
    }, 0n)
    return total + (held * price.usd) / 10n ** BigInt(asset.decimals)
  }, 0n)
}

/** Base units of native coin that an account paid for gas since a block. */
async function readGasPaid(account: Address, since: bigint): Promise<bigint> {
  const { number: last } = await getBlock(client)
  let paid = 0n
  for (let blockNumber = since + 1n; blockNumber <= last; blockNumber += 1n) {
    const { transactions } = await getBlock(client, { blockNumber, includeTransactions: true })
    for (const { from, hash } of transactions) {
      if (!isAddressEqual(from, account)) continue
      const { gasUsed, effectiveGasPrice } = await getTransactionReceipt(client, { hash })
      paid += gasUsed * effectiveGasPrice
    }
  }
  return paid
}

/** From what the chain says to what it says afterwards, planned amounts held against executed ones to the wei. */
async function rebalance(weights: Readonly<Record<string, number>>, rung: Rung): Promise<RebalancePlan> {
  const account = devnet.accounts.demo.address
  const snapshot = await readSnapshot(client, { deployment, account })
  const outcome = planRebalance(toRequest(snapshot, weights, rung))
  if (outcome.status !== 'planned') throw new Error(outcome.status)
  const { plan } = outcome
  const bundle = composeBundle({ plan, snapshot, deployment })
  const decoded = decodeBundle(bundle, deployment)
  expect(checkBundle(decoded, { account, deployment, plan, snapshot })).toEqual([])
  const simulation = await simulateBundle(client, { bundle, snapshot, deployment })
  if (simulation.status !== 'succeeded') throw new Error(JSON.stringify(simulation))
  expect(checkSimulation(simulation, decoded)).toEqual([])

  const saved: ExecutionRecord[] = []
  const execution = await runExecution({
    execution: startExecution({ id: 'one', rung, bundle, approvals: decoded.approvals }),
    bundle,
    deployment,
    client,
    provider,
    dispatch: () => undefined,
    journal: (record) => void saved.push(record),
    requote: async () => {
      const now = await readSnapshot(client, { deployment, account })
      const requoted = requotePlan(plan, toRequest(now, weights, rung))
      if (requoted.status !== 'requoted') throw new Error(requoted.reason)
      return composeBundle({ plan: requoted.plan, snapshot: now, deployment })
    },
    pollMs: 30,
  })
  const summary = summariseExecution(execution)
  if (summary.status !== 'done') throw new Error(JSON.stringify(execution.steps.map(({ state }) => state.status)))
  const receipt = await getTransactionReceipt(client, { hash: summary.txHash })
  const done = await readOutcome(client, { receipt, plan, deployment })
  expect(done.legs.map(({ receivedOut }) => receivedOut)).toEqual(plan.legs.map(({ quotedOut }) => quotedOut))
  expect(done.allowancesAfter.every(({ amount }) => amount === 0n)).toBe(true)
  expect(saved.at(-1)?.execution).toEqual(execution)

  const after = await readSnapshot(client, { deployment, account })
  for (const { assetId, projectedAmount } of plan.positions) {
    const reading = after.assets.find(({ asset }) => asset.id === assetId)
    const held = (reading?.tokens ?? []).reduce(
      (sum, { balance }) => sum + (balance.status === 'known' ? balance.amount : 0n),
      0n,
    )
    const holdsNative = reading?.tokens.some(({ token }) => token.address === nativeAddress)
    if (holdsNative !== true) expect(held, assetId).toBe(projectedAmount)
    else expect(projectedAmount - held, assetId).toBeLessThan(10n ** 16n)
  }
  const ether = snapshot.assets.find(({ tokens }) => tokens.some(({ token }) => token.address === nativeAddress))
  if (ether?.price.status !== 'fresh') throw new Error('Ether has no price.')
  const gasPaid = await readGasPaid(account, snapshot.block.number)
  expect(gasPaid).toBeGreaterThan(0n)
  const gasUsd = (gasPaid * ether.price.usd) / 10n ** 18n
  const soldUsd = plan.legs.reduce((sum, leg) => sum + leg.soldUsd, 0n)
  // What the oracle lets a trade lose at most: the pools' fees, and one per cent.
  const lost = worthOf(snapshot, snapshot) - worthOf(after, snapshot) - gasUsd
  expect(lost).toBeLessThanOrEqual(plan.cost.feeUsd + soldUsd / 100n)
  // Fee and impact as the plan has them, to a millionth of a dollar.
  const missed = lost - (plan.cost.feeUsd + plan.cost.impactUsd)
  expect(missed < 0n ? -missed : missed).toBeLessThan(10n ** 12n)
  return plan
}

test('behaviour: A-08 A-13 A-15 snapshot, plan, bundle, simulation and execution agree to the wei, as one batch', async () => {
  const plan = await rebalance(
    { ETH: 3000, WBTC: 2000, USDC: 1500, USDT: 500, DAI: 500, LINK: 1000, UNI: 500, AAVE: 1000 },
    'atomicBatch',
  )
  expect(plan.legs.length).toBeGreaterThan(2)
})

test('behaviour: A-08 the same one by one, ether bought', async () => {
  const plan = await rebalance({ ETH: 6000, WBTC: 1000, USDC: 1000, SNX: 500, MKR: 500, DAI: 1000 }, 'approveThenSwap')
  expect(plan.router).toBe('swapRouter02')
  expect(plan.legs.some(({ buy }) => buy === 'ETH')).toBe(true)
})

test('behaviour: A-08 the same with native and wrapped coin sold, in v4 pools among others', async () => {
  const plan = await rebalance({ ETH: 1000, WBTC: 3000, USDC: 3000, DAI: 3000 }, 'atomicBatch')
  expect(plan.router).toBe('universalRouter')
  expect(plan.spendings.map(({ token }) => token)).toEqual(
    expect.arrayContaining([nativeAddress, deployment.contracts.wrappedNative]),
  )
  expect(plan.legs.some(({ hops: [{ pool }] }) => pool.kind === 'singleton')).toBe(true)
})
