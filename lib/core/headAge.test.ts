import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOlderBlock, measureHeadAge } from './headAge'

const mainnet = { blockSeconds: 12, maxHeadAgeSeconds: 60 }
const rollup = { blockSeconds: 2, maxHeadAgeSeconds: 15 }
const at = (seconds: number, pace = mainnet) =>
  measureHeadAge({ timestamp: 1_000 }, { nowSeconds: 1_000 + seconds, pace })

describe('F-32: measureHeadAge', () => {
  test('default', () => {
    expect(at(12)).toEqual({ status: 'fresh', seconds: 12 })
    expect(at(36)).toEqual({ status: 'fresh', seconds: 36 })
    expect(at(37)).toEqual({ status: 'late', seconds: 37 })
    expect(at(60)).toEqual({ status: 'late', seconds: 60 })
    expect(at(61)).toEqual({ status: 'tooOld', seconds: 61 })
    expect([10, 11, 15, 16].map((seconds) => at(seconds, rollup).status)).toEqual(['fresh', 'late', 'late', 'tooOld'])
  })

  test('property: ages are whole and never negative, and never fall as time goes on', () => {
    const rank = { fresh: 0, late: 1, tooOld: 2 }
    const seconds = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(seconds, fc.double({ min: 0, max: 1e6, noNaN: true }), (now, later) => {
        const [before, after] = [at(now), at(now + later)]
        expect(Number.isInteger(before.seconds)).toBe(true)
        expect(before.seconds).toBeGreaterThanOrEqual(0)
        expect(after.seconds).toBeGreaterThanOrEqual(before.seconds)
        expect(rank[after.status]).toBeGreaterThanOrEqual(rank[before.status])
      }),
    )
  })
})

const block = fc.record({ number: fc.bigInt({ min: 0n, max: 20n }), timestamp: fc.integer({ min: 0, max: 20 }) })

describe('F-32: isOlderBlock', () => {
  test('default', () => {
    expect(isOlderBlock({ number: 9n, timestamp: 90 }, { number: 10n, timestamp: 100 })).toBe(true)
    expect(isOlderBlock({ number: 11n, timestamp: 110 }, { number: 10n, timestamp: 100 })).toBe(false)
  })

  test('behaviour: several blocks of one second stand in the order of their numbers', () => {
    expect(isOlderBlock({ number: 9n, timestamp: 100 }, { number: 10n, timestamp: 100 })).toBe(true)
    expect(isOlderBlock({ number: 10n, timestamp: 100 }, { number: 10n, timestamp: 100 })).toBe(false)
  })

  test('behaviour: a chain that was started anew does not come before the one that was there', () => {
    expect(isOlderBlock({ number: 3n, timestamp: 200 }, { number: 5_000n, timestamp: 100 })).toBe(false)
  })

  test('property: of two blocks at most one is older, and of three the oldest is older than the newest', () => {
    fc.assert(
      fc.property(block, block, block, (a, b, c) => {
        expect(isOlderBlock(a, b) && isOlderBlock(b, a)).toBe(false)
        if (isOlderBlock(a, b) && isOlderBlock(b, c)) expect(isOlderBlock(a, c)).toBe(true)
      }),
    )
  })
})
