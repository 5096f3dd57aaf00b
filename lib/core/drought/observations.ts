import type { AssetId } from '../asset'
import { type AssetCloses, endOfDay } from '../history/priceHistory'
import type { PoolId } from '../snapshot'
import type { Usd } from '../units'

/** What all that a plan sold in the pools of a pair, from one asset to the other, gave up against the feeds. */
export type PairImpact = {
  readonly sell: AssetId
  readonly buy: AssetId
  readonly soldUsd: Usd
  /** Beyond the fee, rounded away from zero; negative where the pools paid better. */
  readonly impactBps: number
  /** Unix seconds of the block. */
  readonly at: number
}

/** How far a pool's price lay from the feeds'. */
export type PoolGap = {
  readonly poolId: PoolId
  /** Either way, rounded up. */
  readonly gapBps: number
  /** Unix seconds of the block. */
  readonly at: number
}

/** A feed said the same price from one time to another, both in Unix seconds. */
export type PriceSpan = {
  readonly assetId: AssetId
  readonly usd: Usd
  readonly from: number
  readonly until: number
}

/** What was seen of a chain's market before. */
export type MarketObservations = {
  readonly impacts: readonly PairImpact[]
  readonly gaps: readonly PoolGap[]
  readonly prices: readonly PriceSpan[]
}

/** A device that has seen nothing yet. */
export const noObservations: MarketObservations = { impacts: [], gaps: [], prices: [] }

/** With fewer earlier observations nothing is called usual. */
export const leastObservations = 5

/** Where the middle one of some numbers lies; between two it is their mean, rounded up. Nothing of nothing. */
export function medianOf(values: readonly number[]): number | undefined {
  const ordered = [...values].sort((a, b) => a - b)
  const upper = ordered[ordered.length >> 1]
  if (upper === undefined) return undefined
  const lower = ordered[(ordered.length - 1) >> 1] ?? upper
  return Math.ceil((lower + upper) / 2)
}

/** No price of longer ago is compared. */
const comparedDays = 2

/** Takes the daily closes of feeds for spans: each price is known to hold at the end of its day. Only the last days before `now` count. */
export function toCloseSpans(assets: readonly AssetCloses[], now: number): readonly PriceSpan[] {
  return assets.flatMap(({ assetId, closes }) =>
    closes
      .map(({ day, usd }) => ({ assetId, usd, from: endOfDay(day), until: endOfDay(day) }))
      .filter(({ until }) => until <= now && until > now - comparedDays * secondsPerDay),
  )
}

const secondsPerDay = 86_400
