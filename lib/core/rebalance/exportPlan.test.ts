import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRequestArbitrary } from '@/lib/testing/arbitraries/planRequests'
import { addressOf } from '@/lib/testing/builders/assets'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { dearRuns, patienceMs } from '@/lib/testing/runs'
import { toPlanFile } from '../certificate/planFile'
import { verifyPlanFile } from '../certificate/verifyPlanFile'
import { exportPlan } from './exportPlan'
import { planRebalance } from './planRebalance'

const routers = { swapRouter02: addressOf('router02'), universalRouter: addressOf('universal') }
const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n, WBTC: 20_000n } })
const request = buildPlanRequest({ snapshot, weights: { ETH: 3000, WBTC: 2500, USDC: 1500, DAI: 1500, UNI: 1500 } })

describe('exportPlan', { timeout: patienceMs(180_000) }, () => {
  test.each(['atomicBatch', 'approveThenSwap'] as const)('default: what %s would sign, and its proof', (rung) => {
    const outcome = planRebalance({ ...request, rung })
    if (outcome.status !== 'planned') throw new Error(outcome.status)
    const { plan } = outcome
    const file = exportPlan({ ...request, rung }, routers)
    if (file === undefined) throw new Error('there is a plan')
    expect(file.made?.router).toBe(routers[plan.router])
    expect(file.made?.legs).toHaveLength(plan.legs.reduce((sum, { hops }) => sum + hops.length, 0))
    const verdict = verifyPlanFile(toPlanFile(JSON.parse(JSON.stringify(file))))
    expect(verdict.violations).toEqual([])
    // What the certificate takes off both sides beside: the bundle and its approvals, and what is not traded.
    const untouched = plan.positions.reduce((sum, { nowUsd }) => sum + Number(nowUsd) / 1e18, 0) - verdict.valueBefore
    expect(plan.certificate.boundUsd).toBeLessThanOrEqual((verdict.bound ?? 0) + untouched)
    expect(verdict.made?.gapBps).toBeLessThan(plan.certificate.gapBps + 1)
  })

  test('behaviour: without a plan there is no file', () => {
    expect(exportPlan({ ...request, snapshot: { ...snapshot, pools: [] } }, routers)).toBeUndefined()
    expect(exportPlan({ ...request, snapshot: buildMarket({ holdings: {} }) }, routers)).toBeUndefined()
  })

  test('property: every file of a plan holds', () => {
    fc.assert(
      fc.property(planRequestArbitrary, (drawn) => {
        const file = exportPlan(drawn, routers)
        if (file === undefined) return
        expect(verifyPlanFile(file).violations).toEqual([])
      }),
      { numRuns: dearRuns(25) },
    )
  })
})
