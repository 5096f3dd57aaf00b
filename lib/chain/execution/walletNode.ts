import type { Client } from 'viem'
import { getTransactionCount } from 'viem/actions'
import { toAppError } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Address, Hex } from '@/lib/core/units'
import { answerWithin } from './patience'

/** A wallet's node that does not answer within this time is not asked again for this look. */
const patienceMs = 3_000

async function ask(provider: WalletProvider, method: string, params: readonly unknown[]): Promise<unknown> {
  try {
    return await answerWithin(Promise.resolve(provider.request({ method, params })), patienceMs)
  } catch {
    return undefined
  }
}

/** How many transactions an account has sent: those in blocks, and with those that wait. */
export type TransactionCounts = { readonly mined: number; readonly all: number }

/** The counts by the wallet's own node: a second opinion, where it has one. */
async function askCounts(provider: WalletProvider, account: Address): Promise<TransactionCounts | undefined> {
  const [mined, all] = await Promise.all(
    ['latest', 'pending'].map(async (tag) => toCount(await ask(provider, 'eth_getTransactionCount', [account, tag]))),
  )
  return mined === undefined || all === undefined ? undefined : { mined, all }
}

function toCount(answer: unknown): number | undefined {
  return typeof answer === 'string' && /^0x[0-9a-f]{1,8}$/i.test(answer) ? Number(answer) : undefined
}

/**
 * Reads what an account has sent, by the page's node and by the wallet's. Either may be a block behind the other; the newer counts of
 * each are taken.
 * @throws {AppError} when the page's node cannot be reached
 */
export async function readCounts(
  client: Client,
  provider: WalletProvider,
  address: Address,
): Promise<TransactionCounts> {
  const [mined, all, wallets = { mined: 0, all: 0 }] = await Promise.all([
    getTransactionCount(client, { address, blockTag: 'latest' }),
    getTransactionCount(client, { address, blockTag: 'pending' }),
    askCounts(provider, address),
  ]).catch((error: unknown) => {
    throw toAppError(error)
  })
  return { mined: Math.max(mined, wallets.mined), all: Math.max(all, wallets.all) }
}

/** Whether the wallet's own node knows a transaction. */
export async function isKnownToWallet(provider: WalletProvider, hash: Hex): Promise<boolean> {
  const answer = await ask(provider, 'eth_getTransactionByHash', [hash])
  return typeof answer === 'object' && answer !== null
}
