import * as fc from 'fast-check'
import { bytesToHex, decodeFunctionData, encodeFunctionResult, getAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Hex } from '@/lib/core/units'
import { multicall3Abi } from '../abis'
import { decodeAggregate3, encodeAggregate3, MalformedMulticallError } from './aggregate3'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => bytesToHex(array))
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((array) => getAddress(bytesToHex(array)))

function encodeResults(results: readonly { success: boolean; data: Hex }[]) {
  const result = results.map(({ success, data }) => ({ success, returnData: data }))
  return encodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', result })
}

test('default', () => {
  const results = [
    { success: true, data: '0x01' },
    { success: false, data: '0x' },
  ] as const
  expect(decodeAggregate3(encodeResults(results), 2)).toEqual(results)
})

test('property: a general decoder reads what is encoded', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ target: address, data: bytes })), (reads) => {
      const { functionName, args } = decodeFunctionData({ abi: multicall3Abi, data: encodeAggregate3(reads) })
      expect(functionName).toBe('aggregate3')
      expect(args).toEqual([reads.map(({ target, data }) => ({ target, allowFailure: true, callData: data }))])
    }),
  )
})

test('property: what a general encoder writes is read', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ success: fc.boolean(), data: bytes })), (results) => {
      expect(decodeAggregate3(encodeResults(results), results.length)).toEqual(results)
    }),
  )
})

describe('error: MalformedMulticallError', () => {
  const answer = encodeResults([{ success: true, data: `0x${'ab'.repeat(40)}` }])

  test.each([
    ['nothing at all', '0x'],
    ['too short', '0x01'],
    ['cut off', answer.slice(0, -70)],
    ['an offset that leads nowhere', answer.replace('0000000000000020', 'ffffffffffffffff')],
  ])('error: MalformedMulticallError: %s', (_, bad) => {
    expect(() => decodeAggregate3(bad as Hex, 1)).toThrow(MalformedMulticallError)
  })

  test('error: MalformedMulticallError: another number of results', () => {
    expect(() => decodeAggregate3(answer, 2)).toThrow(MalformedMulticallError)
  })

  test('property: random bytes are results or refused', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 5 }), (data, count) => {
        try {
          expect(decodeAggregate3(data, count)).toHaveLength(count)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMulticallError)
        }
      }),
    )
  })
})
