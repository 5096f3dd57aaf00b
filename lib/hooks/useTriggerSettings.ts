import { useSyncExternalStore } from 'react'
import { blankTriggerSettings, type TriggerSettings } from '@/lib/core/triggers/triggerSettings'
import type { AccountOnChain } from '@/lib/storage/accountStores'
import { triggerStores } from '@/lib/storage/triggerStore'

/** What a person asked to be told of for an account on a chain, and how to save something else. */
export function useTriggerSettings(of: AccountOnChain) {
  const store = triggerStores(of).settings
  const saved = useSyncExternalStore<TriggerSettings | undefined>(store.subscribe, store.read, () => undefined)
  return { triggerSettings: saved ?? blankTriggerSettings, saveTriggerSettings: store.save }
}
