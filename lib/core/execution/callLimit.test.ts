import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerCallLimit } from './callLimit'

test('default', () => {
  expect([11, 10, 5, 4, 3].map(lowerCallLimit)).toEqual([5, 5, 2, 2, 2])
})

test('behaviour: F-27 where nothing can be split there is no limit', () => {
  expect([2, 1, 0].map(lowerCallLimit)).toEqual([undefined, undefined, undefined])
})

test('property: F-27 refused again and again it ends, with fewer calls each time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), (calls) => {
      const next = lowerCallLimit(calls)
      if (next !== undefined) expect(next).toBeLessThan(calls)
      if (next !== undefined) expect(next).toBeGreaterThanOrEqual(2)
    }),
  )
})
