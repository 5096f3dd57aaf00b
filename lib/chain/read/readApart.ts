import type { Address, Hex } from '@/lib/core/units'
import { type ContractRead, type ReadResult, unread } from './aggregate3'
import { decodeCappedReads, encodeCappedReads } from './cappedReader'
import {
  ask,
  call,
  decode,
  isFailureOfTheCall,
  type ReadContext,
  type RpcReader,
  settle,
  toQuantity,
  toReadError,
} from './readCalls'

/** Gas of one contract by itself (T-46). */
const gasOfLoneCall = 5_000_000
/** Gas of one of its reads. */
const gasOfLoneRead = 700_000

/** Reads each call as an `eth_call` of its own, all at once. */
export async function readEachAlone(
  client: RpcReader,
  context: ReadContext,
  { reads, blockHash, gas }: { readonly reads: readonly ContractRead[]; readonly blockHash: Hex; readonly gas: number },
): Promise<readonly ReadResult[]> {
  const readAlone = async ({ target, data }: ContractRead): Promise<ReadResult> => {
    try {
      const bytes = await call(client, context, { to: target, data, gas: gas, pin: { blockHash } })
      return { success: true, data: bytes }
    } catch (error) {
      const failure = toReadError(error)
      if (isFailureOfTheCall(failure)) return unread
      throw failure
    }
  }
  return Promise.all(reads.map(readAlone))
}

/**
 * Reads the calls of each contract apart from all others and with more gas, all at once: one that burns it or returns megabytes
 * spoils only its own answers. A node that does not run the reader gets each call by itself.
 */
export async function readApart(
  client: RpcReader,
  context: ReadContext,
  { groups, blockHash }: { readonly groups: readonly (readonly ContractRead[])[]; readonly blockHash: Hex },
): Promise<readonly (readonly ReadResult[])[]> {
  const readOne = async (reads: readonly ContractRead[]): Promise<readonly ReadResult[]> => {
    const data = encodeCappedReads(reads, gasOfLoneRead)
    const outcome = await settle(
      call(client, context, { data, gas: gasOfLoneCall, pin: { blockHash } }).then(
        (bytes) => decode(bytes, (answer) => decodeCappedReads(answer, reads.length)).results,
      ),
    )
    return outcome.status === 'read'
      ? outcome.results
      : readEachAlone(client, context, { reads, blockHash, gas: gasOfLoneCall })
  }
  return Promise.all(groups.map(readOne))
}

/** Reads what an account holds of the native coin, without a contract. */
export async function readNativeBalance(
  client: RpcReader,
  context: ReadContext,
  { account, blockHash }: { readonly account: Address; readonly blockHash: Hex },
): Promise<ReadResult> {
  const params = [account, { blockHash }] as never
  try {
    const answer = await ask(context, (options) => client.request({ method: 'eth_getBalance', params }, options))
    const amount = toQuantity(answer)
    return amount === undefined ? unread : { success: true, data: `0x${amount.toString(16).padStart(64, '0')}` }
  } catch (error) {
    const failure = toReadError(error)
    if (isFailureOfTheCall(failure)) return unread
    throw failure
  }
}
