import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidCalendarDaysError, judgeCalendar, mostDays, selectFirstDate } from './calendar'
import { type CalendarFileRequest, composeCalendarFile } from './calendarFile'

type Component = {
  readonly name: string
  readonly properties: ReadonlyMap<string, string>
  readonly children: readonly Component[]
}

/** A reader of RFC 5545 for what a file of one event uses. It throws on anything else. */
function parseCalendar(text: string): Component {
  if (!text.endsWith('\r\n')) throw new Error('the last line has no end')
  const physical = text.slice(0, -2).split('\r\n')
  for (const line of physical) {
    if (/[\r\n]/.test(line)) throw new Error('a bare line break')
    if (Buffer.byteLength(line) > 75) throw new Error('a line of more than 75 octets')
    if (line === '') throw new Error('an empty line')
  }
  const lines = physical.join('\r\n').replaceAll('\r\n ', '').split('\r\n')
  let at = 0
  const take = () => {
    const match = /^([A-Z-]+):(.*)$/su.exec(lines[at++] ?? '')
    if (!match) throw new Error(`not a content line: ${lines[at - 1]}`)
    return { name: match[1] as string, value: match[2] as string }
  }
  const readComponent = (name: string): Component => {
    const properties = new Map<string, string>()
    const children: Component[] = []
    for (;;) {
      const line = take()
      if (line.name === 'END') {
        if (line.value !== name) throw new Error(`${name} ends as ${line.value}`)
        return { name, properties, children }
      }
      if (line.name === 'BEGIN') children.push(readComponent(line.value))
      else if (properties.has(line.name)) throw new Error(`${line.name} stands twice`)
      else properties.set(line.name, line.value)
    }
  }
  const begin = take()
  if (begin.name !== 'BEGIN') throw new Error('no beginning')
  const root = readComponent(begin.value)
  if (at !== lines.length) throw new Error('something after the end')
  return root
}

function readText(value: string | undefined): string {
  if (value === undefined) throw new Error('no text')
  if (/(?<!\\)(?:\\\\)*[;,]/.test(value)) throw new Error('an unescaped separator')
  return value.replace(/\\(.)/g, (_, character: string) => {
    if (!'\\;,nN'.includes(character)) throw new Error(`an escape that does not exist: ${character}`)
    return character.toLowerCase() === 'n' ? '\n' : character
  })
}

function readUtc(value: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value ?? '')
  if (!match) throw new Error(`not a date-time in UTC: ${value}`)
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  return Date.UTC(year, month - 1, date, hour, minute, second) / 1000
}

function eventOf(text: string): Component {
  const calendar = parseCalendar(text)
  const [event] = calendar.children
  if (calendar.name !== 'VCALENDAR' || event?.name !== 'VEVENT' || calendar.children.length !== 1)
    throw new Error('no event')
  return event
}

const request: CalendarFileRequest = {
  rule: { everyDays: 30, startSeconds: 1_760_000_000, seed: 0xabcn },
  writtenSeconds: 1_760_000_123,
  title: 'Look at the portfolio; 60 % ETH, 40 % USDC',
  description: 'Drift and cost are shown when you open it.\nNothing trades by itself.',
  url: 'https://ballast.example/rebalance?t=ETH:6000,USDC:4000;v=1',
}

describe('composeCalendarFile', () => {
  test('default', () => {
    const calendar = parseCalendar(composeCalendarFile(request))
    expect(calendar.properties.get('VERSION')).toBe('2.0')
    expect(calendar.properties.get('PRODID')).toBe('-//Ballast//Calendar//EN')
    const event = eventOf(composeCalendarFile(request))
    expect(event.properties.get('UID')).toBe('0000000000000abc@ballast.invalid')
    expect(event.properties.get('RRULE')).toBe('FREQ=DAILY;INTERVAL=30')
    expect(event.properties.get('URL')).toBe(request.url)
    expect(readUtc(event.properties.get('DTSTAMP'))).toBe(request.writtenSeconds)
    expect(readUtc(event.properties.get('DTSTART'))).toBe(selectFirstDate(request.rule))
    expect(readText(event.properties.get('SUMMARY'))).toBe(request.title)
    expect(readText(event.properties.get('DESCRIPTION'))).toBe(request.description)
    expect(event.children.map(({ name }) => name)).toEqual(['VALARM'])
    expect([...(event.children[0]?.properties ?? [])]).toEqual([
      ['ACTION', 'DISPLAY'],
      ['TRIGGER', 'PT0S'],
      ['DESCRIPTION', expect.any(String)],
    ])
  })

  test('behaviour: the bytes of a small file', () => {
    const { url: _, ...bare } = request
    const text = composeCalendarFile({ ...bare, title: 'Look, then act', description: '' })
    expect(text.split('\r\n').slice(5, 14)).toEqual([
      'BEGIN:VEVENT',
      'UID:0000000000000abc@ballast.invalid',
      'DTSTAMP:20251009T085523Z',
      'DTSTART:20251011T064200Z',
      'DURATION:PT15M',
      'RRULE:FREQ=DAILY;INTERVAL=30',
      'SUMMARY:Look\\, then act',
      'DESCRIPTION:',
      'TRANSP:TRANSPARENT',
    ])
  })

  test('behaviour: a text cannot add a property, whichever line break it uses', () => {
    const title = 'a\r\nATTACH:x\rb\nc\u0000\u000bd\u2028e'
    const event = eventOf(composeCalendarFile({ ...request, title, url: 'https://a\r\nATTACH:x' }))
    expect(readText(event.properties.get('SUMMARY'))).toBe('a\nATTACH:x\nb\ncd\u2028e')
    expect(event.properties.get('URL')).toBe('https://aATTACH:x')
    expect(event.properties.has('ATTACH')).toBe(false)
  })

  test('error: InvalidCalendarDaysError', () => {
    expect(() => composeCalendarFile({ ...request, rule: { ...request.rule, everyDays: 0 } })).toThrow(
      InvalidCalendarDaysError,
    )
  })

  test('property: every text comes back as it was, in lines of 75 octets', () => {
    const text = fc
      .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\\', ';', ',', '\n', '\\n', 'ä€😀')), {
        maxLength: 40,
      })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those that no text may hold
      .map((parts) => parts.join('').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''))
    fc.assert(
      fc.property(text, text, (title, description) => {
        const event = eventOf(composeCalendarFile({ ...request, title, description }))
        expect(readText(event.properties.get('SUMMARY'))).toBe(title)
        expect(readText(event.properties.get('DESCRIPTION'))).toBe(description)
      }),
    )
  })

  test('property: the dates of the file are those on which the calendar is due', () => {
    const rules = fc.record({
      everyDays: fc.integer({ min: 1, max: mostDays }),
      startSeconds: fc.integer({ min: 0, max: 4_000_000_000 }),
      seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    })
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 50 }), (rule, count) => {
        const event = eventOf(composeCalendarFile({ ...request, rule }))
        const days = Number(/^FREQ=DAILY;INTERVAL=(\d+)$/.exec(event.properties.get('RRULE') ?? '')?.[1])
        const date = readUtc(event.properties.get('DTSTART')) + count * days * 86_400
        expect(judgeCalendar(rule, { nowSeconds: date - 1 }).nextSeconds).toBe(date)
      }),
    )
  })
})
