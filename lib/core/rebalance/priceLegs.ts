import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import type { PlanSettings } from '../targets'
import { bpsWhole, mulDivUp, toUsd } from '../units'
import type { ReplayedLeg } from './composeLegs'
import type { Leg } from './plan'
import type { PricedAsset } from './screenAssets'

const pipsWhole = 1_000_000n
const whole = BigInt(bpsWhole)

/**
 * Part of the input that a path's pools leave after their fees, as a fraction: the product of (1 - fee) over its hops.
 */
export function keptAfterFees(hops: Leg['hops']): { readonly kept: bigint; readonly of: bigint } {
  return hops.reduce(
    ({ kept, of }, { pool }) => ({ kept: kept * (pipsWhole - BigInt(pool.feePips)), of: of * pipsWhole }),
    { kept: 1n, of: 1n },
  )
}

/** POLICY: the slippage that a leg may have. Between two stable assets the smaller of the two settings. */
export function slippageOf(sell: PricedAsset, buy: PricedAsset, settings: PlanSettings): number {
  return sell.isStable && buy.isStable
    ? Math.min(settings.slippageBps, settings.stableSlippageBps)
    : settings.slippageBps
}

/**
 * The oracle's amount x (1 - the path's fees - the tolerance), rounded up: below it no leg may pay.
 * {out} = {in} * {usd/in} * {out/token} / ({in/token} * {usd/out}) * (kept/of - bps/whole)
 */
export function oracleFloorOf(request: {
  readonly amountIn: bigint
  readonly hops: Leg['hops']
  readonly sell: PricedAsset
  readonly buy: PricedAsset
  readonly toleranceBps: number
}): bigint {
  const { amountIn, hops, sell, buy, toleranceBps } = request
  const { kept, of } = keptAfterFees(hops)
  const left = kept * whole - BigInt(toleranceBps) * of
  if (left <= 0n) return 0n
  const numerator = amountIn * sell.price * 10n ** BigInt(buy.decimals)
  const denominator = 10n ** BigInt(sell.decimals) * buy.price
  return mulDivUp(numerator, left, denominator * of * whole)
}

/** The quote less slippage, rounded up. */
export function slippageMinimum(quotedOut: bigint, slippageBps: number): bigint {
  return mulDivUp(quotedOut, BigInt(bpsWhole - slippageBps), whole)
}

/** Signed parts of a whole in basis points, rounded away from zero. */
export function ratioBpsAway(part: bigint, of: bigint): number {
  if (of === 0n) return 0
  const size = mulDivUp(part < 0n ? -part : part, whole, of)
  return Number(part < 0n ? -size : size)
}

/**
 * Prices replayed legs against the feeds: minimum received (the larger of quote less slippage and oracle floor, A-07), fee, impact.
 * Where the quote itself lies below the floor, the minimum is the floor and cannot be met: the planner blocks such a plan.
 */
export function priceLegs(
  legs: readonly ReplayedLeg[],
  assetOf: ReadonlyMap<AssetId, PricedAsset>,
  settings: PlanSettings,
  toleranceBps: number,
): readonly Leg[] {
  return legs.map((leg): Leg => {
    const [sell, buy] = [known(assetOf, leg.sell), known(assetOf, leg.buy)]
    const soldUsd = usdValue(leg.amountIn, sell.decimals, sell.price)
    const { kept, of } = keptAfterFees(leg.hops)
    const feeUsd = toUsd(mulDivUp(soldUsd, of - kept, of))
    const impactUsd = soldUsd - feeUsd - usdValue(leg.quotedOut, buy.decimals, buy.price)
    const oracleFloor = oracleFloorOf({ amountIn: leg.amountIn, hops: leg.hops, sell, buy, toleranceBps })
    const minimum = slippageMinimum(leg.quotedOut, slippageOf(sell, buy, settings))
    const { paidFrom, hops, amountIn, quotedOut, gas } = leg
    return {
      sell: leg.sell,
      buy: leg.buy,
      paidFrom,
      paidTo: leg.paidTo,
      hops,
      amountIn,
      quotedOut,
      minimumOut: minimum > oracleFloor ? minimum : oracleFloor,
      oracleFloor,
      soldUsd,
      feeUsd,
      impactUsd,
      impactBps: ratioBpsAway(impactUsd, soldUsd),
      gas,
    }
  })
}

/** An asset without a fresh price in a leg: it must have been left out before. */
export class UnpricedLegError extends Error {
  override readonly name = 'UnpricedLegError'
  constructor(readonly assetId: AssetId) {
    super(`${assetId} has no fresh price and must not be traded. Plan again from a new snapshot.`)
  }
}

function known(assetOf: ReadonlyMap<AssetId, PricedAsset>, assetId: AssetId): PricedAsset {
  const asset = assetOf.get(assetId)
  if (!asset) throw new UnpricedLegError(assetId)
  return asset
}
