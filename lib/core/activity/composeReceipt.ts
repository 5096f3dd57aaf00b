import { type Asset, type AssetId, nativeAddress } from '../asset'
import type { Rung } from '../execution/execution'
import type { BoughtOutcome, ExecutionOutcome, LegOutcome } from '../execution/outcome'
import { apportion } from '../numbers/apportion'
import { usdValue, weigh } from '../portfolio/portfolio'
import type { Leg, RebalancePlan } from '../rebalance/plan'
import { type Address, mulDivDown, mulDivUp, toBps, toUsd, type Usd } from '../units'
import {
  type OrUnknown,
  type Receipt,
  type ReceiptAsset,
  type ReceiptCost,
  type ReceiptLeg,
  type ReceiptPosition,
  type ReceiptPurchase,
  shareOf,
} from './receipt'

/** An asset of a plan that the given list does not have: its decimals are not known. */
export class UnlistedReceiptAssetError extends Error {
  override readonly name = 'UnlistedReceiptAssetError'
  constructor(readonly assetId: AssetId) {
    super(`${assetId} stands in the plan and not in the list of assets. Give the list of the plan's chain.`)
  }
}

/** What was read of an execution. A leg or a purchase that is not there, or whose amount is missing, is unknown. */
export type ReadOutcome = Pick<ExecutionOutcome, 'txHash' | 'blockNumber' | 'gasUsed' | 'gasPaid'> & {
  readonly legs: readonly (Pick<LegOutcome, 'sell' | 'buy' | 'amountIn'> & {
    readonly receivedOut: bigint | undefined
  })[]
  readonly bought: readonly (Pick<BoughtOutcome, 'token'> & { readonly received: bigint | undefined })[]
}

/** Everything that a receipt is made of. */
export type ReceiptRequest = {
  readonly plan: RebalancePlan
  readonly outcome: ReadOutcome
  readonly rung: Rung
  /** Feed prices of the plan's block, in dollars x 1e18 for one whole token. */
  readonly prices: readonly { readonly assetId: AssetId; readonly usd: Usd }[]
  /** The listed assets of the plan's chain. */
  readonly assets: readonly Asset[]
  /** Unix seconds of the block that includes it; missing where it could not be read. */
  readonly includedAt?: number | undefined
}

/**
 * Composes the receipt of an executed plan from what the chain shows. Sums are exact; values round down, gas and the cost's share
 * round up.
 * @throws {UnlistedReceiptAssetError} when the list lacks an asset of the plan.
 */
export function composeReceipt(request: ReceiptRequest): Receipt {
  const { plan, outcome, rung, includedAt } = request
  const { chainId, account, block, router, spendings } = plan
  const assets = listAssets(request)
  const book = new Map(assets.map((asset) => [asset.assetId, asset]))
  const purchases = composePurchases(request)
  const { positions, beforeUsd, afterUsd } = composePositions(request, purchases, book)
  return {
    chainId,
    account,
    txHash: outcome.txHash,
    planned: { blockNumber: block.number, timestamp: block.timestamp },
    included: { blockNumber: outcome.blockNumber, timestamp: includedAt ?? 'unknown' },
    latencyBlocks: outcome.blockNumber - block.number,
    rung,
    router,
    assets,
    legs: composeLegs(request, book),
    spendings: spendings.map(({ assetId, token, amount }) => ({ assetId, token, amount })),
    purchases,
    positions,
    beforeUsd,
    afterUsd,
    gas: { units: outcome.gasUsed, paid: outcome.gasPaid },
    cost: composeCost(request, { beforeUsd, afterUsd, gasUsd: gasWorth(request) }),
  }
}

type Book = ReadonlyMap<AssetId, ReceiptAsset>

