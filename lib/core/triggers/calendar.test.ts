import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toTargets } from '../targets'
import type { Address } from '../units'
import {
  InvalidCalendarDaysError,
  InvalidCalendarStartError,
  judgeCalendar,
  mostDays,
  selectFirstDate,
} from './calendar'
import { composeTriggerSeed } from './triggerSeed'

const day = 86_400
const start = 1_760_000_000
const rule = { everyDays: 30, startSeconds: start, seed: 12_345n }
const first = selectFirstDate(rule)

const rules = fc.record({
  everyDays: fc.integer({ min: 1, max: mostDays }),
  startSeconds: fc.integer({ min: 0, max: 4_000_000_000 }),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
})

describe('selectFirstDate', () => {
  test('default: the seed in minutes after the next full minute', () => {
    expect(first).toBe(Math.ceil(start / 60) * 60 + 12_345 * 60)
  })

  test('property: within the days of the rule after its start, on a full minute', () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const date = selectFirstDate(drawn)
        expect(date % 60).toBe(0)
        expect(date).toBeGreaterThan(drawn.startSeconds)
        expect(date).toBeLessThanOrEqual(drawn.startSeconds + drawn.everyDays * day)
      }),
    )
  })

  test('behaviour: accounts that share a preset are spread over the days', () => {
    const preset = toTargets([{ assetId: 'ETH', weightBps: 10_000 }], ['ETH'])
    const buckets = new Array<number>(30).fill(0)
    const accountCount = 3000
    for (let number = 0; number < accountCount; number++) {
      const account: Address = `0x${number.toString(16).padStart(40, '0')}`
      const date = selectFirstDate({ ...rule, seed: composeTriggerSeed(account, preset) })
      const bucket = Math.floor((date - start) / day)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    }
    // Of 100 a day; the chance of a day beyond five standard deviations is one in a million.
    expect(buckets).toHaveLength(30)
    expect(Math.max(...buckets)).toBeLessThanOrEqual(150)
    expect(Math.min(...buckets)).toBeGreaterThanOrEqual(50)
  })

  test('error: InvalidCalendarDaysError', () => {
    for (const everyDays of [0, -1, 1.5, 367, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => selectFirstDate({ ...rule, everyDays })).toThrow(InvalidCalendarDaysError)
    }
  })

  test('error: InvalidCalendarStartError', () => {
    for (const startSeconds of [-1, 0.5, Number.NaN]) {
      expect(() => selectFirstDate({ ...rule, startSeconds })).toThrow(InvalidCalendarStartError)
    }
  })
})

describe('judgeCalendar', () => {
  test('default: due from its minute on until something is done', () => {
    expect(judgeCalendar(rule, { nowSeconds: first - 1 })).toEqual({ status: 'waiting', nextSeconds: first })
    const due = { status: 'due', dueSeconds: first, nextSeconds: first + 30 * day }
    expect(judgeCalendar(rule, { nowSeconds: first })).toEqual(due)
    expect(judgeCalendar(rule, { nowSeconds: first + 29 * day, actedSeconds: first - 1 })).toEqual(due)
    expect(judgeCalendar(rule, { nowSeconds: first + 29 * day, actedSeconds: first })).toEqual({
      status: 'waiting',
      nextSeconds: first + 30 * day,
    })
  })

  test('behaviour: dates that passed unseen count once', () => {
    const nowSeconds = first + 100 * day
    expect(judgeCalendar(rule, { nowSeconds })).toEqual({
      status: 'due',
      dueSeconds: first + 90 * day,
      nextSeconds: first + 120 * day,
    })
    expect(judgeCalendar(rule, { nowSeconds, actedSeconds: nowSeconds }).status).toBe('waiting')
  })

  test('property: the next date is ahead by at most the days of the rule, and stays until it comes', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 4_000_000_000 }), (drawn, later) => {
        const nowSeconds = drawn.startSeconds + later
        const { nextSeconds } = judgeCalendar(drawn, { nowSeconds })
        expect(nextSeconds).toBeGreaterThan(nowSeconds)
        expect(nextSeconds - nowSeconds).toBeLessThanOrEqual(drawn.everyDays * day)
        expect((nextSeconds - selectFirstDate(drawn)) % (drawn.everyDays * day)).toBe(0)
        expect(judgeCalendar(drawn, { nowSeconds: nextSeconds - 1 }).nextSeconds).toBe(nextSeconds)
        expect(judgeCalendar(drawn, { nowSeconds: nextSeconds })).toMatchObject({
          status: 'due',
          dueSeconds: nextSeconds,
        })
      }),
    )
  })
})
