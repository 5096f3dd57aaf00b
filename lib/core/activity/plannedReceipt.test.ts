import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRequestArbitrary } from '@/lib/testing/arbitraries/planRequests'
import { exampleOutcome } from '@/lib/testing/builders/receipt'
import { dearRuns } from '@/lib/testing/runs'
import { planRebalance } from '../rebalance/planRebalance'
import { usdUnit } from '../units'
import { composeReceipt } from './composeReceipt'

describe('composeReceipt of planned rebalances', () => {
  test('property: before is what the plan calls now, and paid exactly as quoted after is what it projects', () => {
    fc.assert(
      fc.property(planRequestArbitrary, (request) => {
        const planned = planRebalance(request)
        fc.pre(planned.status === 'planned')
        const { plan } = planned
        const { assets } = request.snapshot
        const receipt = composeReceipt({
          plan,
          outcome: {
            ...exampleOutcome,
            legs: plan.legs.map((leg) => ({ ...leg, receivedOut: leg.quotedOut })),
            bought: plan.purchases.map(({ token, quotedOut }) => ({ token, received: quotedOut })),
          },
          rung: request.rung,
          prices: assets.flatMap(({ asset, price }) =>
            price.status === 'fresh' ? [{ assetId: asset.id, usd: price.usd }] : [],
          ),
          assets: assets.map(({ asset }) => asset),
        })
        expect(receipt.positions.map(({ beforeUsd, beforeBps }) => [beforeUsd, beforeBps])).toEqual(
          plan.positions.map(({ nowUsd, nowBps }) => [nowUsd, nowBps]),
        )
        expect(receipt.positions.map(({ afterAmount, afterBps }) => [afterAmount, afterBps])).toEqual(
          plan.positions.map(({ projectedAmount, projectedBps }) => [projectedAmount, projectedBps]),
        )
        // The plan rounds each leg by itself.
        const { impactUsd } = receipt.cost
        if (typeof impactUsd !== 'bigint') throw new Error('everything is known here')
        const difference = impactUsd - plan.cost.impactUsd
        expect(difference < 0n ? -difference : difference).toBeLessThan(usdUnit / 100n)
      }),
      { numRuns: dearRuns(20) },
    )
  })
})
