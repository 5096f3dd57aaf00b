import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeCovariance } from './covariance'
import { type DailyValue, measureRealisedTrackingError, measureTrackingError } from './trackingError'

const covariance = composeCovariance(
  ['BTC', 'ETH', 'USDC'].map((id, i) => ({ id, volatility: [0.5, 0.8, 0.01][i] ?? 0 })),
  [
    [1, 0.8, 0],
    [0.8, 1, 0],
    [0, 0, 1],
  ],
)
const assets = (...weights: readonly number[]) =>
  ['BTC', 'ETH', 'USDC'].map((id, i) => ({ id, weight: weights[i] ?? 0, target: [0.5, 0.3, 0.2][i] ?? 0 }))

describe('measureTrackingError', () => {
  test('default', () => {
    // 10 points of BTC too many against cash.
    const { trackingError, contributions } = measureTrackingError(assets(0.6, 0.3, 0.1), covariance)
    expect(trackingError).toBeCloseTo(Math.sqrt(0.01 * 0.25 + 0.01 * 0.0001), 12)
    expect(contributions[0]?.contribution).toBeCloseTo((0.01 * 0.25) / trackingError, 12)
    expect(contributions[1]).toEqual({ id: 'ETH', contribution: 0 })
  })

  test('behaviour: a deviation that offsets another takes from the tracking error', () => {
    const { contributions } = measureTrackingError(assets(0.4, 0.4, 0.2), covariance)
    expect(contributions[0]?.contribution).toBeLessThan(0)
    expect(contributions[1]?.contribution).toBeGreaterThan(0)
  })

  test('behaviour: on target there is none', () => {
    const { trackingError, contributions } = measureTrackingError(assets(0.5, 0.3, 0.2), covariance)
    expect(trackingError).toBe(0)
    expect(contributions.map(({ contribution }) => contribution)).toEqual([0, 0, 0])
  })

  test('property: the contributions sum to it exactly, and twice the deviation is twice the error', () => {
    const move = fc.double({ min: -0.1, max: 0.1, noNaN: true })
    fc.assert(
      fc.property(move, move, (a, b) => {
        fc.pre(Math.abs(a) + Math.abs(b) > 1e-6)
        const one = measureTrackingError(assets(0.5 + a, 0.3 + b, 0.2 - a - b), covariance)
        expect(one.contributions.reduce((sum, { contribution }) => sum + contribution, 0)).toBe(one.trackingError)
        expect(one.trackingError).toBeGreaterThan(0)
        const two = measureTrackingError(assets(0.5 + 2 * a, 0.3 + 2 * b, 0.2 - 2 * a - 2 * b), covariance)
        expect(two.trackingError / one.trackingError).toBeCloseTo(2, 6)
      }),
    )
  })
})

describe('measureRealisedTrackingError', () => {
  /** The portfolio gains a point more than the target on even days and a point less on odd ones. */
  function values(length: number, skipped?: number): readonly DailyValue[] {
    let portfolio = 100
    let target = 7
    return Array.from({ length }, (_, day) => {
      const market = 0.02 * Math.sin(day)
      portfolio *= 1 + market + (day % 2 === 0 ? 0.01 : -0.01)
      target *= 1 + market
      return { day, portfolio, target }
    }).filter(({ day }) => day !== skipped)
  }

  test('default', () => {
    const measured = measureRealisedTrackingError(values(101))
    if (measured.status !== 'measured') throw new Error(measured.status)
    expect(measured.observations).toBe(100)
    // Differences of 1 % either way, 50 of each.
    expect(measured.trackingError).toBeCloseTo(0.01 * Math.sqrt((100 / 99) * 365), 12)
  })

  test('behaviour: a missing day costs two returns and is not bridged', () => {
    expect(measureRealisedTrackingError(values(101, 50))).toMatchObject({ status: 'measured', observations: 98 })
  })

  test('behaviour: with fewer than 90 returns there is none', () => {
    expect(measureRealisedTrackingError(values(90))).toEqual({ status: 'tooFew', observations: 89, needed: 90 })
    expect(measureRealisedTrackingError([])).toEqual({ status: 'tooFew', observations: 0, needed: 90 })
  })
})
