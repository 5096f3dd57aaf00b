import type { Address } from '@/lib/core/units'

/** First and last characters, for places where the full address stands nearby. */
export function shortenAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}
