import { WalletPendingError } from '@/lib/chain/appErrors'
import type { Address } from '@/lib/core/units'

const busy = new Set<string>()
const pendingCode = -32002

/**
 * Runs one task at a time for each account and chain, in this page and across its tabs: MetaMask does not notice when the
 * same batch is asked for twice.
 * @throws {WalletPendingError} when another one is under way
 */
export async function exclusively<Result>(
  { account, chainId }: { readonly account: Address; readonly chainId: number },
  task: () => Promise<Result>,
): Promise<Result> {
  const key = `ballast.execution.${chainId}.${account.toLowerCase()}`
  if (busy.has(key)) throw new WalletPendingError(pendingCode)
  busy.add(key)
  try {
    const locks: LockManager | undefined = globalThis.navigator?.locks
    if (locks === undefined) return await task()
    return await locks.request(key, { ifAvailable: true }, (lock) => {
      if (lock === null) throw new WalletPendingError(pendingCode)
      return task()
    })
  } finally {
    busy.delete(key)
  }
}
