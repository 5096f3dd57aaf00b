import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRequestArbitrary } from '@/lib/testing/arbitraries/planRequests'
import { executePlan } from '@/lib/testing/builders/executePlan'
import { dearRuns, patienceMs } from '@/lib/testing/runs'
import { nativeAddress } from '../asset'
import type { PlanOutcome, RebalancePlan } from './plan'
import { planRebalance } from './planRebalance'
import type { PlanRequest } from './planRequest'

const limits = fc.integer({ min: 1, max: 6 })
const planOf = (outcome: PlanOutcome): RebalancePlan | undefined =>
  outcome.status === 'planned' ? outcome.plan : undefined

/** The calls of a plan's bundle, counted as the wallet gets them. */
function countBundle({ router, spendings, deadline }: RebalancePlan, { snapshot }: PlanRequest): number {
  const rows = snapshot.assets.flatMap(({ tokens }) => tokens)
  const approvals = spendings.map(({ token: address, amount }) => {
    const row = rows.find(({ token }) => token.address === address)
    if (row === undefined || address === nativeAddress) return 0
    const { status, ...allowance } = router === 'swapRouter02' ? row.routerAllowance : row.permit2Allowance
    const allowed = status === 'known' && 'amount' in allowance ? allowance.amount : 0n
    const erc20 = allowed >= amount ? 0 : row.token.resetsAllowance && allowed > 0n ? 2 : 1
    const grant = row.universalRouterGrant
    const isGranted = grant.status === 'known' && grant.amount >= amount && grant.expiration >= deadline
    return erc20 + (router === 'swapRouter02' || isGranted ? 0 : 1)
  })
  return approvals.reduce((sum, count) => sum + count, 1)
}

describe('planRebalance, call budget', { timeout: patienceMs(180_000) }, () => {
  test('property: no plan needs more calls than the wallet takes', () => {
    fc.assert(
      fc.property(planRequestArbitrary, limits, (drawn, callLimit) => {
        const request = { ...drawn, callLimit }
        const plan = planOf(planRebalance(request))
        if (plan) expect(countBundle(plan, request)).toBeLessThanOrEqual(callLimit)
      }),
      { numRuns: dearRuns(60) },
    )
  })

  test('property: a limit that is never reached changes nothing', () => {
    fc.assert(
      fc.property(planRequestArbitrary, (drawn) => {
        expect(planRebalance({ ...drawn, callLimit: 100 })).toEqual(planRebalance(drawn))
      }),
      { numRuns: dearRuns(25) },
    )
  })

  test('property: part after part the rest is made, and nothing that was bought is sold again', () => {
    let parts = 0
    fc.assert(
      fc.property(planRequestArbitrary, fc.integer({ min: 2, max: 4 }), (drawn, callLimit) => {
        let request: PlanRequest = { ...drawn, callLimit }
        let plan = planOf(planRebalance(request))
        if (plan?.part === undefined) return
        parts += 1
        const expected = plan.part.of
        const bought = new Set<string>()
        for (let part = 1; part <= expected && plan !== undefined; part += 1) {
          // Thin pools, and pools that only one of the routers knows, may hold something back and then not.
          if (plan.skipped.some(({ reason }) => reason === 'priceImpact' || reason === 'noRoute')) return
          for (const { assetId } of plan.spendings) expect(bought.has(assetId)).toBe(false)
          for (const { assetId } of plan.purchases) bought.add(assetId)
          if (plan.part === undefined) return
          expect(plan.skipped.some(({ reason }) => reason === 'callBudget')).toBe(true)
          request = { ...request, snapshot: executePlan(request.snapshot, plan) }
          const next = planOf(planRebalance(request))
          // What is left may be too little to be worth a bundle.
          if (next === undefined) return
          expect(next.driftBeforeBps).toBeLessThan(plan.driftBeforeBps)
          plan = next
        }
      }),
      { numRuns: dearRuns(40) },
    )
    expect(parts).toBeGreaterThan(4)
  })
})
