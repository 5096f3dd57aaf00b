import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StaleHeadError } from '@/lib/chain/appErrors'
import type { ChainClient } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import { type ForeignContract, ForeignContractsError } from '@/lib/chain/read/readContractCode'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { Snapshot } from '@/lib/core/snapshot'
import { wethToken } from '@/lib/testing/builders/assets'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { composeMaxFeePerGas, type PlanSubject, planQuery, readPlanNow } from './planQuery'
import { hashQueryKey } from './queryClient'

const world = vi.hoisted(() => ({
  snapshot: undefined as Snapshot | undefined,
  foreign: [] as readonly ForeignContract[],
  reads: 0,
  plans: 0,
}))

vi.mock('@/lib/chain/read/readSnapshot', () => ({
  readMarket: async () => {
    world.reads += 1
    return { snapshot: world.snapshot, searched: 'knownPools' }
  },
}))
vi.mock('@/lib/chain/read/readContractCode', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  readForeignContracts: async () => world.foreign,
}))
vi.mock('@/lib/workers/plannerClient', () => ({
  plannerClient: () => ({
    plan: async (asked: PlanRequest) => {
      world.plans += 1
      return { outcome: planRebalance(asked), elapsedMs: 1 }
    },
  }),
}))

const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n } })
const { targets, settings } = buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 2500, UNI: 2500 } })
const { contracts } = localDeployment
const subject: PlanSubject = {
  // The tests' market trades a wrapped coin of its own.
  deployment: { ...localDeployment, contracts: { ...contracts, wrappedNative: wethToken.address } },
  account: snapshot.account,
  client: { chain: { id: 31337 } } as ChainClient,
  targets,
  settings,
  rung: 'atomicBatch',
}

function advance(changes: Partial<Snapshot> = {}) {
  const { block } = world.snapshot ?? snapshot
  const number = block.number + 1n
  world.snapshot = {
    ...snapshot,
    ...changes,
    block: { ...block, number, hash: `0x${number.toString(16).padStart(64, '0')}`, timestamp: block.timestamp + 12 },
  }
}

function startQueries() {
  return new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: hashQueryKey } } })
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: snapshot.block.timestamp * 1_000 })
  world.snapshot = snapshot
  world.foreign = []
  world.reads = 0
  world.plans = 0
})
afterEach(() => {
  vi.useRealTimers()
})

describe('planQuery', () => {
  test('default: plans from what is known already, without reading again', async () => {
    const queries = startQueries()
    await queries.fetchQuery(planQuery(subject))
    expect([world.reads, world.plans]).toEqual([1, 1])
    const other = startQueries()
    other.setQueryData(['snapshot', { chainId: 31337, account: snapshot.account.toLowerCase() }], snapshot)
    const state = await other.fetchQuery(planQuery(subject))
    expect([world.reads, world.plans]).toEqual([1, 2])
    expect(state.outcome.status).toBe('planned')
    expect(state.renewal).toBeUndefined()
  })

  test('behaviour: while nothing in it changes the plan stays the same object', async () => {
    const queries = startQueries()
    const first = await queries.fetchQuery(planQuery(subject))
    advance()
    const second = await readPlanNow(queries, subject)
    expect(world.plans).toBe(1)
    expect(second.outcome).toBe(first.outcome)
    expect(second.snapshot).toBe(first.snapshot)
    expect(second.checkedAt.number).toBe(snapshot.block.number + 1n)
  })

  test('behaviour: a balance that changed brings another plan, which says so', async () => {
    const queries = startQueries()
    await queries.fetchQuery(planQuery(subject))
    const halved = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 7_500n } })
    advance({ assets: halved.assets })
    const state = await readPlanNow(queries, subject)
    expect(world.plans).toBe(2)
    expect(state.renewal?.changes).toEqual([{ kind: 'balance', assetId: 'LINK' }])
    expect(state.renewal?.minimums.length).toBeGreaterThan(0)
  })

  test('behaviour: other targets are another plan', async () => {
    const queries = startQueries()
    await queries.fetchQuery(planQuery(subject))
    const [first, ...rest] = targets.weights
    if (first === undefined) throw new Error('no targets')
    await queries.fetchQuery(planQuery({ ...subject, targets: { weights: [...rest, first] } }))
    expect(world.plans).toBe(2)
  })
})

