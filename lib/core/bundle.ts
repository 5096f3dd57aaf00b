import type { Address, Hex } from './units'

/** One call of a bundle as the wallet gets it. */
export type Call = { readonly to: Address; readonly data: Hex; readonly value: bigint }

/**
 * All that a rebalance sends: approvals (and USDT-like resets) in order, then exactly one router call. `hash` is the
 * keccak256 of account, chain and calls in canonical form; it is taken at review and checked again at send.
 */
export type Bundle = {
  readonly chainId: number
  readonly account: Address
  readonly approvals: readonly Call[]
  readonly swap: Call
  /** Unix seconds; the router refuses the call afterwards. */
  readonly deadline: number
  readonly hash: Hex
}

/** An approval in plain facts. `amount` 0 is a reset. */
export type DecodedApproval =
  | { readonly kind: 'erc20'; readonly token: Address; readonly spender: Address; readonly amount: bigint }
  /** `Permit2.approve`; an `expiration` of 0 means that it dies with the block's time. */
  | {
      readonly kind: 'permit2'
      readonly token: Address
      readonly spender: Address
      readonly amount: bigint
      readonly expiration: number
    }

/** The pool of a swap as the router is told it. */
export type DecodedVenue =
  | { readonly version: 'v2' }
  | { readonly version: 'v3'; readonly feePips: number }
  | { readonly version: 'v4'; readonly feePips: number; readonly tickSpacing: number }

/** One swap as the decoder reads it from the bytes. Chained calls of SwapRouter02 are joined into one path. */
export type DecodedSwap = {
  /** The native coin under its pseudo-address. */
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly route: readonly { readonly tokenIn: Address; readonly tokenOut: Address; readonly venue: DecodedVenue }[]
  /** `rest`: all that the router then holds of the token. */
  readonly amountIn: bigint | 'rest'
  readonly minimumOut: bigint
  /** Who receives what the swap pays: the account, or the router. */
  readonly recipient: Address
  /** `native`: from the call's value (SwapRouter02); `token`: pulled from the account; `router`: from what stands in the Universal Router. */
  readonly paidFrom: 'native' | 'token' | 'router'
}

/** What the router does, in the order of the bytes. */
export type DecodedStep =
  /** Through Permit2 from the account into the router. */
  | { readonly kind: 'pull'; readonly token: Address; readonly amount: bigint }
  | ({ readonly kind: 'swap' } & DecodedSwap)
  /** All native coin in the router becomes wrapped coin there, or the other way round. */
  | { readonly kind: 'wrap' | 'unwrap' }
  /** All that the router holds of a token goes out, at least `minimumOut`. `fromWrapped`: the wrapped coin, paid out as native coin. */
  | {
      readonly kind: 'payOut'
      readonly token: Address
      readonly minimumOut: bigint
      readonly recipient: Address
      readonly fromWrapped: boolean
    }
  /** What is left of the call's value goes back to the account (SwapRouter02). */
  | { readonly kind: 'refund' }

/** What a bundle's bytes say, read by code that shares nothing with the encoder but the ABI. */
export type DecodedBundle = {
  readonly approvals: readonly DecodedApproval[]
  readonly steps: readonly DecodedStep[]
  /** Native coin sent along with the router call. */
  readonly value: bigint
  readonly deadline: number
  readonly router: Address
}
