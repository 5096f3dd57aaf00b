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

/** What Permit2 lets one spender pull of a token, and until when, or why that is unknown. */
export type Permit2Reading =
  | {
      readonly status: 'known'
      readonly amount: bigint
      /** Unix seconds; in a block of a later time nothing may be pulled. */
      readonly expiration: number
    }
  | { readonly status: 'unreadable'; readonly reason: string }

/** One token of the account, with what our routers may already spend of it (0 for the native coin). Base units. */
export type TokenReading = {
  readonly token: Token
  readonly balance: BalanceReading
  /** What SwapRouter02 may spend. */
  readonly routerAllowance: BalanceReading
  /** What Permit2 may spend: for whom, `universalRouterGrant` says. */
  readonly permit2Allowance: BalanceReading
  /** What Permit2 lets the Universal Router pull. */
  readonly universalRouterGrant: Permit2Reading
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

/** What names a pool: its contract's address (v2, v3), or the 32 bytes that a v4 pool's key hashes to. */
export type PoolId = Hex

/** A Uniswap v2 pair. `assetIds` are those of token0 and token1. */
export type ConstantProductPool = {
  readonly kind: 'constantProduct'
  readonly id: PoolId
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
  readonly id: PoolId
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

/**
 * A Uniswap v4 pool without hooks, kept by the one PoolManager: liquidity as in v3. The native coin is a token of its own there,
 * under its pseudo-address.
 */
export type SingletonPool = Omit<ConcentratedPool, 'kind'> & {
  readonly kind: 'singleton'
  /** Hundredths of a basis point that the protocol takes beside `feePips`: of sold token0, and of sold token1. */
  readonly protocolFeePips: readonly [number, number]
}

export type Pool = ConstantProductPool | ConcentratedPool | SingletonPool

/** Everything a plan is made of, read at one block. */
export type Snapshot = {
  readonly chainId: number
  readonly account: Address
  readonly block: BlockRef
  /** All listed assets of the chain, in the order of the list. */
  readonly assets: readonly AssetReading[]
  readonly pools: readonly Pool[]
}
