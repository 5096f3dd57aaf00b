import type { AssetId } from '../asset'
import type { PolicyIssue } from '../policy/checkPolicy'
import type { BlockRef, PoolId } from '../snapshot'
import type { Address, Bps, Usd } from '../units'

/**
 * Who executes the swaps. SwapRouter02 runs paths, each from a sold to a bought asset; the Universal Router runs the flow pool by
 * pool and knows v4 (ROUTING, "From flow to router").
 */
export type RouterName = 'swapRouter02' | 'universalRouter'

/** The pool of a hop: what the router has to be told of it, and its name in the snapshot. */
export type HopPool =
  | { readonly kind: 'constantProduct' | 'concentrated'; readonly id: PoolId; readonly feePips: number }
  | { readonly kind: 'singleton'; readonly id: PoolId; readonly feePips: number; readonly tickSpacing: number }

/** One swap in one pool, as the exact replay saw it. Amounts in base units, the fee included in `amountIn`. */
export type Hop = {
  readonly pool: HopPool
  readonly sell: AssetId
  readonly buy: AssetId
  /** The native coin under its pseudo-address, in v4 pools that trade it as such. */
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly amountIn: bigint
  readonly amountOut: bigint
}

/**
 * One call that the router makes: on SwapRouter02 a path of pools from a sold to a bought asset, on the Universal Router one pool,
 * which may begin or end in an asset that is only passed through.
 */
export type Leg = {
  readonly sell: AssetId
  readonly buy: AssetId
  /**
   * `native`: from the call's value; `token`: pulls `hops[0].tokenIn` from the account; `router`: spends what stands in the
   * Universal Router, paid there by earlier legs or pulled for several.
   */
  readonly paidFrom: 'native' | 'token' | 'router'
  /** `router`: what it buys stays in the router, for later legs or to be paid out at the end. */
  readonly paidTo: 'account' | 'router'
  /** At least one; the last one's `amountOut` is the quote. */
  readonly hops: readonly [Hop, ...Hop[]]
  readonly amountIn: bigint
  /** What the replay pays out at the plan's block. */
  readonly quotedOut: bigint
  /**
   * What the router must get for this leg at least. On SwapRouter02 quote less slippage, rounded up, never below `oracleFloor`; on
   * the Universal Router the purchase's minimum where the leg alone pays it to the account, else 0: there the purchase holds it.
   */
  readonly minimumOut: bigint
  /** SwapRouter02: the oracle's amount less the path's fees and the tolerance, rounded up. Universal Router: 0. */
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

/** What leaves the account of one token; the native coin, under its pseudo-address, as the call's value. */
export type Spending = { readonly assetId: AssetId; readonly token: Address; readonly amount: bigint }

/** What the account gets of one bought asset over all legs: the bundle reverts below `minimumOut`. */
export type Purchase = {
  readonly assetId: AssetId
  /** What is paid out; the native coin under its pseudo-address. */
  readonly token: Address
  readonly quotedOut: bigint
  /** SwapRouter02: sum over its legs. Universal Router: quote less slippage, rounded up, never below `oracleFloor`. */
  readonly minimumOut: bigint
  /** The oracle's worth of what was sold for it, less fees and tolerance on the way there, rounded up. */
  readonly oracleFloor: bigint
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
  | 'legLimit'
  | 'unreadable'
  /** The person's own rules: it is never traded, does not count, or goes one way only. */
  | 'locked'
  | 'excluded'
  | 'mayNotBuy'
  | 'mayNotSell'
  /** Its minimum or maximum weight. */
  | 'weightLimit'
  /** The plan only buys, or only sells. */
  | 'mode'
  | 'turnoverCap'
  /** Left alone in this plan, because its pools are in drought. */
  | 'drought'

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
  /** What every pool that is called is worth, the largest first. */
  readonly poolUse: readonly PoolUse[]
}

/** What one pool brings to a plan. Floats, for show only. */
export type PoolUse = {
  readonly pool: HopPool
  readonly assetIds: readonly [AssetId, AssetId]
  /** Dollars that enter it. */
  readonly soldUsd: number
  /** What its swap earns at the shadow prices, before gas. */
  readonly surplusUsd: number
  readonly gasUsd: number
}

/** A pool that was read and is not traded through, and why. */
export type LeftOutPool = {
  readonly pool: HopPool
  readonly assetIds: readonly [AssetId, AssetId]
  /** `batchOnly`: v4 pools, where the wallet cannot send a batch. */
  readonly reason: 'noLiquidity' | 'tooShallow' | 'offPrice' | 'unpriced' | 'batchOnly'
  /** How far its price lies from the feeds' in basis points, for `offPrice`. */
  readonly offBps?: number
}

/** The bundle does not fit into one batch of the wallet: this plan is the first of `of` (at least 2). */
export type PlanPart = { readonly part: 1; readonly of: number }

/** Gas of the whole bundle (router call and approvals) at the fee that the user would pay at most. */
export type GasEstimate = { readonly units: bigint; readonly maxFeePerGas: bigint; readonly usd: Usd }

/** A verified plan: exact amounts in the order of execution. Plain data; survives a structured clone. */
export type RebalancePlan = {
  readonly chainId: number
  readonly account: Address
  readonly block: BlockRef
  readonly router: RouterName
  /** In the order of execution. */
  readonly legs: readonly [Leg, ...Leg[]]
  readonly spendings: readonly [Spending, ...Spending[]]
  readonly purchases: readonly [Purchase, ...Purchase[]]
  /** Missing where the whole rebalance fits into one bundle. */
  readonly part?: PlanPart
  readonly positions: readonly ProjectedPosition[]
  readonly skipped: readonly Skipped[]
  /** By pool id. */
  readonly leftOut: readonly LeftOutPool[]
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
  /** Limits that cannot hold together. */
  | { readonly kind: 'contradiction'; readonly issues: readonly PolicyIssue[] }
  /** More cash is to be spent or raised than there is: at most `most` base units. */
  | {
      readonly kind: 'cashShort'
      readonly assetId: AssetId
      readonly decimals: number
      readonly amount: bigint
      readonly most: bigint
    }

/** What planning ends in. */
export type PlanOutcome =
  | { readonly status: 'planned'; readonly plan: RebalancePlan }
  | { readonly status: 'nothingToDo'; readonly driftBps: number; readonly skipped: readonly Skipped[] }
  | { readonly status: 'blocked'; readonly obstacle: PlanObstacle; readonly skipped: readonly Skipped[] }

/** The best plan with at most so many legs, on the way from the fewest to the cheapest. */
export type FrontierPlan = { readonly legs: number; readonly plan: RebalancePlan }