function listAssets({ plan, prices, assets }: ReceiptRequest): readonly ReceiptAsset[] {
  const used = [
    ...plan.positions.map(({ assetId }) => assetId),
    ...plan.spendings.map(({ assetId }) => assetId),
    ...plan.purchases.map(({ assetId }) => assetId),
    ...plan.legs.flatMap(({ sell, buy }) => [sell, buy]),
  ]
  return [...new Set(used)].map((assetId) => {
    const listed = assets.find(({ id }) => id === assetId)
    if (listed === undefined) throw new UnlistedReceiptAssetError(assetId)
    return { assetId, decimals: listed.decimals, priceUsd: priceOf(assetId, prices) }
  })
}

function priceOf(assetId: AssetId, prices: ReceiptRequest['prices']): OrUnknown<Usd> {
  return prices.find((price) => price.assetId === assetId)?.usd ?? 'unknown'
}

function composeLegs({ plan, outcome }: ReceiptRequest, book: Book): readonly ReceiptLeg[] {
  const gasShares = shareGas(plan.legs, outcome.gasUsed)
  return plan.legs.map((leg, index): ReceiptLeg => {
    const { sell, buy, quotedOut, minimumOut } = leg
    const read = outcome.legs[index]
    const found = read?.sell === sell && read.buy === buy ? read : undefined
    const amountIn = found?.amountIn ?? leg.amountIn
    return {
      sell,
      buy,
      amountIn,
      quoted: quotedOut,
      ...(minimumOut > 0n ? { minimum: minimumOut } : {}),
      received: found?.receivedOut ?? 'unknown',
      oracleMid: oracleMid(amountIn, book.get(sell), book.get(buy)),
      gasUnits: gasShares[index] ?? 0n,
    }
  })
}

/** What an input is worth in the output at the feeds' prices, rounded down. */
function oracleMid(amountIn: bigint, sell: ReceiptAsset | undefined, buy: ReceiptAsset | undefined): OrUnknown<bigint> {
  if (sell === undefined || buy === undefined) return 'unknown'
  if (sell.priceUsd === 'unknown' || buy.priceUsd === 'unknown' || buy.priceUsd === 0n) return 'unknown'
  // {out} = {in} * {usd/sold} / {usd/bought} * {out/bought} / {in/sold}
  return mulDivDown(amountIn * sell.priceUsd, 10n ** BigInt(buy.decimals), buy.priceUsd * 10n ** BigInt(sell.decimals))
}

/** Shares out the gas that was used in proportion to the plan's estimates, evenly where it has none. */
function shareGas(legs: readonly Pick<Leg, 'gas'>[], gasUsed: bigint): readonly bigint[] {
  const estimates = legs.map(({ gas }) => gas)
  const parts = estimates.some((gas) => gas > 0n) ? estimates : estimates.map(() => 1n)
  return apportion(parts, Number(gasUsed)).map(BigInt)
}

function composePurchases({ plan, outcome }: ReceiptRequest): readonly ReceiptPurchase[] {
  const received = new Map(outcome.bought.map((bought) => [toKey(bought.token), bought.received]))
  return plan.purchases.map(({ assetId, token, quotedOut, minimumOut }) => ({
    assetId,
    token,
    quoted: quotedOut,
    minimum: minimumOut,
    received: received.get(toKey(token)) ?? 'unknown',
  }))
}

const toKey = (token: Address) => token.toLowerCase()

type Values = Pick<Receipt, 'positions' | 'beforeUsd' | 'afterUsd'>

