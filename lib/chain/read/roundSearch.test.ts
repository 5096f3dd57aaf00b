import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedRound } from './packedRounds'
import { type FoundRound, type RoundSearch, selectFound, selectRounds } from './roundSearch'

const day = 86_400

/** Rounds from 1 on; nothing for those without data. */
type Rounds = readonly (FeedRound | undefined)[]

const now = Number.MAX_SAFE_INTEGER

/** Searches as a reader does, and counts what it read. */
function search(rounds: Rounds, times: readonly number[], until = now) {
  const asked: RoundSearch = { lastRound: rounds.length, times, now: until }
  const known = new Map<number, FeedRound | undefined>()
  let steps = 0
  for (; steps < 40; steps++) {
    const selected = selectRounds(asked, known, steps)
    if (selected.length === 0) break
    for (const round of selected) {
      if (known.has(round)) throw new Error(`round ${round} is read twice`)
      if (!(round >= 1 && round <= rounds.length)) throw new Error(`there is no round ${round}`)
      known.set(round, rounds[round - 1])
    }
  }
  return { steps, reads: known.size, found: selectFound(asked, known) }
}

function expectedAt(rounds: Rounds, time: number): FoundRound {
  const round = rounds.filter((of) => of !== undefined && of.updatedAt < time).at(-1)
  return round === undefined ? { status: 'none' } : { status: 'found', round }
}

function composeRounds(pauses: readonly number[], start = 1_000_000): readonly FeedRound[] {
  let updatedAt = start
  return pauses.map((pause, index) => {
    updatedAt += pause
    return { answer: BigInt(index + 1), updatedAt }
  })
}

/** Seconds between rounds: even, or with long silences and bursts. */
const pauses = fc.oneof(
  fc.array(fc.integer({ min: 3_000, max: 3_700 }), { minLength: 1, maxLength: 400 }),
  fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 40 * day })), {
    minLength: 1,
    maxLength: 400,
  }),
)
const timesOf = (rounds: readonly FeedRound[]) => {
  const [first, last] = [rounds[0]?.updatedAt ?? 0, rounds.at(-1)?.updatedAt ?? 0]
  return fc
    .array(fc.integer({ min: first - day, max: last + day }), { minLength: 1, maxLength: 40 })
    .map((times) => [...new Set(times)].sort((a, b) => a - b))
}

test('default', () => {
  const rounds = composeRounds([10, 10, 10])
  const { found } = search(rounds, [1_000_010, 1_000_011, 1_000_025, 1_000_500])
  expect(found).toEqual([
    { status: 'none' },
    { status: 'found', round: rounds[0] },
    { status: 'found', round: rounds[1] },
    { status: 'found', round: rounds[2] },
  ])
})

test('property: the last round before each time is found, and no round is read twice', () => {
  fc.assert(
    fc.property(
      pauses.map((of) => composeRounds(of)).chain((rounds) => fc.tuple(fc.constant(rounds), timesOf(rounds))),
      ([rounds, times]) => {
        expect(search(rounds, times).found).toEqual(times.map((time) => expectedAt(rounds, time)))
      },
    ),
  )
})

test('property: rounds without data at the start and here and there are searched around', () => {
  fc.assert(
    fc.property(
      pauses
        .map((of) => composeRounds(of))
        .chain((rounds) =>
          fc.tuple(
            fc.constant(rounds),
            timesOf(rounds),
            fc.nat({ max: Math.floor(rounds.length / 2) }),
            fc.array(fc.nat({ max: rounds.length - 1 }), { maxLength: 5 }),
          ),
        ),
      ([rounds, times, first, holes]) => {
        // The last round is there: the feed has just said so.
        const isMissing = (index: number) => index < rounds.length - 1 && (index < first || holes.includes(index))
        const withHoles = rounds.map((round, index) => (isMissing(index) ? undefined : round))
        const { found, steps } = search(withHoles, times)
        expect(steps).toBeLessThan(40)
        expect(found).toEqual(times.map((time) => expectedAt(withHoles, time)))
      },
    ),
  )
})

describe('behaviour: rounds whose times do not rise', () => {
  const wrong = (index: number, updatedAt: number): Rounds =>
    composeRounds(Array.from({ length: 20 }, () => day)).map((round, at) =>
      at === index ? { ...round, updatedAt } : round,
    )
  const dayEnds = Array.from({ length: 20 }, (_, index) => 1_000_000 + (index + 1) * day + 1)

  test.each<[string, Rounds]>([
    ['a round of long ago', wrong(10, 5)],
    ['a round of the far future', wrong(10, 1_000_000 + 1_000 * day)],
  ])('behaviour: %s: the times next to it are open to doubt, all others are not', (_, rounds) => {
    const { found } = search(rounds, dayEnds, 1_000_000 + 30 * day)
    expect(found.map(({ status }) => status)).toEqual(
      dayEnds.map((_end, index) => (index === 9 || index === 10 ? 'disordered' : 'found')),
    )
  })
})

describe('behaviour: few rounds are read', () => {
  /** A feed of two years with a round an hour, and twenty more on a wild day. */
  const busy = composeRounds(
    Array.from({ length: 730 }, (_, index) => {
      const count = index % 9 < 2 ? 200 : 24
      return Array.from({ length: count }, () => Math.floor(day / count))
    }).flat(),
    0,
  )
  const ends = Array.from({ length: 729 }, (_, index) => (index + 1) * day)

  test('behaviour: two years of daily closes, of a feed with tens of thousands of rounds', () => {
    const { reads, steps, found } = search(busy, ends)
    expect(found).toEqual(ends.map((end) => expectedAt(busy, end)))
    expect(busy.length).toBeGreaterThan(45_000)
    expect(reads).toBeLessThan(8 * ends.length)
    expect(steps).toBeLessThanOrEqual(10)
  })

  test('behaviour: yesterday alone', () => {
    const { reads, steps } = search(busy, ends.slice(-1))
    expect(reads).toBeLessThanOrEqual(40)
    expect(steps).toBeLessThanOrEqual(6)
  })

  test('behaviour: a feed with a round a day is read as a whole, in two steps', () => {
    const daily = composeRounds(Array.from({ length: 730 }, () => day))
    const times = daily.map(({ updatedAt }) => updatedAt + 60)
    const { reads, steps } = search(daily, times)
    expect(reads).toBe(730)
    expect(steps).toBe(2)
  })

  test('behaviour: nothing is looked for', () => {
    expect(search(busy, [])).toEqual({ steps: 0, reads: 0, found: [] })
  })
})
