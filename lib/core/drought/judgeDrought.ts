import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import { feePipsOf } from '../rebalance/feePipsOf'
import type { Hop, HopPool, RebalancePlan } from '../rebalance/plan'
import { ratioBpsAway } from '../rebalance/priceLegs'
import type { Pool, Snapshot } from '../snapshot'
import { toUsd, type Usd } from '../units'
import { judgeMarket, type MarketJudgement } from './judgeMarket'
import { leastObservations, type MarketObservations, medianOf, type PairImpact } from './observations'
import { measureDepth, measureGapBps, type PricedSide } from './poolPrice'

/** What is usual by the observations, or how many there are while it takes more. */
export type Usual =
  | { readonly status: 'known'; readonly medianBps: number; readonly count: number }
  | { readonly status: 'tooFew'; readonly count: number; readonly needed: number }

/** What is traded in a pool, or in all pools of a pair. */
type Trade = { readonly sell: AssetId; readonly buy: AssetId }
type InPool = Trade & { readonly pool: HopPool }

/** What says that a leg is in drought, with the figures that are compared. */
export type LegEvidence =
  /** All that the plan trades in the pair's pools gives up more than `limitBps`. */
  | ({
      readonly kind: 'impact'
      readonly impactBps: number
      readonly limitBps: number
      readonly soldUsd: Usd
      readonly usual: Extract<Usual, { readonly status: 'known' }>
    } & Trade)
  /** The pool's price is further than `limitBps` from the feeds'. */
  | ({ readonly kind: 'gap'; readonly gapBps: number; readonly limitBps: number; readonly usual: Usual } & InPool)
  /** The pair's pools together take less than ten times what the plan sells there before their prices are 2 % lower. */
  | ({
      readonly kind: 'depth'
      readonly depthUsd: Usd
      readonly tradeUsd: Usd
      readonly poolCount: number
    } & Trade)

/** What could not be compared, and why. */
export type LegUnknown =
  | ({
      readonly kind: 'impact'
      readonly impactBps: number
      readonly soldUsd: Usd
      readonly count: number
      readonly needed: number
    } & Trade)
  | ({ readonly kind: 'gap'; readonly reason: 'unread' | 'unpriced' } & InPool)
  | ({ readonly kind: 'depth'; readonly reason: 'unread' | 'unpriced' } & Trade)

/** One leg of a plan. `calm` only where everything could be compared. */
export type LegJudgement = { readonly legIndex: number; readonly sell: AssetId; readonly buy: AssetId } & (
  | { readonly status: 'drought'; readonly evidence: readonly LegEvidence[]; readonly unknown: readonly LegUnknown[] }
  | { readonly status: 'unknown'; readonly unknown: readonly LegUnknown[] }
  | { readonly status: 'calm' }
)

/** Every leg and the market as a whole: `drought` where any of them is, `calm` only where all are. */
export type DroughtJudgement = {
  readonly status: 'calm' | 'unknown' | 'drought'
  readonly legs: readonly LegJudgement[]
  readonly market: MarketJudgement
}

/**
 * The figures that decide. POLICY gives how many times the usual and the trade, and the least gap. Impact is rounded to whole basis points and
 * often zero or less, so below `leastImpactBps` three times the usual says nothing.
 */
export const droughtLimits = {
  timesUsual: 3,
  leastImpactBps: 10,
  leastGapBps: 100,
  timesTrade: 10n,
  /** Earlier trades from a third of the size to three times count as comparable. */
  comparableSize: 3n,
} as const

/**
 * Judges whether there is a drought where a plan trades (POLICY, "Liquidity drought"). Only what was observed before the plan's block is
 * called earlier. What cannot be compared is said, unless it could change nothing.
 */
