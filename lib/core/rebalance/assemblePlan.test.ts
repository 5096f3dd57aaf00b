import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { toBps } from '../units'
import { planRebalance } from './planRebalance'

/** A plan that sells $50,000 of USDC for LINK in one pair of such a depth. */
function planInto(depthUsd: bigint) {
  const snapshot = buildMarket({
    holdings: { ETH: 1_000n, USDC: 100_000n },
    pools: [{ pair: ['LINK', 'USDC'], venue: 'v2', depthUsd }],
  })
  const weights = { ETH: 100, USDC: 4900, LINK: 5000 }
  const outcome = planRebalance(buildPlanRequest({ snapshot, weights, oracleToleranceBps: toBps(600) }))
  if (outcome.status !== 'planned') throw new Error(outcome.status)
  return outcome.plan
}

describe('the level of a plan’s impact', () => {
  test.each([
    [20_000_000n, 'quiet'],
    [2_500_000n, 'warn'],
    [1_300_000n, 'typeLoss'],
  ] as const)('default: in a pair of $%s a side it is %s', (depthUsd, level) => {
    const plan = planInto(depthUsd)
    const most = plan.legs.reduce((worst, { impactBps }) => Math.max(worst, impactBps), 0)
    const [above, below] = { quiet: [0, 100], warn: [100, 300], typeLoss: [300, 500] }[level] as [number, number]
    expect(most).toBeGreaterThan(above)
    expect(most).toBeLessThanOrEqual(below)
    expect(plan.impactLevel).toBe(level)
  })
})
