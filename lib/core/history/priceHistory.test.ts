import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toUsd } from '../units'
import { isSameHistory, listDaysToRead } from './knownHistory'
import {
  type AssetCloses,
  type CloseGapReason,
  composeGaps,
  endOfDay,
  listDays,
  listUnknownDays,
  mergeCloses,
  selectCloses,
  selectEndedDays,
} from './priceHistory'

/** What stands for a day: a close, or why there is none. */
type Of = bigint | CloseGapReason

function composeAsset(byDay: ReadonlyMap<number, Of>): AssetCloses {
  const days = [...byDay].sort(([a], [b]) => a - b)
  return {
    assetId: 'ETH',
    closes: days.flatMap(([day, of]) => (typeof of === 'bigint' ? [{ day, usd: toUsd(of) }] : [])),
    gaps: composeGaps(days.flatMap(([day, of]) => (typeof of === 'bigint' ? [] : [{ day, reason: of }]))),
  }
}

const byDays = fc
  .array(
    fc.tuple(
      fc.integer({ min: 100, max: 140 }),
      fc.oneof(
        fc.bigInt({ min: 1n, max: 10n ** 24n }),
        fc.constantFrom<CloseGapReason>('noRound', 'stale', 'notPositive', 'disordered', 'unread'),
      ),
    ),
    { maxLength: 40 },
  )
  .map((entries) => new Map<number, Of>(entries))

test('default', () => {
  expect(endOfDay(0)).toBe(86_400)
  expect(selectEndedDays(10 * 86_400, 3)).toEqual({ fromDay: 7, toDay: 9 })
  expect(selectEndedDays(10 * 86_400 - 1, 3)).toEqual({ fromDay: 6, toDay: 8 })
  expect(selectEndedDays(86_400, 30)).toEqual({ fromDay: 0, toDay: 0 })
  expect(listDays({ fromDay: 7, toDay: 9 })).toEqual([7, 8, 9])
  expect(listDays({ fromDay: 7, toDay: 6 })).toEqual([])
  expect(
    composeGaps([
      { day: 1, reason: 'stale' },
      { day: 2, reason: 'stale' },
      { day: 3, reason: 'noRound' },
      { day: 5, reason: 'noRound' },
    ]),
  ).toEqual([
    { fromDay: 1, toDay: 2, reason: 'stale' },
    { fromDay: 3, toDay: 3, reason: 'noRound' },
    { fromDay: 5, toDay: 5, reason: 'noRound' },
  ])
})

test('property: joined, each day is what the later reading says of it, or else the earlier, and unread never wins', () => {
  fc.assert(
    fc.property(byDays, byDays, (before, read) => {
      const joined = mergeCloses(composeAsset(before), composeAsset(read))
      const known = [...read].filter(([day, of]) => of !== 'unread' || !before.has(day))
      expect(joined).toEqual(composeAsset(new Map([...before, ...known])))
    }),
  )
})

test('property: a part holds just the days of its range', () => {
  fc.assert(
    fc.property(byDays, fc.integer({ min: 90, max: 150 }), fc.nat({ max: 30 }), (byDay, fromDay, length) => {
      const range = { fromDay, toDay: fromDay + length }
      const within = new Map([...byDay].filter(([day]) => day >= fromDay && day <= range.toDay))
      expect(selectCloses(composeAsset(byDay), range)).toEqual(composeAsset(within))
    }),
  )
})

test('property: a day is unknown where nothing is said of it, or where it could not be read', () => {
  fc.assert(
    fc.property(byDays, (byDay) => {
      const range = { fromDay: 100, toDay: 140 }
      const unknown = listUnknownDays(composeAsset(byDay), range)
      expect(unknown).toEqual(
        listDays(range).filter((day) => byDay.get(day) === undefined || byDay.get(day) === 'unread'),
      )
    }),
  )
})

describe('listDaysToRead', () => {
  test('default: what is unknown, and three days that are known', () => {
    const known = composeAsset(new Map<number, Of>(listDays({ fromDay: 100, toDay: 120 }).map((day) => [day, 5n])))
    expect(listDaysToRead(known, { fromDay: 102, toDay: 123 })).toEqual([102, 111, 120, 121, 122, 123])
    expect(listDaysToRead(known, { fromDay: 200, toDay: 202 })).toEqual([200, 201, 202])
  })

  test('behaviour: of gaps the first day and the last, but what could not be read as a whole', () => {
    const known = composeAsset(
      new Map<number, Of>(
        listDays({ fromDay: 100, toDay: 109 }).map((day) => [
          day,
          day < 103 ? 'noRound' : day < 105 ? 'unread' : 'stale',
        ]),
      ),
    )
    expect(listDaysToRead(known, { fromDay: 100, toDay: 110 })).toEqual([100, 103, 104, 109, 110])
  })
})

describe('isSameHistory', () => {
  const known = composeAsset(
    new Map<number, Of>([
      [1, 5n],
      [2, 'stale'],
      [3, 7n],
    ]),
  )
  test.each<[string, ReadonlyMap<number, Of>, boolean]>([
    [
      'default',
      new Map<number, Of>([
        [1, 5n],
        [4, 9n],
      ]),
      true,
    ],
    ['behaviour: another close', new Map<number, Of>([[1, 6n]]), false],
    ['behaviour: a close that is gone', new Map<number, Of>([[3, 'noRound']]), false],
    ['behaviour: a close that could not be read', new Map<number, Of>([[3, 'unread']]), true],
    ['behaviour: a close where there was to be none', new Map<number, Of>([[2, 1n]]), false],
    ['behaviour: nothing in common', new Map<number, Of>([[9, 1n]]), true],
  ])('%s', (_, read, expected) => {
    expect(isSameHistory(known, composeAsset(read))).toBe(expected)
  })
})
