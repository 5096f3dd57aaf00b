import { swapExactIn } from '../amm/swapExactIn'
import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import type { Pool } from '../snapshot'
import { toUsd } from '../units'
import { feePipsOf } from './feePipsOf'
import type { Hop, Leg, PlanObstacle, Purchase, RouterName, Spending } from './plan'
import { ratioBpsAway } from './priceLegs'
import type { PricedAsset } from './screenAssets'

/** POLICY: above this impact against the oracle nothing is traded. */
const maxImpactBps = 500

/** What POLICY says to the prices that legs get. */
export type Judgement =
  | { readonly status: 'fair' }
  /** Below the oracle floor or beyond the impact: assets that must go less far, with how far in parts of ten thousand. */
  | { readonly status: 'poor'; readonly obstacle: PlanObstacle; readonly farBps: ReadonlyMap<AssetId, number> }

/** Priced legs with what they take and bring, and what is needed to judge them. */
export type JudgedLegs = {
  readonly router: RouterName
  readonly legs: readonly Leg[]
  readonly spendings: readonly Spending[]
  readonly purchases: readonly Purchase[]
  readonly assetOf: ReadonlyMap<AssetId, PricedAsset>
  readonly hubAssetIds: readonly AssetId[]
  readonly toleranceBps: number
  readonly pools: ReadonlyMap<string, Pool>
}

/** What is sold on the way to something that pays too little, and how much too little. Dollars x 1e18. */
type Way = { readonly legs: readonly Leg[]; readonly ends: readonly AssetId[]; readonly excessUsd: bigint }

/**
 * Holds what legs pay against the feeds. A quote below the oracle floor, and an impact above 5 % (of a leg, or of all together), cannot
 * be signed: the asset whose pool is too thin for it has to be traded less. Where only the slippage reaches below the floor, the floor is
 * the minimum and that is fair.
 */
export function judgeLegs(judged: JudgedLegs): Judgement {
  const { legs, spendings, assetOf } = judged
  const impactUsd = legs.reduce((sum, leg) => sum + leg.impactUsd, 0n)
  const soldUsd = spendings.reduce((sum, { assetId, amount }) => sum + worthOf(assetId, amount, assetOf), 0n)
  const totalBps = ratioBpsAway(impactUsd, soldUsd)
  const costly = legs.filter(({ impactBps }) => impactBps > maxImpactBps)
  const isCostly = costly.length > 0 || totalBps > maxImpactBps
  const ways = [
    ...listPoorWays(judged),
    ...costly.map((leg): Way => wayOf([leg], [leg.buy, leg.sell], leg.impactUsd - part(leg.soldUsd, maxImpactBps))),
    ...(isCostly && costly.length === 0 ? [wayOf(legs, [], impactUsd - part(soldUsd, maxImpactBps))] : []),
  ]
  if (ways.length === 0) return { status: 'fair' }
  const farBps = new Map<AssetId, number>()
  for (const way of ways) {
    const { assetId, far } = limitWay(way, judged)
    farBps.set(assetId, Math.min(far, farBps.get(assetId) ?? whole))
  }
  if (!isCostly) return { status: 'poor', farBps, obstacle: { kind: 'belowOracleFloor', assetIds: assetsOf(ways) } }
  const worst = costly.length > 0 ? costly : legs
  const lossUsd = worst.reduce((sum, leg) => (leg.impactUsd > 0n ? sum + leg.impactUsd : sum), 0n)
  const impactBps = worst.reduce((most, leg) => Math.max(most, leg.impactBps), totalBps)
  const assetIds = [...new Set(worst.flatMap(({ sell, buy }) => [sell, buy]))].sort()
  return { status: 'poor', farBps, obstacle: { kind: 'priceImpact', impactBps, lossUsd: toUsd(lossUsd), assetIds } }
}

const whole = 10_000
const part = (usd: bigint, bps: number) => (usd * BigInt(bps)) / BigInt(whole)
const wayOf = (legs: readonly Leg[], ends: readonly AssetId[], excessUsd: bigint): Way => ({ legs, ends, excessUsd })

/**
 * SwapRouter02 holds each path to its floor, the Universal Router what is bought of an asset in all. There a dear pool could hide behind
 * cheap ones, so every pool has to keep to the tolerance too.
 */
function listPoorWays({ router, legs, purchases, assetOf, toleranceBps }: JudgedLegs): readonly Way[] {
  if (router === 'swapRouter02') {
    return legs
      .filter(({ quotedOut, minimumOut }) => quotedOut < minimumOut)
      .map((leg) => wayOf([leg], [leg.buy, leg.sell], worthOf(leg.buy, leg.minimumOut - leg.quotedOut, assetOf)))
  }
  const dear = legs
    .map((leg) => wayOf([leg], [leg.buy, leg.sell], leg.impactUsd - part(leg.soldUsd, toleranceBps)))
    .filter(({ excessUsd }) => excessUsd > 0n)
  const short = purchases
    .filter(({ quotedOut, minimumOut }) => quotedOut < minimumOut)
    .map(({ assetId, quotedOut, minimumOut }) => {
      const upstream = listUpstream(assetId, legs)
      const ends = [assetId, ...upstream.map(({ sell }) => sell)]
      return wayOf(upstream, ends, worthOf(assetId, minimumOut - quotedOut, assetOf))
    })
  return [...dear, ...short]
}

