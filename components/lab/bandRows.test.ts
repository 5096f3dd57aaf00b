import { describe, expect, test } from 'vitest'
import { measureBands } from '@/lib/core/risk/bands'
import { composeCovariance } from '@/lib/core/risk/covariance'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { toBps } from '@/lib/core/units'
import { selectOwnBand, toBandRows } from './bandRows'
import type { LabInput } from './labDraft'

const input: LabInput = {
  targets: [
    { id: 'ETH', weightBps: 5000 },
    { id: 'WBTC', weightBps: 3000 },
    { id: 'USDC', weightBps: 2000 },
  ],
  totalUsd: 10_000,
  riskAversion: 3,
  feeBps: 30,
  gasUsd: 2,
}

const covariance = composeCovariance(
  [
    { id: 'ETH', volatility: 0.8 },
    { id: 'WBTC', volatility: 0.6 },
    { id: 'USDC', volatility: 0.005 },
  ],
  [
    [1, 0.7, 0],
    [0.7, 1, 0],
    [0, 0, 1],
  ],
)

const risk: PortfolioRisk = {
  status: 'measured',
  covariance,
  observations: 365,
  fromDay: 1,
  toDay: 365,
  steadyIds: ['USDC'],
  uncoveredIds: [],
}

const own = { bandBps: toBps(500) }
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)

describe('toBandRows', () => {
  test('default', () => {
    const rows = toBandRows(input, risk, own)
    const expected = measureBands({
      assets: input.targets.map(({ id, weightBps }) => ({ id, target: weightBps / 10_000, proportionalCost: 0.003 })),
      covariance,
      riskAversion: 3,
      portfolioUsd: 10_000,
      gasUsd: 2,
    })
    expect(rows.map(({ band }) => band)).toEqual(expected)
    expect(rows.map(({ kind }) => kind)).toEqual(['moving', 'moving', 'steady'])
  })

  test('behaviour: no other band loses less than the suggested one', () => {
    for (const bandBps of [50, 200, 500, 1500]) {
      for (const { band, ownLoss } of toBandRows(input, risk, { bandBps: toBps(bandBps) })) {
        if (band.status === 'steady' || ownLoss === undefined) throw new Error('a band and a loss')
        expect(ownLoss.lossPerYear).toBeGreaterThanOrEqual(band.lossPerYear)
      }
    }
  })

  test('behaviour: triggers need no prices, yearly figures are then not known', () => {
    const known = toBandRows(input, risk, own)
    const blind = toBandRows(input, undefined, own)
    expect(idsOf(blind)).toEqual(idsOf(known))
    for (const [at, { band, trackingError, ownLoss }] of blind.entries()) {
      const other = known[at]?.band
      if (band.status === 'steady' || other === undefined || other.status === 'steady') throw new Error('two bands')
      expect(band.trigger).toBeCloseTo(other.trigger, 12)
      expect(band.destination).toBeCloseTo(other.destination, 12)
      expect(trackingError).toBeUndefined()
      expect(ownLoss).toBeUndefined()
    }
  })

  test('behaviour: gas that is too dear for an asset is said', () => {
    const dear = toBandRows({ ...input, totalUsd: 100, gasUsd: 50 }, risk, own)
    expect(dear.map(({ band }) => band.status)).toEqual(
      ['band', 'widerThanTarget', 'widerThanTarget'].map(() => 'widerThanTarget'),
    )
  })
})

describe('selectOwnBand', () => {
  test('default', () => {
    expect(selectOwnBand(own, 'ETH')).toEqual({ trigger: 0.05, destination: 0 })
  })

  test('behaviour: an own rule and the destination of plans count', () => {
    const rules = [{ assetId: 'ETH', participation: 'free', bandBps: toBps(200), edgeBps: toBps(150) }] as const
    const policy = { scope: 'outOfBand', rules } as const
    expect(selectOwnBand({ ...own, policy: { ...policy, destination: 'edge' } }, 'ETH')).toEqual({
      trigger: 0.02,
      destination: 0.015,
    })
    expect(selectOwnBand({ ...own, policy: { ...policy, destination: 'edge' } }, 'WBTC')).toEqual({
      trigger: 0.05,
      destination: 0.05,
    })
    expect(selectOwnBand({ ...own, policy: { ...policy, destination: 'halfway' } }, 'WBTC')).toEqual({
      trigger: 0.05,
      destination: 0.025,
    })
    expect(selectOwnBand({ bandBps: toBps(0) }, 'ETH')).toBeUndefined()
  })
})