export function judgeDrought(
  plan: Pick<RebalancePlan, 'legs' | 'block' | 'leftOut'>,
  snapshot: Pick<Snapshot, 'assets' | 'pools' | 'block'>,
  observations: MarketObservations,
): DroughtJudgement {
  const before = plan.block.timestamp
  const earlier: MarketObservations = {
    impacts: observations.impacts.filter(({ at }) => at < before),
    gaps: observations.gaps.filter(({ at }) => at < before),
    prices: observations.prices,
  }
  const leftOut = new Set(plan.leftOut.map(({ pool }) => pool.id.toLowerCase()))
  const pools = snapshot.pools.filter(({ id }) => !leftOut.has(id.toLowerCase()))
  const sides = pricedSides(snapshot)
  const pairs = measurePairs(plan, snapshot)
  const legs = plan.legs.map((leg, legIndex): LegJudgement => {
    const found: Found = { evidence: [], unknown: [] }
    for (const hop of leg.hops) {
      judgeImpact(hop, { pairs, earlier }, found)
      judgeGap(hop, { plan, pools, sides, earlier }, found)
      judgeDepth(hop, { plan, pools, sides, earlier }, found)
    }
    const { evidence, unknown } = found
    const named = { legIndex, sell: leg.sell, buy: leg.buy }
    if (evidence.length > 0) return { ...named, status: 'drought', evidence, unknown }
    return unknown.length > 0 ? { ...named, status: 'unknown', unknown } : { ...named, status: 'calm' }
  })
  const market = judgeMarket(snapshot, observations.prices)
  const statuses = [market.status, ...legs.map(({ status }) => status)]
  const status = statuses.includes('drought') ? 'drought' : statuses.includes('unknown') ? 'unknown' : 'calm'
  return { status, legs, market }
}

/**
 * What a plan sells in the pools of each pair, and gives up there against the feeds beyond the fee, in the order of the plan. Hops count, not
 * whole legs: by which way the same amounts are led through the same pools changes from plan to plan.
 */
export function measurePairs(
  { legs, block }: Pick<RebalancePlan, 'legs' | 'block'>,
  snapshot: Pick<Snapshot, 'assets' | 'pools'>,
): readonly PairImpact[] {
  const sides = pricedSides(snapshot)
  const pools = new Map<string, Pool>(snapshot.pools.map((pool) => [pool.id, pool]))
  const pairs = new Map<string, { readonly hop: Hop; soldUsd: bigint; impactUsd: bigint }>()
  for (const hop of legs.flatMap(({ hops }) => hops)) {
    const [sold, bought] = [sides.get(hop.sell), sides.get(hop.buy)]
    if (sold === undefined || bought === undefined) continue
    const soldUsd = usdValue(hop.amountIn, sold.decimals, sold.price)
    const keptUsd = (soldUsd * (pipsWhole - BigInt(feePipsOf(hop, pools)))) / pipsWhole
    const key = JSON.stringify([hop.sell, hop.buy])
    const pair = pairs.get(key) ?? { hop, soldUsd: 0n, impactUsd: 0n }
    pair.soldUsd += soldUsd
    pair.impactUsd += keptUsd - usdValue(hop.amountOut, bought.decimals, bought.price)
    pairs.set(key, pair)
  }
  return [...pairs.values()].map(({ hop, soldUsd, impactUsd }) => ({
    sell: hop.sell,
    buy: hop.buy,
    soldUsd: toUsd(soldUsd),
    impactBps: ratioBpsAway(impactUsd, soldUsd),
    at: block.timestamp,
  }))
}

const pipsWhole = 1_000_000n

/** What one whole token of every asset with a fresh price is worth. */
export function pricedSides({ assets }: Pick<Snapshot, 'assets'>): ReadonlyMap<AssetId, PricedSide> {
  return new Map(
    assets.flatMap(({ asset, price }) =>
      price.status === 'fresh' ? [[asset.id, { price: price.usd, decimals: asset.decimals }] as const] : [],
    ),
  )
}

type Found = { readonly evidence: LegEvidence[]; readonly unknown: LegUnknown[] }

function judgeImpact(
  { sell, buy }: Hop,
  { pairs, earlier }: { readonly pairs: readonly PairImpact[]; readonly earlier: MarketObservations },
  found: Found,
): void {
  const pair = pairs.find((one) => one.sell === sell && one.buy === buy)
  // Without prices there is no gap and no depth either: those say so. Below the least impact every limit holds.
  if (pair === undefined || pair.impactBps <= droughtLimits.leastImpactBps) return
  const { impactBps, soldUsd } = pair
  const usual = usualOf(earlier.impacts.filter((one) => isComparable(one, pair)).map((one) => one.impactBps))
  if (usual.status === 'tooFew') {
    found.unknown.push({ kind: 'impact', impactBps, soldUsd, count: usual.count, needed: usual.needed, sell, buy })
    return
  }
  const limitBps = Math.max(droughtLimits.leastImpactBps, droughtLimits.timesUsual * usual.medianBps)
  if (impactBps > limitBps) found.evidence.push({ kind: 'impact', impactBps, limitBps, soldUsd, usual, sell, buy })
}

