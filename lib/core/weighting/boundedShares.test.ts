import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shareWithinBounds, sum } from './boundedShares'

const shared = (scores: readonly number[], limits: Parameters<typeof shareWithinBounds>[1]) => {
  const result = shareWithinBounds(scores, limits)
  if (result.status !== 'shared') throw new Error(result.status)
  return result.shares
}

describe('shareWithinBounds', () => {
  test('default: in proportion', () => {
    expect(shared([3, 1, 1], { total: 100, least: 0, most: 100 })).toEqual([60, 20, 20])
  })

  test('behaviour: what a cap takes off goes to the others in proportion, until none is above it', () => {
    const scores = [60, 20, 10, 5, 5]
    expect(shared(scores, { total: 100, least: 0, most: 40 })).toEqual(
      [40, 30, 15, 7.5, 7.5].map((share) => expect.closeTo(share, 10)),
    )
    // At 30 the second is pushed above the cap in turn.
    expect(shared(scores, { total: 100, least: 0, most: 30 })).toEqual(
      [30, 30, 20, 10, 10].map((share) => expect.closeTo(share, 10)),
    )
  })

  test('behaviour: what a floor needs comes from the others in proportion', () => {
    expect(shared([60, 30, 9, 1], { total: 100, least: 10, most: 100 })).toEqual([
      expect.closeTo(160 / 3, 10),
      expect.closeTo(80 / 3, 10),
      10,
      10,
    ])
  })

  test('behaviour: a score of zero stays at the floor, and what nobody can take is said', () => {
    expect(shared([1, 1, 0], { total: 100, least: 5, most: 60 })).toEqual([47.5, 47.5, 5])
    expect(shareWithinBounds([1, 0, 0], { total: 100, least: 0, most: 40 })).toEqual({
      status: 'unplaced',
      unplaced: 60,
    })
  })

  test('behaviour: limits that leave no choice', () => {
    expect(shared([5, 1], { total: 100, least: 0, most: 50 })).toEqual([50, 50])
    expect(shared([5, 1], { total: 100, least: 50, most: 100 })).toEqual([50, 50])
    expect(shared([5, 1], { total: 0, least: 0, most: 100 })).toEqual([0, 0])
  })

  /** The same by hand: cap and share again in proportion, as often as it takes. No floors. */
  function capRepeatedly(scores: readonly number[], total: number, most: number): readonly number[] {
    const capped = new Set<number>()
    for (;;) {
      const size = sum(scores.filter((_, at) => !capped.has(at)))
      const room = total - most * capped.size
      const shares = scores.map((score, at) => (capped.has(at) ? most : (room * score) / size))
      const over = shares.flatMap((share, at) => (share > most * (1 + 1e-12) ? [at] : []))
      if (over.length === 0) return shares
      for (const at of over) capped.add(at)
    }
  }

  const scores = fc.array(
    fc.double({ min: -6, max: 6, noNaN: true }).map((power) => 10 ** power),
    { minLength: 1, maxLength: 30 },
  )

  test('property: with a cap alone it is the repeated redistribution', () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 1.001, max: 5, noNaN: true }), (parts, slack) => {
        const most = (100 / parts.length) * slack
        const expected = capRepeatedly(parts, 100, most)
        const actual = shared(parts, { total: 100, least: 0, most })
        for (const [at, share] of actual.entries()) expect(share).toBeCloseTo(expected[at] as number, 8)
      }),
    )
  })

  test('property: sums to the total within limits, and one factor ties all that are at none', () => {
    fc.assert(
      fc.property(
        scores,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (parts, low, high) => {
          const even = 100 / parts.length
          const limits = { total: 100, least: even * low, most: even * high }
          const actual = shared(parts, limits)
          expect(sum(actual)).toBeCloseTo(100, 8)
          const factors: number[] = []
          for (const [at, share] of actual.entries()) {
            expect(share).toBeGreaterThanOrEqual(limits.least)
            expect(share).toBeLessThanOrEqual(limits.most)
            if (share > limits.least && share < limits.most) factors.push(share / (parts[at] as number))
          }
          for (const factor of factors) expect(factor / (factors[0] as number)).toBeCloseTo(1, 8)
        },
      ),
    )
  })
})
