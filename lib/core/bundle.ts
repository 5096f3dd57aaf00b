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
export type DecodedApproval = { readonly token: Address; readonly spender: Address; readonly amount: bigint }

/** One swap path as the decoder reads it from the bytes. Chained router calls are joined into one path. */
export type DecodedSwap = {
  readonly tokenIn: Address
  readonly tokenOut: Address
  /** Token addresses from first to last and between them the v3 fee in pips, or `v2`. */
  readonly route: readonly { readonly tokenIn: Address; readonly tokenOut: Address; readonly venue: 'v2' | number }[]
  readonly amountIn: bigint
  readonly minimumOut: bigint
  /** Who receives what the path pays: the account, or the router (then an unwrap for the account must follow). */
  readonly recipient: Address
  readonly paidFrom: 'native' | 'token'
}

/** What a bundle's bytes say, read by code that shares nothing with the encoder but the ABI. */
export type DecodedBundle = {
  readonly approvals: readonly DecodedApproval[]
  readonly swaps: readonly DecodedSwap[]
  /** WETH in the router that is unwrapped for the account at the end, at least. */
  readonly unwrap?: { readonly minimumOut: bigint; readonly recipient: Address }
  readonly refundsNative: boolean
  /** Native coin sent along with the router call. */
  readonly value: bigint
  readonly deadline: number
  readonly router: Address
}
