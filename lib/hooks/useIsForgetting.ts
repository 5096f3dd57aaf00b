import { useSyncExternalStore } from 'react'
import { isForgetting, subscribeToForgetting } from '@/lib/storage/createStore'

/** Whether this browser loses what it was to keep as soon as the page closes. */
export function useIsForgetting(): boolean {
  return useSyncExternalStore(subscribeToForgetting, isForgetting, () => false)
}
