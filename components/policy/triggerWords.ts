import { leastObservations } from '@/lib/core/risk/estimateCovariance'
import type { AssetJudgement, TriggerJudgement } from '@/lib/core/triggers/judgeTriggers'
import { assertNever } from '@/lib/core/units'

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** A day of the reader's own calendar: `3 Dec`. */
export function formatDay(seconds: number): string {
  return day.format(seconds * 1_000)
}

/** A minute of the reader's own calendar: `3 Dec 2026, 14:05`. */
export function formatDayAndTime(seconds: number): string {
  return dayAndTime.format(seconds * 1_000)
}

/** How much history is needed before volatilities say anything. */
export const historyNeeded = `needs at least ${leastObservations} days of history`

type Fired = Extract<AssetJudgement, { status: 'fired' }>

/** Percentage points without a sign: 612 is `6.1 pp`; less than a tenth keeps two digits. */
export function formatPp(bps: number): string {
  const size = Math.abs(bps)
  return `${(size / 100).toFixed(size < 10 ? 2 : 1)} pp`
}

/** @example 'ETH left its band: 6.1 pp above' */
export function describeFired({ assetId, driftBps, side }: Fired): string {
  return `${assetId} left its band: ${formatPp(driftBps)} ${side}`
}

/** What fired, the furthest beyond its trigger first. */
export function selectFired(assets: readonly AssetJudgement[]): readonly Fired[] {
  return assets
    .flatMap((asset) => (asset.status === 'fired' ? [asset] : []))
    .sort((a, b) => Math.abs(b.driftBps) - b.triggerBps - (Math.abs(a.driftBps) - a.triggerBps))
}

function describeAllFired(fired: readonly Fired[]): string | undefined {
  const [first, ...others] = fired
  if (first === undefined) return undefined
  return others.length === 0 ? describeFired(first) : `${describeFired(first)}, and ${others.length} more`
}

const names = (assetIds: readonly string[]) =>
  assetIds.length <= 3 ? assetIds.join(', ') : `${assetIds.length} assets`

function describeUnjudged(assets: readonly AssetJudgement[]): string | undefined {
  const unjudged = assets.flatMap((asset) => (asset.status === 'unjudged' ? [asset] : []))
  const [first] = unjudged
  if (first === undefined) return undefined
  if (unjudged.some(({ reason }) => reason === 'unknownWeight')) {
    const unknown = unjudged.filter(({ reason }) => reason === 'unknownWeight')
    return `${names(unknown.map(({ assetId }) => assetId))} not judged: a balance or a fresh price is missing`
  }
  const isWithoutBand = unjudged.some(({ reason }) => reason === 'noBand')
  return `${names(unjudged.map(({ assetId }) => assetId))} not judged: ${isWithoutBand ? 'costs give no band' : historyNeeded}`
}

function describeCalendar(calendar: NonNullable<TriggerJudgement['calendar']>): string {
  switch (calendar.status) {
    case 'due':
      return `Date of ${formatDay(calendar.dueSeconds)} is due`
    case 'waiting':
      return `Next date ${formatDay(calendar.nextSeconds)}`
    default:
      return assertNever(calendar)
  }
}

function describeResting(assets: readonly AssetJudgement[]): string | undefined {
  const resting = assets.filter(({ status }) => status === 'resting').map(({ assetId }) => assetId)
  if (resting.length === 0) return undefined
  return `${names(resting)} ${resting.length === 1 ? 'rests' : 'rest'} since the last rebalance`
}

/**
 * What the triggers say, in one line; nothing where nothing was asked for.
 * @example 'ETH left its band: 6.1 pp above · Next date 3 Dec'
 */
export function describeTriggers({ assets, calendar }: TriggerJudgement): string | undefined {
  if (assets.length === 0 && calendar === undefined) return undefined
  const isQuiet = assets.length > 0 && assets.every(({ status }) => status === 'inBand')
  const wide = assets.filter((asset) => 'isWiderThanTarget' in asset && asset.isWiderThanTarget)
  return [
    describeAllFired(selectFired(assets)),
    isQuiet ? 'Every asset within its trigger' : undefined,
    describeResting(assets),
    describeUnjudged(assets),
    wide.length === 0
      ? undefined
      : `${names(wide.map(({ assetId }) => assetId))}: the band is wider than the target, so nothing fires below it`,
    calendar === undefined ? undefined : describeCalendar(calendar),
  ]
    .filter((part) => part !== undefined)
    .join(' · ')
}

/** A notice: what newly happened, as its title and its text. */
export function describeNotice({ assets, calendar }: TriggerJudgement): {
  readonly title: string
  readonly body: string
} {
  const fired = selectFired(assets)
  const isDue = calendar?.status === 'due'
  const [first] = fired
  const title =
    fired.length > 1
      ? `${fired.length} assets left their bands`
      : first !== undefined
        ? describeFired(first)
        : 'The date of your calendar came'
  const parts = [
    ...(fired.length > 1
      ? [`${fired.map((asset) => `${asset.assetId} ${formatPp(asset.driftBps)} ${asset.side}`).join(', ')}.`]
      : []),
    ...(isDue && first !== undefined ? [`${describeCalendar(calendar)}.`] : []),
    'Nothing was traded. The plan shows what a rebalance would do and cost.',
  ]
  return { title, body: parts.join(' ') }
}
