import { decimalsIn, isKnown, type OrUnknown, type Receipt } from '@/lib/core/activity/receipt'
import type { Asset, AssetId } from '@/lib/core/asset'
import { apportion } from '@/lib/core/numbers/apportion'

/** An amount with what is needed to write it. */
export type AmountRow = { readonly amount: OrUnknown<bigint>; readonly decimals: number; readonly symbol: string }

const usualDecimals = 18

function rowOf(receipt: Receipt, assetId: AssetId, amount: OrUnknown<bigint>): AmountRow {
  return { amount, decimals: decimalsIn(receipt, assetId) ?? usualDecimals, symbol: assetId }
}

/** What was sold and what arrived, each asset once. */
export function toTradedRows(receipt: Receipt): {
  readonly sold: readonly AmountRow[]
  readonly bought: readonly AmountRow[]
} {
  return {
    sold: receipt.spendings.map(({ assetId, amount }) => rowOf(receipt, assetId, amount)),
    bought: receipt.purchases.map(({ assetId, received }) => rowOf(receipt, assetId, received)),
  }
}

/** Quoted, promised, received and what the feeds said, for a leg or a purchase. */
export type QuoteRow = {
  readonly key: string
  /** Missing for a purchase, which sums what legs bought. */
  readonly sell?: AmountRow
  readonly received: AmountRow
  readonly quoted: AmountRow
  readonly minimum?: AmountRow
  readonly oracleMid?: AmountRow
  readonly gasUnits?: bigint
}

/** One row for each leg, in the order of execution. */
export function toLegRows(receipt: Receipt): readonly QuoteRow[] {
  return receipt.legs.map(({ sell, buy, amountIn, quoted, minimum, received, oracleMid, gasUnits }, index) => ({
    key: `${index}-${sell}-${buy}`,
    sell: rowOf(receipt, sell, amountIn),
    received: rowOf(receipt, buy, received),
    quoted: rowOf(receipt, buy, quoted),
    ...(minimum === undefined ? {} : { minimum: rowOf(receipt, buy, minimum) }),
    oracleMid: rowOf(receipt, buy, oracleMid),
    gasUnits,
  }))
}

/** One row for each bought asset over all legs. */
export function toPurchaseRows(receipt: Receipt): readonly QuoteRow[] {
  return receipt.purchases.map(({ assetId, received, quoted, minimum }) => ({
    key: assetId,
    received: rowOf(receipt, assetId, received),
    quoted: rowOf(receipt, assetId, quoted),
    minimum: rowOf(receipt, assetId, minimum),
  }))
}

/** One part of the strips: how much of the whole it was before and after, in tenths of a percent. */
export type BeforeAfterPart = {
  readonly assetId: AssetId
  /** Its place in the chain's list, for its colour. */
  readonly place: number
  readonly beforeTenths: number
  readonly afterTenths: OrUnknown<number>
}

const tenthsOfWhole = 1000

/** The parts of both strips in the order of the chain's list. Each strip sums to exactly 1000, or is not known at all. */
export function toBeforeAfterParts({ positions }: Receipt, assets: readonly Asset[]): readonly BeforeAfterPart[] {
  const placeOf = (assetId: AssetId) => {
    const found = assets.findIndex(({ id }) => id === assetId)
    return found === -1 ? assets.length : found
  }
  const after = positions.map(({ afterUsd }) => afterUsd).filter(isKnown)
  const beforeTenths = share(positions.map(({ beforeUsd }) => beforeUsd))
  const afterTenths = after.length === positions.length ? share(after) : undefined
  return positions
    .map(({ assetId }, index) => ({
      assetId,
      place: placeOf(assetId),
      beforeTenths: beforeTenths?.[index] ?? 0,
      afterTenths: afterTenths?.[index] ?? ('unknown' as const),
    }))
    .filter((part) => part.beforeTenths > 0 || part.afterTenths !== 0)
    .sort((a, b) => a.place - b.place)
}

function share(values: readonly bigint[]): readonly number[] | undefined {
  return values.every((value) => value === 0n) ? undefined : apportion(values, tenthsOfWhole)
}
