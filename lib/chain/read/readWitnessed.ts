import type { Address, Hex } from '@/lib/core/units'
import { RpcResponseError, WrongChainError } from '../appErrors'
import { type ContractRead, decodeAggregate3, encodeAggregate3, type ReadResult } from './aggregate3'
import { decodeCappedReads, encodeCappedReads } from './cappedReader'
import { type BlockPin, call, decode, type ReadContext, type RpcReader } from './readCalls'
import { wordAt } from './words'

/**
 * Calls that are read as one `eth_call`. `trusted`: through Multicall3, where one contract can spoil it for the others; `capped`:
 * through the reader with a limit of gas and of size for each.
 */
export type ReadGroup = { readonly kind: 'trusted' | 'capped'; readonly reads: readonly ContractRead[] }

/** Gas of one `eth_call` of many reads: what every node grants. */
export const gasOfGroup = 30_000_000

/** Of one read of a token among many: a hundred of them that burn it all leave enough for the rest. */
const gasOfCappedRead = 150_000

/** What shows the block that answered. */
export type Witness = {
  readonly chainId: bigint
  readonly number: bigint
  readonly timestamp: bigint
  readonly parentHash: bigint
}

const witnessSelectors: readonly Hex[] = [
  '0x3408e470', // getChainId()
  '0x42cbb15c', // getBlockNumber()
  '0x0f28c97d', // getCurrentBlockTimestamp()
  '0x27e86d6e', // getLastBlockHash()
]

/** Results, and the block that they come from. */
export type Witnessed = { readonly witness: Witness; readonly results: readonly ReadResult[] }

/** Reads together with four that tell which block answered. */
async function readAggregate(
  client: RpcReader,
  context: ReadContext,
  { reads, pin, to }: { readonly reads: readonly ContractRead[]; readonly pin: BlockPin; readonly to: Address },
): Promise<Witnessed> {
  const all = [...witnessSelectors.map((data) => ({ target: to, data })), ...reads]
  const bytes = await call(client, context, { to, data: encodeAggregate3(all), gas: gasOfGroup, pin })
  const answers = decode(bytes, (answer) => decodeAggregate3(answer, all.length))
  const [chainId, number, timestamp, parentHash] = answers
    .slice(0, witnessSelectors.length)
    .map((result) => (result.success ? wordAt(result.data, 0) : undefined))
  if (chainId === undefined || number === undefined || timestamp === undefined || parentHash === undefined) {
    throw new RpcResponseError('the block of a call is unknown')
  }
  return { witness: { chainId, number, timestamp, parentHash }, results: answers.slice(witnessSelectors.length) }
}

async function readCapped(
  client: RpcReader,
  context: ReadContext,
  { reads, pin }: { readonly reads: readonly ContractRead[]; readonly pin: BlockPin },
): Promise<Witnessed> {
  const data = encodeCappedReads(reads, gasOfCappedRead)
  const bytes = await call(client, context, { data, gas: gasOfGroup, pin })
  const { results, ...witness } = decode(bytes, (answer) => decodeCappedReads(answer, reads.length))
  return { witness, results }
}

/**
 * Reads a group as one `eth_call`.
 * @throws {WrongChainError} when the node is on another chain.
 */
export async function readWitnessed(
  client: RpcReader,
  context: ReadContext,
  { group, pin }: { readonly group: ReadGroup; readonly pin: BlockPin },
): Promise<Witnessed> {
  const { kind, reads } = group
  const to = context.multicall3
  if (kind === 'trusted' && to === undefined) throw new RpcResponseError('there is no Multicall3')
  const reading =
    kind === 'trusted' && to !== undefined
      ? await readAggregate(client, context, { reads, pin, to })
      : await readCapped(client, context, { reads, pin })
  const { chainId } = reading.witness
  if (chainId !== BigInt(context.chainId)) {
    throw new WrongChainError({ expected: context.chainId, actual: Number(chainId) })
  }
  return reading
}
