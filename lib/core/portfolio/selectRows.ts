import type { AssetId } from '../asset'
import { apportion } from '../numbers/apportion'
import { toUsd, type Usd, usdUnit } from '../units'
import type { Portfolio, Position } from './portfolio'

/** What is too small for a row of its own. */
export type OtherRow = {
  readonly positions: readonly Position[]
  readonly valueUsd: Usd
  readonly weightBps: number
}

export type PortfolioRows = { readonly rows: readonly Position[]; readonly other?: OtherRow }

const dustUsd = usdUnit
const dustBps = 10n
const bpsPerWhole = 10_000n

/**
 * Which positions get a row, in the order of the list: all with a target, and all that are held. Dust without a target (under $1 or
 * 0.1 % of the total) is grouped; what is neither held nor wanted is left out. Unknown values always show.
 */
export function selectRows(portfolio: Portfolio): PortfolioRows {
  const totalUsd = portfolio.status === 'funded' ? portfolio.totalUsd : toUsd(0n)
  const isDust = ({ targetBps, valueUsd, isPartial, isExcluded }: Position) =>
    !isExcluded &&
    targetBps === 0 &&
    !isPartial &&
    valueUsd !== undefined &&
    (valueUsd < dustUsd || valueUsd * bpsPerWhole < totalUsd * dustBps)
  const present = portfolio.positions.filter(
    ({ targetBps, amount, isPartial }) => targetBps > 0 || isPartial || (amount !== undefined && amount > 0n),
  )
  const rows = present.filter((position) => !isDust(position))
  const dust = present.filter(isDust)
  if (dust.length === 0) return { rows }
  const valueUsd = toUsd(dust.reduce((sum, position) => sum + (position.valueUsd ?? 0n), 0n))
  return {
    rows,
    other: { positions: dust, valueUsd, weightBps: dust.reduce((sum, { weightBps }) => sum + weightBps, 0) },
  }
}

/**
 * Weights to show, in tenths of a percent that sum to exactly 1000 over all rows and "Other" (largest remainder of the values). What is
 * excluded has none. Empty when nothing has a value.
 */
export function selectDisplayWeights({ rows, other }: PortfolioRows): ReadonlyMap<AssetId | 'other', number> {
  const parts: { readonly key: AssetId | 'other'; readonly valueUsd: bigint }[] = rows
    .filter(({ isExcluded }) => !isExcluded)
    .map((row) => ({ key: row.assetId, valueUsd: row.valueUsd ?? 0n }))
  if (other) parts.push({ key: 'other', valueUsd: other.valueUsd })
  if (parts.every(({ valueUsd }) => valueUsd === 0n)) return new Map()
  const tenths = apportion(
    parts.map(({ valueUsd }) => valueUsd),
    1000,
  )
  return new Map(parts.map(({ key }, position) => [key, tenths[position] ?? 0]))
}
