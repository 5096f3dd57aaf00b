import { useSyncExternalStore } from 'react'
import { summariseExecution } from '@/lib/core/execution/reduceExecution'
import type { AccountOnChain } from '@/lib/storage/accountStores'
import { rebalanceStore, type SavedRebalance } from '@/lib/storage/rebalanceStore'

/** The rebalance of an account that was not put away yet, whether all of it is confirmed, and how to put it away. */
export function useSavedRebalance(of: AccountOnChain) {
  const store = rebalanceStore(of)
  const saved = useSyncExternalStore<SavedRebalance | undefined>(store.subscribe, store.read, () => undefined)
  const isDone = saved !== undefined && summariseExecution(saved.record.execution).status === 'done'
  return { saved, isDone, putAway: store.clear }
}
