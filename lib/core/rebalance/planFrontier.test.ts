import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRequestArbitrary } from '@/lib/testing/arbitraries/planRequests'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { dearRuns, patienceMs } from '@/lib/testing/runs'
import type { FrontierPlan, RebalancePlan } from './plan'
import { planFrontier, walkFrontier } from './planFrontier'
import { planRebalance } from './planRebalance'
import type { PlanRequest } from './planRequest'
import { verifyPlan } from './verifyPlan'

const holdings = { ETH: 20_000n, WETH: 5_000n, USDC: 40_000n, LINK: 15_000n, WBTC: 20_000n }
const weights = { ETH: 3000, WBTC: 2500, USDC: 1500, DAI: 1000, UNI: 1000, AAVE: 1000 }
const request = buildPlanRequest({ snapshot: buildMarket({ holdings }), weights })

function planOf(of: PlanRequest): RebalancePlan | undefined {
  const outcome = planRebalance(of)
  return outcome.status === 'planned' ? outcome.plan : undefined
}

const netOf = ({ positions, gas }: RebalancePlan) =>
  positions.reduce((sum, { projectedUsd }) => sum + projectedUsd, 0n) - gas.usd

/** Drifts that differ by less are as good; what is left in dollars decides. */
const equalDriftBps = 11

function expectFrontier(frontier: readonly FrontierPlan[], of: PlanRequest): void {
  for (const [at, { legs, plan }] of frontier.entries()) {
    expect(plan.legs.length).toBe(legs)
    expect(() => verifyPlan(plan, { ...of, maxLegs: legs })).not.toThrow()
    const before = frontier[at - 1]
    if (before === undefined) continue
    expect(legs).toBeGreaterThan(before.legs)
    expect(plan.driftAfterBps).toBeLessThanOrEqual(before.plan.driftAfterBps + equalDriftBps)
    const isNearer = plan.driftAfterBps + equalDriftBps < before.plan.driftAfterBps
    if (!isNearer && plan.driftAfterBps >= before.plan.driftAfterBps) {
      expect(netOf(plan)).toBeGreaterThanOrEqual(netOf(before.plan))
    }
  }
}

describe('planFrontier', { timeout: patienceMs(180_000) }, () => {
  const frontier = planFrontier(request)

  test('default: from one leg to the plan that the planner makes', () => {
    expectFrontier(frontier, request)
    expect(frontier.length).toBeGreaterThan(4)
    expect(frontier[0]?.legs).toBe(1)
    expect(frontier.at(-1)?.plan).toEqual(planOf(request))
  })

  test('behaviour: with few legs the largest drift goes first, and the rest says why it stays', () => {
    const [first] = frontier
    if (first === undefined) throw new Error('there is a plan')
    const { plan } = first
    expect(plan.driftAfterBps).toBeLessThan(plan.driftBeforeBps - 900)
    expect(plan.skipped.some(({ reason }) => reason === 'legLimit')).toBe(true)
    const sold = plan.positions.find(({ assetId }) => assetId === plan.spendings[0].assetId)
    expect((sold?.nowBps ?? 0) - (sold?.targetBps ?? 0)).toBeGreaterThan(1000)
  })

  test('behaviour: a wallet that cannot batch has one too', () => {
    const sequential = { ...request, rung: 'approveThenSwap' } as const
    const own = planFrontier(sequential)
    expectFrontier(own, sequential)
    expect(own.length).toBeGreaterThan(2)
    expect(own.every(({ plan }) => plan.router === 'swapRouter02')).toBe(true)
  })

  test('behaviour: a limit ends it early', () => {
    const limited = planFrontier({ ...request, maxLegs: 3 })
    expect(limited.every(({ legs }) => legs <= 3)).toBe(true)
    expect(limited.at(-1)?.plan).toEqual(planOf({ ...request, maxLegs: 3 }))
  })

  test('behaviour: without a plan it is empty', () => {
    expect(planFrontier({ ...request, snapshot: { ...request.snapshot, pools: [] } })).toEqual([])
    expect(planFrontier({ ...request, snapshot: buildMarket({ holdings: {} }) })).toEqual([])
  })

  test('behaviour: a walk can be ended at any step', () => {
    const steps = walkFrontier(request)
    expect(steps.next().done).toBe(false)
    steps.return()
    expect(steps.next().done).toBe(true)
  })

  test('property: more legs never leave more drift, nor as much for more; the last is the plan itself', () => {
    fc.assert(
      fc.property(planRequestArbitrary, (drawn) => {
        const own = planFrontier(drawn)
        expectFrontier(own, drawn)
        expect(own.at(-1)?.plan).toEqual(planOf(drawn))
      }),
      { numRuns: dearRuns(10) },
    )
  })

  test('property: no plan has more legs than asked for, and it is the same every time', () => {
    fc.assert(
      fc.property(planRequestArbitrary, fc.integer({ min: 1, max: 6 }), (drawn, maxLegs) => {
        const plan = planOf({ ...drawn, maxLegs })
        expect(plan?.legs.length ?? 0).toBeLessThanOrEqual(maxLegs)
        expect(planOf({ ...drawn, maxLegs })).toEqual(plan)
      }),
      { numRuns: dearRuns(20) },
    )
  })
})