/** All legs whose payment may end in an asset. */
function listUpstream(assetId: AssetId, legs: readonly Leg[]): readonly Leg[] {
  const reached = new Set([assetId])
  const upstream: Leg[] = []
  for (const leg of [...legs].reverse()) {
    if (!reached.has(leg.buy)) continue
    reached.add(leg.sell)
    upstream.unshift(leg)
  }
  return upstream
}

/** An asset that has to be traded less goes no further than this part of its way, in parts of ten thousand, or no step would end it. */
const shortestStep = 9_000
/** Where no size of a hop is as good as its part of the whole way has to be, the asset goes this far and the next round shows more. */
const blindStep = 5_000
/** Loss that is left as a margin when an amount is reduced, in parts of ten thousand of what may be lost. */
const lossMargin = 9_700

/** The asset that has to be traded less: an end of the hop that loses most, and how far it may go. */
function limitWay(way: Way, judged: JudgedLegs): { readonly assetId: AssetId; readonly far: number } {
  const { assetOf, hubAssetIds, pools } = judged
  const losses = way.legs.flatMap(({ hops }) => hops.map((hop) => ({ hop, lossUsd: lossOf(hop, assetOf, pools) })))
  const [first, ...others] = losses
  if (first === undefined) return { assetId: way.ends[0] ?? '', far: 0 }
  const { hop, lossUsd } = others.reduce((a, b) => (b.lossUsd > a.lossUsd ? b : a), first)
  const ends = way.ends.filter((assetId) => assetId === hop.sell || assetId === hop.buy)
  const assetId = ends.find((id) => !hubAssetIds.includes(id)) ?? ends[0] ?? way.ends[0] ?? hop.buy
  const total = losses.reduce((sum, one) => (one.lossUsd > 0n ? sum + one.lossUsd : sum), 0n)
  const fair = total - way.excessUsd
  if (total <= 0n || fair <= 0n) return { assetId, far: blindStep }
  // {usd} that this hop may lose when all hops of the way give up as large a part of their losses
  const allowedUsd = (lossUsd * fair * BigInt(lossMargin)) / (total * BigInt(whole))
  const far = reduceHop(hop, allowedUsd, judged)
  return { assetId, far: far === 0 ? blindStep : Math.min(shortestStep, far) }
}

/**
 * The greatest part of a hop's amount, in parts of ten thousand, that loses no larger share than allowed of all of it. What other legs
 * sell into the same pool before shrinks with it.
 */
function reduceHop(hop: Hop, allowedUsd: bigint, { legs, assetOf, pools }: JudgedLegs): number {
  const pool = pools.get(hop.pool.id)
  if (pool === undefined) return 0
  const hops = legs.flatMap((leg) => leg.hops)
  const before = hops
    .slice(0, Math.max(0, hops.indexOf(hop)))
    .reduce((sum, one) => (one.pool.id === pool.id && one.tokenIn === hop.tokenIn ? sum + one.amountIn : sum), 0n)
  const sell = (from: Pool, amountIn: bigint) => {
    const outcome = amountIn > 0n ? swapExactIn({ pool: from, tokenIn: hop.tokenIn, amountIn }) : undefined
    return outcome?.status === 'swapped' ? outcome : undefined
  }
  let [fair, unfair] = [0, whole]
  while (unfair - fair > 1) {
    const middle = (fair + unfair) >> 1
    const partOf = (amount: bigint) => (amount * BigInt(middle)) / BigInt(whole)
    const amountIn = partOf(hop.amountIn)
    const amountOut = sell(sell(pool, partOf(before))?.pool ?? pool, amountIn)?.amountOut
    const isFair =
      amountOut !== undefined &&
      lossOf({ ...hop, amountIn, amountOut }, assetOf, pools) * BigInt(whole) <= allowedUsd * BigInt(middle)
    if (isFair) fair = middle
    else unfair = middle
  }
  return fair
}

/** What a hop loses against the feeds beyond its fee, in dollars x 1e18. */
function lossOf(hop: Hop, assetOf: ReadonlyMap<AssetId, PricedAsset>, pools: ReadonlyMap<string, Pool>): bigint {
  const paid = worthOf(hop.sell, hop.amountIn, assetOf)
  const kept = (paid * BigInt(1_000_000 - feePipsOf(hop, pools))) / 1_000_000n
  return kept - worthOf(hop.buy, hop.amountOut, assetOf)
}

function worthOf(assetId: AssetId, amount: bigint, assetOf: ReadonlyMap<AssetId, PricedAsset>): bigint {
  const asset = assetOf.get(assetId)
  return asset ? usdValue(amount, asset.decimals, asset.price) : 0n
}

const assetsOf = (ways: readonly Way[]) =>
  [...new Set(ways.flatMap(({ legs, ends }) => [...ends.slice(0, 1), ...legs.flatMap(({ sell }) => [sell])]))].sort()
