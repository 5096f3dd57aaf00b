import { type Client, isHash, numberToHex } from 'viem'
import { estimateGas } from 'viem/actions'
import { hashCalls } from '@/lib/chain/bundle/hashBundle'
import { toAppError } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Call } from '@/lib/core/bundle'
import type { SentId } from '@/lib/core/execution/execution'
import { type Address, type Hex, mulDivUp } from '@/lib/core/units'
import { checkWallet } from './checkWallet'
import { HashMismatchError, toRequestError, UncertainRequestError } from './requestErrors'

/** The parameter of `eth_sendTransaction`. Fees are the wallet's choice, everything else is ours. */
type TransactionParam = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly value: Hex
  readonly gas: Hex
  readonly chainId: Hex
}

/** Pools move between estimate and inclusion: a quarter more than estimated. */
const gasMarginBps = 12_500n

/** The hash of what a transaction request would do, from its very parameters. */
export function hashTransactionParams([{ from, chainId, to, data, value }]: readonly [TransactionParam]): Hex {
  return hashCalls({ account: from, chainId: Number(chainId), calls: [{ to, data, value: BigInt(value) }] })
}

/**
 * Asks a wallet to sign and send one call of a bundle as a transaction of its own.
 * @param expectedHash `hashCalls` of this one call as it was reviewed
 * @throws {HashMismatchError} when the parameters are not what was reviewed; nothing was sent
 * @throws {CallRevertedError} when the call would revert now; nothing was sent
 * @throws {UncertainRequestError} when the wallet failed oddly or answered without a hash; it may have sent the transaction
 * @throws {AppError} what the wallet or the node refused with
 */
export async function requestTransaction(
  provider: WalletProvider,
  {
    call,
    account,
    chainId,
    expectedHash,
    client,
  }: {
    readonly call: Call
    readonly account: Address
    readonly chainId: number
    readonly expectedHash: Hex
    readonly client: Client
  },
): Promise<SentId> {
  const gas = await estimateGas(client, { account, to: call.to, data: call.data, value: call.value }).catch(
    (error: unknown) => {
      throw toAppError(error)
    },
  )
  const params: readonly [TransactionParam] = Object.freeze([
    Object.freeze({
      from: account,
      to: call.to,
      data: call.data,
      value: numberToHex(call.value),
      gas: numberToHex(mulDivUp(gas, gasMarginBps, 10_000n)),
      chainId: numberToHex(chainId),
    }),
  ] as const)
  await checkWallet(provider, client, { account, chainId })
  if (hashTransactionParams(params) !== expectedHash) throw new HashMismatchError()
  let hash: unknown
  try {
    hash = await provider.request({ method: 'eth_sendTransaction', params })
  } catch (error) {
    throw toRequestError(error, 'eth_sendTransaction')
  }
  if (typeof hash !== 'string' || !isHash(hash)) throw new UncertainRequestError('eth_sendTransaction', 'unknown')
  return { kind: 'transaction', hash }
}
