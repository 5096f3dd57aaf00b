import type { FeedRound } from './packedRounds'

/** What is known of an aggregator's rounds: each that was read, with nothing for those that it has no data of. */
export type KnownRounds = ReadonlyMap<number, FeedRound | undefined>

/** Which rounds are looked for: for each time, the last one that was answered before it. */
export type RoundSearch = {
  /** The aggregator's last round. */
  readonly lastRound: number
  /** Unix seconds, rising. */
  readonly times: readonly number[]
  /** Unix seconds: no round can be later. */
  readonly now: number
}

/** The last round before a time, or why it is not known. */
export type FoundRound =
  | { readonly status: 'found'; readonly round: FeedRound }
  /** The aggregator answered only later. */
  | { readonly status: 'none' }
  /** Rounds next to it bear times that do not rise. */
  | { readonly status: 'disordered' }
  /** There are rounds left to read. */
  | { readonly status: 'open' }

/** A round in its place, with its time. */
type Mark = { readonly round: number; readonly data: FeedRound }

/** The rounds whose times rise, all others that were read, and these in order. */
type Track = {
  readonly marks: readonly Mark[]
  readonly missing: readonly number[]
  readonly wrong: ReadonlySet<number>
}

/** The rounds between which a time lies, both known; 0 and the round after the last where there is none. */
type Bracket = {
  readonly low: number
  readonly high: number
  readonly before?: Mark
  readonly after?: Mark
  /** Whether it is the last rounds before the first one that is known: all of them have to be read. */
  readonly isAtEdge?: boolean
}

/** So many rounds in a row without data, and there are none before them. */
const edgeRun = 8

/** The first position whose value does not come before. */
function findFirst(length: number, comesBefore: (index: number) => boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (comesBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}

/** The longest part of the rounds whose times do not fall (Fredman 1975): single wrong times stay outside it. */
function selectRising(marks: readonly Mark[]): readonly Mark[] {
  const ends: number[] = []
  const previous: number[] = []
  const timeOf = (index: number) => marks[index]?.data.updatedAt ?? 0
  marks.forEach((mark, index) => {
    const length = findFirst(ends.length, (at) => timeOf(ends[at] ?? 0) <= mark.data.updatedAt)
    previous[index] = ends[length - 1] ?? -1
    ends[length] = index
  })
  const rising: Mark[] = []
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const mark = marks[index]
    if (mark !== undefined) rising.push(mark)
  }
  return rising.reverse()
}

function composeTrack(known: KnownRounds, now: number): Track {
  // Typed arrays sort numbers ten times as fast as lists do.
  const sorted = [...Float64Array.from(known.keys()).sort()]
  const answered = sorted.flatMap((round): Mark[] => {
    const data = known.get(round)
    return data === undefined ? [] : [{ round, data }]
  })
  const marks = selectRising(answered.filter(({ data }) => data.updatedAt <= now))
  const risen = new Set(marks.map(({ round }) => round))
  return {
    marks,
    missing: sorted.filter((round) => !risen.has(round)),
    wrong: new Set(answered.flatMap(({ round }) => (risen.has(round) ? [] : [round]))),
  }
}

function findBracket({ marks, missing }: Track, time: number, lastRound: number): Bracket {
  const position = findFirst(marks.length, (index) => (marks[index]?.data.updatedAt ?? 0) < time)
  const [before, after] = [marks[position - 1], marks[position]]
  const high = after?.round ?? lastRound + 1
  if (before !== undefined) return { low: before.round, high, before, ...(after === undefined ? {} : { after }) }
  const above = findFirst(missing.length, (index) => (missing[index] ?? 0) < high)
  const nearest = missing[above - 1] ?? 0
  // A few missing rounds are a hole; more of them in a row are where the data begins, and so are all before them missing.
  const low = nearest === high - 1 ? Math.max(0, high - 1 - edgeRun) : nearest
  return { low, high, isAtEdge: nearest === high - 1, ...(after === undefined ? {} : { after }) }
}

/** The rounds strictly between two that were not read. */
function listOpen({ low, high }: Bracket, known: KnownRounds): readonly number[] {
  const open: number[] = []
  for (let round = low + 1; round < high; round++) if (!known.has(round)) open.push(round)
  return open
}

/** Up to this width all rounds of a bracket are read at once. */
const narrow = 3
/** So many rounds in a bracket for one time that is looked for in it are read at once too: nothing is won by choosing. */
const roundsPerTime = 3
const gridSize = 64
/** Every so many steps the halves of a bracket are compared, wherever the times say that the round is. */
const halvingStep = 3

