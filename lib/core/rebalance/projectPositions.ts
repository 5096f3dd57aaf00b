import type { AssetId } from '../asset'
import { usdValue, weigh } from '../portfolio/portfolio'
import { bpsWhole, toBps } from '../units'
import type { Leg, ProjectedPosition } from './plan'
import type { PricedAsset } from './screenAssets'

/** What each asset gains (or loses, negative) by legs, in base units. */
export function netChanges(
  legs: readonly Pick<Leg, 'sell' | 'buy' | 'amountIn' | 'quotedOut'>[],
): ReadonlyMap<AssetId, bigint> {
  const changes = new Map<AssetId, bigint>()
  for (const { sell, buy, amountIn, quotedOut } of legs) {
    changes.set(sell, (changes.get(sell) ?? 0n) - amountIn)
    changes.set(buy, (changes.get(buy) ?? 0n) + quotedOut)
  }
  return changes
}

/** Now, projected and target for all assets that are held, wanted or traded, in the given order. Columns sum to 10 000. */
export function projectPositions(
  assets: readonly PricedAsset[],
  legs: readonly Pick<Leg, 'sell' | 'buy' | 'amountIn' | 'quotedOut'>[],
): readonly ProjectedPosition[] {
  const changes = netChanges(legs)
  const rows = assets.map((asset) => {
    const projectedAmount = asset.amount + (changes.get(asset.assetId) ?? 0n)
    return { asset, projectedAmount, projectedUsd: usdValue(projectedAmount, asset.decimals, asset.price) }
  })
  const now = weigh(assets, sum(assets.map(({ valueUsd }) => valueUsd)))
  const projected = weigh(
    rows.map(({ asset, projectedUsd }) => ({ assetId: asset.assetId, valueUsd: projectedUsd })),
    sum(rows.map(({ projectedUsd }) => projectedUsd)),
  )
  return rows
    .filter(({ asset, projectedAmount }) => asset.amount > 0n || projectedAmount > 0n || asset.targetBps > 0)
    .map(({ asset, projectedAmount, projectedUsd }) => ({
      assetId: asset.assetId,
      nowAmount: asset.amount,
      nowUsd: usdValue(asset.amount, asset.decimals, asset.price),
      nowBps: now.get(asset.assetId) ?? toBps(0),
      projectedAmount,
      projectedUsd,
      projectedBps: projected.get(asset.assetId) ?? toBps(0),
      targetBps: toBps(asset.targetBps),
    }))
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)

/** Total drift in basis points as an exact fraction: half the sum of |value - share of the total| over the total. */
export type ExactDrift = { readonly numerator: bigint; readonly denominator: bigint }

/** The total drift of values against shares of a whole, such as targets. The sums of values and shares are positive. */
export function exactDrift(values: readonly { readonly valueUsd: bigint; readonly share: bigint }[]): ExactDrift {
  const total = sum(values.map(({ valueUsd }) => valueUsd))
  const whole = sum(values.map(({ share }) => share))
  const distances = values.map(({ valueUsd, share }) => {
    const distance = valueUsd * whole - share * total
    return distance < 0n ? -distance : distance
  })
  return { numerator: sum(distances) * BigInt(bpsWhole), denominator: 2n * total * whole }
}

/** Whether one drift is smaller than another, exactly. */
export function isLessDrift(a: ExactDrift, b: ExactDrift): boolean {
  return a.numerator * b.denominator < b.numerator * a.denominator
}

/** A drift in whole basis points, half rounded up. */
export function driftToBps({ numerator, denominator }: ExactDrift): number {
  return denominator === 0n ? 0 : Number((numerator * 2n + denominator) / (denominator * 2n))
}

/** Drift now and projected over all rows of a plan: against the targets, or against what assets can come to under its limits. */
export function planDrifts(
  positions: readonly ProjectedPosition[],
  goalOf?: ReadonlyMap<AssetId, bigint>,
): { readonly before: ExactDrift; readonly after: ExactDrift } {
  const shareOf = ({ assetId, targetBps }: ProjectedPosition) =>
    goalOf === undefined ? BigInt(targetBps) : (goalOf.get(assetId) ?? 0n)
  return {
    before: exactDrift(positions.map((row) => ({ valueUsd: row.nowUsd, share: shareOf(row) }))),
    after: exactDrift(positions.map((row) => ({ valueUsd: row.projectedUsd, share: shareOf(row) }))),
  }
}
