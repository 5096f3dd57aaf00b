import { describe, expect, test } from 'vitest'
import { wethToken } from '@/lib/testing/builders/assets'
import { sideOf } from '@/lib/testing/builders/market'
import { buildConcentratedPool, buildSingletonPool } from '@/lib/testing/builders/pools'
import { nativeAddress } from '../asset'
import type { Pool } from '../snapshot'
import { type FlowEnd, replayFlow } from './composeFlow'
import type { RebalancePlan, Spending } from './plan'
import { replayPlannedFlow } from './replayPlannedFlow'

const ether = 10n ** 18n
const bands = [{ halfWidthSpacings: 900_000, depthUsd: 50_000_000n }]
const [eth, usdc, uni, link] = [sideOf('ETH'), sideOf('USDC'), sideOf('UNI'), sideOf('LINK')]
const nativeUsdc = buildSingletonPool({ sides: [eth, usdc], bands, feePips: 500 })
const wrappedUni = buildConcentratedPool({ sides: [eth, uni], bands, feePips: 3000 })
const linkWrapped = buildConcentratedPool({ sides: [link, eth], bands, feePips: 3000 })
const pools: readonly Pool[] = [nativeUsdc, wrappedUni, linkWrapped]

type Sold = readonly [pool: Pool, from: string, to: string, amountIn: number]

/** A plan over these pools, as the planner makes it. */
function planOf(flow: readonly Sold[], spendings: readonly Spending[]): RebalancePlan {
  const [{ assetId }] = spendings as readonly [Spending]
  const ends = new Map<string, FlowEnd>([[assetId, { assetId, spendings, kept: 0 }]])
  const replayed = replayFlow({
    flow: flow.map(([pool, from, to, amountIn]) => ({ poolId: pool.id, from, to, amountIn, amountOut: amountIn })),
    ends,
    pools: new Map(pools.map((pool) => [pool.id, pool])),
    wrappedNative: wethToken.address,
  })
  if (replayed.status === 'failed') throw new Error(`${replayed.sell} to ${replayed.buy}`)
  const purchases = flow.filter(([, , to]) => to !== 'ETH').map(([, , to]) => ({ assetId: to }))
  return { legs: replayed.legs, spendings, purchases } as unknown as RebalancePlan
}
const replay = (plan: RebalancePlan, on = pools) => replayPlannedFlow(plan, on, wethToken.address)

const native: Spending = { assetId: 'ETH', token: nativeAddress, amount: 4n * ether }
const wrapped: Spending = { assetId: 'ETH', token: wethToken.address, amount: 2n * ether }
const coin: Spending = { assetId: 'ETH', token: nativeAddress, amount: 2n * ether }
const both: readonly Sold[] = [
  [nativeUsdc, 'ETH', 'USDC', 3],
  [wrappedUni, 'ETH', 'UNI', 1],
]
const soldLink: Spending = { assetId: 'LINK', token: link.asset.poolToken.address, amount: 1_000n * ether }
const through: readonly Sold[] = [
  [linkWrapped, 'LINK', 'ETH', 1_000],
  [wrappedUni, 'ETH', 'UNI', 5],
]

describe('replayPlannedFlow', () => {
  test.each([
    ['ether of which some has to be wrapped', both, [native]],
    ['wrapped ether of which some has to be unwrapped', both, [wrapped, coin]],
    ['what is passed on', through, [soldLink]],
  ])('default: on the same pools it is the plan, with %s', (_, flow, spendings) => {
    const plan = planOf(flow, spendings)
    const shortly = (legs: ReturnType<typeof replay>) =>
      legs?.map(({ sell, buy, amountIn, quotedOut }) => [sell, buy, amountIn, quotedOut])
    expect(shortly(replay(plan))).toEqual(shortly(plan.legs))
  })

  /** A pool that pays less for what is sold into it. */
  const thinner = pools.map((pool) =>
    pool === linkWrapped ? { ...linkWrapped, liquidity: linkWrapped.liquidity / 100n } : pool,
  )

  test('behaviour: what takes the rest takes what there is then', () => {
    const plan = planOf(through, [soldLink])
    const legs = replay(plan, thinner)
    expect(legs?.[0]?.quotedOut).toBeLessThan(plan.legs[0].quotedOut)
    expect(legs?.[1]?.amountIn).toBe(legs?.[0]?.quotedOut)
  })

  test('behaviour: an explicit amount that is not there any more is nothing', () => {
    const plan = planOf(through, [soldLink])
    // The asset in between is bought, too, so the second leg does not take the rest.
    const kept = { ...plan, purchases: [...plan.purchases, { assetId: 'ETH' }] } as unknown as RebalancePlan
    expect(replay(kept)).toBeDefined()
    expect(replay(kept, thinner)).toBeUndefined()
  })

  test('behaviour: a pool that is gone, or that cannot take an amount, is nothing', () => {
    const plan = planOf(through, [soldLink])
    expect(replay(plan, pools.slice(0, 2))).toBeUndefined()
    const cramped = { ...linkWrapped, ticks: [], knownTicks: { lower: linkWrapped.tick, upper: linkWrapped.tick + 1 } }
    expect(replay(plan, [cramped, wrappedUni])).toBeUndefined()
    const [first, ...others] = plan.legs
    const empty = { ...plan, legs: [{ ...first, amountIn: 0n }, ...others] } as RebalancePlan
    expect(replay(empty)).toBeUndefined()
  })
})
