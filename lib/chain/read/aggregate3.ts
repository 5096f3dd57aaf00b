import type { Address, Hex } from '@/lib/core/units'

/** One view call among many. */
export type ContractRead = { readonly target: Address; readonly data: Hex }

/** What one of them returned. Success with no bytes means that no contract stands at the address. */
export type ReadResult = { readonly success: boolean; readonly data: Hex }

/** The result of a read that nobody answered. */
export const unread: ReadResult = { success: false, data: '0x' }

/** The bytes are not what Multicall3 returns for this number of calls. */
export class MalformedMulticallError extends Error {
  override readonly name = 'MalformedMulticallError'
  constructor(readonly expectedCalls: number) {
    super(`The answer does not hold the results of ${expectedCalls} calls. Use an endpoint whose chain has Multicall3.`)
  }
}

const selector = '82ad56cb'
const wordLength = 64

function toWord(value: number): string {
  return value.toString(16).padStart(wordLength, '0')
}

const wordOne = toWord(1)

/**
 * Encodes a call of `aggregate3((address target, bool allowFailure, bytes callData)[])` in which every call may fail.
 * Written out because a general encoder takes ten times as long, and this one runs on every block.
 */
export function encodeAggregate3(reads: readonly ContractRead[]): Hex {
  const tuples: string[] = []
  const offsets: string[] = []
  let offset = reads.length * 32
  for (const { target, data } of reads) {
    const bytes = data.slice(2)
    const paddedLength = Math.ceil(bytes.length / wordLength) * wordLength
    const head = target.slice(2).toLowerCase().padStart(wordLength, '0') + wordOne + toWord(96)
    const tuple = head + toWord(bytes.length / 2) + bytes.padEnd(paddedLength, '0')
    offsets.push(toWord(offset))
    tuples.push(tuple)
    offset += tuple.length / 2
  }
  return `0x${selector}${toWord(32)}${toWord(reads.length)}${offsets.join('')}${tuples.join('')}`
}

/**
 * Decodes what `aggregate3` returns for `expectedCalls` calls: `(bool success, bytes returnData)[]`.
 * @throws {MalformedMulticallError} when the bytes are cut off or hold another number of results.
 */
export function decodeAggregate3(answer: Hex, expectedCalls: number): readonly ReadResult[] {
  const hex = answer.slice(2)
  // A word that stands for a place or a size. Whatever does not fit the answer is refused before it is used.
  const sizeAt = (byte: number): number => {
    const word = hex.slice(byte * 2, byte * 2 + wordLength)
    const size = word.length === wordLength ? Number(`0x${word}`) : Number.NaN
    if (!(size <= hex.length)) throw new MalformedMulticallError(expectedCalls)
    return size
  }
  if (sizeAt(0) !== 32 || sizeAt(32) !== expectedCalls) throw new MalformedMulticallError(expectedCalls)
  const base = 64
  return Array.from({ length: expectedCalls }, (_, index) => {
    const tuple = base + sizeAt(base + index * 32)
    const bytes = tuple + sizeAt(tuple + 32)
    const length = sizeAt(bytes)
    const data = hex.slice((bytes + 32) * 2, (bytes + 32 + length) * 2)
    if (data.length !== length * 2) throw new MalformedMulticallError(expectedCalls)
    return { success: sizeAt(tuple) === 1, data: `0x${data}` }
  })
}