/** The rounds to read first: the last ones, ever further apart, and some over all of the range. */
function selectFirst({ lastRound, times }: RoundSearch): readonly number[] {
  const rounds = new Set([1, lastRound])
  for (let back = 1; back < lastRound; back *= 2) rounds.add(lastRound - back)
  const size = Math.min(gridSize, times.length)
  for (let index = 1; index < size; index++) rounds.add(1 + Math.round(((lastRound - 1) * index) / size))
  return [...rounds]
}

/** Two rounds on either side of where a time should stand if rounds came evenly, as far apart as chance would have it. */
function selectAround({ low, high, before, after }: Bracket, time: number, step: number): readonly number[] {
  const width = high - low
  const clamp = (round: number) => Math.min(high - 1, Math.max(low + 1, round))
  const isKnown = before !== undefined && after !== undefined
  if (!isKnown || step % halvingStep === halvingStep - 1) {
    return [1, 2, 3].map((quarter) => clamp(low + Math.round((width * quarter) / 4)))
  }
  const elapsed = after.data.updatedAt - before.data.updatedAt
  const share = elapsed === 0 ? 0.5 : (time - before.data.updatedAt) / elapsed
  const guess = low + Math.round(width * share)
  const reach = Math.max(1, Math.round(Math.sqrt(width) / 2))
  return [clamp(guess - reach), clamp(guess + reach)]
}

/** The middle of the longest stretch of a bracket that was not read. */
function selectMiddle({ low, high }: Bracket, missing: readonly number[]): number {
  const from = findFirst(missing.length, (index) => (missing[index] ?? 0) <= low)
  const to = findFirst(missing.length, (index) => (missing[index] ?? 0) < high)
  const edges = [low, ...missing.slice(from, to), high]
  let best = { width: 0, middle: low + 1 }
  for (const [index, edge] of edges.entries()) {
    const width = (edges[index + 1] ?? edge) - edge
    if (width > best.width) best = { width, middle: edge + (width >> 1) }
  }
  return best.middle
}

/**
 * Selects the rounds to read next so that for each time the last round before it becomes known: an interpolation search for all
 * times at once, which a feed with hundreds of rounds a day answers in some five steps. Rounds that are missing are searched around.
 * @param step how often rounds were read already, 0 at first.
 * @returns rounds that are not known, rising; none once every time has its round.
 */
export function selectRounds(search: RoundSearch, known: KnownRounds, step: number): readonly number[] {
  const { lastRound, times, now } = search
  if (times.length === 0) return []
  if (known.size === 0) return [...selectFirst(search)].sort((a, b) => a - b)
  const track = composeTrack(known, now)
  const brackets = new Map<number, { readonly bracket: Bracket; readonly times: number[] }>()
  for (const time of times) {
    const bracket = findBracket(track, time, lastRound)
    const of = brackets.get(bracket.high)
    if (of === undefined) brackets.set(bracket.high, { bracket, times: [time] })
    else of.times.push(time)
  }
  const selected = new Set<number>()
  for (const { bracket, times: inside } of brackets.values()) {
    const width = bracket.high - bracket.low - 1
    if (bracket.isAtEdge === true || width <= Math.max(narrow, roundsPerTime * inside.length)) {
      for (const round of listOpen(bracket, known)) selected.add(round)
      continue
    }
    for (const time of inside) {
      const fresh = selectAround(bracket, time, step).filter((round) => !known.has(round))
      for (const round of fresh.length > 0 ? fresh : [selectMiddle(bracket, track.missing)]) {
        if (!known.has(round)) selected.add(round)
      }
    }
  }
  return [...selected].sort((a, b) => a - b)
}

/** Selects, for each time, the last round before it among those that are known. */
export function selectFound({ lastRound, times, now }: RoundSearch, known: KnownRounds): readonly FoundRound[] {
  const track = composeTrack(known, now)
  return times.map((time) => {
    const bracket = findBracket(track, time, lastRound)
    let isDisordered = false
    for (let round = bracket.low + 1; round < bracket.high; round++) {
      if (!known.has(round)) return { status: 'open' }
      isDisordered ||= track.wrong.has(round)
    }
    if (isDisordered) return { status: 'disordered' }
    return bracket.before === undefined ? { status: 'none' } : { status: 'found', round: bracket.before.data }
  })
}
