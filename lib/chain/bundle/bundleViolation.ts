import type { Address } from '@/lib/core/units'

/** What in a bundle's bytes is not as the plan and the allow-lists have it. Any of them blocks signing. */
export type BundleViolation =
  | { readonly kind: 'foreignRouter'; readonly router: Address }
  | { readonly kind: 'foreignSpender'; readonly token: Address; readonly spender: Address }
  | { readonly kind: 'foreignRecipient'; readonly recipient: Address }
  | { readonly kind: 'unlistedToken'; readonly token: Address }
  | { readonly kind: 'tokenOutsidePlan'; readonly token: Address }
  | { readonly kind: 'wrongApproval'; readonly token: Address; readonly approved: bigint; readonly needed: bigint }
  | { readonly kind: 'uselessApproval'; readonly token: Address }
  | { readonly kind: 'missingApproval'; readonly token: Address; readonly allowed: bigint; readonly needed: bigint }
  /** Permit2 would let the router pull beyond the block of the swap. */
  | { readonly kind: 'lastingGrant'; readonly token: Address; readonly expiration: number }
  | { readonly kind: 'overspend'; readonly token: Address; readonly needed: bigint; readonly held: bigint }
  /** Another amount leaves the account than the plan says. */
  | { readonly kind: 'wrongSpending'; readonly token: Address; readonly spent: bigint; readonly planned: bigint }
  | { readonly kind: 'unreadable'; readonly token: Address }
  | { readonly kind: 'wrongValue'; readonly value: bigint; readonly planned: bigint }
  | { readonly kind: 'swapDiffersFromPlan'; readonly swapIndex: number }
  | { readonly kind: 'minimumAboveQuote'; readonly swapIndex: number }
  | { readonly kind: 'lowMinimum'; readonly swapIndex: number; readonly minimumOut: bigint; readonly planned: bigint }
  | { readonly kind: 'belowOracle'; readonly swapIndex: number; readonly minimumOut: bigint; readonly floor: bigint }
  | { readonly kind: 'unpriced'; readonly swapIndex: number }
  /** A step spends what the router does not hold by then. */
  | { readonly kind: 'overdrawn'; readonly token: Address }
  | { readonly kind: 'leftInRouter'; readonly token: Address }
  | { readonly kind: 'notUnwrapped'; readonly swapIndex: number }
  /** The router is told to wrap, unwrap, pay out or refund what it does not hold. */
  | { readonly kind: 'needlessStep'; readonly step: 'wrap' | 'unwrap' | 'payOut' | 'refund' }
  /** What the bytes guarantee of a bought token is not what the plan says; 0 planned where it is not bought at all. */
  | { readonly kind: 'wrongPurchase'; readonly token: Address; readonly minimumOut: bigint; readonly planned: bigint }
  | {
      readonly kind: 'purchaseBelowOracle'
      readonly token: Address
      readonly minimumOut: bigint
      readonly floor: bigint
    }
  | { readonly kind: 'unpricedToken'; readonly token: Address }
  | { readonly kind: 'badDeadline'; readonly deadline: number; readonly earliest: number; readonly latest: number }
