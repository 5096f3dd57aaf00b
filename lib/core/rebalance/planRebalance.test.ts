import { describe, expect, test } from 'vitest'
import { addressOf, wethToken } from '@/lib/testing/builders/assets'
import { executePlan } from '@/lib/testing/builders/executePlan'
import { buildMarket, buildPlanRequest, marketPlans, sideOf } from '@/lib/testing/builders/market'
import { unitsWorth } from '@/lib/testing/builders/pools'
import { blockTimestamp } from '@/lib/testing/builders/snapshot'
import { nativeAddress } from '../asset'
import type { AssetReading, PriceReading, Snapshot } from '../snapshot'
import { TooManyTargetsError, toTargets, UnknownTargetError, WeightSumError } from '../targets'
import { InvalidBpsError, toBps, toUsd, usdUnit } from '../units'
import type { RebalancePlan } from './plan'
import { UnverifiedPlanError } from './planPromises'
import { planRebalance } from './planRebalance'
import { InvalidPlanRequestError, type PlanRequest } from './planRequest'
import { MissingNativeAssetError } from './screenAssets'
import { verifyPlan } from './verifyPlan'

const holdings = { ETH: 20_000n, WETH: 5_000n, USDC: 40_000n, LINK: 15_000n, WBTC: 20_000n }
const weights = { ETH: 3000, WBTC: 2500, USDC: 1500, DAI: 1000, UNI: 1000, AAVE: 1000 }
const snapshot = buildMarket({ holdings })
const request = buildPlanRequest({ snapshot, weights })

