import type { Address, Hex } from '@/lib/core/units'
import { sendBatch } from './rpc'

/** A transaction that the node signs for one of its own accounts. */
export type DevnetTransaction = {
  readonly to: Address
  readonly data?: Hex
  readonly value?: bigint
  readonly gas?: bigint
}

type Receipt = { readonly status: Hex }

/** A transaction of the local chain's own set-up failed. */
export class DevnetTransactionError extends Error {
  override readonly name = 'DevnetTransactionError'
  constructor(
    readonly hash: Hex,
    readonly transaction: DevnetTransaction,
  ) {
    super(
      `A transaction to ${transaction.to} failed on the local chain (${hash}): look at it with debug_traceTransaction.`,
    )
  }
}

/** Transactions of the local chain's own set-up stay in its pool. */
export class DevnetUnminedError extends Error {
  override readonly name = 'DevnetUnminedError'
  constructor(readonly hashes: readonly Hex[]) {
    super(`The local chain does not mine ${hashes.length} transactions: start it anew.`)
  }
}

const ampleGas = 12_000_000n
const pollMs = 3
const pollsBeforeMining = 200
const pollsBeforeFailure = 2_000
const quantity = (value: bigint): Hex => `0x${value.toString(16)}`

/**
 * Sends transactions of one account in order, in a single request, and waits until all are mined.
 * @throws {DevnetTransactionError} when one of them fails
 */
export async function sendTransactions(
  rpcUrl: string,
  { from, transactions }: { readonly from: Address; readonly transactions: readonly DevnetTransaction[] },
): Promise<void> {
  if (transactions.length === 0) return
  const [first] = await sendBatch(rpcUrl, [{ method: 'eth_getTransactionCount', params: [from, 'pending'] }])
  const firstNonce = BigInt(first as Hex)
  const calls = transactions.map(({ to, data, value, gas }, index) => ({
    method: 'eth_sendTransaction',
    params: [
      {
        from,
        to,
        data: data ?? '0x',
        value: quantity(value ?? 0n),
        gas: quantity(gas ?? ampleGas),
        nonce: quantity(firstNonce + BigInt(index)),
      },
    ],
  }))
  // The first goes last. A transaction that arrives while the one before it is being mined can be queued for ever;
  // without the first none can be mined, with it all are mined together.
  const later = await sendBatch(rpcUrl, calls.slice(1))
  const hashes = [...(await sendBatch(rpcUrl, calls.slice(0, 1))), ...later] as readonly Hex[]
  const receipts = await waitForReceipts(rpcUrl, hashes)
  for (const [index, { status }] of receipts.entries()) {
    const [hash, transaction] = [hashes[index], transactions[index]]
    if (hash === undefined || transaction === undefined) continue
    if (status !== '0x1') throw new DevnetTransactionError(hash, transaction)
  }
}

/**
 * Asks for the receipts until all are there. The node may answer a send before it mines, its own waiting method can miss
 * the block, and without an interval nothing comes after it: so a block is asked for when none comes for long.
 */
async function waitForReceipts(rpcUrl: string, hashes: readonly Hex[]): Promise<readonly Receipt[]> {
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }))
  const last = calls.slice(-1)
  for (let polls = 1; ; polls++) {
    const [newest] = await sendBatch(rpcUrl, last)
    if (newest !== null) {
      const receipts = (await sendBatch(rpcUrl, calls)) as readonly (Receipt | null)[]
      if (receipts.every((receipt) => receipt !== null)) return receipts
    }
    if (polls === pollsBeforeFailure) throw new DevnetUnminedError(hashes)
    if (polls % pollsBeforeMining === 0) await sendBatch(rpcUrl, [{ method: 'evm_mine', params: [] }])
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
