import type { AssetId } from '../asset'
import type { RebalancePlan } from '../rebalance/plan'
import type { Snapshot } from '../snapshot'
import { measurePairs, pricedSides } from './judgeDrought'
import type { MarketObservations, PairImpact, PoolGap, PriceSpan } from './observations'
import { measureGapBps } from './poolPrice'

/** How much is kept. What was seen longest ago goes first. */
export const memoryLimits = {
  /** What is seen again sooner than this is the same market, not another observation of it. */
  spacingSeconds: 600,
  impactsOfPair: 20,
  impacts: 600,
  gapsOfPool: 12,
  gaps: 2_000,
  pricesOfAsset: 48,
  prices: 1_500,
  /** Prices are compared over a day. */
  priceSeconds: 100_000,
} as const

/** What a snapshot, and the plan that was made of it, say of the market. */
export function composeObservations(
  snapshot: Pick<Snapshot, 'assets' | 'pools' | 'block'>,
  plan?: Pick<RebalancePlan, 'legs' | 'block'>,
): MarketObservations {
  const at = snapshot.block.timestamp
  const sides = pricedSides(snapshot)
  return {
    impacts: plan === undefined ? [] : measurePairs(plan, snapshot),
    gaps: snapshot.pools.flatMap((pool): readonly PoolGap[] => {
      const [side0, side1] = [sides.get(pool.assetIds[0]), sides.get(pool.assetIds[1])]
      const gapBps = side0 && side1 ? measureGapBps(pool, [side0, side1]) : undefined
      return gapBps === undefined ? [] : [{ poolId: pool.id, gapBps, at }]
    }),
    prices: snapshot.assets.flatMap(({ asset, price }) =>
      price.status === 'fresh' ? [{ assetId: asset.id, usd: price.usd, from: price.updatedAt, until: at }] : [],
    ),
  }
}

/**
 * Adds what was seen now to what was seen before, within {@link memoryLimits}. Whatever claims to be from later than now is of a chain that
 * is no more, and goes.
 */
export function rememberMarket(
  before: MarketObservations,
  seen: MarketObservations,
  /** Unix seconds of the block. */
  now: number,
): MarketObservations {
  const isPast = ({ at }: { readonly at: number }) => at <= now
  return {
    impacts: addSpaced(before.impacts.filter(isPast), seen.impacts, {
      keyOf: ({ sell, buy }: PairImpact) => JSON.stringify([sell, buy]),
      ofKey: memoryLimits.impactsOfPair,
      most: memoryLimits.impacts,
    }),
    gaps: addSpaced(before.gaps.filter(isPast), seen.gaps, {
      keyOf: ({ poolId }: PoolGap) => poolId.toLowerCase(),
      ofKey: memoryLimits.gapsOfPool,
      most: memoryLimits.gaps,
    }),
    prices: addPrices(
      before.prices.filter(({ until }) => until <= now && until >= now - memoryLimits.priceSeconds),
      seen.prices,
    ),
  }
}

/** Adds what is new enough; of each key, and of all, the newest stay. In the order of time. */
function addSpaced<Seen extends { readonly at: number }>(
  before: readonly Seen[],
  seen: readonly Seen[],
  { keyOf, ofKey, most }: { readonly keyOf: (one: Seen) => string; readonly ofKey: number; readonly most: number },
): readonly Seen[] {
  const lastAt = new Map<string, number>()
  for (const one of before) lastAt.set(keyOf(one), Math.max(one.at, lastAt.get(keyOf(one)) ?? one.at))
  const isNew = (one: Seen) =>
    one.at - (lastAt.get(keyOf(one)) ?? Number.NEGATIVE_INFINITY) >= memoryLimits.spacingSeconds
  const all = [...before, ...seen.filter(isNew)].sort((a, b) => a.at - b.at)
  const counts = new Map<string, number>()
  const kept = all.reverse().filter((one) => {
    const count = (counts.get(keyOf(one)) ?? 0) + 1
    counts.set(keyOf(one), count)
    return count <= ofKey
  })
  return kept.slice(0, most).reverse()
}

/** A price that still holds grows longer; of too many, each second one of the older half goes. */
function addPrices(before: readonly PriceSpan[], seen: readonly PriceSpan[]): readonly PriceSpan[] {
  const spansOf = new Map<AssetId, readonly PriceSpan[]>()
  for (const span of [...before, ...seen].sort((a, b) => a.until - b.until)) {
    const spans = spansOf.get(span.assetId) ?? []
    const last = spans.at(-1)
    const isSame = last !== undefined && last.usd === span.usd && span.from <= last.until
    const joined = isSame
      ? [...spans.slice(0, -1), { ...span, from: Math.min(last.from, span.from) }]
      : [...spans, span]
    spansOf.set(span.assetId, thinOut(joined))
  }
  return [...spansOf.values()]
    .flat()
    .sort((a, b) => a.until - b.until)
    .slice(-memoryLimits.prices)
}

function thinOut(spans: readonly PriceSpan[]): readonly PriceSpan[] {
  if (spans.length <= memoryLimits.pricesOfAsset) return spans
  // The first is kept: it says how far back is known.
  return spans.filter((_, position) => position >= spans.length >> 1 || position % 2 === 0)
}
