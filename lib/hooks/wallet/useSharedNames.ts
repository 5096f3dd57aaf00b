import { useSyncExternalStore } from 'react'
import { listSharedNames, type SharedName, subscribeToSharedNames } from './announcedWallets'

const none: readonly SharedName[] = []

/** The names that several wallets of this browser go by. */
export function useSharedNames(): readonly SharedName[] {
  return useSyncExternalStore(subscribeToSharedNames, listSharedNames, () => none)
}
