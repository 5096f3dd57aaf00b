import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BandAsset, type BandsProblem, InvalidPortfolioError, measureAssetDrifts, measureBands } from './bands'
import { measureCostAwareBand } from './costAwareBand'
import { composeCovariance, UncoveredAssetError } from './covariance'

const even = (size: number, rho: number) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? 1 : rho)))

interface Row extends BandAsset {
  readonly volatility: number
}
const row = (id: string, target: number, volatility: number, proportionalCost = 0.003): Row => ({
  id,
  target,
  volatility,
  proportionalCost,
})
const problem = (assets: readonly Row[], more: Partial<BandsProblem> = {}, rho = 0.5): BandsProblem => ({
  assets,
  covariance: composeCovariance(assets, even(assets.length, rho)),
  riskAversion: 3,
  portfolioUsd: 50_000,
  gasUsd: 0.5,
  ...more,
})
const four = [row('BTC', 0.4, 0.55), row('ETH', 0.3, 0.7), row('LINK', 0.1, 0.95), row('USDC', 0.2, 0.01, 0.0005)]

const anyRows = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.01, max: 1.5, noNaN: true })), {
    minLength: 2,
    maxLength: 6,
  })
  .map((parts) => {
    const whole = parts.reduce((sum, [part]) => sum + part, 0)
    return parts.map(([part, volatility], i) => row(`A${i}`, part / whole, volatility))
  })

describe('measureBands', () => {
  test('default', () => {
    const bands = measureBands(problem(four))
    expect(bands.map(({ id, status }) => [id, status])).toEqual(four.map(({ id }) => [id, 'band']))
    for (const band of bands) {
      if (band.status !== 'band') throw new Error(band.status)
      expect(band.destination).toBeLessThan(band.trigger)
    }
  })

  test('behaviour: two assets are the formula for two assets', () => {
    const [risky, still] = measureBands(problem([row('R', 0.3, 0.8), row('S', 0.7, 1e-7)], {}, 0))
    const wanted = measureCostAwareBand({
      varianceRate: (0.8 * 0.3 * 0.7) ** 2,
      runningLoss: (3 * 0.8 ** 2) / 2,
      proportionalCost: 0.003,
      fixedCost: 1e-5,
    })
    if (risky?.status !== 'band' || still?.status !== 'band') throw new Error('no band')
    expect(risky.trigger).toBeCloseTo(wanted.trigger, 10)
    expect(risky.destination).toBeCloseTo(wanted.destination, 10)
    // What one gains in weight the other loses: the same band from both sides.
    expect(still.trigger).toBeCloseTo(wanted.trigger, 10)
  })

  test('behaviour: a band wider than the target says whether gas or the fee is why', () => {
    const small = [row('A', 0.02, 0.8), row('B', 0.98, 0.1)]
    expect(measureBands(problem(small, { portfolioUsd: 200 }))[0]).toMatchObject({
      id: 'A',
      status: 'widerThanTarget',
      cause: 'gas',
    })
    const dear = [row('A', 0.02, 0.8, 0.05), row('B', 0.98, 0.1)]
    expect(measureBands(problem(dear, { gasUsd: 0 }))[0]).toMatchObject({ status: 'widerThanTarget', cause: 'fee' })
  })

  test('behaviour: nothing or everything does not drift', () => {
    expect(measureBands(problem([row('A', 1, 0.8)]))).toEqual([{ status: 'steady', id: 'A' }])
    expect(measureBands(problem([row('A', 0, 0.8), row('B', 1, 0.4)])).map(({ status }) => status)).toEqual([
      'steady',
      'steady',
    ])
  })

  test('behaviour: the covariance may know more assets, in any order', () => {
    const covariance = composeCovariance([...four, row('X', 0, 2)].reverse(), even(5, 0.5))
    const plain = measureBands(problem(four))
    const turned = measureBands(problem(four, { covariance }))
    plain.forEach((band, i) => {
      const other = turned[i]
      if (band.status !== 'band' || other?.status !== 'band') throw new Error('no band')
      expect(other.trigger).toBeCloseTo(band.trigger, 12)
    })
  })

  test('property: permuting the assets permutes the bands', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const bands = measureBands(problem(rows))
        const turned = [...measureBands(problem([...rows].reverse()))].reverse()
        bands.forEach((band, i) => {
          const other = turned[i]
          expect(other?.id).toBe(band.id)
          if (band.status !== 'band' || other?.status !== 'band') return
          expect(other.trigger / band.trigger).toBeCloseTo(1, 9)
        })
      }),
    )
  })

  test('property: the greater the portfolio the narrower the band', () => {
    fc.assert(
      fc.property(anyRows, fc.double({ min: 2, max: 100, noNaN: true }), (rows, times) => {
        const small = measureBands(problem(rows))
        const great = measureBands(problem(rows, { portfolioUsd: 50_000 * times }))
        small.forEach((band, i) => {
          const other = great[i]
          if (band.status === 'steady' || other === undefined || other.status === 'steady') throw new Error('steady')
          expect(other.trigger).toBeLessThan(band.trigger)
        })
      }),
    )
  })

  test.each<[string, Partial<BandsProblem>]>([
    ['portfolioUsd', { portfolioUsd: 0 }],
    ['portfolioUsd', { portfolioUsd: Number.NaN }],
    ['gasUsd', { gasUsd: -0.01 }],
    ['riskAversion', { riskAversion: -3 }],
    ['assets.target', { assets: four.slice(1) }],
    ['assets[0].target', { assets: [row('BTC', 1.1, 1), row('ETH', -0.1, 1)] }],
    ['assets[1].id', { assets: [row('BTC', 0.5, 1), row('BTC', 0.5, 1)] }],
    ['assets[1].proportionalCost', { assets: [row('BTC', 0.5, 1), row('ETH', 0.5, 1, -1e-4)] }],
  ])('error: InvalidPortfolioError names %s', (field, more) => {
    expect(() => measureBands(problem(four, more))).toThrow(InvalidPortfolioError)
    expect(() => measureBands(problem(four, more))).toThrow(field)
  })

  test('error: UncoveredAssetError', () => {
    const assets = [...four.slice(1), row('SOL', 0.4, 1)]
    expect(() => measureBands(problem(four, { assets }))).toThrow(UncoveredAssetError)
  })
})

describe('measureAssetDrifts', () => {
  test('default', () => {
    const [drift] = measureAssetDrifts(problem(four).assets, problem(four).covariance)
    // The asset against the portfolio: sqrt(var A + var P - 2 cov), by hand.
    const sigma = four.map(({ volatility }) => volatility)
    const covariance = (i: number, j: number) => (sigma[i] ?? 0) * (sigma[j] ?? 0) * (i === j ? 1 : 0.5)
    let portfolio = 0
    let cross = 0
    four.forEach((a, i) => {
      cross += a.target * covariance(0, i)
      four.forEach((b, j) => {
        portfolio += a.target * b.target * covariance(i, j)
      })
    })
    const trackingError = Math.sqrt(covariance(0, 0) + portfolio - 2 * cross)
    expect(drift?.trackingError).toBeCloseTo(trackingError, 12)
    expect(drift?.varianceRate).toBeCloseTo((0.4 * trackingError) ** 2, 12)
  })
})
