import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundShares } from './roundShares'

const whole = { total: 10_000, least: 0, most: 10_000 }

describe('roundShares', () => {
  test('default: the largest remainders are rounded up', () => {
    expect(roundShares([3333.4, 3333.5, 3333.1], whole)).toEqual([3333, 3334, 3333])
  })

  test('behaviour: between equal remainders the larger share, then the earlier one', () => {
    expect(roundShares([10_000 / 3, 10_000 / 3, 10_000 / 3], whole)).toEqual([3334, 3333, 3333])
    expect(roundShares([1000.5, 8999.5], whole)).toEqual([1000, 9000])
  })

  test('behaviour: a share at its cap is not rounded above it, whatever its remainder', () => {
    const limits = { total: 10_000, least: 0, most: 3334 }
    expect(roundShares([3334, 3333.999, 3332.001], limits)).toEqual([3334, 3334, 3332])
    expect(roundShares([3334.4, 3334.4, 3331.2], limits)).toEqual([3334, 3334, 3332])
  })

  test('behaviour: noise of floats beneath a limit is the limit', () => {
    expect(roundShares([999.999_999_999_9, 9000.000_000_000_1], { ...whole, least: 1000 })).toEqual([1000, 9000])
    expect(roundShares([4999.999_999_999_9, 5000.000_000_000_1], whole)).toEqual([5000, 5000])
  })

  test('property: whole shares sum to the total, keep their limits and are less than one from what they round', () => {
    const request = fc
      .record({
        least: fc.integer({ min: 0, max: 300 }),
        room: fc.integer({ min: 0, max: 5000 }),
        parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
      })
      .map(({ least, room, parts }) => {
        const size = parts.reduce((sum, part) => sum + part, 0)
        const shares = parts.map((part) => least + (size > 0 ? (room * part) / size : room / parts.length))
        const most = Math.ceil(Math.max(...shares))
        return { shares, limits: { total: least * parts.length + room, least, most } }
      })
    fc.assert(
      fc.property(request, ({ shares, limits }) => {
        const rounded = roundShares(shares, limits)
        expect(rounded.reduce((sum, share) => sum + share, 0)).toBe(limits.total)
        for (const [at, share] of rounded.entries()) {
          expect(Number.isInteger(share)).toBe(true)
          expect(share).toBeGreaterThanOrEqual(limits.least)
          expect(share).toBeLessThanOrEqual(limits.most)
          expect(Math.abs(share - (shares[at] as number))).toBeLessThan(1.000_01)
        }
      }),
    )
  })
})
