import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRequestArbitrary } from '@/lib/testing/arbitraries/planRequests'
import { dearRuns, patienceMs } from '@/lib/testing/runs'
import { type AssetRule, openPolicy, type Participation, type PlanMode, type PlanPolicy } from '../policy/policy'
import { toBps, toUsd, usdUnit } from '../units'
import type { PlanOutcome, RebalancePlan } from './plan'
import { planRebalance } from './planRebalance'
import type { PlanRequest } from './planRequest'

const drawn = { numRuns: dearRuns(60) }
const ids = ['ETH', 'USDC', 'USDT', 'DAI', 'WBTC', 'LINK', 'UNI', 'AAVE']
const bps = (most: number) => fc.integer({ min: 0, max: most }).map(toBps)

const rules: fc.Arbitrary<readonly AssetRule[]> = fc.uniqueArray(
  fc
    .record({
      assetId: fc.constantFrom(...ids),
      participation: fc.constantFrom<Participation>('free', 'free', 'buyOnly', 'sellOnly', 'locked'),
      minimum: fc.option(bps(3000), { nil: undefined }),
      maximum: fc.option(bps(10_000), { nil: undefined }),
      band: fc.option(bps(800), { nil: undefined }),
    })
    .map(({ assetId, participation, minimum, maximum, band }) => ({
      ...{ assetId, participation },
      ...(minimum === undefined ? {} : { minimumBps: minimum }),
      ...(maximum === undefined ? {} : { maximumBps: maximum }),
      ...(band === undefined ? {} : { bandBps: band }),
    })),
  { maxLength: 5, selector: ({ assetId }) => assetId },
)

const policies: fc.Arbitrary<PlanPolicy> = fc
  .record({
    scope: fc.constantFrom('everything' as const, 'outOfBand' as const),
    destination: fc.constantFrom('target' as const, 'halfway' as const, 'edge' as const),
    rules,
    reserve: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
    cap: fc.option(fc.integer({ min: 1, max: 6000 }).map(toBps), { nil: undefined }),
  })
  .map(({ reserve, cap, ...policy }) => ({
    ...policy,
    ...(reserve === undefined ? {} : { cashReserve: { assetId: 'USDC', amount: BigInt(reserve) * 10n ** 6n } }),
    ...(cap === undefined ? {} : { turnoverCapBps: cap }),
  }))

const cash = fc.integer({ min: 1, max: 40_000 }).map((dollars) => BigInt(dollars) * 10n ** 6n)
const modes: fc.Arbitrary<PlanMode> = fc.oneof(
  fc.constant<PlanMode>({ kind: 'rebalance' }),
  fc
    .tuple(fc.constantFrom('investCash' as const, 'raiseCash' as const, 'withdraw' as const), cash)
    .map(([kind, amount]): PlanMode => ({ kind, assetId: 'USDC', amount })),
)

/** Without minimum and maximum weights that leave no room for the target. */
function reconcile({ rules: all, ...policy }: PlanPolicy, { weights }: PlanRequest['targets']): PlanPolicy {
  const reconciled = all.map(({ minimumBps, maximumBps, ...rule }) => {
    const targetBps = weights.find(({ assetId }) => assetId === rule.assetId)?.weightBps ?? 0
    return {
      ...rule,
      ...(minimumBps === undefined || minimumBps > targetBps ? {} : { minimumBps }),
      ...(maximumBps === undefined || maximumBps < targetBps ? {} : { maximumBps }),
    }
  })
  return { ...policy, rules: reconciled }
}

const requests = fc.tuple(planRequestArbitrary, policies, modes).map(
  ([request, policy, mode]): PlanRequest => ({
    ...request,
    mode,
    settings: { ...request.settings, policy: reconcile(policy, request.targets) },
  }),
)

const planOf = (outcome: PlanOutcome): RebalancePlan | undefined =>
  outcome.status === 'planned' ? outcome.plan : undefined