function composePositions({ plan }: ReceiptRequest, purchases: readonly ReceiptPurchase[], book: Book): Values {
  const changes = sumChanges(plan, purchases)
  const rows = plan.positions.map(({ assetId, nowAmount, nowUsd }) => {
    const change = changes.get(assetId) ?? 0n
    const asset = book.get(assetId)
    const worth = (amount: bigint): OrUnknown<Usd> => {
      if (asset !== undefined && asset.priceUsd !== 'unknown') return usdValue(amount, asset.decimals, asset.priceUsd)
      // An old price still values what stays as it is, as in the plan.
      return amount === nowAmount ? nowUsd : 'unknown'
    }
    const beforeWorth = worth(nowAmount)
    const afterAmount = change === 'unknown' ? change : nowAmount + change
    return {
      assetId,
      beforeAmount: nowAmount,
      beforeUsd: beforeWorth === 'unknown' ? nowUsd : beforeWorth,
      afterAmount,
      afterUsd: afterAmount === 'unknown' ? afterAmount : worth(afterAmount),
    }
  })
  const isComplete = [...changes.keys()].every((id) => rows.some(({ assetId }) => assetId === id))
  const beforeUsd = sumKnown(rows.map((row) => row.beforeUsd))
  const total = isComplete ? sumAll(rows.map((row) => row.afterUsd)) : 'unknown'
  const beforeBps = weigh(
    rows.map((row) => ({ assetId: row.assetId, valueUsd: row.beforeUsd })),
    beforeUsd,
  )
  const afterBps =
    total === 'unknown' || total === 0n
      ? undefined
      : weigh(
          rows.map(({ assetId, afterUsd }) => ({ assetId, valueUsd: afterUsd === 'unknown' ? 0n : afterUsd })),
          total,
        )
  const positions = rows.map(
    (row): ReceiptPosition => ({
      ...row,
      beforeBps: beforeBps.get(row.assetId) ?? toBps(0),
      afterBps: afterBps?.get(row.assetId) ?? 'unknown',
    }),
  )
  return { positions, beforeUsd: toUsd(beforeUsd), afterUsd: total === 'unknown' ? total : toUsd(total) }
}

/** What each traded asset lost or gained. */
function sumChanges(
  { spendings }: Pick<RebalancePlan, 'spendings'>,
  purchases: readonly ReceiptPurchase[],
): ReadonlyMap<AssetId, OrUnknown<bigint>> {
  const changes = new Map<AssetId, OrUnknown<bigint>>()
  const add = (assetId: AssetId, change: OrUnknown<bigint>) => {
    const before = changes.get(assetId) ?? 0n
    changes.set(assetId, before === 'unknown' || change === 'unknown' ? 'unknown' : before + change)
  }
  for (const { assetId, amount } of spendings) add(assetId, -amount)
  for (const { assetId, received } of purchases) add(assetId, received)
  return changes
}

const sumKnown = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n)

function sumAll(values: readonly OrUnknown<bigint>[]): OrUnknown<bigint> {
  return values.reduce<OrUnknown<bigint>>(
    (sum, value) => (sum === 'unknown' || value === 'unknown' ? 'unknown' : sum + value),
    0n,
  )
}

/** What the gas cost, rounded up. */
function gasWorth({ outcome, prices, assets }: ReceiptRequest): OrUnknown<Usd> {
  const native = assets.find(({ tokens }) => tokens.some(({ address }) => toKey(address) === toKey(nativeAddress)))
  const price = native === undefined ? 'unknown' : priceOf(native.id, prices)
  if (native === undefined || price === 'unknown') return 'unknown'
  // {usd} = {wei} * {usd/coin} / {wei/coin}
  return toUsd(mulDivUp(outcome.gasPaid, price, 10n ** BigInt(native.decimals)))
}

function composeCost(
  { plan }: ReceiptRequest,
  { beforeUsd, afterUsd, gasUsd }: { beforeUsd: Usd; afterUsd: OrUnknown<Usd>; gasUsd: OrUnknown<Usd> },
): ReceiptCost {
  const feeUsd = toUsd(plan.legs.reduce((sum, leg) => sum + leg.feeUsd, 0n))
  const impactUsd = afterUsd === 'unknown' ? afterUsd : beforeUsd - afterUsd - feeUsd
  if (impactUsd === 'unknown' || gasUsd === 'unknown') {
    return { feeUsd, impactUsd, gasUsd, totalUsd: 'unknown', totalCentiBps: 'unknown' }
  }
  const totalUsd = feeUsd + impactUsd + gasUsd
  return { feeUsd, impactUsd, gasUsd, totalUsd, totalCentiBps: shareOf(totalUsd, beforeUsd) }
}
