import type { AssetId } from '../asset'
import { measureBand, measureRest } from './band'
import { type CalendarJudgement, judgeCalendar } from './calendar'
import type { NoBand, TriggerAsset, TriggerRules } from './rule'

type Side = 'above' | 'below'

/**
 * What a judgement leaves for the next one, plain data to be saved. `fired`: outside and said. `resting`: acted on and since then not seen
 * inside its band. Assets that are not named are inside, or were never seen.
 */
export type TriggerMemory = {
  readonly assets: readonly { readonly assetId: AssetId; readonly status: 'fired' | 'resting'; readonly side: Side }[]
  /** Unix seconds; missing when never. */
  readonly actedSeconds?: number
  /** The calendar's date that was said last; missing when none was. */
  readonly toldDateSeconds?: number
}

/** The memory of an account that was never judged. */
export const blankMemory: TriggerMemory = { assets: [] }

type Measured = {
  readonly assetId: AssetId
  /** Weight less target, in hundredths of a percentage point. */
  readonly driftBps: number
  /** The distance beyond which it fires. */
  readonly triggerBps: number
  /** The band is as wide as the target or wider: it cannot fire below the target. */
  readonly isWiderThanTarget: boolean
}

/** What a trigger says of one asset. */
export type AssetJudgement =
  | ({ readonly status: 'inBand' } & Measured)
  /** Outside. `toBps` is the weight to bring it to; `isNew` when the last judgement did not say so. */
  | ({ readonly status: 'fired'; readonly side: Side; readonly toBps: number; readonly isNew: boolean } & Measured)
  /** Outside still after it was acted on: it fires once it was inside, or on the other side. */
  | ({ readonly status: 'resting'; readonly side: Side } & Measured)
  | { readonly status: 'unjudged'; readonly assetId: AssetId; readonly reason: 'unknownWeight' | NoBand }

/** What the rules say now. A judgement asks for a notice at most, and never for a trade. */
export type TriggerJudgement = {
  /** In the order of the assets; empty without a band rule. */
  readonly assets: readonly AssetJudgement[]
  /** Missing without a calendar. */
  readonly calendar?: CalendarJudgement & { readonly isNew: boolean }
  /** Something fired or is due. */
  readonly isFiring: boolean
  /** Something fired or became due that the last judgement did not say: time for one notice. */
  readonly isNew: boolean
  /** For the next judgement. */
  readonly memory: TriggerMemory
}

/**
 * Judges what is held by the rules. An asset fires when its drift is larger than its trigger, and is new once for each time that it
 * leaves its band. After acting it rests until it leaves the band again. What cannot be judged says why and keeps its memory.
 * @throws {InvalidTriggerError} when a number of the rules is not finite or out of its range.
 * @throws {InvalidCalendarDaysError} when the days of the calendar are not a whole number from 1 to 366.
 * @throws {InvalidCalendarStartError} when the start of the calendar is not a moment.
 */
export function judgeTriggers(request: {
  readonly rules: TriggerRules
  readonly assets: readonly TriggerAsset[]
  readonly memory: TriggerMemory
  readonly nowSeconds: number
}): TriggerJudgement {
  const { rules, memory, nowSeconds } = request
  const { band } = rules
  const assets = band === undefined ? [] : request.assets.map((asset) => judgeAsset(band, asset, memory))
  const calendar =
    rules.calendar && tellCalendar(judgeCalendar(rules.calendar, { nowSeconds, ...actedIn(memory) }), memory)
  const isDue = calendar?.status === 'due'
  return {
    assets,
    ...(calendar ? { calendar } : {}),
    isFiring: isDue || assets.some(({ status }) => status === 'fired'),
    isNew: (isDue && calendar.isNew) || assets.some((asset) => asset.status === 'fired' && asset.isNew),
    memory: {
      assets: assets.flatMap((judgement) => remember(judgement, memory)),
      ...actedIn(memory),
      ...(isDue ? { toldDateSeconds: calendar.dueSeconds } : toldIn(memory)),
    },
  }
}

/** The memory once some assets were acted on: those that are still named as fired rest, and the calendar's date is done with. */
export function rememberActing(
  memory: TriggerMemory,
  { assetIds, nowSeconds }: { readonly assetIds: readonly AssetId[]; readonly nowSeconds: number },
): TriggerMemory {
  const acted = new Set(assetIds)
  return {
    ...memory,
    assets: memory.assets.map((asset) => (acted.has(asset.assetId) ? { ...asset, status: 'resting' } : asset)),
    actedSeconds: nowSeconds,
  }
}

const actedIn = ({ actedSeconds }: TriggerMemory) => (actedSeconds === undefined ? {} : { actedSeconds })
const toldIn = ({ toldDateSeconds }: TriggerMemory) => (toldDateSeconds === undefined ? {} : { toldDateSeconds })

function tellCalendar(
  judgement: CalendarJudgement,
  memory: TriggerMemory,
): CalendarJudgement & { readonly isNew: boolean } {
  return { ...judgement, isNew: judgement.status === 'due' && judgement.dueSeconds !== memory.toldDateSeconds }
}

function judgeAsset(
  rule: NonNullable<TriggerRules['band']>,
  asset: TriggerAsset,
  memory: TriggerMemory,
): AssetJudgement {
  const { assetId, weightBps, targetBps } = asset
  const band = measureBand(rule, asset)
  if (weightBps === undefined || !Number.isFinite(weightBps))
    return { status: 'unjudged', assetId, reason: 'unknownWeight' }
  if (band.status === 'unknown') return { status: 'unjudged', assetId, reason: band.reason }
  const { triggerBps, rest } = band
  const driftBps = weightBps - targetBps
  const isWiderThanTarget = targetBps > 0 && triggerBps >= targetBps
  const measured: Measured = { assetId, driftBps, triggerBps, isWiderThanTarget }
  if (!(Math.abs(driftBps) > triggerBps)) return { status: 'inBand', ...measured }
  const side = driftBps > 0 ? 'above' : 'below'
  const before = memory.assets.find((entry) => entry.assetId === assetId && entry.side === side)
  if (before?.status === 'resting') return { status: 'resting', side, ...measured }
  const restBps = measureRest(rest, driftBps)
  const toBps = side === 'above' ? targetBps + restBps : targetBps - restBps
  return { status: 'fired', side, toBps, isNew: before === undefined, ...measured }
}

function remember(judgement: AssetJudgement, memory: TriggerMemory): TriggerMemory['assets'] {
  switch (judgement.status) {
    case 'inBand':
      return []
    case 'fired':
    case 'resting':
      return [{ assetId: judgement.assetId, status: judgement.status, side: judgement.side }]
    case 'unjudged':
      return memory.assets.filter(({ assetId }) => assetId === judgement.assetId)
  }
}
