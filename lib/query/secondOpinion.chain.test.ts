import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mine } from '@/devnet/control/time'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { RequestTimeoutError, WrongChainError } from '@/lib/chain/appErrors'
import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { readThroughWallet } from '@/lib/chain/read/readThroughWallet'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import { toTargets } from '@/lib/core/targets'
import { buildPlan, buildRequoteRequest } from '@/lib/testing/builders/plan'
import { type FaultRule, type FaultyRpc, startFaultyRpc } from '@/lib/testing/faultyRpc'
import { composePlanRequest, type PlanSubject } from './planQuery'
import { assertNoContradiction, assertWalletAgrees, SourcesDisagreeError } from './secondOpinion'

let devnet: Devnet
let app: FaultyRpc
let wallets: FaultyRpc

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  app = await startFaultyRpc()
  wallets = await startFaultyRpc()
})
afterAll(async () => {
  await app?.stop()
  await wallets?.stop()
  await devnet?.stop()
})
beforeEach(() => {
  app.connectTo(devnet.rpcUrl)
  wallets.connectTo(devnet.rpcUrl)
})

/** A wallet whose own node is the second proxy. */
const provider: WalletProvider = {
  async request({ method, params }) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: params ?? [] })
    const response = await fetch(wallets.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number; message: string } }
    if (error !== undefined) throw Object.assign(new Error(error.message), error)
    return result
  },
}

function findPool(snapshot: Snapshot, kind: Pool['kind'], a: string, b: string): Pool {
  const found = snapshot.pools.find((of) => of.kind === kind && of.assetIds.includes(a) && of.assetIds.includes(b))
  if (found === undefined) throw new Error(`no ${kind} pool of ${a} and ${b}`)
  return found
}

type Checked = { readonly snapshot: Snapshot; readonly plan: RebalancePlan; readonly subject: PlanSubject }

async function prepare(): Promise<Checked> {
  const client: ChainClient = createChainClient({ deployment, rpcUrls: [app.url], retryCount: 0 })
  const account = devnet.accounts.demo.address
  const snapshot = await readSnapshot(client, { deployment, account })
  const plan = buildPlan(snapshot, [
    {
      sell: 'USDC',
      paidFrom: 'token',
      amountIn: 1_000n * 10n ** 6n,
      pools: [findPool(snapshot, 'concentrated', 'USDC', 'ETH')],
    },
    {
      sell: 'LINK',
      paidFrom: 'token',
      amountIn: 50n * 10n ** 18n,
      pools: [
        findPool(snapshot, 'constantProduct', 'LINK', 'ETH'),
        findPool(snapshot, 'constantProduct', 'ETH', 'DAI'),
      ],
    },
  ])
  const { targets, settings, rung } = buildRequoteRequest(snapshot)
  return { snapshot, plan, subject: { deployment, account, client, targets, settings, rung } }
}

const check = (of: Checked) => assertWalletAgrees(provider, of)

/** The kinds of what two sources disagree on; none where they agree. */
async function findKinds(of: Checked): Promise<readonly string[]> {
  const error: unknown = await check(of).catch((cause: unknown) => cause)
  if (error === undefined) return []
  if (!(error instanceof SourcesDisagreeError)) throw error
  return [...new Set(error.disagreements.map(({ kind }) => kind))].sort()
}

const word = (value: bigint) => value.toString(16).padStart(64, '0')

/** Says another number wherever a node says this one. */
function replace(from: bigint, to: bigint): FaultRule {
  const mutate = (result: unknown) => (typeof result === 'string' ? result.replaceAll(word(from), word(to)) : result)
  return { method: 'eth_call', action: { kind: 'mutate', mutate } }
}

function balanceOf({ snapshot }: Checked, symbol: string): bigint {
  const found = snapshot.assets.flatMap(({ tokens }) => tokens).find(({ token }) => token.symbol === symbol)
  if (found?.balance.status !== 'known') throw new Error(`no ${symbol}`)
  return found.balance.amount
}

/** What a feed of eight decimals answered. */
function answerOf({ snapshot }: Checked, assetId: string): bigint {
  const price = snapshot.assets.find(({ asset }) => asset.id === assetId)?.price
  if (price?.status !== 'fresh') throw new Error(`no price of ${assetId}`)
  return price.usd / 10n ** 10n
}

