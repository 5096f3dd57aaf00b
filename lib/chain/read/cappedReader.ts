import type { Hex } from '@/lib/core/units'
import type { ContractRead, ReadResult } from './aggregate3'
import { wordAt } from './words'

/** The bytes are not what the reader returns for this number of calls. */
export class MalformedReadingError extends Error {
  override readonly name = 'MalformedReadingError'
  constructor(readonly expectedCalls: number) {
    super(`The answer does not hold the results of ${expectedCalls} calls. Use an endpoint that runs creation code.`)
  }
}

/** A call that returns more has failed: three words, as much as any read of a token needs. */
export const maxResultBytes = 96

/** As many reads as fit into one call: creation code is limited to 49,152 bytes, what it returns to 24,576. */
export const readsPerCappedCall = 100

const witnessWords = 4
const outputStart = 0x400

function hex(value: number, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0')
}

/** NUMBER, TIMESTAMP, CHAINID and BLOCKHASH(NUMBER - 1), each to its word of the output. */
const witness = ['43', '42', '46', '6001430340']
  .map((code, index) => `${code}61${hex(outputStart + index * 32, 2)}52`)
  .join('')

/**
 * The loop over what follows the code: of each call 20 bytes of target, 2 of length, the data. The stack holds where the output ends
 * and where the next call begins. To the output go one byte of success, one of length, and the result.
 */
function composeLoop(places: { readonly start: number; readonly end: number; readonly gas: number }): string {
  return [
    `5b8038111561${hex(places.end, 2)}57`, // loop: is there a call left? else go to the end
    '6020815f395f51', // a word of the code
    '8060601c', // the target
    '9060501c61ffff16', // the length of the data
    '80836016015f39', // the data, to memory at 0
    '8060160183019250', // where the next call begins
    `5f5f825f8563${hex(places.gas, 4)}fa`, // STATICCALL with so much gas at most; its result stays outside
    '915050', // success
    `3d60${hex(maxResultBytes, 1)}811115`, // is the result short enough?
    '809102', // its length; 0 where it is not
    '9102', // success; 0 where it is not
    '8353', // one byte of success
    '808360010153', // one byte of length
    '805f846002013e', // the result, no more of it than its length
    '60020182019150', // where the output ends
    `61${hex(places.start, 2)}56`,
  ].join('')
}

const finish = `5b5061${hex(outputStart, 2)}900361${hex(outputStart, 2)}f3`

/** Code whose places do not depend on what they are: two bytes each. */
function composeCode(gas: number): string {
  const head = witness.length / 2 + 6
  const loopLength = composeLoop({ start: 0, end: 0, gas: 0 }).length / 2
  const end = head + loopLength
  const length = end + finish.length / 2
  const stack = `61${hex(outputStart + witnessWords * 32, 2)}61${hex(length, 2)}`
  return witness + stack + composeLoop({ start: head, end, gas }) + finish
}

/**
 * Encodes creation code that makes every call with its own limit of gas and returns the results, for an `eth_call` without a target:
 * no contract has to stand on the chain for it, a call that burns its gas burns no other's, and one that returns megabytes returns
 * nothing.
 * @param gasPerCall units, at most 2^32 - 1
 */
export function encodeCappedReads(reads: readonly ContractRead[], gasPerCall: number): Hex {
  const calls = reads.map(({ target, data }) => target.slice(2) + hex((data.length - 2) / 2, 2) + data.slice(2))
  return `0x${composeCode(gasPerCall)}${calls.join('')}`.toLowerCase() as Hex
}

/** What the code returns: the block that it ran in, and its results. */
export type CappedReading = {
  readonly number: bigint
  readonly timestamp: bigint
  readonly chainId: bigint
  readonly parentHash: bigint
  readonly results: readonly ReadResult[]
}

/**
 * Decodes what the code of {@link encodeCappedReads} returns.
 * @throws {MalformedReadingError} when the bytes are cut off or hold another number of results.
 */
export function decodeCappedReads(answer: Hex, expectedCalls: number): CappedReading {
  const [number, timestamp, chainId, parentHash] = [0, 1, 2, 3].map((word) => wordAt(answer, word))
  if (number === undefined || timestamp === undefined || chainId === undefined || parentHash === undefined) {
    throw new MalformedReadingError(expectedCalls)
  }
  let place = 2 + witnessWords * 64
  const results = Array.from({ length: expectedCalls }, (): ReadResult => {
    const [success, length] = [byteAt(answer, place), byteAt(answer, place + 2)]
    const data = answer.slice(place + 4, place + 4 + (length ?? 0) * 2)
    if (success === undefined || length === undefined || data.length !== length * 2) {
      throw new MalformedReadingError(expectedCalls)
    }
    place += 4 + length * 2
    return { success: success === 1, data: `0x${data}` }
  })
  if (place !== answer.length) throw new MalformedReadingError(expectedCalls)
  return { number, timestamp, chainId, parentHash, results }
}

function byteAt(bytes: Hex, place: number): number | undefined {
  return bytes.length < place + 2 ? undefined : Number(`0x${bytes.slice(place, place + 2)}`)
}
