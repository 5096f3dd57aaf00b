import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '@/lib/testing/runs'
import type { Matrix } from '../numbers/cholesky'
import { multiply } from '../numbers/cholesky'
import { minimiseVariance } from './minimumVariance'
import type { ShareLimits } from './scheme'

const open: ShareLimits = { total: 1, least: 0, most: 1 }

const toCovariance = (volatilities: readonly number[], correlation: Matrix): Matrix =>
  correlation.map((row, i) => row.map((entry, j) => entry * (volatilities[i] as number) * (volatilities[j] as number)))

/** How far shares are from the conditions of the minimum (Karush, Kuhn, Tucker), relative to the mean variance. */
function optimalityGap(covariance: Matrix, shares: readonly number[], { total, least, most }: ShareLimits): number {
  const mean = covariance.reduce((sum, row, at) => sum + (row[at] as number), 0) / covariance.length
  const slopes = multiply(covariance, shares).map((slope) => slope / mean)
  // One price must lie between the slopes: none that could rise is cheaper than one that could fall.
  const rising = slopes.filter((_, at) => (shares[at] as number) < most)
  const falling = slopes.filter((_, at) => (shares[at] as number) > least)
  const sumGap = Math.abs(shares.reduce((sum, share) => sum + share, 0) - total)
  const limitGap = Math.max(...shares.map((share) => Math.max(least - share, share - most, 0)))
  return Math.max(sumGap, limitGap, Math.max(...falling) - Math.min(...rising), 0)
}

const block = [
  [1, 0.8, 0, 0],
  [0.8, 1, 0, 0],
  [0, 0, 1, -0.5],
  [0, 0, -0.5, 1],
]

describe('minimiseVariance', () => {
  test('default: two assets, (s2^2 - c) / (s1^2 + s2^2 - 2 c)', () => {
    const covariance = toCovariance(
      [0.2, 0.3],
      [
        [1, 0.25],
        [0.25, 1],
      ],
    )
    const [first] = minimiseVariance(covariance, open)
    expect(first).toBeCloseTo((0.09 - 0.015) / (0.04 + 0.09 - 0.03), 14)
  })

  test('behaviour: uncorrelated assets are weighted by 1 / variance', () => {
    const shares = minimiseVariance(
      [
        [1, 0, 0],
        [0, 4, 0],
        [0, 0, 2],
      ],
      open,
    )
    expect(shares.map((share) => share * 7)).toEqual([4, 1, 2].map((part) => expect.closeTo(part, 12)))
  })

  test('behaviour: four assets of Maillard, Roncalli and Teiletche 2010: 74.5, 0, 15.2 and 10.3 %', () => {
    const shares = minimiseVariance(toCovariance([0.1, 0.2, 0.3, 0.4], block), open)
    expect(shares.map((share) => Math.round(share * 1000) / 10)).toEqual([74.5, 0, 15.2, 10.3])
  })

  test('behaviour: limits that leave no choice', () => {
    const covariance = toCovariance([0.1, 0.2, 0.3, 0.4], block)
    expect(minimiseVariance(covariance, { total: 1, least: 0, most: 0.25 })).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(minimiseVariance(covariance, { total: 0.8, least: 0.2, most: 0.2 })).toEqual([0.2, 0.2, 0.2, 0.2])
  })

  const returns = fc.integer({ min: 1, max: 30 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      loadings: fc.array(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      own: fc.array(fc.double({ min: -4, max: 0, noNaN: true }), { minLength: count, maxLength: count }),
      low: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
      high: fc.oneof(fc.constant(count), fc.double({ min: 1, max: 4, noNaN: true })),
      total: fc.double({ min: 0.05, max: 1, noNaN: true }),
    }),
  )

  test('property: no shift between two assets lowers the variance, to 1e-10; the sum and the limits hold', () => {
    fc.assert(
      fc.property(returns, ({ count, loadings, own, low, high, total }) => {
        const covariance = own.map((power, i) =>
          own.map((_, j) => {
            const common = loadings.reduce((sum, factor) => sum + (factor[i] as number) * (factor[j] as number), 0)
            return common + (i === j ? 10 ** power : 0)
          }),
        )
        const limits = { total, least: (low * total) / count, most: (high * total) / count }
        expect(optimalityGap(covariance, minimiseVariance(covariance, limits), limits)).toBeLessThanOrEqual(1e-10)
      }),
      { numRuns: runs(300) },
    )
  })
})
