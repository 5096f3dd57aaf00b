import { useSyncExternalStore } from 'react'
import type { Targets } from '@/lib/core/targets'
import { type AccountOnChain, targetsStore } from '@/lib/storage/accountStores'

/** The targets that were saved for an account on a chain, and how to save others. */
export function useTargets(of: AccountOnChain) {
  const store = targetsStore(of)
  const targets = useSyncExternalStore<Targets | undefined>(store.subscribe, store.read, () => undefined)
  return { targets, saveTargets: store.save }
}
