import type { AssetId } from '../asset'
import type { Rung } from '../execution/execution'
import type { RouterName } from '../rebalance/plan'
import { type Address, type Bps, type Hex, mulDivUp, type Usd } from '../units'

/** A figure, or that the chain or the feeds did not say. Unknown is never zero. */
export type OrUnknown<Figure> = Figure | 'unknown'

/** What is needed to write and to value amounts of an asset. */
export type ReceiptAsset = {
  readonly assetId: AssetId
  readonly decimals: number
  /** What the feed said at the plan's block, in dollars x 1e18 for one whole token. */
  readonly priceUsd: OrUnknown<Usd>
}

/** One leg as it was executed. Base units. */
export type ReceiptLeg = {
  readonly sell: AssetId
  readonly buy: AssetId
  readonly amountIn: bigint
  readonly quoted: bigint
  /** Missing where the leg has none of its own and only the purchase's minimum holds. */
  readonly minimum?: bigint
  readonly received: OrUnknown<bigint>
  /** What the feeds' prices say that the input was worth in the output, without any cost; rounded down. */
  readonly oracleMid: OrUnknown<bigint>
  /** Its share of the gas that was used, by the plan's estimate of each leg. The shares of all legs sum to the whole. */
  readonly gasUnits: bigint
}

/** What left the account of one token. */
export type ReceiptSpending = { readonly assetId: AssetId; readonly token: Address; readonly amount: bigint }

/** What arrived of one bought asset over all legs. */
export type ReceiptPurchase = {
  readonly assetId: AssetId
  readonly token: Address
  readonly quoted: bigint
  readonly minimum: bigint
  readonly received: OrUnknown<bigint>
}

/** One asset before and after, both valued at the plan's prices, so that only the trade shows. Gas is left out. */
export type ReceiptPosition = {
  readonly assetId: AssetId
  readonly beforeAmount: bigint
  readonly beforeUsd: Usd
  readonly beforeBps: Bps
  readonly afterAmount: OrUnknown<bigint>
  readonly afterUsd: OrUnknown<Usd>
  readonly afterBps: OrUnknown<Bps>
}

/** What it cost: `totalUsd` = fee + impact + gas = value before - value after + gas, exactly. */
export type ReceiptCost = {
  /** What the pools' fees came to by the plan. */
  readonly feeUsd: Usd
  /** Value given up beyond the fees, as measured; negative where the pools paid better than the feeds. */
  readonly impactUsd: OrUnknown<bigint>
  /** Gas at the native coin's price, rounded up. */
  readonly gasUsd: OrUnknown<Usd>
  readonly totalUsd: OrUnknown<bigint>
  /** Hundredths of a basis point of the value before, rounded up. */
  readonly totalCentiBps: OrUnknown<number>
}

/** The account of one executed rebalance. Plain data: it is kept on the device and checked by a schema on load. */
export type Receipt = {
  readonly chainId: number
  readonly account: Address
  readonly txHash: Hex
  /** The block that the plan's quotes were read at. Unix seconds. */
  readonly planned: { readonly blockNumber: bigint; readonly timestamp: number }
  readonly included: { readonly blockNumber: bigint; readonly timestamp: OrUnknown<number> }
  /** Blocks from the plan's to the one that includes it. */
  readonly latencyBlocks: bigint
  readonly rung: Rung
  readonly router: RouterName
  /** All assets that stand anywhere in the receipt. */
  readonly assets: readonly ReceiptAsset[]
  /** In the order of execution. */
  readonly legs: readonly ReceiptLeg[]
  readonly spendings: readonly ReceiptSpending[]
  readonly purchases: readonly ReceiptPurchase[]
  readonly positions: readonly ReceiptPosition[]
  readonly beforeUsd: Usd
  readonly afterUsd: OrUnknown<Usd>
  /** Units and wei of the swap and of the approvals before it. */
  readonly gas: { readonly units: bigint; readonly paid: bigint }
  readonly cost: ReceiptCost
}

/** Whether a figure is known. */
export function isKnown<Figure>(figure: OrUnknown<Figure>): figure is Exclude<Figure, 'unknown'> {
  return figure !== 'unknown'
}

/** Hundredths of a basis point that a part is of a whole, rounded up; unknown where there is no whole that it could be compared with. */
export function shareOf(partUsd: bigint, wholeUsd: bigint): OrUnknown<number> {
  if (wholeUsd <= 0n) return 'unknown'
  // {centiBps} = {usd} * 1e6 / {usd}; a negative quotient is cut towards zero, which is up.
  const share = Number(partUsd > 0n ? mulDivUp(partUsd, 1_000_000n, wholeUsd) : (partUsd * 1_000_000n) / wholeUsd)
  return Number.isSafeInteger(share) ? share : 'unknown'
}

/** The decimals of an asset of a receipt; nothing for an asset that does not stand in it. */
export function decimalsIn({ assets }: Pick<Receipt, 'assets'>, assetId: AssetId): number | undefined {
  return assets.find((asset) => asset.assetId === assetId)?.decimals
}

/** The newest plan first, then the later block, then by hash. */
export function compareNewestFirst(a: Receipt, b: Receipt): number {
  if (a.planned.timestamp !== b.planned.timestamp) return b.planned.timestamp - a.planned.timestamp
  const [first, second] = [a.included.blockNumber, b.included.blockNumber]
  if (first !== second) return first > second ? -1 : 1
  return a.txHash < b.txHash ? -1 : a.txHash > b.txHash ? 1 : 0
}

/**
 * Whether a receipt takes the place of the one that is kept for the same transaction: it knows more, or the chain has included the
 * transaction in another block since (a reorganisation).
 */
export function replacesReceipt(newer: Receipt, kept: Receipt): boolean {
  const isMoved = newer.included.blockNumber !== kept.included.blockNumber
  return isMoved || countUnknown(newer) < countUnknown(kept)
}

function countUnknown(receipt: Receipt): number {
  const { legs, purchases, assets, included, cost } = receipt
  const figures = [
    included.timestamp,
    cost.gasUsd,
    cost.totalUsd,
    ...legs.map(({ received }) => received),
    ...purchases.map(({ received }) => received),
    ...assets.map(({ priceUsd }) => priceUsd),
  ]
  return figures.filter((figure) => figure === 'unknown').length
}
