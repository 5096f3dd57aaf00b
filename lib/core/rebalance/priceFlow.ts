import type { AssetId } from '../asset'
import { nativeAddress } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import type { Pool } from '../snapshot'
import type { PlanSettings } from '../targets'
import { bpsWhole, mulDivUp, toUsd } from '../units'
import type { ReplayedLeg } from './composeLegs'
import { feePipsOf } from './feePipsOf'
import type { Leg, Purchase, Spending } from './plan'
import { ratioBpsAway, slippageMinimum, UnpricedLegError } from './priceLegs'
import type { PricedAsset } from './screenAssets'

/** A fraction; the denominator is positive. Exact, so that a floor is rounded once. */
type Fraction = { readonly over: bigint; readonly under: bigint }

const nothing: Fraction = { over: 0n, under: 1n }
const add = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
})
const scale = ({ over, under }: Fraction, by: bigint, of: bigint): Fraction => ({ over: over * by, under: under * of })

/** What stands in the router of an asset, and the oracle's worth (dollars x 1e18) of what the account gave for it. */
type Purse = {
  readonly units: bigint
  /** Before any fee. */
  readonly gross: Fraction
  /** After the fees of all pools on the way. */
  readonly kept: Fraction
  /** Everything that was given for it is pegged to the dollar. */
  readonly isStable: boolean
}

const empty: Purse = { units: 0n, gross: nothing, kept: nothing, isStable: true }

const pipsWhole = 1_000_000n
const whole = BigInt(bpsWhole)

/**
 * Prices a replayed flow against the feeds. What the account gives keeps its worth from pool to pool, mixed in proportion where an
 * asset is passed through: `gross` before fees and `kept` after them. What is bought may not pay less than `kept` less the tolerance on
 * `gross` (the oracle floor, A-07), nor than the quote less slippage. Along a single path that is what `priceLegs` says.
 */
export function priceFlow(request: {
  readonly legs: readonly ReplayedLeg[]
  readonly spendings: readonly Spending[]
  readonly pools: ReadonlyMap<string, Pool>
  readonly assetOf: ReadonlyMap<AssetId, PricedAsset>
  readonly settings: PlanSettings
  readonly toleranceBps: number
}): { readonly legs: readonly Leg[]; readonly purchases: readonly Purchase[] } {
  const { assetOf, pools } = request
  const purses = new Map<AssetId, Purse>()
  const put = (assetId: AssetId, more: Purse) => {
    const { units, gross, kept, isStable } = purses.get(assetId) ?? empty
    purses.set(assetId, {
      units: units + more.units,
      gross: add(gross, more.gross),
      kept: add(kept, more.kept),
      isStable: isStable && more.isStable,
    })
  }
  for (const { assetId, amount } of request.spendings) {
    const { price, decimals, isStable } = known(assetOf, assetId)
    const worth = { over: amount * price, under: 10n ** BigInt(decimals) }
    put(assetId, { units: amount, gross: worth, kept: worth, isStable })
  }
  const priced = request.legs.map((leg): Leg => {
    const feePips = feePipsOf(leg.hops[0], pools)
    const purse = purses.get(leg.sell) ?? empty
    const { amountIn, quotedOut } = leg
    purses.set(leg.sell, take(purse, purse.units - amountIn))
    const { gross, kept, isStable } = take(purse, amountIn)
    put(leg.buy, { units: quotedOut, gross, kept: scale(kept, pipsWhole - BigInt(feePips), pipsWhole), isStable })
    return priceLeg(leg, feePips, assetOf)
  })
  const purchases = composePurchases(priced, purses, request)
  const minimumOf = new Map(purchases.map(({ assetId, minimumOut }) => [assetId, minimumOut]))
  const legs = priced.map((leg) =>
    leg.paidTo === 'account' ? { ...leg, minimumOut: minimumOf.get(leg.buy) ?? 0n } : leg,
  )
  return { legs, purchases }
}

/** Some units of a purse, with their part of its worth. */
function take({ units, gross, kept, isStable }: Purse, taken: bigint): Purse {
  if (taken <= 0n) return { ...empty, isStable }
  return { units: taken, gross: scale(gross, taken, units), kept: scale(kept, taken, units), isStable }
}

/** A leg against the feeds; minimums are for the purchases. */
function priceLeg(leg: ReplayedLeg, feePips: number, assetOf: ReadonlyMap<AssetId, PricedAsset>): Leg {
  const [sell, buy] = [known(assetOf, leg.sell), known(assetOf, leg.buy)]
  const soldUsd = usdValue(leg.amountIn, sell.decimals, sell.price)
  const feeUsd = toUsd(mulDivUp(soldUsd, BigInt(feePips), pipsWhole))
  const impactUsd = soldUsd - feeUsd - usdValue(leg.quotedOut, buy.decimals, buy.price)
  const impactBps = ratioBpsAway(impactUsd, soldUsd)
  return { ...leg, minimumOut: 0n, oracleFloor: 0n, soldUsd, feeUsd, impactUsd, impactBps }
}

/** What is left in the purses when all legs are done, in the order in which it was first bought. */
function composePurchases(
  legs: readonly Leg[],
  purses: ReadonlyMap<AssetId, Purse>,
  { assetOf, settings, toleranceBps }: Pick<Parameters<typeof priceFlow>[0], 'assetOf' | 'settings' | 'toleranceBps'>,
): readonly Purchase[] {
  return [...new Set(legs.map(({ buy }) => buy))].flatMap((assetId): Purchase[] => {
    const { units, gross, kept, isStable } = purses.get(assetId) ?? empty
    if (units === 0n) return []
    const asset = known(assetOf, assetId)
    const { slippageBps, stableSlippageBps } = settings
    const slippage = isStable && asset.isStable ? Math.min(slippageBps, stableSlippageBps) : slippageBps
    // {usd} = {usd} - {usd} * {bps} / {bps}
    const owed = add(scale(kept, 1n, 1n), scale(gross, -BigInt(toleranceBps), whole))
    // {out} = {usd} * {out/token} / {usd/token}
    const floor = mulDivUp(owed.over < 0n ? 0n : owed.over, 10n ** BigInt(asset.decimals), owed.under * asset.price)
    const minimum = slippageMinimum(units, slippage)
    const isNative = asset.reading.asset.tokens[0].address === nativeAddress
    return [
      {
        assetId,
        token: isNative ? nativeAddress : asset.reading.asset.poolToken.address,
        quotedOut: units,
        minimumOut: minimum > floor ? minimum : floor,
        oracleFloor: floor,
      },
    ]
  })
}

function known(assetOf: ReadonlyMap<AssetId, PricedAsset>, assetId: AssetId): PricedAsset {
  const asset = assetOf.get(assetId)
  if (!asset) throw new UnpricedLegError(assetId)
  return asset
}
