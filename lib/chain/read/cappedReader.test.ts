import * as fc from 'fast-check'
import { bytesToHex, concatHex, numberToHex, pad } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '@/lib/core/units'
import { decodeCappedReads, encodeCappedReads, MalformedReadingError, readsPerCappedCall } from './cappedReader'

const word = (value: number | bigint) => pad(numberToHex(value), { size: 32 })
const witness = concatHex([word(7), word(1_700_000_000), word(31_337), word(99)])
const entry = (success: boolean, data: Hex) =>
  concatHex([success ? '0x01' : '0x00', numberToHex((data.length - 2) / 2, { size: 1 }), data])

const results = fc.array(
  fc.record({ success: fc.boolean(), data: fc.uint8Array({ maxLength: 96 }).map((bytes) => bytesToHex(bytes)) }),
  { maxLength: readsPerCappedCall },
)

test('default', () => {
  const answer = concatHex([witness, entry(true, word(5)), entry(false, '0x')])
  expect(decodeCappedReads(answer, 2)).toEqual({
    number: 7n,
    timestamp: 1_700_000_000n,
    chainId: 31_337n,
    parentHash: 99n,
    results: [
      { success: true, data: word(5) },
      { success: false, data: '0x' },
    ],
  })
})

test('property: what is returned is decoded', () => {
  fc.assert(
    fc.property(results, (expected) => {
      const answer = concatHex([witness, ...expected.map(({ success, data }) => entry(success, data))])
      expect(decodeCappedReads(answer, expected.length).results).toEqual(expected)
    }),
  )
})

test('property: whatever is cut off, longer or of another number of calls is refused', () => {
  fc.assert(
    fc.property(results, fc.nat(), fc.integer({ min: -3, max: 3 }), (expected, cut, more) => {
      const answer = concatHex([witness, ...expected.map(({ success, data }) => entry(success, data))])
      const bytes = (answer.length - 2) / 2
      const short = answer.slice(0, 2 + (cut % bytes) * 2) as Hex
      expect(() => decodeCappedReads(short, expected.length)).toThrow(MalformedReadingError)
      expect(() => decodeCappedReads(`${answer}00`, expected.length)).toThrow(MalformedReadingError)
      if (more > 0) expect(() => decodeCappedReads(answer, expected.length + more)).toThrow(MalformedReadingError)
    }),
  )
})

test('behaviour: as many calls as one call takes stay within the limit of creation code', () => {
  const read = { target: `0x${'ab'.repeat(20)}`, data: `0x${'cd'.repeat(100)}` } as const
  const code = encodeCappedReads(
    Array.from({ length: readsPerCappedCall }, () => read),
    150_000,
  )
  expect((code.length - 2) / 2).toBeLessThan(49_152)
  expect(code.endsWith(`${'ab'.repeat(20)}0064${'cd'.repeat(100)}`)).toBe(true)
})
