import type { Address } from './units'

/** The pseudo-address of a chain's native coin (the one that 1inch, Aave and Safe use). */
export const nativeAddress: Address = '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE'

/** What an asset is called in targets, links and on screen: its symbol, unique on its chain. */
export type AssetId = string

/** One balance on chain: an ERC-20 contract, or the native coin under {@link nativeAddress}. */
export type Token = {
  readonly address: Address
  readonly symbol: string
  readonly name: string
  readonly decimals: number
  /** USDT refuses to change an allowance that is neither 0 nor becomes 0: it is reset first. */
  readonly resetsAllowance: boolean
}

/** A Chainlink feed in US dollars. */
export type Feed = {
  readonly address: Address
  readonly decimals: number
  readonly heartbeatSeconds: number
}

/**
 * What a target weight is set on. An asset is one token, or the native coin together with its wrapped form
 * (then `tokens[0]` is the native coin and `poolToken` the wrapped one). All tokens of one asset have the same decimals
 * and the same price.
 */
export type Asset = {
  readonly id: AssetId
  readonly name: string
  readonly decimals: number
  /** Pegged to the dollar: tighter slippage and price bands hold between two such assets. */
  readonly isStable: boolean
  readonly tokens: readonly [Token, ...Token[]]
  /** The ERC-20 that pools trade for this asset. It is one of `tokens`. */
  readonly poolToken: Token
  /** Missing where no feed is known: the asset is shown unpriced and never traded. */
  readonly feed?: Feed
}
