import { isAddressEqual } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle, DecodedStep } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { AssetReading, BalanceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'

/** What a bundle is checked against. */
export type BundleSubject = {
  readonly account: Address
  readonly deployment: Deployment
  readonly plan: RebalancePlan
  readonly snapshot: Snapshot
}

/** A decoded swap, and which one it is. */
export type NumberedSwap = Extract<DecodedStep, { kind: 'swap' }> & { readonly swapIndex: number }

/** The swaps of a bundle in their order. */
export function listSwaps({ steps }: Pick<DecodedBundle, 'steps'>): readonly NumberedSwap[] {
  return steps
    .flatMap((step) => (step.kind === 'swap' ? [step] : []))
    .map((swap, swapIndex) => ({ ...swap, swapIndex }))
}

/** What leaves the account of each ERC-20: what swaps pull themselves, and what is pulled into the router. */
export function sumPulled({ steps }: Pick<DecodedBundle, 'steps'>): ReadonlyMap<Address, bigint> {
  const pulled = new Map<Address, bigint>()
  const add = (token: Address, amount: bigint) => pulled.set(token, (pulled.get(token) ?? 0n) + amount)
  for (const step of steps) {
    if (step.kind === 'pull') add(step.token, step.amount)
    if (step.kind === 'swap' && step.paidFrom === 'token' && step.amountIn !== 'rest') add(step.tokenIn, step.amountIn)
  }
  return pulled
}

/** True for the native coin under its pseudo-address. */
export function isNative(token: Address): boolean {
  return isAddressEqual(token, nativeAddress)
}

/** The listed asset that a token belongs to. */
export function assetOf(token: Address, { assets }: Deployment): Asset | undefined {
  return assets.find(({ tokens }) => tokens.some(({ address }) => isAddressEqual(address, token)))
}

/** What the snapshot says of a token. */
export function tokenReadingOf(token: Address, { assets }: Snapshot): TokenReading | undefined {
  return assets.flatMap(({ tokens }) => tokens).find((reading) => isAddressEqual(reading.token.address, token))
}

/** What the snapshot says of the asset that a token belongs to. */
export function assetReadingOf(token: Address, { assets }: Snapshot): AssetReading | undefined {
  return assets.find(({ tokens }) => tokens.some((reading) => isAddressEqual(reading.token.address, token)))
}

/** An amount, where it is known. */
export function amountOf(reading: BalanceReading | undefined): bigint | undefined {
  return reading?.status === 'known' ? reading.amount : undefined
}
