import type { Address } from '@/lib/core/units'
import { forgivingStorage } from '@/lib/storage/browserStorage'

/** Kept for the tab alone: which address somebody looks at is nobody else's business. */
export const watchedAddressKey = 'ballast.watch'

const storage = forgivingStorage(() => globalThis.sessionStorage)
const listeners = new Set<() => void>()
const addressPattern = /^0x[0-9a-fA-F]{40}$/

function isAddressText(text: string | null): text is Address {
  return text !== null && addressPattern.test(text)
}

/** Calls back whenever the watched address changes, and returns how to stop that. */
export function subscribeToWatchedAddress(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The address that this tab looks at without a wallet, if any. */
export function selectWatchedAddress(): Address | undefined {
  const stored = storage.getItem(watchedAddressKey)
  return isAddressText(stored) ? stored : undefined
}

/** Watches an address, or none. */
export function watchAddress(address: Address | undefined) {
  if (address === undefined) storage.removeItem(watchedAddressKey)
  else storage.setItem(watchedAddressKey, address)
  for (const listener of listeners) listener()
}
