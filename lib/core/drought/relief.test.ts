import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import type { RebalancePlan } from '../rebalance/plan'
import { planRebalance } from '../rebalance/planRebalance'
import type { PlanRequest } from '../rebalance/planRequest'
import { toBps } from '../units'
import { judgeDrought } from './judgeDrought'
import { noObservations } from './observations'
import { halveTurnover, listSkippable, noRelief, relieveSettings } from './relief'

const request = buildPlanRequest({
  snapshot: buildMarket({ holdings: { ETH: 40_000n, USDC: 40_000n, AAVE: 20_000n } }),
  weights: { ETH: 4_000, USDC: 2_000, UNI: 2_000, LINK: 2_000 },
})
const { snapshot } = request

function makePlan(of: PlanRequest): RebalancePlan {
  const outcome = planRebalance(of)
  if (outcome.status !== 'planned') throw new Error(outcome.status)
  return outcome.plan
}

const boughtBy = ({ purchases }: RebalancePlan) => purchases.map(({ assetId }) => assetId)

test('default: nothing taken out is the same settings', () => {
  expect(relieveSettings(request.settings, noRelief)).toBe(request.settings)
})

describe('split over visits', () => {
  test('behaviour: the plan sells half', () => {
    const whole = makePlan(request)
    const cap = halveTurnover(whole, snapshot)
    // UNI and LINK, and a little for the costs.
    expect(cap).toBeGreaterThanOrEqual(2_000)
    expect(cap).toBeLessThan(2_020)
    const settings = relieveSettings(request.settings, { skipped: [], turnoverCapBps: cap })
    const half = makePlan({ ...request, settings })
    expect(half.skipped.map(({ reason }) => reason)).toContain('turnoverCap')
    // What is sold for the costs comes on top.
    expect(halveTurnover(half, snapshot)).toBeLessThan(cap / 2 + 20)
    expect(halveTurnover(half, snapshot)).toBeGreaterThan(cap / 2 - 20)
  })

  test('behaviour: the lower of two caps holds', () => {
    const policy = { scope: 'everything', destination: 'target', rules: [], turnoverCapBps: toBps(300) } as const
    const own = { ...request.settings, policy }
    const capOf = (bps: number) =>
      relieveSettings(own, { skipped: [], turnoverCapBps: toBps(bps) }).policy?.turnoverCapBps
    expect([capOf(200), capOf(400)]).toEqual([200, 300])
  })
})

describe('skip', () => {
  test('behaviour: the asset is left alone, because of a drought', () => {
    const plan = makePlan({ ...request, settings: relieveSettings(request.settings, { skipped: ['UNI'] }) })
    expect(boughtBy(makePlan(request))).toContain('UNI')
    expect(boughtBy(plan)).not.toContain('UNI')
    expect(boughtBy(plan)).toContain('LINK')
    expect(plan.skipped.find(({ assetId }) => assetId === 'UNI')).toMatchObject({ reason: 'drought' })
  })

  test('behaviour: the person’s own rule for it stays; what was locked or excluded before keeps that reason', () => {
    const policy = {
      scope: 'everything',
      destination: 'target',
      rules: [
        { assetId: 'UNI', participation: 'buyOnly', maximumBps: toBps(2_500) },
        { assetId: 'AAVE', participation: 'locked' },
        { assetId: 'DAI', participation: 'excluded' },
        { assetId: 'ETH', participation: 'sellOnly' },
      ],
    } as const
    const settings = relieveSettings({ ...request.settings, policy }, { skipped: ['UNI', 'AAVE', 'DAI'] })
    expect(settings.policy?.rules).toEqual([
      { assetId: 'ETH', participation: 'sellOnly' },
      { assetId: 'UNI', participation: 'locked', cause: 'drought', maximumBps: 2_500 },
      { assetId: 'AAVE', participation: 'locked' },
      { assetId: 'DAI', participation: 'excluded' },
    ])
  })

  test('behaviour: what the thin pools trade is offered, hubs only where nothing else is', () => {
    const thin = buildMarket({
      holdings: { ETH: 40_000n, USDC: 60_000n },
      pools: [
        { pair: ['ETH', 'USDC'], venue: 500, depthUsd: 80_000_000n },
        { pair: ['ETH', 'UNI'], venue: 'v2', depthUsd: 1_000_000n },
      ],
    })
    const ofThin = { ...request, snapshot: thin }
    const targets = buildPlanRequest({ snapshot: thin, weights: { ETH: 4_000, USDC: 5_000, UNI: 1_000 } }).targets
    const plan = makePlan({ ...ofThin, targets })
    const judgement = judgeDrought(plan, thin, noObservations)
    expect(judgement.status).toBe('drought')
    expect(listSkippable(judgement, plan, request.hubAssetIds)).toEqual(['UNI'])
    expect(listSkippable({ legs: [] }, plan, request.hubAssetIds)).toEqual([])
  })
})