function planned(of: PlanRequest): RebalancePlan {
  const outcome = planRebalance(of)
  if (outcome.status !== 'planned')
    throw new Error(JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
  return outcome.plan
}

function withReading(of: Snapshot, id: string, edit: (reading: AssetReading) => AssetReading): Snapshot {
  return { ...of, assets: of.assets.map((reading) => (reading.asset.id === id ? edit(reading) : reading)) }
}
const withPrice = (of: Snapshot, id: string, price: PriceReading) =>
  withReading(of, id, (reading) => ({ ...reading, price }))
const stale: PriceReading = { status: 'stale', usd: toUsd(usdUnit), updatedAt: 1, maxAgeSeconds: 3900 }

describe('planRebalance', () => {
  test('default: A-15 every asset ends within five basis points of its target', () => {
    const plan = planned(request)
    for (const { projectedBps, targetBps } of plan.positions) {
      expect(Math.abs(projectedBps - targetBps)).toBeLessThanOrEqual(5)
    }
    expect(plan.driftAfterBps).toBeLessThanOrEqual(10)
    expect(plan.driftBeforeBps).toBeGreaterThan(3000)
    expect(plan.impactLevel).toBe('quiet')
    expect(plan.deadline).toBe(blockTimestamp + 600)
    expect(plan.certificate.gapBps).toBeLessThan(2)
    expect(plan.certificate.boundUsd).toBeGreaterThan(99_000)
    expect(plan.cost.totalUsd).toBe(plan.cost.feeUsd + plan.cost.impactUsd + plan.cost.gasUsd)
  })

  test('behaviour: A-14 a target of zero sells the whole balance, to the unit', () => {
    const plan = planned(request)
    const sold = plan.spendings.find(({ assetId }) => assetId === 'LINK')
    expect(sold?.amount).toBe(unitsWorth(sideOf('LINK'), 15_000n))
    expect(plan.positions.find(({ assetId }) => assetId === 'LINK')).toMatchObject({
      projectedAmount: 0n,
      projectedBps: 0,
    })
  })

  test('behaviour: A-18 planning again after execution finds nothing to do', () => {
    const after = executePlan(snapshot, planned(request))
    expect(planRebalance({ ...request, snapshot: after }).status).toBe('nothingToDo')
  })

  test('behaviour: A-16 on its targets nothing is done', () => {
    const balanced = buildMarket({
      holdings: { ETH: 30_000n, WBTC: 25_000n, USDC: 15_000n, DAI: 10_000n, UNI: 10_000n, AAVE: 10_010n },
    })
    expect(planRebalance({ ...request, snapshot: balanced })).toMatchObject({ status: 'nothingToDo' })
  })

  test('behaviour: what is not traded says why', () => {
    const uneven = buildMarket({
      holdings: { ETH: 30_050n, WBTC: 20_000n, USDC: 20_000n, DAI: 10_000n, UNI: 10_000n, AAVE: 9_950n },
    })
    const plan = planned({ ...request, snapshot: uneven })
    expect(plan.skipped).toContainEqual({ assetId: 'ETH', reason: 'inBand', driftBps: 5 })
    expect(plan.spendings.map(({ assetId }) => assetId)).toEqual(['USDC'])
    expect(plan.purchases.map(({ assetId }) => assetId)).toEqual(['WBTC'])
  })

  test('behaviour: A-18 the wrapped coin is sold first, native legs stand first and keep the reserve', () => {
    const rich = buildMarket({ holdings: { ETH: 60_000n, WETH: 20_000n, USDC: 20_000n } })
    const wanted = { snapshot: rich, weights: { ETH: 2000, USDC: 4000, WBTC: 4000 } }
    const plan = planned(buildPlanRequest({ ...wanted, rung: 'approveThenSwap' }))
    const paid = plan.legs.map(({ paidFrom }) => paidFrom)
    expect(paid[0]).toBe('native')
    expect(paid).toEqual([...paid].sort())
    for (const { spendings, nativeReserve } of [plan, planned(buildPlanRequest(wanted))]) {
      const [wrapped, native] = [wethToken.address, nativeAddress].map((address) =>
        spendings.find(({ token }) => token === address),
      )
      expect(wrapped?.amount).toBe(unitsWorth(sideOf('ETH'), 20_000n))
      expect(native?.amount).toBeGreaterThan(0n)
      expect(unitsWorth(sideOf('ETH'), 60_000n) - (native?.amount ?? 0n)).toBeGreaterThanOrEqual(nativeReserve)
    }
  })

  test('behaviour: A-14 an account that wants no ether keeps enough for gas', () => {
    const onlyEther = buildMarket({ holdings: { ETH: 1_000n, WETH: 500n } })
    const costly = buildPlanRequest({ snapshot: onlyEther, weights: { USDC: 10_000 }, maxFeePerGas: 10n ** 10n })
    const plan = planned(costly)
    const native = plan.spendings.find(({ token }) => token === nativeAddress)?.amount ?? 0n
    expect(plan.nativeReserve).toBe(
      3n * plan.gas.units * 10n ** 10n > 10n ** 16n ? 3n * plan.gas.units * 10n ** 10n : 10n ** 16n,
    )
    expect(unitsWorth(sideOf('ETH'), 1_000n) - native).toBeGreaterThanOrEqual(plan.nativeReserve)
    const own = planned({ ...costly, settings: { ...costly.settings, nativeReserve: 2n * 10n ** 17n } })
    expect(own.nativeReserve).toBe(2n * 10n ** 17n)
    const after = executePlan(onlyEther, plan)
    expect(planRebalance({ ...costly, snapshot: after }).status).toBe('nothingToDo')
  })

  test('behaviour: legs that buy ether stand last', () => {
    const noEther = buildMarket({ holdings: { ETH: 300n, USDC: 60_000n, LINK: 40_000n } })
    const wanted = buildPlanRequest({ snapshot: noEther, weights: { ETH: 5000, WBTC: 5000 }, rung: 'approveThenSwap' })
    const plan = planned(wanted)
    const buys = plan.legs.map(({ buy }) => buy === 'ETH')
    expect(buys).toEqual([...buys].sort())
    expect(buys.at(-1)).toBe(true)
  })

  test('behaviour: over the wallet’s call budget the smallest sales wait', () => {
    const many = buildMarket({
      holdings: { ETH: 1_000n, USDC: 9_000n, USDT: 8_000n, DAI: 7_000n, LINK: 6_000n, UNI: 5_000n },
    })
    const all = { snapshot: many, weights: { WBTC: 10_000 } }
    const plan = planned(buildPlanRequest({ ...all, callLimit: 4 }))
    const soldIn = (of: RebalancePlan) =>
      of.spendings.filter(({ token }) => token !== nativeAddress).map(({ assetId }) => assetId)
    expect(plan.router).toBe('swapRouter02')
    expect([...soldIn(plan)].sort()).toEqual(['DAI', 'USDC', 'USDT'])
    expect(plan.part).toEqual({ part: 1, of: 2 })
    const waiting = plan.skipped.filter(({ reason }) => reason === 'callBudget').map(({ assetId }) => assetId)
    // What is bought gets the rest later.
    expect(waiting).toEqual(['LINK', 'UNI', 'WBTC'])
    const rest = planned(buildPlanRequest({ ...all, snapshot: executePlan(many, plan), callLimit: 4 }))
    expect([...soldIn(rest)].sort()).toEqual(['LINK', 'UNI'])
    expect(rest.part).toBeUndefined()
    expect(rest.driftAfterBps).toBeLessThanOrEqual(10)
    const whole = planned(buildPlanRequest(all))
    expect(soldIn(whole)).toHaveLength(5)
    expect(whole.part).toBeUndefined()
  })

  test('behaviour: an asset that no pool leads to is left out, the rest is planned', () => {
    const pools = marketPlans.filter(({ pair }) => !pair.includes('AAVE'))
    const plan = planned({ ...request, snapshot: buildMarket({ holdings, pools }) })
    expect(plan.skipped).toContainEqual({ assetId: 'AAVE', reason: 'noRoute', driftBps: -1000 })
    expect(plan.driftAfterBps).toBeLessThan(plan.driftBeforeBps)
  })

  test('behaviour: pools far from the feeds are not used', () => {
    const skewed = marketPlans.map((plan) => (plan.pair.includes('LINK') ? { ...plan, skewPpm: -300_000n } : plan))
    const outcome = planRebalance({ ...request, snapshot: buildMarket({ holdings, pools: skewed }) })
    expect(outcome.status).toBe('planned')
    expect(outcome.status === 'planned' && outcome.plan.skipped).toContainEqual({
      assetId: 'LINK',
      reason: 'noRoute',
      driftBps: 1500,
    })
  })
})

describe('planRebalance, obstacles', () => {
  const blocked = (of: Partial<PlanRequest>) => {
    const outcome = planRebalance({ ...request, ...of })
    return outcome.status === 'blocked' ? outcome.obstacle : outcome.status
  }

  test('behaviour: A-33 an unreadable balance ends planning', () => {
    const unread = withReading(snapshot, 'UNI', (reading) => ({
      ...reading,
      tokens: reading.tokens.map((row) => ({ ...row, balance: { status: 'unreadable', reason: 'reverted' } })),
    }))
    expect(blocked({ snapshot: unread })).toEqual({ kind: 'unreadableBalances', assetIds: ['UNI'] })
  })

  test('behaviour: a stale feed of a wanted asset ends planning', () => {
    expect(blocked({ snapshot: withPrice(snapshot, 'WBTC', stale) })).toEqual({
      kind: 'stalePrices',
      assetIds: ['WBTC'],
    })
  })

  test.each(['notPositive', 'fromFuture', 'wrongDecimals', 'unreadable'] as const)(
    'behaviour: a feed that is %s ends planning',
    (reason) => {
      const bad = withPrice(snapshot, 'DAI', { status: 'invalid', reason })
      expect(blocked({ snapshot: bad })).toEqual({ kind: 'unpricedAssets', assetIds: ['DAI'] })
    },
  )

  test('behaviour: a wanted asset without a feed ends planning, as does ether without a price', () => {
    expect(blocked({ snapshot: withPrice(snapshot, 'UNI', { status: 'noFeed' }) })).toMatchObject({
      kind: 'unpricedAssets',
    })
    const noEther = buildPlanRequest({ snapshot: withPrice(snapshot, 'ETH', stale), weights: { USDC: 10_000 } })
    expect(planRebalance(noEther)).toMatchObject({ obstacle: { kind: 'stalePrices', assetIds: ['ETH'] } })
  })

  test('behaviour: held assets that nobody wants stay where their price is not known', () => {
    const plan = planned({ ...request, snapshot: withPrice(snapshot, 'LINK', { status: 'noFeed' }) })
    expect(plan.skipped).toContainEqual({ assetId: 'LINK', reason: 'unpriced', driftBps: 0 })
    expect(plan.legs.some(({ sell }) => sell === 'LINK')).toBe(false)
    const old = planned({ ...request, snapshot: withPrice(snapshot, 'LINK', { ...stale, usd: toUsd(15n * usdUnit) }) })
    expect(old.skipped).toContainEqual({ assetId: 'LINK', reason: 'stalePrice', driftBps: 1500 })
    expect(old.legs.some(({ sell, hops }) => sell === 'LINK' || hops.some(({ buy }) => buy === 'LINK'))).toBe(false)
  })

  test('behaviour: an empty account', () => {
    expect(blocked({ snapshot: buildMarket({ holdings: {} }) })).toEqual({ kind: 'emptyWallet' })
  })

  test('behaviour: no pools, no route', () => {
    expect(blocked({ snapshot: { ...snapshot, pools: [] } })).toMatchObject({ kind: 'noRoute' })
  })

  test('behaviour: what a thin pool carries at no fair price is traded in part', () => {
    const thin = marketPlans.map((plan) => (plan.pair.includes('LINK') ? { ...plan, depthUsd: 60_000n } : plan))
    for (const rung of ['atomicBatch', 'approveThenSwap'] as const) {
      const plan = planned({ ...request, rung, snapshot: buildMarket({ holdings, pools: thin }) })
      expect(plan.skipped).toContainEqual({ assetId: 'LINK', reason: 'priceImpact', driftBps: 1500 })
      expect(plan.spendings.map(({ assetId }) => assetId)).toContain('LINK')
      expect(plan.driftAfterBps).toBeLessThan(plan.driftBeforeBps)
    }
  })

  test('behaviour: a price impact above 5 % is blocked with the loss where no smaller trade is fair', () => {
    const thin = marketPlans.map((plan) =>
      plan.pair.includes('LINK')
        ? { ...plan, depthUsd: 60_000n, skewPpm: plan.pair[0] === 'LINK' ? -18_000n : 18_000n }
        : plan,
    )
    const onlyLink = buildMarket({ holdings: { ETH: 100n, LINK: 15_000n }, pools: thin })
    const obstacle = blocked(buildPlanRequest({ snapshot: onlyLink, weights: { ETH: 100, USDC: 9900 } }))
    expect(obstacle).toMatchObject({ kind: 'priceImpact' })
    if (typeof obstacle === 'string' || obstacle.kind !== 'priceImpact') throw new Error('expected an impact')
    expect(obstacle.impactBps).toBeGreaterThan(500)
    expect(obstacle.lossUsd).toBeGreaterThan(100n * usdUnit)
    expect(obstacle.assetIds).toContain('LINK')
  })

  test('behaviour: A-07 an asset goes only as far as quotes stay above the oracle floor, and says so', () => {
    const thin = marketPlans.map((plan) => (plan.pair.includes('LINK') ? { ...plan, depthUsd: 300_000n } : plan))
    const shallow = buildMarket({ holdings, pools: thin })
    const plan = planned({ ...request, snapshot: shallow })
    expect(plan.skipped).toContainEqual({ assetId: 'LINK', reason: 'priceImpact', driftBps: 1500 })
    const link = plan.positions.find(({ assetId }) => assetId === 'LINK')
    expect(link?.projectedBps).toBeGreaterThan(0)
    expect(link?.projectedBps).toBeLessThan(1200)
    for (const { projectedBps, targetBps, assetId } of plan.positions) {
      if (assetId !== 'LINK' && targetBps < 2000) expect(projectedBps).toBeLessThanOrEqual(targetBps + 5)
    }
    const wider = planned({ ...request, snapshot: shallow, oracleToleranceBps: toBps(500) })
    expect(wider.impactLevel).not.toBe('quiet')
    expect(wider.positions.find(({ assetId }) => assetId === 'LINK')?.projectedBps).toBe(0)
  })

  test('behaviour: A-07 quotes below the oracle floor at any size are blocked', () => {
    const cheap = marketPlans.map((plan) =>
      plan.pair.includes('LINK') ? { ...plan, skewPpm: plan.pair[0] === 'LINK' ? -18_000n : 18_000n } : plan,
    )
    const onlyLink = buildMarket({ holdings: { ETH: 100n, LINK: 15_000n }, pools: cheap })
    const outcome = planRebalance(buildPlanRequest({ snapshot: onlyLink, weights: { ETH: 100, USDC: 9900 } }))
    expect(outcome).toMatchObject({ status: 'blocked', obstacle: { kind: 'belowOracleFloor' } })
  })

  test('behaviour: A-07 where slippage reaches below the floor, the floor is the minimum', () => {
    const plan = planned({ ...request, settings: { ...request.settings, slippageBps: toBps(100) } })
    expect(plan.purchases.some(({ minimumOut, oracleFloor }) => minimumOut === oracleFloor)).toBe(true)
    for (const { minimumOut, oracleFloor, quotedOut } of plan.purchases) {
      expect(minimumOut).toBeGreaterThanOrEqual(oracleFloor)
      expect(minimumOut).toBeLessThanOrEqual(quotedOut)
    }
  })

  test('behaviour: A-14 without ether for gas nothing is planned', () => {
    const poor = buildMarket({ holdings: { WETH: 20_000n, USDC: 80_000n } })
    expect(blocked({ snapshot: poor })).toMatchObject({ kind: 'notEnoughGas', held: 0n })
  })
})

describe('planRebalance, bad requests', () => {
  test('error: WeightSumError', () => {
    const targets = { weights: [{ assetId: 'ETH', weightBps: toBps(9999) }] }
    expect(() => planRebalance({ ...request, targets })).toThrow(WeightSumError)
  })

  test('error: UnknownTargetError', () => {
    const targets = toTargets([{ assetId: 'SCAM', weightBps: 10_000 }], ['SCAM'])
    expect(() => planRebalance({ ...request, targets })).toThrow(UnknownTargetError)
  })

  test('error: TooManyTargetsError', () => {
    const targets = { weights: Array.from({ length: 31 }, (_, at) => ({ assetId: `T${at}`, weightBps: toBps(at) })) }
    expect(() => planRebalance({ ...request, targets })).toThrow(TooManyTargetsError)
  })

  test('error: InvalidBpsError', () => {
    for (const weightBps of [-1, Number.NaN, 0.5]) {
      const targets = { weights: [{ assetId: 'ETH', weightBps: weightBps as ReturnType<typeof toBps> }] }
      expect(() => planRebalance({ ...request, targets })).toThrow(InvalidBpsError)
    }
  })

  test('error: InvalidPlanRequestError', () => {
    const settings = (change: object) => ({ ...request, settings: { ...request.settings, ...change } })
    for (const bad of [
      settings({ slippageBps: toBps(101) }),
      settings({ stableSlippageBps: toBps(101) }),
      settings({ nativeReserve: -1n }),
      { ...request, nativeReserveFloor: -1n },
      { ...request, maxFeePerGas: -1n },
      { ...request, deadlineSeconds: 601 },
      { ...request, deadlineSeconds: 0 },
      { ...request, callLimit: 0 },
      { ...request, maxLegs: 0 },
      { ...request, maxLegs: 1.5 },
    ]) {
      expect(() => planRebalance(bad)).toThrow(InvalidPlanRequestError)
    }
  })

  test('error: MissingNativeAssetError', () => {
    const assets = snapshot.assets.filter(({ asset }) => asset.id !== 'ETH')
    const bad = buildPlanRequest({ snapshot: { ...snapshot, assets }, weights: { USDC: 10_000 } })
    expect(() => planRebalance(bad)).toThrow(MissingNativeAssetError)
  })
})

describe('verifyPlan', () => {
  const plan = planned(request)
  const [first, ...rest] = plan.legs
  const broken = (change: Partial<typeof first>): RebalancePlan => ({
    ...plan,
    legs: [{ ...first, ...change }, ...rest],
  })
  const ruleOf = (of: RebalancePlan, by: PlanRequest = request) => {
    try {
      verifyPlan(of, by)
    } catch (error) {
      if (error instanceof UnverifiedPlanError) return error.rule
      throw error
    }
    return 'kept'
  }

  test('default', () => {
    expect(ruleOf(plan)).toBe('kept')
  })

  test('error: UnverifiedPlanError', () => {
    expect(ruleOf({ ...plan, account: addressOf('another') })).toBe('A-24')
    expect(ruleOf({ ...plan, chainId: 1 })).toBe('A-24')
    expect(ruleOf({ ...plan, deadline: plan.deadline + 1 })).toBe('A-23')
    expect(ruleOf({ ...plan, deadline: blockTimestamp })).toBe('A-23')
    expect(ruleOf(broken({ quotedOut: first.quotedOut + 1n }))).toBe('replay')
    expect(ruleOf(broken({ amountIn: first.amountIn + 1n }))).toBe('replay')
    expect(ruleOf(broken({ minimumOut: first.quotedOut + 1n }))).toBe('A-07')
    expect(ruleOf(broken({ minimumOut: first.minimumOut - 1n }))).not.toBe('kept')
    expect(ruleOf(broken({ minimumOut: first.oracleFloor - 1n }))).not.toBe('kept')
    expect(ruleOf({ ...plan, legs: [first, ...rest, ...rest] as never })).toBe('replay')
    expect(ruleOf({ ...plan, nativeReserve: 0n })).toBe('A-14')
    expect(ruleOf({ ...plan, positions: plan.positions.slice(1) })).toBe('sums')
    expect(ruleOf({ ...plan, cost: { ...plan.cost, totalUsd: plan.cost.totalUsd - 1n } })).toBe('sums')
    expect(ruleOf({ ...plan, certificate: { ...plan.certificate, gapBps: -1 } })).toBe('certificate')
    const unlisted = { ...request, snapshot: { ...snapshot, pools: [] } }
    expect(ruleOf(plan, unlisted)).toBe('A-09')
    const poorer = withReading(snapshot, first.sell, (reading) => ({
      ...reading,
      tokens: reading.tokens.map((row) => ({ ...row, balance: { status: 'known', amount: 1n } })),
    }))
    expect(ruleOf(plan, { ...request, snapshot: poorer })).toBe('A-14')
  })
})
