import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Matrix } from '../numbers/cholesky'
import {
  composeCovariance,
  entryOf,
  InvalidCovarianceError,
  measureCorrelation,
  measureProduct,
  measureVolatilities,
  NotPositiveDefiniteError,
  selectCovariance,
  toCovariance,
  UncoveredAssetError,
  ZeroVolatilityError,
} from './covariance'

const three = ['BTC', 'ETH', 'USDC'].map((id, i) => ({ id, volatility: [0.6, 0.8, 0.01][i] ?? 0 }))
const correlation: Matrix = [
  [1, 0.8, 0.1],
  [0.8, 1, 0.2],
  [0.1, 0.2, 1],
]

describe('composeCovariance', () => {
  test('default', () => {
    const covariance = composeCovariance(three, correlation)
    expect(entryOf(covariance.matrix, 0, 1)).toBeCloseTo(0.6 * 0.8 * 0.8, 15)
    measureVolatilities(covariance).forEach(({ id, volatility }, i) => {
      expect(id).toBe(three[i]?.id)
      expect(volatility).toBeCloseTo(three[i]?.volatility ?? 0, 15)
    })
    measureCorrelation(covariance).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(entryOf(correlation, i, j), 14)
      })
    })
  })

  test('property: what is positive definite has a positive variance for every mixture', () => {
    const component = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(component, component, component, fc.tuple(component, component, component), (a, b, c, mixture) => {
        fc.pre(mixture.some((part) => Math.abs(part) > 1e-3))
        const table = [
          [1, a, b],
          [a, 1, c],
          [b, c, 1],
        ]
        const determinant = 1 + 2 * a * b * c - a * a - b * b - c * c
        fc.pre(Math.abs(determinant) > 1e-8)
        const even = three.map((asset) => ({ ...asset, volatility: 1 }))
        if (determinant < 0) expect(() => composeCovariance(even, table)).toThrow(NotPositiveDefiniteError)
        else expect(measureProduct(mixture, composeCovariance(even, table).matrix, mixture)).toBeGreaterThan(0)
      }),
    )
  })

  test('error: NotPositiveDefiniteError names the asset that does not fit', () => {
    const table = [
      [1, 0.9, -0.9],
      [0.9, 1, 0.9],
      [-0.9, 0.9, 1],
    ]
    expect(() => composeCovariance(three, table)).toThrow(NotPositiveDefiniteError)
    expect(() => composeCovariance(three, table)).toThrow('USDC moves as no asset can beside BTC, ETH')
  })

  test('error: NotPositiveDefiniteError for twins', () => {
    const twins = [
      [1, 1],
      [1, 1],
    ]
    expect(() => composeCovariance(three.slice(0, 2), twins)).toThrow(NotPositiveDefiniteError)
  })

  test('error: ZeroVolatilityError names the asset', () => {
    const still = three.map((asset) => (asset.id === 'USDC' ? { ...asset, volatility: 0 } : asset))
    expect(() => composeCovariance(still, correlation)).toThrow(ZeroVolatilityError)
    expect(() => composeCovariance(still, correlation)).toThrow('USDC')
    const matrix = [
      [0, 0],
      [0, 1],
    ]
    expect(() => toCovariance({ ids: ['A', 'B'], matrix })).toThrow(ZeroVolatilityError)
  })

  test.each<[string, Matrix]>([
    ['correlation', [[1]]],
    [
      'correlation[1]',
      [
        [1, 0.8, 0.1],
        [0.8, 1],
        [0.1, 0.2, 1],
      ],
    ],
    [
      'correlation[1][1]',
      [
        [1, 0.8, 0.1],
        [0.8, 0.9, 0.2],
        [0.1, 0.2, 1],
      ],
    ],
    [
      'correlation[1][0]',
      [
        [1, 0.8, 0.1],
        [0.7, 1, 0.2],
        [0.1, 0.2, 1],
      ],
    ],
    [
      'correlation[0][1]',
      [
        [1, 1.1, 0.1],
        [1.1, 1, 0.2],
        [0.1, 0.2, 1],
      ],
    ],
    [
      'correlation[2][0]',
      [
        [1, 0.8, 0.1],
        [0.8, 1, 0.2],
        [Number.NaN, 0.2, 1],
      ],
    ],
  ])('error: InvalidCovarianceError names %s', (field, table) => {
    expect(() => composeCovariance(three, table)).toThrow(InvalidCovarianceError)
    expect(() => composeCovariance(three, table)).toThrow(field)
  })

  test('error: InvalidCovarianceError for a negative volatility', () => {
    const negative = three.map((asset) => ({ ...asset, volatility: -0.1 }))
    expect(() => composeCovariance(negative, correlation)).toThrow(InvalidCovarianceError)
  })
})

describe('selectCovariance', () => {
  test('default', () => {
    const { ids, matrix } = selectCovariance(composeCovariance(three, correlation), ['USDC', 'BTC'])
    expect(ids).toEqual(['USDC', 'BTC'])
    expect(entryOf(matrix, 0, 1)).toBeCloseTo(0.1 * 0.01 * 0.6, 15)
    expect(entryOf(matrix, 1, 1)).toBeCloseTo(0.36, 15)
  })

  test('error: UncoveredAssetError', () => {
    expect(() => selectCovariance(composeCovariance(three, correlation), ['LINK'])).toThrow(UncoveredAssetError)
  })
})
