import { type Client, numberToHex } from 'viem'
import { bundleCalls, hashCalls } from '@/lib/chain/bundle/hashBundle'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { SentId } from '@/lib/core/execution/execution'
import type { Address, Hex } from '@/lib/core/units'
import { checkWallet } from './checkWallet'
import { HashMismatchError, toRequestError, UncertainRequestError } from './requestErrors'

type CallParam = { readonly to: Address; readonly data: Hex; readonly value: Hex }

/** The parameter of `wallet_sendCalls` (EIP-5792, 2.0.0). It is atomic or it is not sent. */
type BatchParam = {
  readonly version: '2.0.0'
  readonly from: Address
  readonly chainId: Hex
  readonly atomicRequired: true
  readonly calls: readonly CallParam[]
}

/** The parameters of the request for a bundle, frozen through and through. */
export function composeBatchParams({ account, chainId, approvals, swap }: Bundle): readonly [BatchParam] {
  const calls = bundleCalls({ approvals, swap }).map(({ to, data, value }) =>
    Object.freeze({ to, data, value: numberToHex(value) }),
  )
  return Object.freeze([
    Object.freeze({
      version: '2.0.0',
      from: account,
      chainId: numberToHex(chainId),
      atomicRequired: true,
      calls: Object.freeze(calls),
    }),
  ] as const)
}

/** The hash of what a batch request would do, from its very parameters. */
export function hashBatchParams([{ from, chainId, calls }]: readonly [BatchParam]): Hex {
  const toCall = ({ to, data, value }: CallParam): Call => ({ to, data, value: BigInt(value) })
  return hashCalls({ account: from, chainId: Number(chainId), calls: calls.map(toCall) })
}

/**
 * Asks a wallet to sign a whole bundle as one atomic batch. Never without `atomicRequired`.
 * @param expectedHash the bundle's hash as it was reviewed
 * @throws {HashMismatchError} when the parameters are not what was reviewed; nothing was sent
 * @throws {UncertainRequestError} when the wallet failed oddly or answered without an id; it may have sent the batch
 * @throws {AppError} what the wallet refused with
 */
export async function requestBatch(
  provider: WalletProvider,
  { bundle, expectedHash, client }: { readonly bundle: Bundle; readonly expectedHash: Hex; readonly client: Client },
): Promise<SentId> {
  const params = composeBatchParams(bundle)
  await checkWallet(provider, client, bundle)
  if (hashBatchParams(params) !== expectedHash) throw new HashMismatchError()
  let answer: unknown
  try {
    answer = await provider.request({ method: 'wallet_sendCalls', params })
  } catch (error) {
    throw toRequestError(error, 'wallet_sendCalls')
  }
  const batchId = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : answer
  if (typeof batchId !== 'string' || batchId === '') throw new UncertainRequestError('wallet_sendCalls', 'unknown')
  return { kind: 'batch', batchId }
}
