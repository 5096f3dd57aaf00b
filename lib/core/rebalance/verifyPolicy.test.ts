import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import type { Participation, PlanMode, PlanPolicy } from '../policy/policy'
import { openPolicy } from '../policy/policy'
import { toBps, toUsd, usdUnit } from '../units'
import type { RebalancePlan } from './plan'
import { UnverifiedPlanError } from './planPromises'
import { verifyPolicy } from './verifyPolicy'

const snapshot = buildMarket({ holdings: { ETH: 60_000n, USDC: 40_000n } })
const request = buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 5000 } })
const readings = new Map(snapshot.assets.map((reading) => [reading.asset.id, reading]))
const micro = 10n ** 6n

/** A plan that sells $10,000 of USDC for LINK, of $60,000 in ether and $40,000 in USDC. */
const plan = {
  spendings: [{ assetId: 'USDC', amount: 10_000n * micro }],
  purchases: [{ assetId: 'LINK', quotedOut: 1n }],
  positions: [
    ['ETH', 60_000n, 60_000n],
    ['USDC', 40_000n, 30_000n],
    ['LINK', 0n, 10_000n],
  ].map(([assetId, now, then]) => ({
    ...{ assetId, nowUsd: toUsd((now as bigint) * usdUnit), projectedUsd: toUsd((then as bigint) * usdUnit) },
    projectedAmount: (then as bigint) * micro,
  })),
} as unknown as RebalancePlan

const verify = (policy: Partial<PlanPolicy>, mode?: PlanMode, of = plan) =>
  verifyPolicy(
    of,
    { ...request, settings: { ...request.settings, policy: { ...openPolicy, ...policy } }, ...(mode && { mode }) },
    readings,
  )
const ruled = (assetId: string, participation: Participation, limits: object = {}) => ({
  rules: [{ assetId, participation, ...limits }],
})
const modeOf = (kind: 'investCash' | 'raiseCash' | 'withdraw', assetId: string, dollars = 10_000n): PlanMode => ({
  ...{ kind, assetId, amount: dollars * micro },
})

describe('verifyPolicy', () => {
  test('default: a plan that keeps to what is laid down', () => {
    expect(() => verifyPolicy(plan, request, readings)).not.toThrow()
    expect(() =>
      verify({
        ...{ cashReserve: { assetId: 'USDC', amount: 30_000n * micro }, turnoverCapBps: toBps(1000) },
        rules: [
          { assetId: 'USDC', participation: 'sellOnly', minimumBps: toBps(3000) },
          { assetId: 'LINK', participation: 'buyOnly', maximumBps: toBps(1000) },
          { assetId: 'ETH', participation: 'locked' },
        ],
      }),
    ).not.toThrow()
  })

  const broken: readonly (readonly [string, Partial<PlanPolicy>])[] = [
    ['a locked asset is sold', ruled('USDC', 'locked')],
    ['a locked asset is bought', ruled('LINK', 'locked')],
    ['an excluded asset is traded', ruled('USDC', 'excluded')],
    ['what is only to be bought is sold', ruled('USDC', 'buyOnly')],
    ['what is only to be sold is bought', ruled('LINK', 'sellOnly')],
    ['something is sold below its minimum', ruled('USDC', 'free', { minimumBps: toBps(3002) })],
    ['something is bought above its maximum', ruled('LINK', 'free', { maximumBps: toBps(998) })],
    ['more is sold than the cap allows', { turnoverCapBps: toBps(998) }],
    ['the reserve is sold', { cashReserve: { assetId: 'USDC', amount: 30_000n * micro + 1n } }],
  ]
  test.each(broken)('error: UnverifiedPlanError, %s', (_, policy) => {
    expect(() => verify(policy)).toThrow(UnverifiedPlanError)
  })

  test('behaviour: a hair beside a weight, or beyond the cap, is none', () => {
    expect(() => verify(ruled('USDC', 'free', { minimumBps: toBps(3001) }))).not.toThrow()
    expect(() => verify(ruled('LINK', 'free', { maximumBps: toBps(999) }))).not.toThrow()
    expect(() => verify({ turnoverCapBps: toBps(999) })).not.toThrow()
  })

  test('behaviour: a reserve that was short before the plan and is not sold breaks nothing', () => {
    expect(() => verify({ cashReserve: { assetId: 'ETH', amount: 10n ** 30n } })).not.toThrow()
    expect(() => verify({ cashReserve: { assetId: 'DAI', amount: 1n } })).not.toThrow()
  })

  test('behaviour: what trading costs may take a weight or a cap that far', () => {
    const dear = {
      ...plan,
      positions: plan.positions.map((row) =>
        row.assetId === 'LINK' ? { ...row, projectedUsd: toUsd(9_900n * usdUnit) } : row,
      ),
    }
    expect(() => verify({ turnoverCapBps: toBps(990) }, undefined, dear)).not.toThrow()
    expect(() => verify({ turnoverCapBps: toBps(988) }, undefined, dear)).toThrow(UnverifiedPlanError)
  })

  describe('by what the plan is for', () => {
    test('behaviour: investCash sells the cash alone, and no more than asked for', () => {
      expect(() => verify({}, modeOf('investCash', 'USDC'))).not.toThrow()
      expect(() => verify({}, modeOf('investCash', 'USDC', 9_999n))).toThrow(UnverifiedPlanError)
      expect(() => verify({}, modeOf('investCash', 'DAI'))).toThrow(UnverifiedPlanError)
    })

    test.each(['raiseCash', 'withdraw'] as const)('behaviour: %s buys the cash alone', (kind) => {
      expect(() => verify({}, modeOf(kind, 'LINK'))).not.toThrow()
      expect(() => verify({}, modeOf(kind, 'USDC'))).toThrow(UnverifiedPlanError)
    })

    test('behaviour: cash that is to leave again may pass its maximum, and a withdrawal any minimum', () => {
      expect(() => verify(ruled('LINK', 'free', { maximumBps: toBps(1) }), modeOf('raiseCash', 'LINK'))).not.toThrow()
      expect(() => verify(ruled('USDC', 'free', { minimumBps: toBps(4000) }), modeOf('withdraw', 'LINK'))).not.toThrow()
    })
  })
})