test('default', async () => {
  const checked = await prepare()
  await expect(check(checked)).resolves.toBeUndefined()
  const methods = new Set(wallets.calls.map(({ method }) => method))
  expect([...methods].sort()).toEqual(['eth_call', 'eth_getBlockByNumber'])
})

test('behaviour: a planned flow through the Universal Router, v4 included, is confirmed', async () => {
  const { snapshot, subject } = await prepare()
  const targets = toTargets(
    [
      { assetId: 'ETH', weightBps: 4_000 },
      { assetId: 'LINK', weightBps: 3_000 },
      { assetId: 'USDC', weightBps: 3_000 },
    ],
    deployment.assets.map(({ id }) => id),
  )
  const wide: PlanSubject = { ...subject, targets, rung: 'atomicBatch' }
  const outcome = planRebalance(composePlanRequest(wide, { snapshot, priorityFeePerGas: 10n ** 9n }))
  if (outcome.status !== 'planned') throw new Error(outcome.status)
  const { plan } = outcome
  expect(plan.router).toBe('universalRouter')
  expect(plan.legs.flatMap(({ hops }) => hops.map(({ pool }) => pool.kind))).toContain('singleton')
  await expect(check({ snapshot, plan, subject: wide })).resolves.toBeUndefined()
  const truth = balanceOf({ snapshot, plan, subject: wide }, 'LINK')
  wallets.setRules([replace(truth, truth + 1n)])
  expect(await findKinds({ snapshot, plan, subject: wide })).toEqual(['balance'])
})

describe('F-30: a node lies about balances', () => {
  test('error: SourcesDisagreeError: ours doubles what is held of USDC', async () => {
    const truth = balanceOf(await prepare(), 'USDC')
    app.setRules([replace(truth, truth * 2n)])
    const checked = await prepare()
    expect(balanceOf(checked, 'USDC')).toBe(truth * 2n)
    await expect(check(checked)).rejects.toMatchObject({
      name: 'SourcesDisagreeError',
      failure: 'sourcesDisagree',
      message: expect.stringContaining('disagree on your USDC balance'),
      disagreements: [{ kind: 'balance', symbol: 'USDC', ours: truth * 2n, wallets: truth }],
    })
  })

  test("error: SourcesDisagreeError: the wallet's doubles it", async () => {
    const checked = await prepare()
    const truth = balanceOf(checked, 'USDC')
    wallets.setRules([replace(truth, truth * 2n)])
    await expect(check(checked)).rejects.toMatchObject({
      disagreements: [{ kind: 'balance', symbol: 'USDC', ours: truth, wallets: truth * 2n }],
    })
  })

  test('error: SourcesDisagreeError: ours halves it', async () => {
    const truth = balanceOf(await prepare(), 'LINK')
    app.setRules([replace(truth, truth / 2n)])
    expect(await findKinds(await prepare())).toEqual(['balance'])
  })
})

describe('T-41: a node lies about what is quoted', () => {
  test('error: SourcesDisagreeError: a feed, ours or the wallet’s', async () => {
    const checked = await prepare()
    const answer = answerOf(checked, 'LINK')
    wallets.setRules([replace(answer, (answer * 101n) / 100n)])
    expect(await findKinds(checked)).toContain('price')
    wallets.setRules([])
    app.setRules([replace(answer, (answer * 99n) / 100n)])
    expect(await findKinds(await prepare())).toContain('price')
  })

  test('error: SourcesDisagreeError: a pool, ours or the wallet’s', async () => {
    const checked = await prepare()
    const pool = findPool(checked.snapshot, 'constantProduct', 'LINK', 'ETH')
    if (pool.kind !== 'constantProduct') throw new Error('no pair')
    wallets.setRules([replace(pool.reserve0, (pool.reserve0 * 103n) / 100n)])
    expect(await findKinds(checked)).toEqual(expect.arrayContaining(['pool', 'quote']))
    wallets.setRules([])
    app.setRules([replace(pool.reserve0, (pool.reserve0 * 97n) / 100n)])
    expect(await findKinds(await prepare())).toEqual(expect.arrayContaining(['pool', 'quote']))
  })
})

