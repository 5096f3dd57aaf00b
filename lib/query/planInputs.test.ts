import { describe, expect, test } from 'vitest'
import type { Asset } from '@/lib/core/asset'
import type { Leg, PlanOutcome, RebalancePlan } from '@/lib/core/rebalance/plan'
import { sumPurchases, sumSpendings } from '@/lib/core/rebalance/sumLegs'
import type { AssetReading, ConcentratedPool, ConstantProductPool, Snapshot } from '@/lib/core/snapshot'
import { type Address, toBps, toUsd } from '@/lib/core/units'
import { findMinimumMoves, findPlanChanges, isNewReviewNeeded } from './planInputs'

const addressOf = (index: number): Address => `0x${index.toString(16).padStart(40, '0')}`

function readingOf(id: string, index: number, amount = 100n): AssetReading {
  const token = { address: addressOf(index), symbol: id, name: id, decimals: 18, resetsAllowance: false }
  const asset: Asset = { id, name: id, decimals: 18, isStable: false, tokens: [token], poolToken: token }
  return {
    asset,
    tokens: [
      {
        token,
        balance: { status: 'known', amount },
        routerAllowance: { status: 'known', amount: 0n },
        permit2Allowance: { status: 'known', amount: 0n },
        universalRouterGrant: { status: 'known', amount: 0n, expiration: 0 },
      },
    ],
    price: { status: 'fresh', usd: toUsd(10n ** 18n), updatedAt: 1_000 },
  }
}

const pairAB: ConstantProductPool = {
  kind: 'constantProduct',
  id: addressOf(100),
  assetIds: ['A', 'B'],
  token0: addressOf(1),
  token1: addressOf(2),
  feePips: 3000,
  reserve0: 1_000n,
  reserve1: 2_000n,
}

const poolBC: ConcentratedPool = {
  kind: 'concentrated',
  id: addressOf(101),
  assetIds: ['B', 'C'],
  token0: addressOf(2),
  token1: addressOf(3),
  feePips: 500,
  tickSpacing: 10,
  sqrtPriceX96: 2n ** 96n,
  tick: 0,
  liquidity: 10n ** 20n,
  ticks: [{ index: -10, liquidityNet: 10n ** 20n }],
  knownTicks: { lower: -100, upper: 100 },
}

const before: Snapshot = {
  chainId: 31337,
  account: addressOf(9),
  block: { number: 1n, hash: '0x01', timestamp: 1_000, baseFeePerGas: 1n },
  assets: [readingOf('A', 1), readingOf('B', 2), readingOf('C', 3)],
  pools: [pairAB, poolBC],
}

const next = (changes: Partial<Snapshot> = {}, seconds = 2): Snapshot => ({
  ...before,
  block: { number: 2n, hash: '0x02', timestamp: 1_000 + seconds, baseFeePerGas: 2n },
  ...changes,
})

const leg: Leg = {
  sell: 'A',
  buy: 'B',
  paidFrom: 'token',
  paidTo: 'account',
  hops: [
    {
      pool: { kind: 'constantProduct', id: pairAB.id, feePips: 3000 },
      sell: 'A',
      buy: 'B',
      tokenIn: addressOf(1),
      tokenOut: addressOf(2),
      amountIn: 10n,
      amountOut: 19n,
    },
  ],
  amountIn: 10n,
  quotedOut: 20_000n,
  minimumOut: 19_900n,
  oracleFloor: 19_000n,
  soldUsd: toUsd(10n),
  feeUsd: toUsd(1n),
  impactUsd: 0n,
  impactBps: 0,
  gas: 100_000n,
}

const plan: RebalancePlan = {
  chainId: 31337,
  account: before.account,
  block: before.block,
  router: 'swapRouter02',
  legs: [leg],
  spendings: sumSpendings([leg]),
  purchases: sumPurchases([leg]),
  leftOut: [],
  positions: ['A', 'B'].map((assetId) => ({
    assetId,
    nowAmount: 100n,
    nowUsd: toUsd(100n),
    nowBps: toBps(5_000),
    projectedAmount: 100n,
    projectedUsd: toUsd(100n),
    projectedBps: toBps(5_000),
    targetBps: toBps(5_000),
  })),
  skipped: [],
  cost: { feeUsd: toUsd(1n), impactUsd: 0n, gasUsd: toUsd(1n), totalUsd: 2n, totalCentiBps: 1 },
  gas: { units: 1n, maxFeePerGas: 1n, usd: toUsd(1n) },
  certificate: { valueUsd: 1, boundUsd: 1, gapBps: 0, shadowPrices: [], poolUse: [] },
  nativeReserve: 0n,
  driftBeforeBps: 100,
  driftAfterBps: 0,
  deadline: 1_600,
  impactLevel: 'quiet',
}

