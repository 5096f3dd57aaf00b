import { isAddressEqual } from 'viem'
import type { Call } from '@/lib/core/bundle'
import type { BalanceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { UnencodablePlanError } from './unencodablePlan'

/** What leaves the account of one token; the native coin under its pseudo-address. */
export type Spent = { readonly token: Address; readonly amount: bigint }

/** A router call, and what it takes from the account, in the order in which tokens are first taken. */
export type RouterCall = { readonly swap: Call; readonly spent: readonly Spent[] }

/**
 * What the snapshot knows of a token.
 * @throws {UnencodablePlanError} when it was not read
 */
export function readingOf(snapshot: Snapshot, address: Address): TokenReading {
  for (const { tokens } of snapshot.assets) {
    const found = tokens.find(({ token }) => isAddressEqual(token.address, address))
    if (found !== undefined) return found
  }
  throw new UnencodablePlanError(`the token ${address} is not among those that were read.`)
}

/**
 * An amount that must be known.
 * @throws {UnencodablePlanError} when it is not
 */
export function knownAmount(reading: BalanceReading, what: string): bigint {
  if (reading.status === 'unreadable') throw new UnencodablePlanError(`the ${what} of a sold token is unknown.`)
  return reading.amount
}

/** Sums by token, in the order in which tokens first appear. */
export function sumSpent(parts: readonly Spent[]): readonly Spent[] {
  const sums = new Map<string, Spent>()
  for (const { token, amount } of parts) {
    const known = sums.get(token.toLowerCase())
    sums.set(token.toLowerCase(), { token: known?.token ?? token, amount: (known?.amount ?? 0n) + amount })
  }
  return [...sums.values()]
}
