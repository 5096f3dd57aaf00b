import type { AssetId } from '../asset'
import type { Snapshot } from '../snapshot'
import { bpsWhole, mulDivUp, type Usd } from '../units'
import type { PriceSpan } from './observations'

/** How a price came to what it is. */
export type MarketMove = {
  readonly assetId: AssetId
  readonly beforeUsd: Usd
  readonly nowUsd: Usd
  /** Signed, rounded away from zero. */
  readonly changeBps: number
  /** Unix seconds when the price before last held. */
  readonly since: number
}

/** What says that the market as a whole is in drought. */
export type MarketEvidence =
  /** Several assets went the same way within an hour. */
  | { readonly kind: 'together'; readonly direction: 'up' | 'down'; readonly moves: readonly MarketMove[] }
  /** One went far within a day. */
  | { readonly kind: 'alone'; readonly move: MarketMove }

/** What could not be compared: the prices at the window's start are known for `known` of `of` assets. */
export type MarketUnknown = { readonly kind: 'hour' | 'day'; readonly known: number; readonly of: number }

/** How prices moved, with the figures. `calm` only where everything that it takes is known. */
export type MarketJudgement =
  | {
      readonly status: 'drought'
      readonly evidence: readonly MarketEvidence[]
      readonly unknown: readonly MarketUnknown[]
    }
  | { readonly status: 'unknown'; readonly unknown: readonly MarketUnknown[] }
  | { readonly status: 'calm' }

/** POLICY: three assets or more beyond 5 % the same way in an hour, or any beyond 15 % in a day. */
const marketLimits = { togetherBps: 500, togetherCount: 3, aloneBps: 1_500 } as const

type Window = { readonly kind: MarketUnknown['kind']; readonly seconds: number; readonly slackSeconds: number }

/** A price from so long after the window's start still stands for its start. */
const hour: Window = { kind: 'hour', seconds: 3_600, slackSeconds: 600 }
const day: Window = { kind: 'day', seconds: 86_400, slackSeconds: 14_400 }

/** The furthest moves of one asset within a window, up and down, and whether they are all. */
type Swing = { readonly up?: MarketMove; readonly down?: MarketMove; readonly isKnown: boolean }

/**
 * Compares the prices of a snapshot with those that were seen before. A feed that has not moved since it was last written says by
 * itself what its price was until then.
 */
export function judgeMarket(
  { assets, block }: Pick<Snapshot, 'assets' | 'block'>,
  earlier: readonly PriceSpan[],
): MarketJudgement {
  const now = block.timestamp
  const priced = assets.flatMap(({ asset, price }) =>
    price.status === 'fresh' ? [{ assetId: asset.id, usd: price.usd, from: price.updatedAt, until: now }] : [],
  )
  const swingsIn = (window: Window) =>
    priced.map((current) => {
      const own = earlier.filter(({ assetId, from }) => assetId === current.assetId && from < now)
      return measureSwing(current, [...own, current], { now, window })
    })
  const [inHour, inDay] = [swingsIn(hour), swingsIn(day)]
  const together = (['up', 'down'] as const).map((direction) => ({
    direction,
    moves: inHour.flatMap((swing) => {
      const move = swing[direction]
      return move !== undefined && isBeyond(move, marketLimits.togetherBps) ? [move] : []
    }),
  }))
  const evidence: readonly MarketEvidence[] = [
    ...together
      .filter(({ moves }) => moves.length >= marketLimits.togetherCount)
      .map((moved): MarketEvidence => ({ kind: 'together', ...moved })),
    ...inDay.flatMap(({ up, down }) =>
      [up, down].flatMap((move): readonly MarketEvidence[] =>
        move !== undefined && isBeyond(move, marketLimits.aloneBps) ? [{ kind: 'alone', move }] : [],
      ),
    ),
  ]
  const most = Math.max(...together.map(({ moves }) => moves.length))
  const unknown = [
    ...tellUnknown(hour, inHour).filter(({ known, of }) => most + of - known >= marketLimits.togetherCount),
    ...tellUnknown(day, inDay),
  ]
  if (evidence.length > 0) return { status: 'drought', evidence, unknown }
  return unknown.length > 0 ? { status: 'unknown', unknown } : { status: 'calm' }
}

function tellUnknown({ kind }: Window, swings: readonly Swing[]): readonly MarketUnknown[] {
  const known = swings.filter(({ isKnown }) => isKnown).length
  return known === swings.length && known > 0 ? [] : [{ kind, known, of: swings.length }]
}

function measureSwing(
  { assetId, usd }: PriceSpan,
  spans: readonly PriceSpan[],
  { now, window }: { readonly now: number; readonly window: Window },
): Swing {
  const start = now - window.seconds
  const within = spans.filter(({ until, usd: before }) => until >= start && before > 0n)
  let [up, down]: [MarketMove | undefined, MarketMove | undefined] = [undefined, undefined]
  for (const { usd: beforeUsd, until } of within) {
    const changeBps = changeBetween(beforeUsd, usd)
    const move = { assetId, beforeUsd, nowUsd: usd, changeBps, since: Math.min(until, now) }
    if (changeBps > (up?.changeBps ?? 0)) up = move
    if (changeBps < (down?.changeBps ?? 0)) down = move
  }
  return {
    isKnown: within.some(({ from }) => from <= start + window.slackSeconds),
    ...(up === undefined ? {} : { up }),
    ...(down === undefined ? {} : { down }),
  }
}

/** Signed, rounded away from zero. */
function changeBetween(before: bigint, now: bigint): number {
  const size = Number(mulDivUp(now < before ? before - now : now - before, BigInt(bpsWhole), before))
  return now < before ? -size : size
}

/** To the last digit, where rounded basis points would say more. */
function isBeyond({ beforeUsd, nowUsd }: MarketMove, limitBps: number): boolean {
  const size = nowUsd < beforeUsd ? beforeUsd - nowUsd : nowUsd - beforeUsd
  return size * BigInt(bpsWhole) > beforeUsd * BigInt(limitBps)
}