const planned: PlanOutcome = { status: 'planned', plan }

describe('findPlanChanges', () => {
  test('default', () => {
    expect(findPlanChanges(planned, { before, after: next() })).toEqual([])
  })

  test('behaviour: a pool of the plan that moved makes it old, another one does not', () => {
    const movedOther = next({ pools: [pairAB, { ...poolBC, sqrtPriceX96: 2n ** 96n + 1n }] })
    expect(findPlanChanges(planned, { before, after: movedOther })).toEqual([])
    const moved = next({ pools: [{ ...pairAB, reserve0: 1_001n }, poolBC] })
    expect(findPlanChanges(planned, { before, after: moved })).toEqual([
      { kind: 'pool', id: pairAB.id, assetIds: ['A', 'B'] },
    ])
  })

  test('behaviour: a balance, an allowance or a price of an asset in the plan makes it old', () => {
    const [a, b, c] = before.assets
    if (a === undefined || b === undefined || c === undefined) throw new Error('three assets')
    const balance = next({ assets: [readingOf('A', 1, 101n), b, c] })
    expect(findPlanChanges(planned, { before, after: balance })).toEqual([{ kind: 'balance', assetId: 'A' }])
    const price = next({ assets: [a, { ...b, price: { status: 'fresh', usd: toUsd(2n), updatedAt: 1 } }, c] })
    expect(findPlanChanges(planned, { before, after: price })).toEqual([{ kind: 'price', assetId: 'B' }])
    const unknown = next({ assets: [a, { ...b, price: { status: 'noFeed' } }, c] })
    expect(findPlanChanges(planned, { before, after: unknown })).toEqual([{ kind: 'price', assetId: 'B' }])
    const allowance = next({
      assets: [
        { ...a, tokens: a.tokens.map((token) => ({ ...token, routerAllowance: { status: 'known', amount: 5n } })) },
        b,
        c,
      ],
    })
    expect(findPlanChanges(planned, { before, after: allowance })).toEqual([{ kind: 'allowance', assetId: 'A' }])
  })

  test('behaviour: a heartbeat at the same price, and assets outside the plan, change nothing', () => {
    const [a, b] = before.assets
    if (a === undefined || b === undefined) throw new Error('three assets')
    const heartbeat = { ...a, price: { status: 'fresh', usd: toUsd(10n ** 18n), updatedAt: 2_000 } } as const
    expect(
      findPlanChanges(planned, { before, after: next({ assets: [heartbeat, b, readingOf('C', 3, 7n)] }) }),
    ).toEqual([])
  })

  test('behaviour: at half of its life a plan is made again', () => {
    expect(findPlanChanges(planned, { before, after: next({}, 299) })).toEqual([])
    expect(findPlanChanges(planned, { before, after: next({}, 300) })).toEqual([{ kind: 'age' }])
  })

  test('behaviour: without a plan anything may open the way to one', () => {
    const nothing: PlanOutcome = { status: 'nothingToDo', driftBps: 0, skipped: [] }
    const moved = next({ pools: [pairAB, { ...poolBC, liquidity: 1n }] })
    expect(findPlanChanges(nothing, { before, after: moved })).toEqual([
      { kind: 'pool', id: poolBC.id, assetIds: ['B', 'C'] },
    ])
  })
})

describe('findMinimumMoves', () => {
  const withMinimum = (minimumOut: bigint, buy = 'B'): RebalancePlan => ({
    ...plan,
    purchases: sumPurchases([{ ...leg, buy, minimumOut }]),
  })

  test('default', () => {
    expect(findMinimumMoves(plan, plan)).toEqual([])
    expect(findMinimumMoves(plan, withMinimum(19_901n))).toEqual([{ assetId: 'B', before: 19_900n, after: 19_901n }])
  })

  test('behaviour: several legs to one asset count together', () => {
    const split: RebalancePlan = {
      ...plan,
      purchases: sumPurchases([
        { ...leg, minimumOut: 9_900n },
        { ...leg, minimumOut: 10_000n },
      ]),
    }
    expect(findMinimumMoves(plan, split)).toEqual([])
  })

  test('behaviour: up to 0.1 % the review stands, beyond it is made again', () => {
    expect(isNewReviewNeeded(findMinimumMoves(plan, withMinimum(19_919n)))).toBe(false)
    expect(isNewReviewNeeded(findMinimumMoves(plan, withMinimum(19_920n)))).toBe(true)
    expect(isNewReviewNeeded(findMinimumMoves(plan, withMinimum(19_881n)))).toBe(false)
    expect(isNewReviewNeeded(findMinimumMoves(plan, withMinimum(19_880n)))).toBe(true)
    expect(isNewReviewNeeded(findMinimumMoves(plan, withMinimum(19_900n, 'C')))).toBe(true)
  })
})
