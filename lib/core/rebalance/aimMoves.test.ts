import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AimedMove, aimMoves } from './aimMoves'

const move = (fullUsd: bigint, change: Partial<AimedMove> = {}): AimedMove => ({
  ...{ fullUsd, driftUsd: -fullUsd, edgeUsd: 10n, isInBand: false },
  ...change,
})
const aim = (
  moves: readonly AimedMove[],
  scope: 'everything' | 'outOfBand',
  destination: 'target' | 'halfway' | 'edge',
) => aimMoves(moves, { scope, destination }).map(({ aimedUsd }) => aimedUsd)

describe('aimMoves', () => {
  test('default: everything to its target', () => {
    expect(aim([move(100n), move(-60n), move(-40n)], 'everything', 'target')).toEqual([100n, -60n, -40n])
  })

  test('behaviour: moves that do not sum to zero stay as they are on the way to the target', () => {
    expect(aim([move(100n), move(-99n)], 'everything', 'target')).toEqual([100n, -99n])
  })

  test('behaviour: half-way', () => {
    expect(aim([move(100n), move(-60n), move(-40n)], 'everything', 'halfway')).toEqual([50n, -30n, -20n])
  })

  test('behaviour: to the edge of the band, and what is short of it not at all', () => {
    expect(aim([move(100n), move(-92n), move(-8n)], 'everything', 'edge')).toEqual([90n, -90n, 0n])
  })

  test('behaviour: no further than its way, and not away from its target', () => {
    const moves = [move(20n, { driftUsd: -500n }), move(-20n, { driftUsd: -500n })]
    // The second would be sold although it is below its target: it only gives what the first takes.
    expect(aim(moves, 'everything', 'edge')).toEqual([20n, -20n])
  })

  test('behaviour: what is in its band stays, but for what the sum needs, from the longest way first', () => {
    const moves = [move(100n), move(-70n, { isInBand: true }), move(-30n)]
    expect(aim(moves, 'outOfBand', 'target')).toEqual([100n, -70n, -30n])
    const spread = [move(-50n), move(20n, { isInBand: true }), move(30n, { isInBand: true })]
    expect(aim(spread, 'outOfBand', 'target')).toEqual([-50n, 20n, 30n])
    expect(aim(spread, 'outOfBand', 'halfway')).toEqual([-25n, 0n, 25n])
  })

  test('behaviour: of equally long ways the first is taken', () => {
    const moves = [move(-40n), move(20n, { isInBand: true }), move(20n, { isInBand: true })]
    expect(aim(moves, 'outOfBand', 'halfway')).toEqual([-20n, 20n, 0n])
  })

  test('property: nothing goes beyond its share or the other way, and the sum is no further from zero', () => {
    const usd = fc.bigInt({ min: -1_000n, max: 1_000n })
    const moves = fc
      .array(fc.record({ usd, edgeUsd: fc.bigInt({ min: 0n, max: 200n }), isInBand: fc.boolean() }), { minLength: 1 })
      .map((drawn) => {
        const rest = -drawn.reduce((sum, one) => sum + one.usd, 0n)
        return [...drawn, { usd: rest, edgeUsd: 5n, isInBand: false }].map(({ usd: fullUsd, ...one }) =>
          move(fullUsd, one),
        )
      })
    const scopes = fc.constantFrom('everything' as const, 'outOfBand' as const)
    const destinations = fc.constantFrom('target' as const, 'halfway' as const, 'edge' as const)
    fc.assert(
      fc.property(moves, scopes, destinations, (given, scope, destination) => {
        const aimed = aimMoves(given, { scope, destination })
        expect(aimed.map(({ fullUsd }) => fullUsd)).toEqual(given.map(({ fullUsd }) => fullUsd))
        for (const { fullUsd, aimedUsd } of aimed) {
          expect(fullUsd > 0n ? aimedUsd >= 0n && aimedUsd <= fullUsd : aimedUsd <= 0n && aimedUsd >= fullUsd).toBe(
            true,
          )
        }
        expect(aimed.reduce((sum, { aimedUsd }) => sum + aimedUsd, 0n)).toBe(0n)
      }),
    )
  })
})
