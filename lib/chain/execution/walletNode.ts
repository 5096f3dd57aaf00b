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

/** How many transactions an account has by the wallet's own node, mined or waiting: a second opinion, where it has one. */
export async function askPendingCount(provider: WalletProvider, account: Address): Promise<number | undefined> {
  const answer = await ask(provider, 'eth_getTransactionCount', [account, 'pending'])
  return typeof answer === 'string' && /^0x[0-9a-f]{1,8}$/i.test(answer) ? Number(answer) : undefined
}

/** Whether the wallet's own node knows a transaction. */
export async function isKnownToWallet(provider: WalletProvider, hash: Hex): Promise<boolean> {
  const answer = await ask(provider, 'eth_getTransactionByHash', [hash])
  return typeof answer === 'object' && answer !== null
}
