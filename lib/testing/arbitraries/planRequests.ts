import fc from 'fast-check'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { equalWeights, normaliseWeights } from '@/lib/core/targetsEdit'
import { toBps } from '@/lib/core/units'
import { buildMarket, buildPlanRequest, type Holdings, marketIds, marketPlans, type PoolPlan } from '../builders/market'

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

/** A whole request: a market, an account and its targets. */
export const planRequestArbitrary: fc.Arbitrary<PlanRequest> = fc
  .record({
    holdings,
    weights,
    pools,
    rung: fc.constantFrom('atomicBatch' as const, 'approveThenSwap' as const),
    slippageBps: fc.integer({ min: 1, max: 100 }),
    gwei: fc.constantFrom(0n, 1n, 5n, 20n),
  })
  .map(({ holdings: held, weights: wanted, pools: plans, rung, slippageBps, gwei }) =>
    buildPlanRequest({
      snapshot: buildMarket({ holdings: held, pools: plans }),
      weights: wanted,
      rung,
      maxFeePerGas: gwei * 10n ** 9n,
      settings: {
        bandBps: toBps(100),
        slippageBps: toBps(slippageBps),
        stableSlippageBps: toBps(Math.min(10, slippageBps)),
        nativeReserve: 0n,
      },
    }),
  )
