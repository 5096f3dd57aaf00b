import type { Hex } from '@/lib/core/units'

function push(value: bigint | number, bytes: number): string {
  const opcode = (0x5f + bytes).toString(16)
  return (
    opcode +
    BigInt.asUintN(256, BigInt(value))
      .toString(16)
      .padStart(bytes * 2, '0')
  )
}

function returnWords(words: readonly bigint[]): string {
  const stores = words.map((word, index) => `${push(word, 32)}${push(index * 32, 2)}52`)
  return `${stores.join('')}${push(words.length * 32, 2)}5f${'f3'}`
}

/**
 * Code of a contract that answers each 4-byte selector with fixed words, negative ones in two's complement, and reverts
 * on any other call.
 */
export function answeringCode(answers: Readonly<Record<Hex, readonly bigint[]>>): Hex {
  const bodies = Object.entries(answers).map(([selector, words]) => ({ selector, body: `5b${returnWords(words)}` }))
  // PUSH0 CALLDATALOAD PUSH1 0xe0 SHR, then for each: DUP1 PUSH4 selector EQ PUSH2 place JUMPI; at last PUSH0 PUSH0 REVERT
  const dispatchLength = 5 + bodies.length * 11 + 3
  let place = dispatchLength
  const branches = bodies.map(({ selector, body }) => {
    const branch = `8063${selector.slice(2)}14${push(place, 2)}57`
    place += body.length / 2
    return branch
  })
  return `0x5f3560e01c${branches.join('')}5f5ffd${bodies.map(({ body }) => body).join('')}`
}

/** Code that burns all gas it is given. */
export const gasBurningCode: Hex = '0x5b5f56'

/** Code that returns two megabytes of zeros. */
export const floodingCode: Hex = '0x622000005ff3'

/** Code that reverts. */
export const revertingCode: Hex = '0x5f5ffd'
