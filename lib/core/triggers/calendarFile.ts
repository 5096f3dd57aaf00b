import { type CalendarRule, selectFirstDate } from './calendar'
import { encodeUtf8 } from './utf8'

/** What a calendar file says. Texts may hold any characters and line breaks. */
export type CalendarFileRequest = {
  readonly rule: CalendarRule
  /** Unix seconds of the moment at which the file is written. */
  readonly writtenSeconds: number
  readonly title: string
  readonly description: string
  /** Where the reminder leads. */
  readonly url?: string
}

const lineOctets = 75
const eventMinutes = 15

/**
 * Composes an iCalendar file (RFC 5545) with one event that comes round by the rule, in UTC, with an alarm. Its name is made of the rule's
 * seed, so that a calendar which takes the file again replaces the event; neither account nor holdings can be read off it.
 * @throws {InvalidCalendarDaysError} when `everyDays` is not a whole number from 1 to 366.
 * @throws {InvalidCalendarStartError} when the start is not a whole number of seconds from 0.
 */
export function composeCalendarFile({ rule, writtenSeconds, title, description, url }: CalendarFileRequest): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Ballast//Calendar//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${BigInt.asUintN(64, rule.seed).toString(16).padStart(16, '0')}@ballast.invalid`,
    `DTSTAMP:${toUtcText(writtenSeconds)}`,
    `DTSTART:${toUtcText(selectFirstDate(rule))}`,
    `DURATION:PT${eventMinutes}M`,
    `RRULE:FREQ=DAILY;INTERVAL=${rule.everyDays}`,
    `SUMMARY:${escapeText(title)}`,
    `DESCRIPTION:${escapeText(description)}`,
    ...(url === undefined ? [] : [`URL:${escapeUri(url)}`]),
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:PT0S',
    `DESCRIPTION:${escapeText(title)}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${foldLine(line)}\r\n`).join('')
}

/** Unix seconds as a date-time in UTC (RFC 5545, 3.3.5, form 2). */
function toUtcText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** Control characters that no text may hold: all but tab and line feed. */
const isAllowed = (character: string) => {
  const point = character.codePointAt(0) ?? 0
  return (point >= 0x20 && point !== 0x7f) || character === '\t' || character === '\n'
}

/** Escapes a value of type TEXT (RFC 5545, 3.3.11). */
function escapeText(text: string): string {
  return [...text.replace(/\r\n?/g, '\n')]
    .filter(isAllowed)
    .join('')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

/** A URI is not escaped as text is; what no URI may hold is taken out. */
function escapeUri(url: string): string {
  return [...url].filter((character) => isAllowed(character) && !/\s/.test(character)).join('')
}

/** Breaks a line at 75 octets, between characters (RFC 5545, 3.1). */
function foldLine(line: string): string {
  let folded = ''
  let octets = 0
  const sizes = encodeUtf8(line).map((bytes) => bytes.length)
  for (const [at, character] of [...line].entries()) {
    const size = sizes[at] as number
    if (octets + size > lineOctets) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return folded
}
