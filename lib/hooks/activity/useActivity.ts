import { useSyncExternalStore } from 'react'
import type { AccountOnChain } from '@/lib/storage/accountStores'
import { type Activity, activityStore } from '@/lib/storage/activityStore'

const nothing: Activity = { receipts: [], unreadableCount: 0 }

/** The receipts that this device keeps for an account on a chain, the newest first. */
export function useActivity(of: AccountOnChain): Activity {
  const store = activityStore(of)
  return useSyncExternalStore(store.subscribe, store.read, () => nothing)
}
