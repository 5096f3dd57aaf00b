import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxTick, minTick } from '@/lib/core/amm/tickMath'
import { selectTickWords, tickReach, ticksPerWord, toKnownTicks } from './tickWindow'

test('default', () => {
  expect(selectTickWords(200_396, 10)).toEqual({ first: 77, last: 79 })
  expect(toKnownTicks({ first: 77, last: 79 }, 10)).toEqual({ lower: 197_120, upper: 204_790 })
  expect(selectTickWords(-4, 1)).toEqual({ first: -12, last: 11 })
  expect(selectTickWords(0, 200)).toEqual({ first: -1, last: 0 })
})

test('property: the window reaches far enough both ways, or to the end, and stays small', () => {
  const spacing = fc.constantFrom(1, 10, 60, 200)
  fc.assert(
    fc.property(fc.integer({ min: minTick, max: maxTick }), spacing, (tick, tickSpacing) => {
      const words = selectTickWords(tick, tickSpacing)
      const { lower, upper } = toKnownTicks(words, tickSpacing)
      expect(lower - tickSpacing).toBeLessThan(Math.max(minTick, tick - tickReach))
      expect(upper + tickSpacing).toBeGreaterThan(Math.min(maxTick, tick + tickReach))
      expect(Math.abs(lower % tickSpacing)).toBe(0)
      expect(Math.abs(upper % tickSpacing)).toBe(0)
      expect(words.last - words.first + 1).toBeLessThanOrEqual(2 + (2 * tickReach) / tickSpacing / ticksPerWord)
    }),
  )
})
