import type { Asset, AssetId } from '../asset'
import { apportion } from '../numbers/apportion'
import { bandOf, isCounted } from '../policy/policy'
import type { AssetReading, PriceReading, Snapshot, TokenReading } from '../snapshot'
import type { PlanSettings, Targets } from '../targets'
import { type Bps, bpsWhole, mulDivDown, toBps, toUsd, type Usd } from '../units'

/** One asset of a portfolio. Unknown is never zero: what could not be read or priced is missing. */
export type Position = {
  readonly assetId: AssetId
  readonly asset: Asset
  readonly tokens: readonly TokenReading[]
  readonly price: PriceReading
  /** Base units of all its tokens that could be read; missing when none could. */
  readonly amount?: bigint
  /** Rounded down. Missing when the amount or the price is not known. A stale price still values, and is marked in `price`. */
  readonly valueUsd?: Usd
  /** Some of its tokens could not be read, or it is held and has no price: amount and value are at least what they say. */
  readonly isPartial: boolean
  /** Of the known total. Weights of all positions sum to 10 000. */
  readonly weightBps: Bps
  /** 0 for an asset without a target. */
  readonly targetBps: Bps
  /** Weight less target, in hundredths of a percentage point. */
  readonly driftBps: number
  readonly isInBand: boolean
  /** What the person has excluded: it has neither weight nor drift, and is in no total. */
  readonly isExcluded: boolean
}

/** What an account is worth, spread over all listed assets in the order of the list. */
export type Portfolio =
  /** Everything could be read and nothing is there. */
  | { readonly status: 'empty'; readonly positions: readonly Position[] }
  /** Something could not be read or priced, and nothing else is there. */
  | { readonly status: 'unknown'; readonly positions: readonly Position[] }
  | FundedPortfolio

export type FundedPortfolio = {
  readonly status: 'funded'
  readonly positions: readonly Position[]
  readonly totalUsd: Usd
  /** Something is unreadable or unpriced: the total is at least this. */
  readonly isPartial: boolean
  /** Half the sum of all drifts without their signs: the turnover that would bring everything to its target. */
  readonly driftBps: number
  readonly outOfBandCount: number
}

/** The price of one whole token where a feed gave any, fresh or stale. */
export function priceUsd(price: PriceReading): Usd | undefined {
  return price.status === 'fresh' || price.status === 'stale' ? price.usd : undefined
}

/** What base units of an asset are worth, rounded down. */
export function usdValue(amount: bigint, decimals: number, price: Usd): Usd {
  // {usd} = {units} * {usd/token} / {units/token}
  return toUsd(mulDivDown(amount, price, 10n ** BigInt(decimals)))
}

type Holding = Pick<Position, 'amount' | 'valueUsd' | 'isPartial'>

function measureHolding({ asset, tokens, price }: AssetReading): Holding {
  const known = tokens.flatMap(({ balance }) => (balance.status === 'known' ? [balance.amount] : []))
  const isComplete = known.length === tokens.length
  if (known.length === 0) return { isPartial: true }
  const amount = known.reduce((sum, part) => sum + part, 0n)
  const usd = priceUsd(price)
  // Nothing of it is worth nothing, whatever its price.
  if (amount === 0n) return isComplete ? { amount, valueUsd: toUsd(0n), isPartial: false } : { amount, isPartial: true }
  if (usd === undefined) return { amount, isPartial: true }
  return { amount, valueUsd: usdValue(amount, asset.decimals, usd), isPartial: !isComplete }
}

/**
 * Measures what an account holds against its targets. Without targets every target is 0 and nothing is out of band.
 * Weights are of the known total and sum to exactly 10 000 (largest remainder, ties by asset id).
 */
export function measurePortfolio(
  snapshot: Pick<Snapshot, 'assets'>,
  targets: Targets | undefined,
  settings: Pick<PlanSettings, 'bandBps' | 'policy'>,
): Portfolio {
  const rows = snapshot.assets.map((reading) => ({ reading, holding: measureHolding(reading) }))
  const counted = rows.filter(({ reading }) => isCounted(settings.policy, reading.asset.id))
  const totalUsd = counted.reduce((sum, { holding }) => sum + (holding.valueUsd ?? 0n), 0n)
  const isPartial = counted.some(({ holding }) => holding.isPartial)
  const weights = weigh(
    counted.map(({ reading, holding }) => ({ assetId: reading.asset.id, valueUsd: holding.valueUsd ?? 0n })),
    totalUsd,
  )
  const targetOf = new Map(targets?.weights.map(({ assetId, weightBps }) => [assetId, weightBps]))
  const positions = rows.map(({ reading: { asset, tokens, price }, holding }): Position => {
    const weightBps = weights.get(asset.id) ?? toBps(0)
    const targetBps = targetOf.get(asset.id) ?? toBps(0)
    const isExcluded = !isCounted(settings.policy, asset.id)
    const driftBps = totalUsd > 0n && !isExcluded ? weightBps - targetBps : 0
    const isInBand = targets === undefined || Math.abs(driftBps) <= bandOf(settings, asset.id)
    return { assetId: asset.id, asset, tokens, price, ...holding, weightBps, targetBps, driftBps, isInBand, isExcluded }
  })
  if (totalUsd === 0n) return { status: isPartial ? 'unknown' : 'empty', positions }
  return {
    status: 'funded',
    positions,
    totalUsd: toUsd(totalUsd),
    isPartial,
    // Both columns sum to 10 000, so the sum of all drifts without their signs is even.
    driftBps: targets ? positions.reduce((sum, { driftBps }) => sum + Math.abs(driftBps), 0) / 2 : 0,
    outOfBandCount: positions.filter((position) => !position.isInBand).length,
  }
}

/** Weights in basis points that sum to exactly 10 000, by asset. The order of the values does not matter. */
export function weigh(
  values: readonly { readonly assetId: AssetId; readonly valueUsd: bigint }[],
  totalUsd: bigint,
): ReadonlyMap<AssetId, Bps> {
  if (totalUsd === 0n) return new Map()
  const ordered = [...values].sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
  const shares = apportion(
    ordered.map(({ valueUsd }) => valueUsd),
    bpsWhole,
  )
  return new Map(ordered.map(({ assetId }, position) => [assetId, toBps(shares[position] ?? 0)]))
}
