import type { AssetId } from '../asset'
import type { Usd } from '../units'

const secondsPerDay = 86_400

/** What one whole token cost at the end of a UTC day. */
export interface DailyClose {
  /** Whole days since 1 January 1970 (UTC). */
  readonly day: number
  readonly usd: Usd
}

/**
 * Why a day has no close. `noRound`: the feed had not answered yet. `stale`: its last answer was too old by the end of the day.
 * `notPositive`: that answer is zero or negative. `disordered`: rounds around the end of the day bear times that do not rise.
 * `unread`: the rounds around it could not be read.
 */
export type CloseGapReason = 'noRound' | 'stale' | 'notPositive' | 'disordered' | 'unread'

/** Days in a row that have no close, for one reason. */
export interface CloseGap {
  readonly fromDay: number
  /** Included. */
  readonly toDay: number
  readonly reason: CloseGapReason
}

/** The daily closes of an asset and the days that have none: together every day that was asked for. */
export interface AssetCloses {
  readonly assetId: AssetId
  /** The days rise. */
  readonly closes: readonly DailyClose[]
  /** The days rise. */
  readonly gaps: readonly CloseGap[]
}

/** Why nothing is known of an asset's past: it has no feed, the feed has other decimals than it is listed with, or does not answer. */
export type NoHistoryReason = 'noFeed' | 'wrongDecimals' | 'unreadable'

/** The past of an asset as its feed tells it, or why it does not. */
export type AssetHistory =
  | ({ readonly status: 'known' } & AssetCloses)
  | { readonly status: 'unavailable'; readonly assetId: AssetId; readonly reason: NoHistoryReason }

/** Days, both included. */
export interface DayRange {
  readonly fromDay: number
  readonly toDay: number
}

/** The first second after a UTC day. */
export function endOfDay(day: number): number {
  return (day + 1) * secondsPerDay
}

/** The days that have ended by a time, at most so many of them, the last ones. */
export function selectEndedDays(nowSeconds: number, windowDays: number): DayRange {
  const toDay = Math.floor(nowSeconds / secondsPerDay) - 1
  return { fromDay: Math.max(0, toDay - windowDays + 1), toDay }
}

/** Every day of a range, rising. */
export function listDays({ fromDay, toDay }: DayRange): readonly number[] {
  return Array.from({ length: Math.max(0, toDay - fromDay + 1) }, (_, index) => fromDay + index)
}

/** Takes single days, rising, for gaps: days in a row with the same reason are one. */
export function composeGaps(
  days: readonly { readonly day: number; readonly reason: CloseGapReason }[],
): readonly CloseGap[] {
  const gaps: { fromDay: number; toDay: number; reason: CloseGapReason }[] = []
  for (const { day, reason } of days) {
    const last = gaps.at(-1)
    if (last?.reason === reason && last.toDay === day - 1) last.toDay = day
    else gaps.push({ fromDay: day, toDay: day, reason })
  }
  return gaps
}

/** The part of an asset's closes and gaps that lies in a range. */
export function selectCloses({ assetId, closes, gaps }: AssetCloses, { fromDay, toDay }: DayRange): AssetCloses {
  return {
    assetId,
    closes: closes.filter(({ day }) => day >= fromDay && day <= toDay),
    gaps: gaps.flatMap((gap) => {
      const part = { ...gap, fromDay: Math.max(fromDay, gap.fromDay), toDay: Math.min(toDay, gap.toDay) }
      return part.fromDay <= part.toDay ? [part] : []
    }),
  }
}

/** The days of a range of which closes say nothing: neither a close nor why there is none. What could not be read is asked for again. */
export function listUnknownDays(
  { closes, gaps }: Pick<AssetCloses, 'closes' | 'gaps'>,
  range: DayRange,
): readonly number[] {
  const known = new Set(closes.map(({ day }) => day))
  for (const gap of gaps) if (gap.reason !== 'unread') for (const day of listDays(gap)) known.add(day)
  return listDays(range).filter((day) => !known.has(day))
}

/** Joins what was known with what was read since; where both speak of a day, the later reading counts, unless it could not be read then. */
export function mergeCloses(before: AssetCloses, read: AssetCloses): AssetCloses {
  const byDay = new Map<number, { readonly usd: Usd } | { readonly reason: CloseGapReason }>()
  for (const { closes, gaps } of [before, read]) {
    for (const { day, usd } of closes) byDay.set(day, { usd })
    for (const { reason, ...range } of gaps) {
      for (const day of listDays(range)) if (reason !== 'unread' || !byDay.has(day)) byDay.set(day, { reason })
    }
  }
  const days = [...byDay].sort(([a], [b]) => a - b)
  return {
    assetId: read.assetId,
    closes: days.flatMap(([day, of]) => ('usd' in of ? [{ day, usd: of.usd }] : [])),
    gaps: composeGaps(days.flatMap(([day, of]) => ('reason' in of ? [{ day, reason: of.reason }] : []))),
  }
}