describe('F-32: blocks of two nodes', () => {
  const unknownBlock: FaultRule = {
    method: 'eth_call',
    match: ({ params }) => typeof params[1] === 'object',
    action: { kind: 'error', code: -32_000, message: 'header not found' },
  }

  test('behaviour: a wallet that does not know our block is asked for its newest', async () => {
    const checked = await prepare()
    wallets.setRules([unknownBlock])
    await mine(devnet, 2)
    const { plan, snapshot } = checked
    const reading = await readThroughWallet(provider, { plan, snapshot, deployment })
    expect(reading.snapshot.block.number).toBe(snapshot.block.number + 2n)
    await expect(check(checked)).resolves.toBeUndefined()
  })

  test('behaviour: blocks go on between our reading and the wallet’s: it is read at ours', async () => {
    const checked = await prepare()
    await mine(devnet, 2)
    const { plan, snapshot } = checked
    const reading = await readThroughWallet(provider, { plan, snapshot, deployment })
    expect(reading.snapshot.block).toEqual(snapshot.block)
    expect(reading.head.number).toBe(snapshot.block.number + 2n)
    await expect(check(checked)).resolves.toBeUndefined()
  })

  test('error: SourcesDisagreeError: ours is fifty blocks behind', async () => {
    const { number } = (await prepare()).snapshot.block
    await devnet.client.mine({ blocks: 50, interval: 2 })
    app.setRules([{ action: { kind: 'pinBlock', number } }])
    const checked = await prepare()
    expect(checked.snapshot.block.number).toBe(number)
    expect(await findKinds(checked)).toEqual(['block'])
  })
})

describe('before a review', () => {
  test('error: SourcesDisagreeError: a lie is seen before anybody reads it', async () => {
    const checked = await prepare()
    const truth = balanceOf(checked, 'USDC')
    wallets.setRules([replace(truth, truth * 2n)])
    await expect(assertNoContradiction(provider, checked)).rejects.toBeInstanceOf(SourcesDisagreeError)
  })

  test('behaviour: two that agree, and a wallet that refuses to read', async () => {
    const checked = await prepare()
    await expect(assertNoContradiction(provider, checked)).resolves.toBeUndefined()
    wallets.setRules([{ action: { kind: 'error', code: 4_200, message: 'unsupported' } }])
    await expect(assertNoContradiction(provider, checked)).resolves.toBeUndefined()
  })
})

test('behaviour: a plan of which nothing changed for fifty blocks is compared at the newest', async () => {
  const old = await prepare()
  await devnet.client.mine({ blocks: 50, interval: 2 })
  expect(await findKinds(old)).toEqual(['block'])
  const { snapshot } = await prepare()
  await expect(check({ ...old, snapshot })).resolves.toBeUndefined()
})

describe('a wallet that confirms nothing', () => {
  test('error: WrongChainError', async () => {
    const checked = await prepare()
    const isWord = (of: bigint) => replace(of, 1n)
    wallets.setRules([isWord(31_337n)])
    await expect(check(checked)).rejects.toBeInstanceOf(WrongChainError)
  })

  test('error: RequestTimeoutError: it never answers', async () => {
    const { plan, snapshot } = await prepare()
    const silent: WalletProvider = { request: () => new Promise(() => undefined) }
    const reading = readThroughWallet(silent, { plan, snapshot, deployment, timeoutMs: 50 })
    await expect(reading).rejects.toBeInstanceOf(RequestTimeoutError)
  })

  test('error: WalletUnreadableError: it refuses to read', async () => {
    const checked = await prepare()
    wallets.setRules([{ action: { kind: 'error', code: 4_200, message: 'unsupported' } }])
    await expect(check(checked)).rejects.toMatchObject({ name: 'WalletUnreadableError', failure: 'unreachable' })
  })

  test('error: WalletUnreadableError: its node answers null', async () => {
    const checked = await prepare()
    wallets.setRules([{ action: { kind: 'null' } }])
    await expect(check(checked)).rejects.toMatchObject({ failure: 'unreachable' })
  })
})
