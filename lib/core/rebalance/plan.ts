import type { AssetId } from '../asset'
import type { BlockRef } from '../snapshot'
import type { Address, Bps, Usd } from '../units'

/** One swap in one pool, as the exact replay saw it. Amounts in base units, the fee included in `amountIn`. */
export type Hop = {
  readonly pool: {
    readonly kind: 'constantProduct' | 'concentrated'
    readonly address: Address
    readonly feePips: number
  }
  readonly sell: AssetId
  readonly buy: AssetId
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly amountIn: bigint
  readonly amountOut: bigint
}

/** One path from a sold to a bought asset: what SwapRouter02 executes as one swap, hop after hop. */
export type Leg = {
  readonly sell: AssetId
  readonly buy: AssetId
  /** `native` legs are paid from the call's value and stand first; all others pull `hops[0].tokenIn` from the account. */
  readonly paidFrom: 'native' | 'token'
  /** At least one; the last one's `amountOut` is the quote. */
  readonly hops: readonly [Hop, ...Hop[]]
  readonly amountIn: bigint
  /** What the replay pays out at the plan's block. */
  readonly quotedOut: bigint
  /** What the router must pay at least: quote less slippage, rounded up, never below `oracleFloor`. */
  readonly minimumOut: bigint
  /** The oracle's amount less the path's fees and 1 %, rounded up. */
  readonly oracleFloor: bigint
  readonly soldUsd: Usd
  readonly feeUsd: Usd
  /** Value given up against the oracle beyond the fee; negative when the pool pays better than the oracle. */
  readonly impactUsd: bigint
  /** `impactUsd` against `soldUsd`, in basis points, rounded away from zero. */
  readonly impactBps: number
  /** Units of gas that this leg adds to the bundle, estimated. */
  readonly gas: bigint
}

/** Now, projected and target of one asset side by side. Bps of each column sum to 10 000 over all rows. */
export type ProjectedPosition = {
  readonly assetId: AssetId
  readonly nowAmount: bigint
  readonly nowUsd: Usd
  readonly nowBps: Bps
  readonly projectedAmount: bigint
  readonly projectedUsd: Usd
  readonly projectedBps: Bps
  readonly targetBps: Bps
}

export type SkipReason =
  | 'inBand'
  | 'belowMinimum'
  | 'noRoute'
  | 'priceImpact'
  | 'stalePrice'
  | 'unpriced'
  | 'reserve'
  | 'callBudget'
  | 'unreadable'

/** Why an asset that is off its target is not traded, or not fully. */
export type Skipped = { readonly assetId: AssetId; readonly reason: SkipReason; readonly driftBps: number }

export type PlanCost = {
  readonly feeUsd: Usd
  readonly impactUsd: bigint
  readonly gasUsd: Usd
  /** Fee, impact and gas; negative when pools pay better than the oracle. */
  readonly totalUsd: bigint
  /** Hundredths of a basis point of the portfolio: 123 is 1.23 bps. */
  readonly totalCentiBps: number
}

/** How far the plan is at most from the most that these pools allow (ROUTING, "The dual"). Floats, for show only. */
export type Certificate = {
  readonly valueUsd: number
  readonly boundUsd: number
  readonly gapBps: number
  readonly shadowPrices: readonly { readonly assetId: AssetId; readonly usd: number }[]
}

/** Gas of the whole bundle (router call and approvals) at the fee that the user would pay at most. */
export type GasEstimate = { readonly units: bigint; readonly maxFeePerGas: bigint; readonly usd: Usd }

/** A verified plan: exact amounts in the order of execution. Plain data; survives a structured clone. */
export type RebalancePlan = {
  readonly chainId: number
  readonly account: Address
  readonly block: BlockRef
  readonly legs: readonly [Leg, ...Leg[]]
  readonly positions: readonly ProjectedPosition[]
  readonly skipped: readonly Skipped[]
  readonly cost: PlanCost
  readonly gas: GasEstimate
  readonly certificate: Certificate
  /** Native base units that are kept back for gas. */
  readonly nativeReserve: bigint
  readonly driftBeforeBps: number
  readonly driftAfterBps: number
  /** Unix seconds, counted from the block's time: the router refuses the call afterwards. */
  readonly deadline: number
  /** What needs more than a click before signing (POLICY: 1 to 3 % warn, 3 to 5 % type the loss). */
  readonly impactLevel: 'quiet' | 'warn' | 'typeLoss'
}

/** Why there can be no plan although something is off target. Each is a state that a person can be in. */
export type PlanObstacle =
  | { readonly kind: 'unreadableBalances'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'unpricedAssets'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'stalePrices'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'emptyWallet' }
  | { readonly kind: 'noRoute'; readonly assetIds: readonly AssetId[] }
  | {
      readonly kind: 'priceImpact'
      readonly impactBps: number
      readonly lossUsd: Usd
      readonly assetIds: readonly AssetId[]
    }
  | { readonly kind: 'belowOracleFloor'; readonly assetIds: readonly AssetId[] }
  | { readonly kind: 'notEnoughGas'; readonly needed: bigint; readonly held: bigint }

/** What planning ends in. */
export type PlanOutcome =
  | { readonly status: 'planned'; readonly plan: RebalancePlan }
  | { readonly status: 'nothingToDo'; readonly driftBps: number; readonly skipped: readonly Skipped[] }
  | { readonly status: 'blocked'; readonly obstacle: PlanObstacle; readonly skipped: readonly Skipped[] }
