import {
  type Address,
  encodeAbiParameters,
  getAddress,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  slice,
  stringToHex,
} from 'viem'
import { aggregatorOf } from './addresses'
import { pricedAssets } from './contracts'
import { composePriceHistory, type PastRound } from './priceHistory'
import { feedDecimals } from './prices'
import { type RpcCall, sendBatch } from './rpc'

/** The phase of every feed that holds its past. */
export const pastPhase = 1
/** The phase that goes on. */
export const livePhase = 2

/** Storage of Chainlink's AggregatorProxy: the phase with its aggregator, and the mapping from phase to aggregator. */
const currentPhaseSlot = 2n
const phaseAggregatorsSlot = 4n

/** The aggregator that stands behind a feed's past. */
export function pastAggregatorOf(feed: Address): Address {
  return getAddress(slice(keccak256(keccak256(feed)), 12))
}

function hex(value: number | bigint, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0')
}

/** Puts the places of labels, two bytes each, where their names stand in braces. */
function assemble(parts: readonly (readonly [label: string, code: string])[]): string {
  const places = new Map<string, number>()
  let place = 0
  for (const [label, code] of parts) {
    places.set(label, place)
    place += code.replace(/\{\w+\}/g, '0000').length / 2
  }
  return parts.map(([, code]) => code.replace(/\{(\w+)\}/g, (_, label) => hex(places.get(label) ?? 0, 2))).join('')
}

/**
 * Code of an aggregator whose rounds stand in its code, 16 bytes each: they cost the chain nothing, neither at its start nor with
 * each block, where as many words of storage would be copied. It knows `latestRound()`, `decimals()` and `getRoundData(uint80)`, which
 * refuses what it has no data of as Chainlink's FluxAggregator does.
 */
export function pastAggregatorCode(rounds: readonly PastRound[]): Hex {
  const data = rounds.map(({ answer, updatedAt }) => hex(updatedAt, 8) + hex(answer, 8)).join('')
  const count = hex(rounds.length, 2)
  const refusal = slice(pad(stringToHex('No data present'), { dir: 'right' }), 0, 32).slice(2)
  const code = assemble(
    [
      // Which function? The selector is the first of four bytes.
      [
        'start',
        `5f3560e01c 8063668a0f02 14 61{latest} 57 8063313ce567 14 61{decimals} 57 639a6fc8f5 14 61{round} 57 5f5ffd`,
      ],
      ['latest', `5b 61${count} 5f 52 6020 5f f3`],
      ['decimals', `5b 60${hex(feedDecimals, 1)} 5f 52 6020 5f f3`],
      // Place of the round = id - 1, which wraps round for 0. Its 16 bytes go to memory; the stack holds id and its word.
      ['round', `5b 6004 35 6001 81 03 61${count} 81 10 15 61{refuse} 57 6004 1b 61{data} 01 6010 90 5f 39 5f 51`],
      // The time; then id, answer, time, time, id to memory.
      [
        'answer',
        '80 60c0 1c 80 15 61{refuse} 57 80 6040 52 6060 52 6080 1c 67ffffffffffffffff 16 6020 52 80 5f 52 6080 52 60a0 5f f3',
      ],
      // Error(string)
      ['refuse', `5b 6308c379a0 60e0 1b 5f 52 6020 6004 52 600f 6024 52 7f${refusal} 6044 52 6064 5f fd`],
      ['data', ''],
    ].map(([label = '', text = '']) => [label, text.replaceAll(' ', '')] as const),
  )
  return `0x${code}${data}`
}

/** The calls that put an aggregator of the past behind a feed, and the one that goes on after it. */
export function encodePastPhase(feed: Address, rounds: readonly PastRound[]): readonly RpcCall[] {
  const word = (value: bigint) => numberToHex(value, { size: 32 })
  const phaseSlot = (phase: number) =>
    keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [BigInt(phase), phaseAggregatorsSlot]))
  const [past, live] = [pastAggregatorOf(feed), aggregatorOf(feed)]
  const store = (slot: Hex, value: bigint) => ({ method: 'anvil_setStorageAt', params: [feed, slot, word(value)] })
  return [
    { method: 'anvil_setCode', params: [past, pastAggregatorCode(rounds)] },
    store(phaseSlot(pastPhase), BigInt(past)),
    store(phaseSlot(livePhase), BigInt(live)),
    store(word(currentPhaseSlot), (BigInt(live) << 16n) | BigInt(livePhase)),
  ]
}

/**
 * Gives every feed two years of daily rounds, as the first phase of its proxy; the aggregator that answers now is the second.
 * @param now Unix seconds.
 */
export async function writePastPhases(
  rpcUrl: string,
  { seed, now }: { readonly seed: number; readonly now: number },
): Promise<void> {
  const history = composePriceHistory(seed, now)
  await sendBatch(
    rpcUrl,
    pricedAssets.flatMap(({ asset, feed }) => encodePastPhase(feed.address, history.get(asset.id) ?? [])),
  )
}
