import type { Asset, Token } from './asset'
import type { Address, Hex, Usd } from './units'

/** The one block that everything in a snapshot, a quote and a plan was read at. */
export type BlockRef = {
  readonly number: bigint
  readonly hash: Hex
  /** Unix seconds. */
  readonly timestamp: number
  /** Wei per unit of gas. */
  readonly baseFeePerGas: bigint
}

/** A balance in base units, or why there is none. Unknown is never zero. */
export type BalanceReading =
  | { readonly status: 'known'; readonly amount: bigint }
  | { readonly status: 'unreadable'; readonly reason: string }

/** One token of the account, with what SwapRouter02 may already spend of it (0 for the native coin). */
export type TokenReading = {
  readonly token: Token
  readonly balance: BalanceReading
  readonly routerAllowance: BalanceReading
}

/** What a feed said at the block. Only `fresh` may be used for a plan. Prices are dollars x 1e18 for one whole token. */
export type PriceReading =
  | { readonly status: 'fresh'; readonly usd: Usd; readonly updatedAt: number }
  | { readonly status: 'stale'; readonly usd: Usd; readonly updatedAt: number; readonly maxAgeSeconds: number }
  | { readonly status: 'invalid'; readonly reason: 'notPositive' | 'fromFuture' | 'wrongDecimals' | 'unreadable' }
  | { readonly status: 'noFeed' }

/** One asset at the block: its tokens' balances and its price. */
export type AssetReading = {
  readonly asset: Asset
  readonly tokens: readonly TokenReading[]
  readonly price: PriceReading
}

/** A Uniswap v2 pair. `assetIds` are those of token0 and token1. */
export type ConstantProductPool = {
  readonly kind: 'constantProduct'
  readonly address: Address
  readonly assetIds: readonly [string, string]
  readonly token0: Address
  readonly token1: Address
  /** Hundredths of a basis point: 3000 is 0.3 %. */
  readonly feePips: number
  readonly reserve0: bigint
  readonly reserve1: bigint
}

/** An initialised tick: the liquidity that is added when the price crosses it upwards. */
export type InitializedTick = { readonly index: number; readonly liquidityNet: bigint }

/** A Uniswap v3 pool with the ticks around its price. */
export type ConcentratedPool = {
  readonly kind: 'concentrated'
  readonly address: Address
  readonly assetIds: readonly [string, string]
  readonly token0: Address
  readonly token1: Address
  readonly feePips: number
  readonly tickSpacing: number
  readonly sqrtPriceX96: bigint
  readonly tick: number
  readonly liquidity: bigint
  /** Ascending, complete within `knownTicks`, nothing outside it. */
  readonly ticks: readonly InitializedTick[]
  /** Initialised ticks are known from `lower` to `upper`, both included; a swap may not leave this window. */
  readonly knownTicks: { readonly lower: number; readonly upper: number }
}

export type Pool = ConstantProductPool | ConcentratedPool

/** Everything a plan is made of, read at one block. */
export type Snapshot = {
  readonly chainId: number
  readonly account: Address
  readonly block: BlockRef
  /** All listed assets of the chain, in the order of the list. */
  readonly assets: readonly AssetReading[]
  readonly pools: readonly Pool[]
}
