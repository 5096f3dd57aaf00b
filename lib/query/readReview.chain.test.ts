import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Habit, makeOddToken, teachToken } from '@/devnet/control/oddToken'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { RpcUnreachableError } from '@/lib/chain/appErrors'
import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import type { Token } from '@/lib/core/asset'
import type { BlockRef, Snapshot } from '@/lib/core/snapshot'
import type { Hex } from '@/lib/core/units'
import { buildPlan } from '@/lib/testing/builders/plan'
import { type FaultyRpc, startFaultyRpc } from '@/lib/testing/faultyRpc'
import { type Review, readReview } from './readReview'

let devnet: Devnet
let node: FaultyRpc
let client: ChainClient
let clean: Hex

const link = tokenOf('LINK')

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  node = await startFaultyRpc()
  node.connectTo(devnet.rpcUrl)
  client = createChainClient({ deployment, rpcUrls: [node.url], retryCount: 0 })
  await makeOddToken(devnet, link)
  clean = await devnet.client.snapshot()
})
afterAll(async () => {
  await node?.stop()
  await devnet?.stop()
})
beforeEach(async () => {
  node.setRules([])
  await devnet.client.revert({ id: clean })
  clean = await devnet.client.snapshot()
})

function tokenOf(symbol: string): Token {
  const found = deployment.assets.flatMap(({ tokens }) => tokens).find((token) => token.symbol === symbol)
  if (found === undefined) throw new Error(`no ${symbol}`)
  return found
}

async function readNewestBlock(): Promise<BlockRef> {
  const { number, hash, timestamp, baseFeePerGas } = await client.getBlock()
  return { number, hash, timestamp: Number(timestamp), baseFeePerGas: baseFeePerGas ?? 0n }
}

/** Reviews USDC for LINK, or LINK for USDC, after LINK has learned a habit that nobody saw while it was planned. */
async function review(sell: 'USDC' | 'LINK', habit?: Habit, before?: () => void): Promise<Review> {
  const snapshot = await readSnapshot(client, { deployment, account: devnet.accounts.demo.address })
  const amountIn = sell === 'USDC' ? 500n * 10n ** 6n : 50n * 10n ** 18n
  const plan = buildPlan(snapshot, [{ sell, paidFrom: 'token', amountIn, pools: [findPool(snapshot)] }])
  if (habit !== undefined) await teachToken(devnet, link, habit)
  const simulatedAt = await readNewestBlock()
  before?.()
  return readReview(client, { plan, snapshot, rung: 'atomicBatch', simulatedAt, deployment })
}

function findPool({ pools }: Snapshot) {
  const isIt = (of: Snapshot['pools'][number]) =>
    of.kind === 'concentrated' && of.assetIds.includes('LINK') && of.assetIds.includes('USDC')
  const found = pools.find(isIt)
  if (found === undefined) throw new Error('no pool of LINK and USDC')
  return found
}

test.each(['USDC', 'LINK'] as const)('default: %s sold as planned, and nothing speaks against it', async (sell) => {
  const { simulation, violations, refusals } = await review(sell)
  expect(simulation.status).toBe('succeeded')
  expect(violations).toEqual([])
  expect(refusals).toEqual([])
})

describe('A-34: the simulation and the plan', () => {
  test('behaviour: F-47 a token that keeps a single unit is seen, although minimums leave room for it', async () => {
    const { simulation, violations, plan } = await review('USDC', { kind: 'fee', bps: 0n, amount: 1n })
    const { token, quotedOut } = plan.purchases[0]
    expect(simulation.status).toBe('succeeded')
    expect(violations).toEqual([{ kind: 'deltaDiffers', token, expected: quotedOut, simulated: quotedOut - 1n }])
  })

  test('behaviour: a token that the bytes already speak against is named once', async () => {
    const { violations, plan } = await review('USDC', { kind: 'fee', bps: 1_000n, amount: 0n })
    const { token } = plan.purchases[0]
    expect(violations.map(({ kind }) => kind)).not.toContain('deltaDiffers')
    expect(violations.filter((violation) => 'token' in violation && violation.token === token)).toHaveLength(
      violations.length,
    )
  })
})

describe('a token that will not move', () => {
  test.each([
    ['USDC', 'bought'],
    ['LINK', 'sold'],
  ] as const)('behaviour: F-48 paused, %s sold: it says so itself', async (sell, side) => {
    const { simulation, refusals } = await review(sell, { kind: 'paused' })
    expect(simulation.status).toBe('reverted')
    expect(refusals).toEqual([{ token: link.address, side, reason: 'token is paused' }])
  })

  test('behaviour: F-49 our account is blocked', async () => {
    const { refusals } = await review('LINK', { kind: 'blocks', account: devnet.accounts.demo.address })
    expect(refusals).toEqual([{ token: link.address, side: 'sold', reason: 'token issuer blocks this account' }])
  })

  test('behaviour: a node that does not answer why takes nothing from what is known', async () => {
    const { simulation, refusals } = await review('LINK', { kind: 'paused' }, () =>
      node.setRules([{ method: 'eth_call', action: { kind: 'error', code: -32_603, message: 'internal error' } }]),
    )
    expect(simulation).toMatchObject({ status: 'reverted', reason: 'STF' })
    expect(refusals).toEqual([])
  })

  test('error: RpcUnreachableError: a node that does not answer at all', async () => {
    const reading = review('LINK', undefined, () => node.setRules([{ action: { kind: 'status', status: 503 } }]))
    await expect(reading).rejects.toBeInstanceOf(RpcUnreachableError)
  })
})
