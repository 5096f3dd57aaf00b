import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBps } from '../units'
import { measureBand, measureRest } from './band'
import { type Destination, InvalidTriggerError, type Threshold, type ThresholdRule } from './rule'

const eth = { assetId: 'ETH', targetBps: 4000, volatility: 0.8 }
const absolute: Threshold = { kind: 'absolute', triggerBps: toBps(500) }
const relative: Threshold = { kind: 'relative', shareBps: toBps(2500), leastBps: toBps(50) }
const scaled: Threshold = { kind: 'volatilityScaled', deviations: 1.5, horizonDays: 365 / 4, leastBps: toBps(50) }
const ruleOf = (threshold: Threshold, destination: Destination = 'target'): ThresholdRule => ({
  kind: 'threshold',
  threshold,
  destination,
})

describe('measureBand', () => {
  test('default: percentage points, whatever the target', () => {
    expect(measureBand(ruleOf(absolute), eth)).toEqual({
      status: 'known',
      triggerBps: 500,
      rest: { kind: 'distance', bps: 0 },
    })
  })

  test('behaviour: relative to the target, and never narrower than asked', () => {
    expect(measureBand(ruleOf(relative), eth)).toMatchObject({ triggerBps: 1000 })
    expect(measureBand(ruleOf(relative), { ...eth, targetBps: 100 })).toMatchObject({ triggerBps: 50 })
    expect(measureBand(ruleOf(relative), { ...eth, targetBps: 0 })).toMatchObject({ triggerBps: 50 })
  })

  test('behaviour: scaled by volatility: 1.5 x 0.8 x sqrt(1/4) x 0.4 x 0.6', () => {
    expect(measureBand(ruleOf(scaled), eth)).toMatchObject({ triggerBps: expect.closeTo(1440, 9) })
    expect(measureBand(ruleOf(scaled), { ...eth, volatility: 0.001 })).toMatchObject({ triggerBps: 50 })
  })

  test('behaviour: a volatility that is unknown or zero gives no band', () => {
    const noBand = { status: 'unknown', reason: 'unknownVolatility' }
    expect(measureBand(ruleOf(scaled), { assetId: 'ETH', targetBps: 4000 })).toEqual(noBand)
    expect(measureBand(ruleOf(scaled), { ...eth, volatility: 0 })).toEqual(noBand)
    expect(measureBand(ruleOf(scaled), { ...eth, volatility: Number.NaN })).toEqual(noBand)
  })

  test('behaviour: an asset may have its own threshold', () => {
    const rule: ThresholdRule = { ...ruleOf(absolute), ownThresholds: [{ assetId: 'ETH', threshold: relative }] }
    expect(measureBand(rule, eth)).toMatchObject({ triggerBps: 1000 })
    expect(measureBand(rule, { ...eth, assetId: 'UNI' })).toMatchObject({ triggerBps: 500 })
  })

  test('behaviour: destinations', () => {
    expect(measureBand(ruleOf(absolute, 'halfway'), eth)).toMatchObject({ rest: { kind: 'halfOfDrift' } })
    expect(measureBand(ruleOf(absolute, 'edge'), eth)).toMatchObject({ rest: { kind: 'distance', bps: 500 } })
  })

  test('behaviour: half-way is half of the present drift, whatever the trigger', () => {
    expect(measureRest({ kind: 'halfOfDrift' }, 620)).toBe(310)
    expect(measureRest({ kind: 'halfOfDrift' }, -1400)).toBe(700)
    expect(measureRest({ kind: 'distance', bps: 500 }, -1400)).toBe(500)
  })

  test('behaviour: a band from costs is taken as it is', () => {
    const rule = { kind: 'costAware', bands: [{ assetId: 'ETH', trigger: 0.05, destination: 0.0365 }] } as const
    expect(measureBand(rule, eth)).toEqual({
      status: 'known',
      triggerBps: 500,
      rest: { kind: 'distance', bps: 365 },
    })
    expect(measureBand(rule, { ...eth, assetId: 'UNI' })).toEqual({ status: 'unknown', reason: 'noBand' })
  })

  test('error: InvalidTriggerError', () => {
    const bands = [
      { trigger: -0.01, destination: 0 },
      { trigger: Number.NaN, destination: 0 },
      { trigger: Number.POSITIVE_INFINITY, destination: 0 },
      { trigger: 0.02, destination: 0.03 },
      { trigger: 0.02, destination: -0.01 },
    ]
    for (const band of bands) {
      expect(() => measureBand({ kind: 'costAware', bands: [{ assetId: 'ETH', ...band }] }, eth)).toThrow(
        InvalidTriggerError,
      )
    }
    for (const wrong of [
      { deviations: 0 },
      { deviations: Number.NaN },
      { horizonDays: -1 },
      { horizonDays: Number.POSITIVE_INFINITY },
    ]) {
      expect(() => measureBand(ruleOf({ ...scaled, ...wrong }), eth)).toThrow(InvalidTriggerError)
    }
  })

  test('property: outside its band an asset is left nearer to its target, and half-way at half the drift', () => {
    const thresholds = fc.constantFrom(absolute, relative, scaled)
    const destinations = fc.constantFrom<Destination>('target', 'halfway', 'edge')
    const targets = fc.integer({ min: 0, max: 10_000 })
    const beyond = fc.integer({ min: 1, max: 5_000 })
    fc.assert(
      fc.property(thresholds, destinations, targets, beyond, (threshold, destination, targetBps, beyondBps) => {
        const band = measureBand(ruleOf(threshold, destination), { ...eth, targetBps })
        if (band.status !== 'known') throw new Error(band.reason)
        const drift = band.triggerBps + beyondBps
        const rest = measureRest(band.rest, drift)
        expect(rest).toBe(measureRest(band.rest, -drift))
        expect(rest).toBeGreaterThanOrEqual(0)
        expect(rest).toBeLessThan(drift)
        if (destination === 'halfway') expect(rest).toBe(drift / 2)
        else expect(rest).toBeLessThanOrEqual(band.triggerBps)
      }),
    )
  })
})