describe('cash modes', () => {
  const invest = { kind: 'investCash', assetId: 'USDC', amount: 1_000n * 10n ** 6n } as const

  test('default: another plan than the rebalance, which only spends the cash', async () => {
    const queries = startQueries()
    await queries.fetchQuery(planQuery(subject))
    const state = await queries.fetchQuery(planQuery({ ...subject, mode: invest }))
    expect(world.plans).toBe(2)
    const { outcome } = state
    if (outcome.status !== 'planned') throw new Error(outcome.status)
    expect(outcome.plan.spendings.map(({ assetId, amount }) => [assetId, amount])).toEqual([['USDC', invest.amount]])
    await queries.fetchQuery(planQuery({ ...subject, mode: { ...invest, amount: 1n } }))
    expect(world.plans).toBe(3)
  })

  test('behaviour: what is read before a signature is planned for the same purpose', async () => {
    const queries = startQueries()
    const { outcome } = await readPlanNow(queries, { ...subject, mode: invest })
    if (outcome.status !== 'planned') throw new Error(outcome.status)
    expect(outcome.plan.spendings.map(({ assetId }) => assetId)).toEqual(['USDC'])
  })

  test('behaviour: nothing is planned by itself for an amount that is not said', () => {
    expect(planQuery({ ...subject, mode: { ...invest, amount: 0n } }).enabled).toBe(false)
    expect(planQuery({ ...subject, mode: invest }).enabled).toBe(true)
    expect(planQuery(subject).enabled).toBe(true)
  })
})

describe('composeMaxFeePerGas', () => {
  test('default', () => {
    expect(composeMaxFeePerGas({ baseFeePerGas: 10n ** 9n }, 10n ** 8n)).toBe(1_300_000_000n)
  })
})

describe('F-32: an old head', () => {
  test('error: StaleHeadError: nothing is planned on it, at first and later', async () => {
    const queries = startQueries()
    const oldest = snapshot.block.timestamp + localDeployment.maxHeadAgeSeconds
    vi.setSystemTime(oldest * 1_000)
    expect((await queries.fetchQuery(planQuery(subject))).outcome.status).toBe('planned')
    vi.setSystemTime((oldest + 1) * 1_000)
    await expect(readPlanNow(queries, subject)).rejects.toMatchObject({
      name: 'StaleHeadError',
      ageSeconds: localDeployment.maxHeadAgeSeconds + 1,
    })
    await expect(startQueries().fetchQuery(planQuery(subject))).rejects.toBeInstanceOf(StaleHeadError)
    expect(world.plans).toBe(1)
  })

  test('behaviour: a node that has caught up is read again, however young the old reading is', async () => {
    const queries = startQueries()
    vi.setSystemTime((snapshot.block.timestamp + localDeployment.maxHeadAgeSeconds + 1) * 1_000)
    await expect(queries.fetchQuery(planQuery(subject))).rejects.toBeInstanceOf(StaleHeadError)
    advance()
    expect((await queries.fetchQuery(planQuery(subject))).outcome.status).toBe('planned')
  })

  test('behaviour: a clock behind the chain blocks nothing', async () => {
    vi.setSystemTime((snapshot.block.timestamp - 3_600) * 1_000)
    expect((await startQueries().fetchQuery(planQuery(subject))).outcome.status).toBe('planned')
  })
})

describe('F-33: other contracts than the known ones', () => {
  const { swapRouter02: address } = localDeployment.contracts
  const expected = localDeployment.codeHashes.swapRouter02

  test('error: ForeignContractsError: nothing is planned, and a plan that stands is not reviewed', async () => {
    const queries = startQueries()
    await queries.fetchQuery(planQuery(subject))
    world.foreign = [{ contract: 'swapRouter02', address, expected, actual: undefined }]
    await expect(readPlanNow(queries, subject)).rejects.toBeInstanceOf(ForeignContractsError)
    await expect(startQueries().fetchQuery(planQuery(subject))).rejects.toBeInstanceOf(ForeignContractsError)
    expect(world.plans).toBe(1)
  })

  test('behaviour: once they are the known ones again, the next try plans', async () => {
    const queries = startQueries()
    world.foreign = [{ contract: 'swapRouter02', address, expected, actual: undefined }]
    await expect(queries.fetchQuery(planQuery(subject))).rejects.toBeInstanceOf(ForeignContractsError)
    world.foreign = []
    expect((await queries.fetchQuery(planQuery(subject))).outcome.status).toBe('planned')
  })
})
