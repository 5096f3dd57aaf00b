/** Every so many days; which day and minute follows from the seed. */
export type CalendarRule = {
  /** A whole number from 1 to {@link mostDays}. */
  readonly everyDays: number
  /** Unix seconds of the moment from which the rule counts, such as when it was saved. */
  readonly startSeconds: number
  /** Any whole number from 0, see `composeTriggerSeed`: dates of different seeds spread evenly over the days of the rule. */
  readonly seed: bigint
}

/** Whether a date came that was not acted on. `dueSeconds` is the newest such date, `nextSeconds` the first after now. */
export type CalendarJudgement =
  | { readonly status: 'due'; readonly dueSeconds: number; readonly nextSeconds: number }
  | { readonly status: 'waiting'; readonly nextSeconds: number }

/** The longest a calendar waits. */
export const mostDays = 366

const minuteSeconds = 60
const dayMinutes = 1_440
const daySeconds = 86_400

/** Days that no calendar counts. */
export class InvalidCalendarDaysError extends Error {
  override readonly name = 'InvalidCalendarDaysError'
  constructor(readonly everyDays: number) {
    super(`A calendar cannot come round every ${everyDays} days. Use a whole number from 1 to ${mostDays}.`)
  }
}

/** A start that is not a moment in whole Unix seconds. */
export class InvalidCalendarStartError extends Error {
  override readonly name = 'InvalidCalendarStartError'
  constructor(readonly startSeconds: number) {
    super(`${startSeconds} is not a moment in Unix seconds. Use a whole number from 0.`)
  }
}

/** Whether a calendar can come round every so many days. */
export function isValidCalendarDays(everyDays: number): boolean {
  return Number.isInteger(everyDays) && everyDays >= 1 && everyDays <= mostDays
}

/**
 * The first date of a calendar, in Unix seconds: at most `everyDays` after its start, on a full minute.
 * @throws {InvalidCalendarDaysError} when `everyDays` is not a whole number from 1 to 366.
 * @throws {InvalidCalendarStartError} when the start is not a whole number of seconds from 0.
 */
export function selectFirstDate({ everyDays, startSeconds, seed }: CalendarRule): number {
  if (!isValidCalendarDays(everyDays)) throw new InvalidCalendarDaysError(everyDays)
  if (!Number.isSafeInteger(startSeconds) || startSeconds < 0) throw new InvalidCalendarStartError(startSeconds)
  // {minutes} = {seconds} / {seconds/minute} + {minutes}
  const jitterMinutes = Number(BigInt.asUintN(64, seed) % BigInt(everyDays * dayMinutes))
  return (Math.floor(startSeconds / minuteSeconds) + 1 + jitterMinutes) * minuteSeconds
}

/**
 * Judges a calendar: due from the minute of a date until something is done. Dates that passed unseen count once.
 * @param moments Unix seconds; `actedSeconds` when the portfolio was last acted on, missing when never
 * @throws {InvalidCalendarDaysError} when `everyDays` is not a whole number from 1 to 366.
 * @throws {InvalidCalendarStartError} when the start is not a whole number of seconds from 0.
 */
export function judgeCalendar(
  rule: CalendarRule,
  { nowSeconds, actedSeconds }: { readonly nowSeconds: number; readonly actedSeconds?: number },
): CalendarJudgement {
  const first = selectFirstDate(rule)
  const period = rule.everyDays * daySeconds
  if (nowSeconds < first) return { status: 'waiting', nextSeconds: first }
  const newest = first + Math.floor((nowSeconds - first) / period) * period
  const nextSeconds = newest + period
  if (actedSeconds !== undefined && actedSeconds >= newest) return { status: 'waiting', nextSeconds }
  return { status: 'due', dueSeconds: newest, nextSeconds }
}
