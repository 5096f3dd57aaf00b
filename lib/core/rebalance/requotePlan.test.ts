import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import type { Pool, Snapshot } from '../snapshot'
import { toUsd, usdUnit } from '../units'
import type { RebalancePlan } from './plan'
import { planRebalance } from './planRebalance'
import type { PlanRequest } from './planRequest'
import { requotePlan } from './requotePlan'

const weights = { ETH: 3000, WBTC: 2500, USDC: 1500, DAI: 1000, UNI: 1000, AAVE: 1000 }
const snapshot = buildMarket({ holdings: { ETH: 20_000n, WETH: 5_000n, USDC: 40_000n, LINK: 15_000n, WBTC: 20_000n } })
const request = buildPlanRequest({ snapshot, weights, rung: 'approveThenSwap' })

function planned(of: PlanRequest): RebalancePlan {
  const outcome = planRebalance(of)
  if (outcome.status !== 'planned') throw new Error(outcome.status)
  return outcome.plan
}

const plan = planned(request)
const later = (changes: Partial<Snapshot> = {}, of: PlanRequest = request) => ({
  ...of,
  snapshot: {
    ...snapshot,
    block: { ...snapshot.block, number: 109n, timestamp: snapshot.block.timestamp + 30 },
    ...changes,
  },
})

/** A pool that pays a little less for whatever is sold into it. */
function worsen(pool: Pool): Pool {
  if (pool.kind === 'constantProduct') {
    return { ...pool, reserve0: (pool.reserve0 * 9n) / 10n, reserve1: (pool.reserve1 * 9n) / 10n }
  }
  return { ...pool, liquidity: (pool.liquidity * 9n) / 10n }
}

describe('requotePlan', () => {
  test('default: nothing moved, so only block and deadline are new', () => {
    const requote = requotePlan(plan, later())
    if (requote.status !== 'requoted') throw new Error(requote.reason)
    expect(requote.plan.legs).toEqual(plan.legs)
    expect(requote.plan.block.number).toBe(109n)
    expect(requote.plan.deadline).toBe(plan.deadline + 30)
  })

  test('behaviour: the amounts stay and the minimums follow the pools', () => {
    const requote = requotePlan(plan, later({ pools: snapshot.pools.map(worsen) }))
    if (requote.status !== 'requoted') throw new Error(requote.reason)
    expect(requote.plan.legs.map(({ amountIn }) => amountIn)).toEqual(plan.legs.map(({ amountIn }) => amountIn))
    const least = (of: RebalancePlan) => of.legs.reduce((sum, { minimumOut }) => sum + minimumOut, 0n)
    expect(least(requote.plan)).toBeLessThan(least(plan))
  })

  test('behaviour: on the Universal Router what takes the rest takes what is left, and all else stays', () => {
    const batch: PlanRequest = { ...request, rung: 'atomicBatch' }
    const flow = planned(batch)
    expect(flow.router).toBe('universalRouter')
    const same = requotePlan(flow, later({}, batch))
    expect(same.status === 'requoted' && same.plan.legs).toEqual(flow.legs)
    const requote = requotePlan(flow, later({ pools: snapshot.pools.map(worsen) }, batch))
    if (requote.status !== 'requoted') throw new Error(requote.reason)
    const { legs, purchases } = requote.plan
    const bought = new Set(flow.purchases.map(({ assetId }) => assetId))
    const fed = new Set(flow.legs.map(({ buy }) => buy))
    for (const [at, { sell, amountIn, quotedOut, buy }] of flow.legs.entries()) {
      const isLast = !flow.legs.slice(at + 1).some((leg) => leg.sell === sell)
      const takesRest = isLast && fed.has(sell) && !bought.has(sell)
      if (takesRest) expect(legs[at]?.amountIn).toBeLessThan(amountIn)
      else expect(legs[at]?.amountIn).toBe(amountIn)
      expect(legs[at]?.quotedOut).toBeLessThan(quotedOut)
      expect(legs[at]).toMatchObject({ sell, buy })
    }
    // Nothing stays behind: what hubs take in they pass on.
    for (const hub of [...fed].filter((id) => !bought.has(id))) {
      const change = legs.reduce(
        (sum, { sell, buy, amountIn, quotedOut }) =>
          sum + (buy === hub ? quotedOut : 0n) - (sell === hub ? amountIn : 0n),
        0n,
      )
      const spent = flow.spendings.reduce((sum, { assetId, amount }) => (assetId === hub ? sum + amount : sum), 0n)
      expect(change + spent).toBe(0n)
    }
    for (const [at, { minimumOut }] of flow.purchases.entries()) {
      expect(purchases[at]?.minimumOut).toBeLessThan(minimumOut)
    }
  })

  test('behaviour: a pool that is gone, a stale price and a quote under the floor end it', () => {
    const [pool] = plan.legs[0].hops
    const without = snapshot.pools.filter(({ id }) => id !== pool.pool.id)
    expect(requotePlan(plan, later({ pools: without }))).toEqual({ status: 'failed', reason: 'noRoute' })
    const { sell } = plan.legs[0]
    const withPrice = (usd: bigint, status: 'fresh' | 'stale') =>
      snapshot.assets.map((reading) =>
        reading.asset.id === sell
          ? {
              ...reading,
              price:
                status === 'fresh'
                  ? { status, usd: toUsd(usd), updatedAt: 1 }
                  : { status, usd: toUsd(usd), updatedAt: 1, maxAgeSeconds: 1 },
            }
          : reading,
      )
    expect(requotePlan(plan, later({ assets: withPrice(usdUnit, 'stale') }))).toEqual({
      status: 'failed',
      reason: 'unpriced',
    })
    expect(requotePlan(plan, later({ assets: withPrice(usdUnit * 1_000_000n, 'fresh') }))).toEqual({
      status: 'failed',
      reason: 'belowOracleFloor',
    })
  })
})
