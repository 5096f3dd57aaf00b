import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import type { RoutingSolution } from '../routing/solution'
import { certifyPlan, proveDraft } from './certifyPlan'
import { prepareContext, seekDrafts } from './seekDrafts'

const snapshot = buildMarket({ holdings: { ETH: 60_000n, USDC: 40_000n } })
const prepared = prepareContext(buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 5000 } }))
if (prepared.status !== 'ready') throw new Error(prepared.obstacle.kind)
const { context } = prepared

describe('certifyPlan', () => {
  const sought = seekDrafts(context, Number.POSITIVE_INFINITY)
  if (sought.status !== 'found') throw new Error(sought.status)
  const { best } = sought
  const proof = proveDraft(context, best, sought.drafts)

  test('default: the worth afterwards is below the bound, and every called pool is listed', () => {
    const { valueUsd, boundUsd, gapBps, poolUse, shadowPrices } = certifyPlan(context, best, proof)
    expect(valueUsd).toBeLessThan(100_000)
    expect(boundUsd).toBeLessThan(100_000)
    expect(gapBps).toBeGreaterThanOrEqual(0)
    expect(gapBps).toBeLessThan(5)
    const called = new Set(best.legs.flatMap(({ hops }) => hops.map(({ pool }) => pool.id)))
    expect(new Set(poolUse.map(({ pool }) => pool.id))).toEqual(called)
    const ids = shadowPrices.map(({ assetId }) => assetId)
    expect(ids).toEqual([...ids].sort())
  })

  test('behaviour: where no plan reaches the targets the bound is all that is held, at the feeds’ prices', () => {
    const { solution, problem } = proof
    const { value, valueBefore, gasCost, trades, after } = solution
    const unreachable: RoutingSolution = {
      ...{ value, valueBefore, gasCost, trades, after, bound: null, gapBps: null, shadowPrices: null },
      status: 'unreachable',
      code: 'liquidity',
      reason: 'too thin',
      distance: 0.1,
    }
    const { boundUsd, gapBps, valueUsd, shadowPrices, poolUse } = certifyPlan(context, best, {
      problem,
      solution: unreachable,
    })
    const nowUsd = best.positions.reduce((sum, { nowUsd: usd }) => sum + Number(usd) / 1e18, 0)
    expect(boundUsd).toBeCloseTo(nowUsd, 6)
    expect(gapBps).toBeCloseTo((1e4 * (nowUsd - valueUsd)) / nowUsd, 6)
    expect(shadowPrices).toEqual([])
    // At the feeds' prices a sale gains nothing but what the pool loses.
    for (const { surplusUsd, soldUsd } of poolUse) expect(Math.abs(surplusUsd)).toBeLessThan(soldUsd / 100)
    expect(poolUse.length).toBeGreaterThan(0)
  })
})
