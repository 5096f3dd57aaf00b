import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { selectMoves } from './selectMoves'

const movesOf = (usd: Readonly<Record<string, bigint>>) =>
  Object.entries(usd).map(([assetId, value]) => ({ assetId, usd: value }))
const select = (usd: Readonly<Record<string, bigint>>, legs: number, minimumUsd = 1n) =>
  Object.fromEntries(selectMoves(movesOf(usd), { legs, minimumUsd }))

describe('selectMoves', () => {
  test('default: one leg from the largest sale to the largest purchase', () => {
    expect(select({ A: -20n, B: -5n, C: 15n, D: 10n }, 1)).toEqual({ A: -15n, C: 15n })
    expect(select({ A: -20n, B: -5n, C: 15n, D: 10n }, 2)).toEqual({ A: -20n, C: 15n, D: 5n })
    expect(select({ A: -20n, B: -5n, C: 15n, D: 10n }, 3)).toEqual({ A: -20n, B: -5n, C: 15n, D: 10n })
  })

  test('behaviour: pairs of equal size need one leg each', () => {
    expect(select({ A: -10n, B: -7n, C: 10n, D: 7n }, 2)).toEqual({ A: -10n, B: -7n, C: 10n, D: 7n })
  })

  test('behaviour: no leg is smaller than the minimum', () => {
    expect(select({ A: -20n, C: 15n, D: 5n }, 9, 6n)).toEqual({ A: -15n, C: 15n })
  })

  test('property: what is sold is bought, and nothing goes beyond its way', () => {
    const moves = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), fc.bigInt({ min: -100n, max: 100n }))
    fc.assert(
      fc.property(moves, fc.nat(8), (usd, legs) => {
        const moved = select(usd, legs)
        expect(Object.values(moved).reduce((sum, value) => sum + value, 0n)).toBe(0n)
        for (const [assetId, value] of Object.entries(moved)) {
          const full = usd[assetId] ?? 0n
          expect(value > 0n ? value <= full : value >= full).toBe(true)
        }
        // Each leg settles an asset, and the last two together.
        expect(Object.keys(moved).length).toBeLessThanOrEqual(2 * legs)
      }),
    )
  })
})
