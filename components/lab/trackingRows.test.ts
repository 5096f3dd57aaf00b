import { describe, expect, test } from 'vitest'
import { composeCovariance } from '@/lib/core/risk/covariance'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { toBps } from '@/lib/core/units'
import { measureTracking } from './trackingRows'

const risk: Extract<PortfolioRisk, { status: 'measured' }> = {
  status: 'measured',
  covariance: composeCovariance(
    [
      { id: 'ETH', volatility: 0.8 },
      { id: 'USDC', volatility: 0.005 },
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ),
  observations: 365,
  fromDay: 1,
  toDay: 365,
  steadyIds: ['USDC'],
  uncoveredIds: ['MKR'],
}
const targets = [
  { id: 'ETH', weightBps: 5000 },
  { id: 'USDC', weightBps: 5000 },
]
const of = (ethBps: number, bandBps = 500) =>
  measureTracking({
    held: [
      { id: 'ETH', weightBps: ethBps },
      { id: 'USDC', weightBps: 10_000 - ethBps },
    ],
    targets,
    risk,
    settings: { bandBps: toBps(bandBps) },
    horizonDays: 30,
  })

describe('measureTracking', () => {
  test('default', () => {
    const { trackingError, rows } = of(5200)
    expect(trackingError).toBeCloseTo(0.02 * Math.hypot(0.8, 0.005), 12)
    expect(rows.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(trackingError, 12)
    expect(rows.map(({ breach }) => breach?.status)).toEqual(['inside', 'inside'])
  })

  test('behaviour: outside is said, and the further from the edge the later', () => {
    expect(of(5600).rows.map(({ breach }) => breach?.status)).toEqual(['outside', 'outside'])
    const daysOf = (ethBps: number) => {
      const [row] = of(ethBps).rows
      return row?.breach?.status === 'inside' ? row.breach.expectedDays : Number.NaN
    }
    expect(daysOf(5000)).toBeGreaterThan(daysOf(5300))
  })

  test('behaviour: without a band nothing leaves it, and what has no prices is left out', () => {
    const { rows } = of(5200, 0)
    expect(rows.map(({ id, breach }) => [id, breach])).toEqual([
      ['ETH', undefined],
      ['USDC', undefined],
    ])
  })
})
