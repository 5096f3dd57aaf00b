import type { Hex } from '@/lib/core/units'

const wordLength = 64

/** How many whole 32-byte words the bytes hold. */
export function countWords(data: Hex): number {
  return Math.floor((data.length - 2) / wordLength)
}

/** The word at an index as an unsigned integer, or nothing where the bytes end before it. */
export function wordAt(data: Hex, index: number): bigint | undefined {
  const start = 2 + index * wordLength
  if (data.length < start + wordLength) return undefined
  return BigInt(`0x${data.slice(start, start + wordLength)}`)
}

/** The word at an index as a signed integer in two's complement, or nothing where the bytes end before it. */
export function signedWordAt(data: Hex, index: number): bigint | undefined {
  const word = wordAt(data, index)
  return word === undefined ? undefined : BigInt.asIntN(256, word)
}
