/** What an asset cost on a day. */
export interface DailyPrice {
  /** Whole days since 1 January 1970 (UTC). */
  readonly day: number
  /** In any unit that is the same for all days; positive. */
  readonly price: number
}

/** The daily prices of an asset, the days rising; days may be missing. */
export interface PriceSeries {
  readonly id: string
  readonly prices: readonly DailyPrice[]
}

/** Days in a row that a series lacks between days that all series cover. */
export interface HistoryGap {
  readonly id: string
  /** The first missing day. */
  readonly fromDay: number
  /** The last missing day. */
  readonly toDay: number
}

/** Log returns of one asset, one for each of the history's days. */
export interface AssetReturns {
  readonly id: string
  readonly returns: readonly number[]
}

/** Log returns of several assets over the same days. */
export interface ReturnHistory {
  /** The days at whose end each return was known, rising. */
  readonly days: readonly number[]
  readonly assets: readonly AssetReturns[]
  /** Where a series lacks days. No return is measured over a gap, and no price is made up for it. */
  readonly gaps: readonly HistoryGap[]
}

/** A price or a day that cannot be. */
export class InvalidPriceSeriesError extends Error {
  override readonly name = 'InvalidPriceSeriesError'
  constructor(
    readonly id: string,
    readonly day: number,
    reason: string,
  ) {
    super(`The history of ${id} is wrong on day ${day}: ${reason}. Correct or leave out that day.`)
  }
}

function toPricesByDay({ id, prices }: PriceSeries): ReadonlyMap<number, number> {
  let last = Number.NEGATIVE_INFINITY
  for (const { day, price } of prices) {
    if (!Number.isInteger(day)) throw new InvalidPriceSeriesError(id, day, 'a day is a whole number')
    if (day <= last) throw new InvalidPriceSeriesError(id, day, `it does not come after day ${last}`)
    if (!(price > 0 && Number.isFinite(price)))
      throw new InvalidPriceSeriesError(id, day, `a price is positive; got ${price}`)
    last = day
  }
  return new Map(prices.map(({ day, price }) => [day, price]))
}

function measureGaps(id: string, prices: ReadonlyMap<number, number>, first: number, last: number): HistoryGap[] {
  const known = [...prices.keys()].filter((day) => day >= first && day <= last)
  // The series covers both ends of the common span or lies beyond them; a missing end is a gap too.
  const fences = [first - 1, ...known, last + 1]
  return fences.flatMap((day, at) => {
    const before = fences[at - 1]
    return before === undefined || day - before === 1 ? [] : [{ id, fromDay: before + 1, toDay: day - 1 }]
  })
}

/**
 * Aligns price series by day and measures their daily log returns: ln(price / price of the day before), on each day for which
 * every series knows both.
 * @returns the returns and the gaps between the first and the last day that all series reach; empty where they share no days.
 * @throws {InvalidPriceSeriesError} when days do not rise or a price is not positive.
 */
export function measureReturns(series: readonly PriceSeries[]): ReturnHistory {
  const tables = series.map((one) => ({ id: one.id, prices: toPricesByDay(one) }))
  const firsts = series.map(({ prices }) => prices[0]?.day ?? Number.POSITIVE_INFINITY)
  const lasts = series.map(({ prices }) => prices.at(-1)?.day ?? Number.NEGATIVE_INFINITY)
  const first = Math.max(...firsts)
  const last = Math.min(...lasts)
  if (!(first <= last)) return { days: [], assets: tables.map(({ id }) => ({ id, returns: [] })), gaps: [] }
  const days = [...(tables[0]?.prices.keys() ?? [])].filter((day) =>
    tables.every(({ prices }) => prices.has(day) && prices.has(day - 1)),
  )
  return {
    days,
    assets: tables.map(({ id, prices }) => ({
      id,
      returns: days.map((day) => Math.log((prices.get(day) ?? Number.NaN) / (prices.get(day - 1) ?? Number.NaN))),
    })),
    gaps: tables.flatMap(({ id, prices }) => measureGaps(id, prices, first, last)),
  }
}
