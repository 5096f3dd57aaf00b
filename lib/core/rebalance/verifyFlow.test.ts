import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import type { Leg, Purchase, RebalancePlan, Spending } from './plan'
import { UnverifiedPlanError } from './planPromises'
import { planRebalance } from './planRebalance'
import type { PlanRequest } from './planRequest'
import { verifyPlan } from './verifyPlan'

const snapshot = buildMarket({ holdings: { ETH: 30_000n, WETH: 5_000n, USDC: 40_000n, LINK: 15_000n } })
const request = buildPlanRequest({
  snapshot,
  weights: { ETH: 2000, WBTC: 2500, DAI: 2500, UNI: 1500, AAVE: 1500 },
  callLimit: 10,
})
const outcome = planRebalance(request)
if (outcome.status !== 'planned') throw new Error(outcome.status)
const { plan } = outcome

const ruleOf = (of: Partial<RebalancePlan>, by: PlanRequest = request) => {
  try {
    verifyPlan({ ...plan, ...of }, by)
  } catch (error) {
    if (error instanceof UnverifiedPlanError) return error.rule
    throw error
  }
  return 'kept'
}
const withLeg = (at: number, change: Partial<Leg>) => ({
  legs: plan.legs.map((leg, position) =>
    position === at ? { ...leg, ...change } : leg,
  ) as unknown as RebalancePlan['legs'],
})
const withPurchase = (change: Partial<Purchase>) => {
  const [first, ...rest] = plan.purchases
  return { purchases: [{ ...first, ...change }, ...rest] as const }
}
const withSpending = (change: Partial<Spending>) => {
  const [first, ...rest] = plan.spendings
  return { spendings: [{ ...first, ...change }, ...rest] as const }
}
const find = (isIt: (leg: Leg) => boolean) => plan.legs.findIndex(isIt)

describe('verifyPlan, Universal Router', () => {
  test('default', () => {
    expect(plan.router).toBe('universalRouter')
    expect(ruleOf({})).toBe('kept')
  })

  test('error: UnverifiedPlanError for an order in which something is not there yet', () => {
    expect(ruleOf({ legs: [...plan.legs].reverse() as unknown as RebalancePlan['legs'] })).not.toBe('kept')
    expect(ruleOf({ legs: [...plan.legs, plan.legs[0]] as unknown as RebalancePlan['legs'] })).not.toBe('kept')
    expect(ruleOf({}, { ...request, rung: 'approveThenSwap' })).toBe('order')
  })

  test('error: UnverifiedPlanError for a payer or payee that does not hold', () => {
    const fromRouter = find(({ paidFrom }) => paidFrom === 'router')
    expect(ruleOf(withLeg(fromRouter, { paidFrom: 'token' }))).toBe('order')
    const toAccount = find(({ paidTo }) => paidTo === 'account')
    expect(ruleOf(withLeg(toAccount, { paidTo: 'router' }))).toBe('A-07')
    expect(ruleOf(withLeg(toAccount, { paidTo: 'router', minimumOut: 0n }))).toBe('kept')
    expect(ruleOf(withLeg(toAccount, { minimumOut: 1n }))).toBe('A-07')
    expect(ruleOf(withLeg(toAccount, { oracleFloor: 1n }))).toBe('A-07')
    const toRouter = find(({ paidTo }) => paidTo === 'router')
    expect(ruleOf(withLeg(toRouter, { paidTo: 'account' }))).not.toBe('kept')
  })

  test('error: UnverifiedPlanError for purchases that are not what the router ends with', () => {
    const [{ quotedOut, minimumOut, oracleFloor }] = plan.purchases
    expect(ruleOf(withPurchase({ quotedOut: quotedOut - 1n }))).toBe('sums')
    expect(ruleOf({ purchases: plan.purchases.slice(1) as unknown as RebalancePlan['purchases'] })).not.toBe('kept')
    expect(ruleOf(withPurchase({ minimumOut: quotedOut + 1n }))).toBe('A-07')
    expect(ruleOf(withPurchase({ minimumOut: minimumOut / 2n, oracleFloor: 0n }))).toMatch(/A-07|A-20/)
    expect(ruleOf(withPurchase({ oracleFloor: oracleFloor - 1n }))).toBe('A-07')
    expect(ruleOf(withPurchase({ assetId: plan.spendings[0].assetId }))).toBe('A-17')
  })

  test('error: UnverifiedPlanError for spendings that the legs do not use up', () => {
    expect(ruleOf(withSpending({ amount: plan.spendings[0].amount - 1n }))).not.toBe('kept')
    expect(ruleOf(withSpending({ amount: plan.spendings[0].amount + 1n }))).not.toBe('kept')
    expect(ruleOf({ spendings: plan.spendings.slice(1) as unknown as RebalancePlan['spendings'] })).not.toBe('kept')
  })

  test('error: UnverifiedPlanError where what was read says something else', () => {
    const { assets, pools } = snapshot
    const read = (change: Partial<typeof snapshot>) => ruleOf({}, { ...request, snapshot: { ...snapshot, ...change } })
    const [spending] = plan.spendings
    const [hop] = plan.legs[0].hops
    const ofSold = (change: (reading: (typeof assets)[number]) => (typeof assets)[number]) =>
      read({ assets: assets.map((each) => (each.asset.id === spending.assetId ? change(each) : each)) })
    const unreadable = { status: 'unreadable', reason: 'no answer' } as const
    expect(ofSold((each) => each)).toBe('kept')
    expect(ofSold((each) => ({ ...each, price: { status: 'noFeed' } }))).toBe('A-33')
    expect(ofSold((each) => ({ ...each, tokens: each.tokens.map((row) => ({ ...row, balance: unreadable })) }))).toBe(
      'A-33',
    )
    expect(ofSold((each) => ({ ...each, tokens: [] }))).toBe('A-09')
    expect(read({ pools: pools.filter(({ id }) => id !== hop.pool.id) })).toBe('A-09')
    const emptied = pools.map((pool) => {
      if (pool.id !== hop.pool.id) return pool
      return pool.kind === 'constantProduct'
        ? { ...pool, reserve0: 1n, reserve1: 1n }
        : { ...pool, liquidity: 0n, ticks: [], knownTicks: { lower: pool.tick, upper: pool.tick } }
    })
    expect(read({ pools: emptied })).toBe('replay')
  })

  test('error: UnverifiedPlanError for more calls or legs than asked for, and for a pool that was left out', () => {
    expect(ruleOf({}, { ...request, callLimit: 3 })).toBe('calls')
    expect(ruleOf({}, { ...request, maxLegs: plan.legs.length - 1 })).toBe('legs')
    const [{ pool, sell, buy }] = plan.legs[0].hops
    expect(ruleOf({ leftOut: [{ pool, assetIds: [sell, buy], reason: 'offPrice' }] })).toBe('A-09')
    expect(ruleOf({ part: { part: 1, of: 2 } }, { ...request, callLimit: 10 })).toBe('kept')
    expect(ruleOf({ part: { part: 1, of: 1 } })).toBe('calls')
  })
})