/** Runs a check on every drawn request that ends in a plan; one that breaks a limit ends in `UnverifiedPlanError`. */
function forEveryPlan(
  arbitrary: fc.Arbitrary<PlanRequest>,
  check: (plan: RebalancePlan, request: PlanRequest) => void,
): void {
  let count = 0
  fc.assert(
    fc.property(arbitrary, (request) => {
      const plan = planOf(planRebalance(request))
      if (plan === undefined) return
      count += 1
      check(plan, request)
    }),
    drawn,
  )
  expect(count).toBeGreaterThan(drawn.numRuns / 20)
}

const withMode = (kinds: readonly PlanMode['kind'][]) =>
  requests.filter(({ mode }) => kinds.includes(mode?.kind ?? 'rebalance'))

describe('planRebalance under a policy', { timeout: patienceMs(120_000) }, () => {
  test('property: whatever is laid down, a plan keeps to it', () => {
    forEveryPlan(requests, (plan, { settings, mode }) => {
      const traded = [...plan.spendings, ...plan.purchases].map(({ assetId }) => assetId)
      for (const { assetId, participation } of settings.policy?.rules ?? []) {
        if (participation === 'locked') expect(traded).not.toContain(assetId)
        if (participation === 'buyOnly') expect(plan.spendings.map((one) => one.assetId)).not.toContain(assetId)
        if (participation === 'sellOnly') expect(plan.purchases.map((one) => one.assetId)).not.toContain(assetId)
      }
      if (mode?.kind === 'investCash') {
        const spent = plan.spendings.reduce((sum, { amount }) => sum + amount, 0n)
        expect(new Set(plan.spendings.map(({ assetId }) => assetId))).toEqual(new Set(['USDC']))
        expect(spent).toBeLessThanOrEqual(mode.amount)
      }
    })
  })

  test('property: cash is raised to the last unit, unless something is said to stand in the way', () => {
    forEveryPlan(withMode(['raiseCash']), (plan, { mode }) => {
      if (mode?.kind !== 'raiseCash') return
      expect(plan.purchases.map(({ assetId }) => assetId)).toEqual(['USDC'])
      const bought = plan.purchases[0].quotedOut
      const isHindered = plan.skipped.some(({ reason }) =>
        ['priceImpact', 'noRoute', 'turnoverCap', 'callBudget', 'weightLimit', 'reserve', 'belowMinimum'].includes(
          reason,
        ),
      )
      if (!isHindered) expect(bought).toBeGreaterThanOrEqual(mode.amount)
      // And not much more than asked for.
      expect(bought).toBeLessThanOrEqual((mode.amount * 102n) / 100n)
    })
  })

  test('property: what is invested is spent to the last unit, unless something is said to stand in the way', () => {
    const held = fc.tuple(requests, fc.integer({ min: 1, max: 100 })).map(([request, percent]): PlanRequest => {
      const usdc = request.snapshot.assets.find(({ asset }) => asset.id === 'USDC')
      const balance = usdc?.tokens[0]?.balance
      const amount = balance?.status === 'known' ? (balance.amount * BigInt(percent)) / 100n : 0n
      return { ...request, mode: { kind: 'investCash', assetId: 'USDC', amount } }
    })
    forEveryPlan(held, (plan, { mode }) => {
      if (mode?.kind !== 'investCash') return
      const spent = plan.spendings.reduce((sum, { amount }) => sum + amount, 0n)
      const isHindered = plan.skipped.some(({ reason }) =>
        ['priceImpact', 'noRoute', 'turnoverCap', 'callBudget', 'weightLimit', 'reserve'].includes(reason),
      )
      if (!isHindered) expect(spent).toBe(mode.amount)
    })
  })

  test('property: a withdrawal keeps the weights of what is sold', () => {
    const free = withMode(['withdraw']).map((request) => ({
      ...request,
      settings: { ...request.settings, policy: openPolicy },
    }))
    forEveryPlan(free, (plan, { snapshot }) => {
      if (plan.skipped.some(({ reason }) => reason !== 'mode' && reason !== 'inBand')) return
      const native = snapshot.assets.find(({ asset }) => asset.id === 'ETH')
      expect(native).toBeDefined()
      const sold = plan.positions.filter(({ assetId }) => assetId !== 'USDC' && assetId !== 'ETH')
      const parts = sold
        .filter(({ nowUsd }) => nowUsd > 0n)
        .map(({ nowUsd, projectedUsd }) => Number(projectedUsd) / Number(nowUsd))
      const total = plan.positions.reduce((sum, { nowUsd }) => sum + Number(nowUsd), 0)
      const largest = sold.reduce((most, { nowUsd }) => Math.max(most, Number(nowUsd)), 0)
      // A leg that does not pay for its gas is left out: 1 bp of the portfolio.
      for (const part of parts) expect(Math.abs(part - Math.max(...parts)) * largest).toBeLessThan(0.02 * total)
    })
  })

  test('property: a turnover cap scales every trade and drops none', () => {
    const capped = planRequestArbitrary.chain((request) =>
      fc.integer({ min: 200, max: 3000 }).map((cap) => ({ request, cap })),
    )
    let count = 0
    fc.assert(
      fc.property(capped, ({ request, cap }) => {
        const free = planOf(planRebalance(request))
        if (free === undefined || free.skipped.some(({ reason }) => reason === 'priceImpact')) return
        const soldUsd = free.positions.reduce(
          (sum, { nowUsd, projectedUsd }) => (projectedUsd < nowUsd ? sum + nowUsd - projectedUsd : sum),
          0n,
        )
        const nowUsd = free.positions.reduce((sum, row) => sum + row.nowUsd, 0n)
        if (soldUsd * 10_000n <= BigInt(cap + 10) * nowUsd) return
        const policy = { ...openPolicy, turnoverCapBps: toBps(cap) }
        const plan = planOf(planRebalance({ ...request, settings: { ...request.settings, policy } }))
        if (plan === undefined || plan.skipped.some(({ reason }) => reason === 'priceImpact')) return
        count += 1
        expect(plan.skipped.some(({ reason }) => reason === 'turnoverCap')).toBe(true)
        const traded = [...plan.spendings, ...plan.purchases].map(({ assetId }) => assetId)
        for (const { assetId, nowUsd: now, projectedUsd } of free.positions) {
          const movedUsd = projectedUsd > now ? projectedUsd - now : now - projectedUsd
          const cappedUsd = (movedUsd * BigInt(cap) * nowUsd) / (10_000n * soldUsd)
          // A leg that does not pay for its gas may be left out where that moves no asset by 1 bp of the portfolio.
          if (cappedUsd * 5_000n > nowUsd) expect(traded).toContain(assetId)
        }
      }),
      drawn,
    )
    expect(count).toBeGreaterThan(drawn.numRuns / 20)
  })

  test('property: half-way halves the drift of what is traded, to the edge leaves the band', () => {
    let count = 0
    fc.assert(
      fc.property(planRequestArbitrary, (request) => {
        const at = (destination: PlanPolicy['destination']) =>
          planOf(
            planRebalance({ ...request, settings: { ...request.settings, policy: { ...openPolicy, destination } } }),
          )
        const [target, halfway] = [at('target'), at('halfway')]
        if (!target || !halfway) return
        if ([...target.skipped, ...halfway.skipped].length > 0) return
        count += 1
        expect(Math.abs(halfway.driftAfterBps - halfway.driftBeforeBps / 2)).toBeLessThanOrEqual(
          0.02 * halfway.driftBeforeBps + 3,
        )
      }),
      drawn,
    )
    expect(count).toBeGreaterThan(2)
  })

  test('property: a policy that lays nothing down changes nothing', () => {
    fc.assert(
      fc.property(planRequestArbitrary, (request) => {
        const policy = { ...openPolicy, minimumTradeUsd: toUsd(usdUnit) }
        const settings = { ...request.settings, policy }
        expect(planRebalance({ ...request, settings, mode: { kind: 'rebalance' } })).toEqual(planRebalance(request))
      }),
      { numRuns: dearRuns(25) },
    )
  })
})
