import { parseWeightPercent, weightPercentText } from '@/lib/core/targetsText'
import { isValidCalendarDays, mostDays } from '@/lib/core/triggers/calendar'
import type { TriggerSettings } from '@/lib/core/triggers/triggerSettings'
import { assertNever, type Bps, toBps } from '@/lib/core/units'

/** How drift is judged while it is chosen. */
export type DriftChoice = 'none' | 'absolute' | 'relative' | 'volatilityScaled' | 'costAware'

/** Triggers while they are edited: texts as typed. */
export type TriggerDraft = {
  readonly drift: DriftChoice
  readonly absolute: string
  readonly relative: string
  readonly deviations: string
  readonly horizonDays: string
  /** The narrowest band of a relative or scaled threshold. */
  readonly least: string
  readonly riskAversion: 'cautious' | 'normal' | 'relaxed'
  readonly hasCalendar: boolean
  readonly everyDays: string
  readonly isNotifying: boolean
}

/** Why a field is not taken, for each field that is not. */
export type TriggerRefusals = { readonly [Field in keyof TriggerDraft]?: string }

export type ParsedTriggers =
  | { readonly status: 'parsed'; readonly settings: TriggerSettings }
  | { readonly status: 'refused'; readonly refusals: TriggerRefusals }

const blankDraft: TriggerDraft = {
  drift: 'none',
  absolute: '5',
  relative: '25',
  deviations: '1',
  horizonDays: '30',
  least: '0.5',
  riskAversion: 'normal',
  hasCalendar: false,
  everyDays: '30',
  isNotifying: false,
}

/** Starts a draft from what is saved. */
export function toTriggerDraft({ band, calendar, isNotifying }: TriggerSettings): TriggerDraft {
  return {
    ...blankDraft,
    ...(band === undefined ? {} : toDriftDraft(band)),
    ...(calendar === undefined ? {} : { hasCalendar: true, everyDays: String(calendar.everyDays) }),
    isNotifying,
  }
}

function toDriftDraft(band: NonNullable<TriggerSettings['band']>): Partial<TriggerDraft> {
  if (band.kind === 'costAware') return { drift: 'costAware', riskAversion: band.riskAversion }
  const { threshold } = band
  switch (threshold.kind) {
    case 'absolute':
      return { drift: 'absolute', absolute: weightPercentText(threshold.triggerBps) }
    case 'relative':
      return {
        drift: 'relative',
        relative: weightPercentText(threshold.shareBps),
        least: weightPercentText(threshold.leastBps),
      }
    case 'volatilityScaled':
      return {
        drift: 'volatilityScaled',
        deviations: String(threshold.deviations),
        horizonDays: String(threshold.horizonDays),
        least: weightPercentText(threshold.leastBps),
      }
    default:
      return assertNever(threshold)
  }
}

type Read<Value> =
  | { readonly value: Value; readonly refusal?: undefined }
  | { readonly value?: undefined; readonly refusal: string }

function readShare(text: string, most: number): Read<Bps> {
  const parsed = parseWeightPercent(text.trim())
  if (parsed.status === 'refused') return { refusal: parsed.message }
  if (parsed.weightBps === 0) return { refusal: 'Enter more than 0.' }
  return parsed.weightBps > most ? { refusal: `Enter at most ${most / 100}.` } : { value: parsed.weightBps }
}

function readNumber(text: string, most: number): Read<number> {
  const value = /^\d{1,4}(\.\d{1,2})?$/.test(text.trim()) ? Number(text.trim()) : Number.NaN
  if (!(value > 0)) return { refusal: 'Enter a number above 0, such as 1.5.' }
  return value > most ? { refusal: `Enter at most ${most}.` } : { value }
}

function readDays(text: string): Read<number> {
  const value = /^\d{1,4}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN
  return isValidCalendarDays(value) ? { value } : { refusal: `Enter a whole number of days from 1 to ${mostDays}.` }
}

const wholeBps = toBps(10_000)
const halfBps = toBps(5_000)
const mostDeviations = 10

function refuse(fields: Readonly<Record<string, Read<unknown>>>): ParsedTriggers {
  return {
    status: 'refused',
    refusals: Object.fromEntries(
      Object.entries(fields).flatMap(([field, { refusal }]) => (refusal === undefined ? [] : [[field, refusal]])),
    ),
  }
}

function parseDrift(draft: TriggerDraft): { readonly band: TriggerSettings['band'] } | ParsedTriggers {
  const least = readShare(draft.least, halfBps)
  switch (draft.drift) {
    case 'none':
      return { band: undefined }
    case 'costAware':
      return { band: { kind: 'costAware', riskAversion: draft.riskAversion } }
    case 'absolute': {
      const absolute = readShare(draft.absolute, halfBps)
      if (absolute.value === undefined) return refuse({ absolute })
      return { band: { kind: 'threshold', threshold: { kind: 'absolute', triggerBps: absolute.value } } }
    }
    case 'relative': {
      const relative = readShare(draft.relative, wholeBps)
      if (relative.value === undefined || least.value === undefined) return refuse({ relative, least })
      return {
        band: { kind: 'threshold', threshold: { kind: 'relative', shareBps: relative.value, leastBps: least.value } },
      }
    }
    case 'volatilityScaled': {
      const deviations = readNumber(draft.deviations, mostDeviations)
      const horizonDays = readNumber(draft.horizonDays, mostDays)
      if (deviations.value === undefined || horizonDays.value === undefined || least.value === undefined)
        return refuse({ deviations, horizonDays, least })
      return {
        band: {
          kind: 'threshold',
          threshold: {
            kind: 'volatilityScaled',
            deviations: deviations.value,
            horizonDays: horizonDays.value,
            leastBps: least.value,
          },
        },
      }
    }
    default:
      return assertNever(draft.drift)
  }
}

/**
 * Takes what was typed for triggers, or says for each field why not. A calendar keeps its start while its days stay the same; otherwise it
 * starts at `openedSeconds`.
 */
export function parseTriggers(
  draft: TriggerDraft,
  { saved, openedSeconds }: { readonly saved: TriggerSettings; readonly openedSeconds: number },
): ParsedTriggers {
  const drift = parseDrift(draft)
  const days = draft.hasCalendar ? readDays(draft.everyDays) : undefined
  const isDaysWrong = days !== undefined && days.value === undefined
  if ('status' in drift || isDaysWrong) {
    const refusals = 'status' in drift && drift.status === 'refused' ? drift.refusals : {}
    return { status: 'refused', refusals: { ...refusals, ...(isDaysWrong ? { everyDays: days.refusal } : {}) } }
  }
  const startSeconds =
    saved.calendar !== undefined && saved.calendar.everyDays === days?.value
      ? saved.calendar.startSeconds
      : openedSeconds
  return {
    status: 'parsed',
    settings: {
      ...(drift.band === undefined ? {} : { band: drift.band }),
      ...(days?.value === undefined ? {} : { calendar: { everyDays: days.value, startSeconds } }),
      isNotifying: draft.isNotifying,
    },
  }
}
