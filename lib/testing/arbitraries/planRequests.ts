import fc from 'fast-check'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { BalanceReading, Pool } from '@/lib/core/snapshot'
import { equalWeights, normaliseWeights } from '@/lib/core/targetsEdit'
import { toBps } from '@/lib/core/units'
import {
  buildMarket,
  buildPlanRequest,
  type Holdings,
  type MarketAssetId,
  marketIds,
  marketPlans,
  type PoolPlan,
  sideOf,
} from '../builders/market'
import { buildSingletonPool, type RangesRequest } from '../builders/pools'
import { blockTimestamp, buildReading } from '../builders/snapshot'

/** Nothing, or dollars spread evenly over the powers of ten from $10 to $50,000. */
const holding = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.double({ min: 1, max: 4.7, noNaN: true }).map((power) => BigInt(Math.floor(10 ** power))),
  },
)

const holdings: fc.Arbitrary<Holdings> = fc
  .record({
    ETH: fc.integer({ min: 100, max: 50_000 }).map(BigInt),
    WETH: holding,
    USDC: holding,
    USDT: holding,
    DAI: holding,
    WBTC: holding,
    LINK: holding,
    UNI: holding,
    AAVE: holding,
  })
  .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, usd]) => usd !== undefined)))

const weights = fc
  .uniqueArray(fc.record({ id: fc.constantFrom(...marketIds), weight: fc.integer({ min: 1, max: 100 }) }), {
    minLength: 1,
    maxLength: 8,
    selector: ({ id }) => id,
  })
  .map((rows) => {
    const normalised = normaliseWeights(rows.map(({ id, weight }) => ({ assetId: id, weightBps: toBps(weight) })))
    const checked = normalised.length > 0 ? normalised : equalWeights(['ETH'])
    return Object.fromEntries(checked.map(({ assetId, weightBps }) => [assetId, weightBps as number]))
  })

/** Some of the market's pools, each with its own depth and up to 0.15 % off the feeds. */
const pools: fc.Arbitrary<readonly PoolPlan[]> = fc
  .tuple(
    fc.shuffledSubarray([...marketPlans], { minLength: 8 }),
    fc.array(fc.record({ depth: fc.integer({ min: 60, max: 400 }), skewPpm: fc.integer({ min: -1500, max: 1500 }) }), {
      minLength: marketPlans.length,
      maxLength: marketPlans.length,
    }),
  )
  .map(([plans, changes]) =>
    plans.map((plan, position) => {
      const change = changes[position]
      if (!change) return plan
      return { ...plan, depthUsd: (plan.depthUsd * BigInt(change.depth)) / 100n, skewPpm: BigInt(change.skewPpm) }
    }),
  )

type V4Plan = Pick<RangesRequest, 'feePips'> & {
  readonly pair: readonly [MarketAssetId, MarketAssetId]
  readonly depthUsd: bigint
  readonly currency?: 'native' | 'wrapped'
}

const v4Plans: readonly V4Plan[] = [
  { pair: ['ETH', 'USDC'], feePips: 500, depthUsd: 60_000_000n },
  { pair: ['ETH', 'USDC'], feePips: 3000, depthUsd: 10_000_000n, currency: 'wrapped' },
  { pair: ['ETH', 'USDT'], feePips: 3000, depthUsd: 20_000_000n },
  { pair: ['ETH', 'LINK'], feePips: 3000, depthUsd: 4_000_000n },
  { pair: ['ETH', 'AAVE'], feePips: 3000, depthUsd: 3_000_000n, currency: 'wrapped' },
  { pair: ['ETH', 'UNI'], feePips: 500, depthUsd: 3_000_000n },
  { pair: ['WBTC', 'ETH'], feePips: 500, depthUsd: 20_000_000n },
  { pair: ['USDC', 'DAI'], feePips: 100, depthUsd: 100_000_000n },
  { pair: ['UNI', 'USDC'], feePips: 3000, depthUsd: 2_000_000n },
]

/** Some v4 pools, native ether among them, with a fee of the protocol or none. */
const v4Pools: fc.Arbitrary<readonly Pool[]> = fc
  .tuple(
    fc.subarray([...v4Plans]),
    fc.constantFrom([0, 0] as const, [100, 100] as const, [30, 160] as const),
    fc.integer({ min: -1500, max: 1500 }),
  )
  .map(([plans, protocolFeePips, skewPpm]) =>
    plans.map(({ pair: [a, b], depthUsd, ...plan }) => {
      const first = sideOf(a)
      const skewed = { ...first, micros: (first.micros * BigInt(1_000_000 + skewPpm)) / 1_000_000n }
      const bands = [
        { halfWidthSpacings: 900_000, depthUsd: depthUsd / 2n },
        { halfWidthSpacings: 20, depthUsd: depthUsd / 2n },
      ]
      return buildSingletonPool({ ...plan, sides: [skewed, sideOf(b)], bands, protocolFeePips })
    }),
  )

/** What the routers may take already: nothing, all, or of Permit2 only that it was once used. */
const allowances = fc.constantFrom(
  {},
  {},
  { allowance: 10n ** 40n },
  { permit2Allowance: 10n ** 40n },
  { permit2Allowance: 10n ** 40n, universalRouterGrant: { amount: 10n ** 40n, expiration: blockTimestamp + 86_400 } },
  { allowance: 1n, permit2Allowance: 1n, universalRouterGrant: { amount: 0n, expiration: 1 } },
)

/** A whole request: a market with pools of every kind, an account and its targets. */
export const planRequestArbitrary: fc.Arbitrary<PlanRequest> = fc
  .record({
    holdings,
    weights,
    pools,
    rung: fc.constantFrom('atomicBatch' as const, 'approveThenSwap' as const),
    slippageBps: fc.integer({ min: 1, max: 100 }),
    gwei: fc.constantFrom(0n, 1n, 5n, 20n),
    v4: v4Pools,
    allowed: allowances,
  })
  .map(({ holdings: held, weights: wanted, pools: plans, rung, slippageBps, gwei, v4, allowed }) => {
    const market = buildMarket({ holdings: held, pools: plans })
    const assets = market.assets.map(({ asset, tokens, price }) =>
      buildReading({ asset, price, amounts: tokens.map(({ balance }) => amountOf(balance)), ...allowed }),
    )
    return buildPlanRequest({
      snapshot: { ...market, assets, pools: [...market.pools, ...v4] },
      weights: wanted,
      rung,
      maxFeePerGas: gwei * 10n ** 9n,
      settings: {
        bandBps: toBps(100),
        slippageBps: toBps(slippageBps),
        stableSlippageBps: toBps(Math.min(10, slippageBps)),
        nativeReserve: 0n,
      },
    })
  })

const amountOf = (balance: BalanceReading) => (balance.status === 'known' ? balance.amount : 0n)
