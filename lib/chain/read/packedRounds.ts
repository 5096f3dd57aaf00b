import type { Address, Hex } from '@/lib/core/units'
import { wordAt } from './words'

/** The bytes are not what the reader of rounds returns for this number of rounds. */
export class MalformedRoundsError extends Error {
  override readonly name = 'MalformedRoundsError'
  constructor(readonly expectedRounds: number) {
    super(`The answer does not hold ${expectedRounds} rounds. Use an endpoint that runs creation code.`)
  }
}

/** What a feed answered in a round. */
export type FeedRound = {
  /** In the feed's own units; may be zero or negative. */
  readonly answer: bigint
  /** Unix seconds. */
  readonly updatedAt: number
}

/** As many rounds as one call reads: what creation code returns is limited to 24,576 bytes. */
export const roundsPerCall = 1_000

/** Of one round, through a proxy, an access check and an aggregator: some 15,000 on Ethereum. */
const gasOfRound = 120_000
const addressBytes = 20
const idBytes = 10
const timeBytes = 6
const answerBytes = 16
const recordBytes = timeBytes + answerBytes
const witnessWords = 3
const outputStart = 0x200

function hex(value: number | bigint, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0')
}

/** NUMBER, TIMESTAMP and CHAINID, each to its word of the output. */
const witness = ['43', '42', '46'].map((code, index) => `${code}61${hex(outputStart + index * 32, 2)}52`).join('')

/** Memory: the call at 0 to 0x24, its result at 0x40 to 0xe0. The stack: target, where the output ends, where the next id stands. */
function composeCode({ data, loop, end }: { readonly data: number; readonly loop: number; readonly end: number }): {
  readonly head: string
  readonly body: string
  readonly tail: string
} {
  return {
    head: [
      witness,
      '639a6fc8f560e01b5f52', // the selector of getRoundData(uint80)
      `60${hex(addressBytes, 1)}61${hex(data, 2)}606c39606051`, // the target
      `61${hex(outputStart + witnessWords * 32, 2)}61${hex(data + addressBytes, 2)}`,
    ].join(''),
    body: [
      `5b8038111561${hex(end, 2)}57`, // is there an id left? else go to the end
      '600a81601a39600a01', // the id
      `60a0604060245f8663${hex(gasOfRound, 4)}fa`, // STATICCALL with so much gas at most
      '609f3d1116', // five words
      '60605180600f0b1416', // the answer fits into 16 bytes
      '60a05160301c1516', // and its time into 6
      '60a05160801b6060516fffffffffffffffffffffffffffffffff1617', // time, answer
      '0260501b8252', // or zeros; to the output
      `9060${hex(recordBytes, 1)}0190`,
      `61${hex(loop, 2)}56`,
    ].join(''),
    tail: `5b5061${hex(outputStart, 2)}900361${hex(outputStart, 2)}f3`,
  }
}

const lengths = composeCode({ data: 0, loop: 0, end: 0 })
const loopPlace = lengths.head.length / 2
const endPlace = loopPlace + lengths.body.length / 2
const { head, body, tail } = composeCode({
  data: endPlace + lengths.tail.length / 2,
  loop: loopPlace,
  end: endPlace,
})

/**
 * Encodes creation code that reads rounds of a feed and returns time and answer of each, for an `eth_call` without a target. 10 bytes
 * travel for a round and 22 come back, where Multicall3 takes 224 and 288: two years of rounds are read in one go.
 * @param roundIds of the feed's proxy, below 2^80; at most {@link roundsPerCall}.
 */
export function encodePackedRounds(feed: Address, roundIds: readonly bigint[]): Hex {
  return `0x${head}${body}${tail}${feed.slice(2).toLowerCase()}${roundIds.map((id) => hex(id, idBytes)).join('')}`
}

/** What the code returns: the block that it ran in, and the rounds; nothing for a round that the feed has no data of. */
export type PackedRounds = {
  readonly number: bigint
  readonly timestamp: bigint
  readonly chainId: bigint
  readonly rounds: readonly (FeedRound | undefined)[]
}

/**
 * Decodes what the code of {@link encodePackedRounds} returns.
 * @throws {MalformedRoundsError} when the bytes are cut off or hold another number of rounds.
 */
export function decodePackedRounds(answer: Hex, expectedRounds: number): PackedRounds {
  const [number, timestamp, chainId] = [0, 1, 2].map((word) => wordAt(answer, word))
  const start = 2 + witnessWords * 64
  const isWhole = answer.length === start + expectedRounds * recordBytes * 2
  if (!isWhole || number === undefined || timestamp === undefined || chainId === undefined) {
    throw new MalformedRoundsError(expectedRounds)
  }
  const rounds = Array.from({ length: expectedRounds }, (_, index): FeedRound | undefined => {
    const place = start + index * recordBytes * 2
    const updatedAt = Number(`0x${answer.slice(place, place + timeBytes * 2)}`)
    const bits = BigInt(`0x${answer.slice(place + timeBytes * 2, place + recordBytes * 2)}`)
    return updatedAt === 0 ? undefined : { answer: BigInt.asIntN(answerBytes * 8, bits), updatedAt }
  })
  return { number, timestamp, chainId, rounds }
}
