import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BandProblem, InvalidBandInputError, measureBandLoss, measureCostAwareBand } from './costAwareBand'

const problem = (more: Partial<BandProblem> = {}): BandProblem => ({
  varianceRate: 0.03,
  runningLoss: 0.9,
  proportionalCost: 0.003,
  fixedCost: 1e-6,
  ...more,
})

/** One asset at weight w with tracking error TE against the rest, risk aversion 2. */
const asset = (weight: number, proportionalCost: number, fixedCost: number, trackingError = 0.7): BandProblem => ({
  varianceRate: (weight * trackingError) ** 2,
  runningLoss: (trackingError / (1 - weight)) ** 2,
  proportionalCost,
  fixedCost,
})

/** Positive numbers over many orders of magnitude. */
const positive = (from: number, to: number) =>
  fc.double({ min: Math.log10(from), max: Math.log10(to), noNaN: true }).map((log) => 10 ** log)
const anyProblem: fc.Arbitrary<BandProblem> = fc.record({
  varianceRate: positive(1e-7, 1),
  runningLoss: positive(1e-3, 1e2),
  proportionalCost: positive(1e-7, 0.1),
  fixedCost: positive(1e-14, 0.1),
})

const near = (value: number, wanted: number, relative: number) =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted))

describe('measureCostAwareBand', () => {
  test('default', () => {
    const band = measureCostAwareBand(asset(0.25, 0.003, 1e-6))
    expect(band.trigger).toBeCloseTo(0.05, 4)
    expect(band.destination).toBeCloseTo(0.0365, 4)
    expect(band.rebalancesPerYear).toBeCloseTo(26, 0)
    expect(band.lossPerYear * 1e4).toBeCloseTo(16.4, 1)
  })

  test.each([
    [0.1, 0.0005, 1e-6, 0.0211, 0.0094],
    [0.5, 0.003, 5e-4, 0.1257, 0.0158],
  ])('behaviour: weight %d, fee %d, gas %d: acts at %d and stops at %d', (weight, fee, gas, trigger, destination) => {
    const band = measureCostAwareBand(asset(weight, fee, gas))
    expect(band.trigger).toBeCloseTo(trigger, 4)
    expect(band.destination).toBeCloseTo(destination, 4)
  })

  test('behaviour: two assets without gas trade to the edge, the cube root of Shreve and Soner', () => {
    const band = measureCostAwareBand(
      problem({ varianceRate: (0.8 * 0.25) ** 2, runningLoss: 0.8 ** 2, proportionalCost: 0.003, fixedCost: 0 }),
    )
    expect(band.trigger).toBeCloseTo(0.052002, 6)
    expect(band.destination).toBe(band.trigger)
    expect(band.rebalancesPerYear).toBe(Number.POSITIVE_INFINITY)
    near(band.turnoverPerYear, 0.04 / (2 * band.trigger), 1e-12)
  })

  test('behaviour: without a fee the quartic root, traded to the target', () => {
    const band = measureCostAwareBand(problem({ proportionalCost: 0 }))
    near(band.trigger ** 4, (6 * 1e-6 * 0.03) / 0.9, 1e-12)
    expect(band.destination).toBe(0)
    near(band.lossPerYear, 2 * (0.9 / 6) * band.trigger ** 2, 1e-12)
  })

  test('behaviour: where nothing costs anything the weight is held at its target', () => {
    expect(measureCostAwareBand(problem({ proportionalCost: 0, fixedCost: 0 }))).toEqual({
      trigger: 0,
      destination: 0,
      lossPerYear: 0,
      rebalancesPerYear: Number.POSITIVE_INFINITY,
      turnoverPerYear: Number.POSITIVE_INFINITY,
    })
  })

  test('property: both equations hold to rounding, and the destination never passes the trigger', () => {
    fc.assert(
      fc.property(anyProblem, (one) => {
        const { trigger: D, destination: d, rebalancesPerYear } = measureCostAwareBand(one)
        const { varianceRate: s2, runningLoss: a, proportionalCost: c, fixedCost: k } = one
        near(d * D * (d + D), (1.5 * c * s2) / a, 1e-11)
        // The gap without cancellation.
        const gap = s2 / (rebalancesPerYear * (D + d))
        near(gap ** 3 * (D + d), (6 * k * s2) / a, 1e-11)
        expect(D - d).toBeCloseTo(gap, 12)
        expect(d).toBeLessThanOrEqual(D)
        expect(d).toBeGreaterThan(0)
      }),
    )
  })

  test('property: the loss is that of the renewal theorem, and no band nearby or far away loses less', () => {
    fc.assert(
      fc.property(
        anyProblem,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, stretch, rest) => {
          const band = measureCostAwareBand(one)
          fc.pre(band.destination < band.trigger * (1 - 1e-4))
          near(measureBandLoss(one, band).lossPerYear, band.lossPerYear, 1e-9)
          const trigger = band.trigger * 4 ** stretch
          const other = measureBandLoss(one, { trigger, destination: trigger * rest })
          expect(other.lossPerYear).toBeGreaterThanOrEqual(band.lossPerYear * (1 - 1e-9))
        },
      ),
    )
  })

  test('property: neither limit jumps', () => {
    fc.assert(
      fc.property(anyProblem, (one) => {
        const gasless = measureCostAwareBand({ ...one, fixedCost: 0 })
        const nearlyGasless = measureCostAwareBand({ ...one, fixedCost: 1e-40 })
        near(nearlyGasless.trigger, gasless.trigger, 1e-6)
        near(nearlyGasless.destination, gasless.destination, 1e-6)
        near(nearlyGasless.lossPerYear, gasless.lossPerYear, 1e-6)
        const feeless = measureCostAwareBand({ ...one, proportionalCost: 0 })
        const nearlyFeeless = measureCostAwareBand({ ...one, proportionalCost: 1e-40 })
        near(nearlyFeeless.trigger, feeless.trigger, 1e-6)
        expect(nearlyFeeless.destination / nearlyFeeless.trigger).toBeLessThan(1e-6)
        near(nearlyFeeless.lossPerYear, feeless.lossPerYear, 1e-6)
      }),
    )
  })

  test('property: a weight of m times the size with costs to match has a band of m times the size', () => {
    fc.assert(
      fc.property(anyProblem, positive(1e-3, 1e3), positive(1e-3, 1e3), (one, scale, time) => {
        const band = measureCostAwareBand(one)
        const scaled = measureCostAwareBand({
          varianceRate: one.varianceRate * scale ** 2 * time,
          runningLoss: (one.runningLoss / scale ** 2) * time,
          proportionalCost: one.proportionalCost / scale,
          fixedCost: one.fixedCost,
        })
        near(scaled.trigger, band.trigger * scale, 1e-11)
        near(scaled.destination, band.destination * scale, 1e-11)
        near(scaled.lossPerYear, band.lossPerYear * time, 1e-11)
        near(scaled.rebalancesPerYear, band.rebalancesPerYear * time, 1e-10)
      }),
    )
  })

  test('property: dearer gas widens the band and brings the weight closer; a dearer fee leaves more', () => {
    fc.assert(
      fc.property(anyProblem, fc.double({ min: 1.01, max: 10, noNaN: true }), (one, more) => {
        const band = measureCostAwareBand(one)
        const gas = measureCostAwareBand({ ...one, fixedCost: one.fixedCost * more })
        expect(gas.trigger).toBeGreaterThan(band.trigger)
        expect(gas.destination).toBeLessThan(band.destination)
        expect(gas.lossPerYear).toBeGreaterThan(band.lossPerYear)
        const fee = measureCostAwareBand({ ...one, proportionalCost: one.proportionalCost * more })
        expect(fee.destination).toBeGreaterThan(band.destination)
        expect(fee.lossPerYear).toBeGreaterThan(band.lossPerYear)
      }),
    )
  })

  test.each<[keyof BandProblem, number]>([
    ['varianceRate', 0],
    ['varianceRate', Number.NaN],
    ['runningLoss', -1],
    ['runningLoss', Number.POSITIVE_INFINITY],
    ['proportionalCost', -1e-9],
    ['fixedCost', Number.NaN],
  ])('error: InvalidBandInputError for %s of %d', (field, value) => {
    expect(() => measureCostAwareBand(problem({ [field]: value }))).toThrow(InvalidBandInputError)
    expect(() => measureCostAwareBand(problem({ [field]: value }))).toThrow(field)
  })
})
