import { numberToHex } from 'viem'
import type { Rung } from '@/lib/core/execution/execution'
import type { Address } from '@/lib/core/units'
import type { WalletProvider } from './eip1193'

/** Whether a wallet batches atomically on a chain (EIP-5792): now, after it has upgraded the account, or not at all. */
export type AtomicAbility = 'supported' | 'ready' | 'unsupported'

/** Which rung of the ladder a wallet can take. */
export type WalletAbility = {
  readonly rung: Rung
  readonly atomic: AtomicAbility
  /** The most calls that a batch may hold: what MetaMask takes by default. */
  readonly callLimit: number
}

const batchCallLimit = 10

/**
 * Asks a wallet, for one account and one chain, whether it can sign a whole bundle at once. A wallet that does not know the
 * question, or answers nonsense, cannot: approvals and one swap always work.
 */
export async function readWalletAbility(
  provider: WalletProvider,
  { account, chainId }: { readonly account: Address; readonly chainId: number },
): Promise<WalletAbility> {
  let answer: unknown
  try {
    answer = await provider.request({ method: 'wallet_getCapabilities', params: [account, [numberToHex(chainId)]] })
  } catch {
    return toAbility('unsupported')
  }
  return toAbility(selectAtomicAbility(answer, chainId))
}

function toAbility(atomic: AtomicAbility): WalletAbility {
  return { rung: atomic === 'unsupported' ? 'approveThenSwap' : 'atomicBatch', atomic, callLimit: batchCallLimit }
}

/**
 * Reads an answer to `wallet_getCapabilities` in its known forms: `{ "0x1": { atomic: { status } } }` (EIP-5792 2.0.0), the older
 * `{ "0x1": { atomicBatch: { supported } } }`, chain ids in any spelling, and `0x0` for all chains.
 */
export function selectAtomicAbility(answer: unknown, chainId: number): AtomicAbility {
  if (!isRecord(answer)) return 'unsupported'
  const own = Object.entries(answer).find(([key]) => toChainId(key) === chainId)?.[1]
  const all = Object.entries(answer).find(([key]) => toChainId(key) === 0)?.[1]
  return abilityOf(own) ?? abilityOf(all) ?? 'unsupported'
}

function abilityOf(capabilities: unknown): AtomicAbility | undefined {
  if (!isRecord(capabilities)) return undefined
  const { atomic, atomicBatch } = capabilities
  if (isRecord(atomic)) {
    return atomic.status === 'supported' || atomic.status === 'ready' ? atomic.status : 'unsupported'
  }
  if (isRecord(atomicBatch)) return atomicBatch.supported === true ? 'supported' : 'unsupported'
  return undefined
}

function toChainId(key: string): number | undefined {
  return /^(?:0x[0-9a-f]+|[0-9]+)$/i.test(key) ? Number(key) : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
