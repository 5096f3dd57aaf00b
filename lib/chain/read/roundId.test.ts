import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPhaseRound, toRoundId } from './roundId'

test('default', () => {
  // ETH / USD on Ethereum: the first round of its sixth phase.
  expect(toRoundId({ phase: 6, round: 1 })).toBe(110680464442257309697n)
  expect(toPhaseRound(110680464442257309697n)).toEqual({ phase: 6, round: 1 })
})

test('property: an id is taken apart into what it was made of', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 65_535 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      (phase, round) => {
        const id = toRoundId({ phase, round })
        expect(id < 2n ** 80n).toBe(true)
        expect(toPhaseRound(id)).toEqual({ phase, round })
      },
    ),
  )
})

test.each([
  ['no phase', 5n],
  ['no round', 3n << 64n],
  ['a phase beyond 16 bits', (1n << 80n) | 1n],
  ['a round that no number counts', (1n << 64n) | (2n ** 63n)],
  ['nothing', 0n],
])('behaviour: %s is no round', (_, id) => {
  expect(toPhaseRound(id)).toBeUndefined()
})
