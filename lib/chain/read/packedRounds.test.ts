import * as fc from 'fast-check'
import { concatHex, numberToHex, pad } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '@/lib/core/units'
import {
  decodePackedRounds,
  encodePackedRounds,
  type FeedRound,
  MalformedRoundsError,
  roundsPerCall,
} from './packedRounds'

const word = (value: number | bigint) => pad(numberToHex(value), { size: 32 })
const witness = concatHex([word(7), word(1_700_000_000), word(31_337)])
const record = (round: FeedRound | undefined) =>
  concatHex([
    numberToHex(round?.updatedAt ?? 0, { size: 6 }),
    numberToHex(round?.answer ?? 0n, { size: 16, signed: true }),
  ])

const rounds = fc.array(
  fc.option(
    fc.record({
      answer: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
      updatedAt: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
    }),
    { nil: undefined },
  ),
  { maxLength: 50 },
)

test('default', () => {
  const answer = concatHex([witness, record({ answer: -5n, updatedAt: 9 }), record(undefined)])
  expect(decodePackedRounds(answer, 2)).toEqual({
    number: 7n,
    timestamp: 1_700_000_000n,
    chainId: 31_337n,
    rounds: [{ answer: -5n, updatedAt: 9 }, undefined],
  })
})

test('property: what is returned is decoded', () => {
  fc.assert(
    fc.property(rounds, (expected) => {
      const answer = concatHex([witness, ...expected.map(record)])
      expect(decodePackedRounds(answer, expected.length).rounds).toEqual(expected)
    }),
  )
})

test('error: MalformedRoundsError', () => {
  fc.assert(
    fc.property(rounds, fc.nat(), (expected, cut) => {
      const answer = concatHex([witness, ...expected.map(record)])
      const bytes = (answer.length - 2) / 2
      const short = answer.slice(0, 2 + (cut % bytes) * 2) as Hex
      expect(() => decodePackedRounds(short, expected.length)).toThrow(MalformedRoundsError)
      expect(() => decodePackedRounds(`${answer}00`, expected.length)).toThrow(MalformedRoundsError)
      expect(() => decodePackedRounds(answer, expected.length + 1)).toThrow(MalformedRoundsError)
    }),
  )
})

test('behaviour: as many rounds as one call takes stay within the limits of creation code', () => {
  const ids = Array.from({ length: roundsPerCall }, (_, index) => (5n << 64n) | BigInt(index + 1))
  const code = encodePackedRounds(`0x${'ab'.repeat(20)}`, ids)
  expect((code.length - 2) / 2).toBeLessThan(49_152)
  expect(96 + roundsPerCall * 22).toBeLessThan(24_576)
  expect(code.endsWith(numberToHex((5n << 64n) | BigInt(roundsPerCall), { size: 10 }).slice(2))).toBe(true)
})
