import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dearRuns } from '@/lib/testing/runs'
import type { Matrix } from '../numbers/cholesky'
import { entryOf, measureCorrelation, measureVolatilities } from './covariance'
import {
  estimateCovariance,
  measureEwmaCovariance,
  measureSampleCovariance,
  measureShrunkCovariance,
  type ReturnRows,
} from './estimateCovariance'
import type { ReturnHistory } from './returns'

/** Four series of whole numbers over 2000, made so that anybody can make them again. */
const rows: ReturnRows = Array.from({ length: 4 }, (_, i) =>
  Array.from({ length: 120 }, (__, t) => {
    const own = (((t * t * (i + 3) + 7 * t * (i + 1) + 13 * i) % 101) - 50) * (i + 1)
    const pair = i < 2 ? (((t * 53) % 89) - 44) * 2 : 0
    return (own + pair + (((t * 31) % 97) - 48) * 3 * (i % 2)) / 2000
  }),
)
const history = (assets: ReturnRows): ReturnHistory => ({
  days: (assets[0] ?? []).map((_, t) => 20_000 + t),
  assets: assets.map((returns, i) => ({ id: `A${i}`, returns })),
  gaps: [],
})
const lowerOf = (matrix: Matrix) => matrix.flatMap((row, i) => row.slice(0, i + 1))

function expectLower(matrix: Matrix, wanted: readonly number[]) {
  lowerOf(matrix).forEach((value, at) => {
    expect(value).toBeCloseTo(wanted[at] ?? Number.NaN, 14)
  })
  expect(matrix).toEqual(matrix.map((row, i) => row.map((_, j) => entryOf(matrix, j, i))))
}

const anyRows = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 90, max: 110 })).chain(([assets, days]) =>
  fc.array(fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: days, maxLength: days }), {
    minLength: assets,
    maxLength: assets,
  }),
)

describe('measureSampleCovariance', () => {
  test('default', () => {
    // numpy.cov of the same numbers.
    expectLower(
      measureSampleCovariance(rows),
      [
        1.01937309173669e-3, 7.60138988095238e-4, 3.85127435224089e-3, -1.77185609243697e-4, -8.8916281512605e-5,
        2.05399096638655e-3, -1.3295012254902e-4, 2.51510610994398e-3, 5.15895693277311e-4, 5.35938149509804e-3,
      ],
    )
  })
})

describe('measureEwmaCovariance', () => {
  test('default', () => {
    // (X * w) @ X.T in numpy, w = 0.94^(T-1-t) scaled to 1.
    expectLower(
      measureEwmaCovariance(rows),
      [
        1.11658450299e-3, 7.1445903601e-4, 3.97626282788e-3, -5.0129158604e-4, 1.0793330635e-4, 2.19372075709e-3,
        -3.4163355838e-4, 1.94632534603e-3, 1.35489499142e-3, 5.04155639294e-3,
      ],
    )
  })

  test('behaviour: a variance of 0.0001 becomes 0.00013 after a move of 2 % with a decay of 0.9', () => {
    // Hull, Risk Management and Financial Institutions, example 5.2.
    const returns = [...Array.from({ length: 400 }, (_, t) => (t % 2 === 0 ? 0.01 : -0.01)), 0.02]
    expect(measureEwmaCovariance([returns], 0.9)[0]?.[0]).toBeCloseTo(0.00013, 12)
  })
})

