import type { Client } from 'viem'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { WaitingTransaction } from '@/lib/core/execution/execution'
import type { Address } from '@/lib/core/units'
import { readCounts } from './walletNode'

/** How many nonces after the next one are asked for, where a node can be asked for a nonce at all. */
const nonceReach = 3

/** What an account has on its way already (T-31), and its next nonce. */
export type NonceReading = { readonly next: number; readonly waiting?: WaitingTransaction }

/**
 * Reads whether another transaction of the account waits: one that ours would wait behind, by the page's node or the wallet's, or one
 * behind a gap that ours would fill. Few nodes tell of the latter.
 * @throws {AppError} when the node cannot be reached
 */
export async function readNonces(client: Client, provider: WalletProvider, address: Address): Promise<NonceReading> {
  const { mined, all: next } = await readCounts(client, provider, address)
  if (next > mined) return { next, waiting: { nonce: mined, order: 'before' } }
  const nonces = Array.from({ length: nonceReach }, (_, index) => next + index + 1)
  const found = await Promise.all(nonces.map((nonce) => isWaiting(client, address, nonce)))
  const nonce = nonces[found.indexOf(true)]
  return nonce === undefined ? { next } : { next, waiting: { nonce, order: 'after' } }
}

/** Nodes that do not offer the method count as having nothing. */
async function isWaiting(client: Client, address: Address, nonce: number): Promise<boolean> {
  const request = client.request as (args: { method: string; params: unknown }) => Promise<unknown>
  try {
    const params = [address, `0x${nonce.toString(16)}`]
    const found = await request({ method: 'eth_getTransactionBySenderAndNonce', params })
    return typeof found === 'object' && found !== null
  } catch {
    return false
  }
}