/** Whether an earlier trade was of the same pair and of about the same size. */
function isComparable(earlier: PairImpact, { sell, buy, soldUsd }: PairImpact): boolean {
  const { comparableSize: times } = droughtLimits
  return (
    earlier.sell === sell &&
    earlier.buy === buy &&
    earlier.soldUsd * times >= soldUsd &&
    earlier.soldUsd <= soldUsd * times
  )
}

function usualOf(valuesBps: readonly number[]): Usual {
  const count = valuesBps.length
  const medianBps = medianOf(valuesBps)
  return medianBps === undefined || count < leastObservations
    ? { status: 'tooFew', count, needed: leastObservations }
    : { status: 'known', medianBps, count }
}

type MarketFacts = {
  readonly plan: Pick<RebalancePlan, 'legs'>
  /** Those that the plan did not leave out. */
  readonly pools: readonly Pool[]
  readonly sides: ReadonlyMap<AssetId, PricedSide>
  readonly earlier: MarketObservations
}

/** Where too little was seen to call anything usual, the least gap decides: unknown is not taken for usual. */
function judgeGap(hop: Hop, { pools, sides, earlier }: MarketFacts, found: Found): void {
  const inPool: InPool = { pool: hop.pool, sell: hop.sell, buy: hop.buy }
  const id = hop.pool.id.toLowerCase()
  const pool = pools.find((one) => one.id.toLowerCase() === id)
  const [side0, side1] = (pool?.assetIds ?? []).map((assetId) => sides.get(assetId))
  const gapBps = pool && side0 && side1 ? measureGapBps(pool, [side0, side1]) : undefined
  if (gapBps === undefined) {
    found.unknown.push({ kind: 'gap', reason: pool === undefined ? 'unread' : 'unpriced', ...inPool })
    return
  }
  if (gapBps <= droughtLimits.leastGapBps) return
  const usual = usualOf(earlier.gaps.filter(({ poolId }) => poolId.toLowerCase() === id).map((gap) => gap.gapBps))
  const limitBps =
    usual.status === 'known'
      ? Math.max(droughtLimits.leastGapBps, droughtLimits.timesUsual * usual.medianBps)
      : droughtLimits.leastGapBps
  if (gapBps > limitBps) found.evidence.push({ kind: 'gap', gapBps, limitBps, usual, ...inPool })
}

/** A small pool beside a deep one takes its share of a trade: what all pools of the pair take together decides. */
function judgeDepth({ sell, buy }: Hop, { plan, pools, sides }: MarketFacts, found: Found): void {
  const own = pools.filter(({ assetIds }) => assetIds.includes(sell) && assetIds.includes(buy))
  const sold = sides.get(sell)
  if (sold === undefined || own.length === 0) {
    found.unknown.push({ kind: 'depth', reason: sold === undefined ? 'unpriced' : 'unread', sell, buy })
    return
  }
  const amount = plan.legs
    .flatMap(({ hops }) => hops)
    .filter((hop) => hop.sell === sell && hop.buy === buy)
    .reduce((sum, { amountIn }) => sum + amountIn, 0n)
  const depths = own.map((pool) => measureDepth(pool, pool.assetIds[0] === sell))
  const depth = depths.reduce((sum, { amountIn }) => sum + amountIn, 0n)
  if (depth >= amount * droughtLimits.timesTrade) return
  if (depths.some(({ isComplete }) => !isComplete)) {
    found.unknown.push({ kind: 'depth', reason: 'unread', sell, buy })
    return
  }
  found.evidence.push({
    kind: 'depth',
    depthUsd: usdValue(depth, sold.decimals, sold.price),
    tradeUsd: usdValue(amount, sold.decimals, sold.price),
    poolCount: own.length,
    sell,
    buy,
  })
}
