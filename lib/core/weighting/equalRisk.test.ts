import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '@/lib/testing/runs'
import type { Matrix } from '../numbers/cholesky'
import { multiply } from '../numbers/cholesky'
import { equaliseRisk } from './equalRisk'
import type { ShareLimits } from './scheme'

const open: ShareLimits = { total: 1, least: 0, most: 1 }

function shared(correlation: Matrix, deviations: readonly number[], limits = open): readonly number[] {
  const result = equaliseRisk(correlation, deviations, limits)
  if (result.status !== 'shared') throw new Error(result.status)
  return result.shares
}

/** x_i (C x)_i as parts of all risk, written down from the covariance. */
function contributions(correlation: Matrix, deviations: readonly number[], shares: readonly number[]) {
  const covariance = correlation.map((row, i) =>
    row.map((entry, j) => entry * (deviations[i] as number) * (deviations[j] as number)),
  )
  const parts = multiply(covariance, shares).map((value, at) => value * (shares[at] as number))
  const whole = parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part) => part / whole)
}

const percents = (shares: readonly number[], digits: number) =>
  shares.map((share) => Number((share * 100).toFixed(digits)))

describe('equaliseRisk', () => {
  test('default: two assets are weighted by 1 / volatility, whatever their correlation', () => {
    for (const rho of [-0.9, 0, 0.3, 0.99]) {
      const [first, second] = shared(
        [
          [1, rho],
          [rho, 1],
        ],
        [0.2, 0.6],
      )
      expect(first).toBeCloseTo(0.75, 12)
      expect(second).toBeCloseTo(0.25, 12)
    }
  })

  test('behaviour: equal correlations are weighted by 1 / volatility', () => {
    const shares = shared(
      [
        [1, 0.4, 0.4],
        [0.4, 1, 0.4],
        [0.4, 0.4, 1],
      ],
      [0.1, 0.2, 0.4],
    )
    expect(shares.map((share) => share * 7)).toEqual([4, 2, 1].map((part) => expect.closeTo(part, 11)))
  })

  test('behaviour: four assets of Maillard, Roncalli and Teiletche 2010: 38.4, 19.2, 24.3 and 18.2 %', () => {
    const correlation = [
      [1, 0.8, 0, 0],
      [0.8, 1, 0, 0],
      [0, 0, 1, -0.5],
      [0, 0, -0.5, 1],
    ]
    expect(percents(shared(correlation, [0.1, 0.2, 0.3, 0.4]), 1)).toEqual([38.4, 19.2, 24.3, 18.2])
  })

  test('behaviour: three assets of Bruder and Roncalli 2012: 19.69, 32.44 and 47.87 %', () => {
    const correlation = [
      [1, 0.8, 0.5],
      [0.8, 1, 0.3],
      [0.5, 0.3, 1],
    ]
    expect(percents(shared(correlation, [0.3, 0.2, 0.15]), 2)).toEqual([19.69, 32.44, 47.87])
  })

  test('behaviour: an asset at its cap takes less risk, the others the same', () => {
    const correlation = [
      [1, 0.8, 0.5],
      [0.8, 1, 0.3],
      [0.5, 0.3, 1],
    ]
    const deviations = [0.3, 0.2, 0.15]
    const shares = shared(correlation, deviations, { total: 1, least: 0, most: 0.4 })
    const [first = 0, second = 0, third = 0] = contributions(correlation, deviations, shares)
    expect(shares[2]).toBe(0.4)
    expect(second).toBeCloseTo(first, 10)
    expect(third).toBeLessThan(first)
  })

  test('behaviour: two assets that all but cancel each other are shared exactly, and said where numbers end', () => {
    const opposites = (rho: number) => [
      [1, rho, 0],
      [rho, 1, 0],
      [0, 0, 1],
    ]
    const shares = shared(opposites(-1 + 1e-5), [1, 1, 1])
    for (const part of contributions(opposites(-1 + 1e-5), [1, 1, 1], shares)) expect(part).toBeCloseTo(1 / 3, 9)
    expect(equaliseRisk(opposites(-1 + 1e-9), [1, 1, 1], open).status).toBe('unequal')
  })

  test('behaviour: floors that leave no risk to share are said', () => {
    // 30 % of the first are hedged by 270 % of the second: any less of it has a negative contribution.
    const correlation = [
      [1, -0.9, 0],
      [-0.9, 1, 0],
      [0, 0, 1],
    ]
    expect(equaliseRisk(correlation, [1, 0.1, 0.1], { total: 1, least: 0.3, most: 1 }).status).toBe('unequal')
    expect(equaliseRisk(correlation, [1, 0.1, 0.1], { total: 1, least: 0.01, most: 1 }).status).toBe('shared')
  })

  const market = fc.integer({ min: 1, max: 30 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      loadings: fc.array(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      own: fc.array(fc.double({ min: -3, max: 0, noNaN: true }), { minLength: count, maxLength: count }),
      volatilities: fc.array(
        fc.double({ min: -2, max: 0.5, noNaN: true }).map((power) => 10 ** power),
        {
          minLength: count,
          maxLength: count,
        },
      ),
    }),
  )

  function toCorrelation(loadings: readonly (readonly number[])[], own: readonly number[]): Matrix {
    const raw = own.map((power, i) =>
      own.map((_, j) => {
        const common = loadings.reduce((sum, factor) => sum + (factor[i] as number) * (factor[j] as number), 0)
        return common + (i === j ? 10 ** power : 0)
      }),
    )
    return raw.map((row, i) =>
      row.map((entry, j) => (i === j ? 1 : entry / Math.sqrt((raw[i]?.[i] as number) * (raw[j]?.[j] as number)))),
    )
  }

  test('property: contributions differ by at most 1e-10 of all risk, and the sum is the total', () => {
    fc.assert(
      fc.property(market, ({ loadings, own, volatilities, count }) => {
        const correlation = toCorrelation(loadings, own)
        const shares = shared(correlation, volatilities)
        expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThanOrEqual(1e-12)
        for (const part of contributions(correlation, volatilities, shares)) {
          expect(Math.abs(part - 1 / count)).toBeLessThanOrEqual(1e-10)
        }
      }),
      { numRuns: runs(300) },
    )
  })

  test('property: within limits all at none contribute the same, one at its cap no more, one at its floor no less', () => {
    const limits = fc.record({
      low: fc.double({ min: 0, max: 0.9, noNaN: true }),
      high: fc.double({ min: 1.1, max: 4, noNaN: true }),
    })
    let sharedCount = 0
    let count = 0
    fc.assert(
      fc.property(market, limits, (drawn, { low, high }) => {
        const correlation = toCorrelation(drawn.loadings, drawn.own)
        const bounds = { total: 1, least: low / drawn.count, most: high / drawn.count }
        count += 1
        const result = equaliseRisk(correlation, drawn.volatilities, bounds)
        if (result.status === 'unequal') return
        sharedCount += 1
        const { shares } = result
        expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThanOrEqual(1e-9)
        const parts = contributions(correlation, drawn.volatilities, shares)
        const at = (limit: number) => (share: number) => Math.abs(share / limit - 1) < 1e-14
        const isLeast = at(bounds.least)
        const isMost = at(bounds.most)
        const middle = parts.filter((_, row) => !isLeast(shares[row] as number) && !isMost(shares[row] as number))
        const lowest = parts.filter((_, row) => isLeast(shares[row] as number))
        const highest = parts.filter((_, row) => isMost(shares[row] as number))
        expect(Math.max(...middle, ...highest) - Math.min(...middle, ...lowest)).toBeLessThanOrEqual(3e-10)
      }),
      { numRuns: runs(100) },
    )
    expect(sharedCount).toBeGreaterThan(0.9 * count)
  })
})