describe('measureShrunkCovariance', () => {
  test('default', () => {
    // The paper's sums element by element in numpy, times T / (T - 1).
    const { matrix, shrinkage } = measureShrunkCovariance(rows)
    expect(shrinkage).toBeCloseTo(0.09096794527872133, 12)
    expectLower(
      matrix,
      [
        1.01087831597222e-3, 7.11500935998937e-4, 3.81918039930555e-3, -1.40541483422832e-4, -4.28663032027498e-5,
        2.036874375e-3, -8.88610331761284e-5, 2.32749126720269e-3, 5.09044520773402e-4, 5.31471998263889e-3,
      ].map((value) => (value * 120) / 119),
    )
  })

  test('behaviour: one asset, or two, have nothing to be shrunk towards', () => {
    expect(measureShrunkCovariance(rows.slice(0, 1)).shrinkage).toBe(0)
    const two = measureShrunkCovariance(rows.slice(0, 2))
    expect(two.shrinkage).toBe(0)
    expectLower(two.matrix, lowerOf(measureSampleCovariance(rows.slice(0, 2))))
  })

  test('property: variances stay, correlations move towards their mean by the same part', () => {
    fc.assert(
      fc.property(anyRows, (many) => {
        const sample = measureSampleCovariance(many)
        fc.pre(sample.every((row, i) => (row[i] ?? 0) > 1e-8))
        const { matrix, shrinkage } = measureShrunkCovariance(many)
        expect(shrinkage).toBeGreaterThanOrEqual(0)
        expect(shrinkage).toBeLessThanOrEqual(1)
        const ids = many.map((_, i) => `A${i}`)
        const before = measureCorrelation({ ids, matrix: sample })
        const after = measureCorrelation({ ids, matrix })
        const pairs = ids.flatMap((_, i) => ids.slice(0, i).map((__, j) => entryOf(before, i, j)))
        const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length
        matrix.forEach((row, i) => {
          expect(row[i]).toBe(entryOf(sample, i, i))
          for (let j = 0; j < i; j++)
            expect(entryOf(after, i, j)).toBeCloseTo(shrinkage * mean + (1 - shrinkage) * entryOf(before, i, j), 10)
        })
      }),
      { numRuns: dearRuns(30) },
    )
  })

  test('property: permuting the assets permutes the answer; scaling an asset scales its row', () => {
    fc.assert(
      fc.property(anyRows, fc.double({ min: 0.1, max: 10, noNaN: true }), (many, scale) => {
        fc.pre(measureSampleCovariance(many).every((row, i) => (row[i] ?? 0) > 1e-8))
        const plain = measureShrunkCovariance(many)
        const turned = measureShrunkCovariance([...many].reverse())
        expect(turned.shrinkage).toBeCloseTo(plain.shrinkage, 9)
        const last = many.length - 1
        expect(entryOf(turned.matrix, 0, last)).toBeCloseTo(entryOf(plain.matrix, 0, last), 10)
        const scaled = measureSampleCovariance(many.map((row, i) => (i === 0 ? row.map((r) => r * scale) : row)))
        expect(entryOf(scaled, 0, last)).toBeCloseTo(scale * entryOf(measureSampleCovariance(many), 0, last), 10)
      }),
      { numRuns: dearRuns(30) },
    )
  })
})

describe('estimateCovariance', () => {
  test('default', () => {
    const estimate = estimateCovariance(history(rows), 'sample')
    if (estimate.status !== 'estimated') throw new Error(estimate.status)
    expect(estimate).toMatchObject({ observations: 120, shrinkage: 0 })
    const [first] = measureVolatilities(estimate.covariance)
    expect(first).toEqual({ id: 'A0', volatility: Math.sqrt(entryOf(measureSampleCovariance(rows), 0, 0) * 365) })
  })

  test('behaviour: 89 returns are too few, 90 are enough', () => {
    const cut = (length: number) => history(rows.map((row) => row.slice(0, length)))
    expect(estimateCovariance(cut(89), 'ewma')).toEqual({ status: 'tooFew', observations: 89, needed: 90 })
    expect(estimateCovariance(cut(90), 'ewma').status).toBe('estimated')
    expect(estimateCovariance(cut(0), 'sample')).toEqual({ status: 'tooFew', observations: 0, needed: 90 })
  })

  test('behaviour: a price that never moved is named', () => {
    const still = rows.map((row, i) => (i === 2 ? row.map(() => 0) : row))
    expect(estimateCovariance(history(still), 'ledoitWolf')).toEqual({ status: 'zeroVolatility', ids: ['A2'] })
  })

  test('behaviour: an asset that is a mixture of others is named', () => {
    const [a = [], b = []] = rows
    const mixture = a.map((value, t) => 0.3 * value + 0.7 * (b[t] ?? 0))
    for (const estimator of ['sample', 'ewma'] as const)
      expect(estimateCovariance(history([a, b, mixture]), estimator)).toEqual({
        status: 'notPositiveDefinite',
        id: 'A2',
        others: ['A0', 'A1'],
      })
  })

  test('behaviour: shrinking makes a history of more assets than days usable', () => {
    const wide = Array.from({ length: 100 }, (_, i) =>
      Array.from({ length: 95 }, (__, t) => Math.sin(t * t * (i + 1) * 0.37) * 0.03 + Math.sin(t) * 0.01),
    )
    expect(estimateCovariance(history(wide), 'sample').status).toBe('notPositiveDefinite')
    const estimate = estimateCovariance(history(wide), 'ledoitWolf')
    expect(estimate).toMatchObject({ status: 'estimated' })
  })
})
