import { useSyncExternalStore } from 'react'
import type { PlanSettings } from '@/lib/core/targets'
import { toBps } from '@/lib/core/units'
import { type AccountOnChain, settingsStore } from '@/lib/storage/accountStores'

/** What holds until somebody changes it: half a point of band, 0.5 % of slippage and 0.1 % between stable assets. */
export const defaultSettings: PlanSettings = {
  bandBps: toBps(50),
  slippageBps: toBps(50),
  stableSlippageBps: toBps(10),
  nativeReserve: 0n,
}

/** The planning settings of an account on a chain, and how to save others. */
export function useSettings(of: AccountOnChain) {
  const store = settingsStore(of)
  const saved = useSyncExternalStore<PlanSettings | undefined>(store.subscribe, store.read, () => undefined)
  return { settings: saved ?? defaultSettings, saveSettings: store.save }
}
