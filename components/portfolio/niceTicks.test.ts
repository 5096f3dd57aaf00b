import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ticksAroundZero, ticksFromZero } from './niceTicks'

describe('ticks', () => {
  it('default', () => {
    expect(ticksFromZero(30.5, 4)).toEqual([0, 10, 20, 30, 40])
    expect(ticksFromZero(0.03, 4)).toEqual([0, 0.01, 0.02, 0.03])
    expect(ticksFromZero(3_200, 4)).toEqual([0, 1_000, 2_000, 3_000, 4_000])
    expect(ticksAroundZero(13.9, 3)).toEqual([-15, -10, -5, 0, 5, 10, 15])
  })

  it('property: they reach the value in few steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e7, noNaN: true }), (value) => {
        const ticks = ticksFromZero(value, 4)
        expect(ticks.at(-1) ?? 0).toBeGreaterThanOrEqual(value)
        expect(ticks.length).toBeLessThanOrEqual(5)
      }),
    )
  })
})
