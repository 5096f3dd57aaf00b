import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { erfc } from './erfc'

describe('erfc', () => {
  test.each([
    [0, 1],
    [0.1, 0.887537083981715],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.9999, 0.004679802092970608],
    [2, 0.004677734981047266],
    [2.5, 0.0004069520174449589],
    [3, 2.209049699858544e-5],
    [5, 1.537459794428035e-12],
    [8, 1.1224297172982926e-29],
    [20, 5.395865611607901e-176],
    [40, 0],
    [Number.POSITIVE_INFINITY, 0],
    [-0.5, 2 - 0.4795001221869535],
    [Number.NEGATIVE_INFINITY, 2],
  ])('default: of %d is %d', (x, wanted) => {
    // mpmath with 30 digits.
    expect(Math.abs(erfc(x) - wanted)).toBeLessThanOrEqual(1e-13 * wanted)
  })

  test('property: falls from 2 to 0 and mirrors at 1', () => {
    const argument = fc.double({ min: -6, max: 6, noNaN: true })
    fc.assert(
      fc.property(argument, argument, (x, y) => {
        if (x < y) expect(erfc(x)).toBeGreaterThanOrEqual(erfc(y) * (1 - 1e-13))
        expect(erfc(x) + erfc(-x)).toBeCloseTo(2, 14)
      }),
    )
  })
})
