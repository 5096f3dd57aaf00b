import { InvalidBacktestError, type PriceMatrix } from './priceMatrix'

/** What an asset cost at equal steps in time. */
export interface StepPrices {
  readonly asset: string
  /** Unix seconds of the first price; a whole number of steps. */
  readonly startSeconds: number
  /** USD; null where the price is not known. */
  readonly prices: readonly (number | null)[]
}

/** Steps in a row for which an asset has no price. */
export interface PriceGap {
  readonly asset: string
  /** Unix seconds of the first missing step. */
  readonly fromSeconds: number
  /** Unix seconds of the last missing step. */
  readonly toSeconds: number
  readonly steps: number
}

/**
 * What to do about missing prices. `refuse`: name them and give nothing. `commonRange`: take the longest stretch in which every
 * asset has every price (the latest of equally long ones), and name what was cut off. Nothing is ever filled in.
 */
export type GapHandling = 'refuse' | 'commonRange'

/** Which part of a history is wanted, and what to do about its gaps. */
export interface HistoryRequest {
  readonly stepSeconds: number
  /** Unix seconds; by default the earliest price of any asset. */
  readonly fromSeconds?: number
  /** Unix seconds, included; by default the latest price of any asset. */
  readonly toSeconds?: number
  readonly onGap: GapHandling
}

/** Prices of all assets over one range, or what stands in the way. */
export type AlignedHistory =
  | {
      readonly status: 'aligned'
      readonly matrix: PriceMatrix
      /** Unix seconds of the first row. */
      readonly startSeconds: number
      /** What is missing in the range that was asked for; all of it lies outside the matrix. */
      readonly gaps: readonly PriceGap[]
    }
  /** There are gaps, and they were to be refused. */
  | { readonly status: 'gaps'; readonly gaps: readonly PriceGap[] }
  /** There are no two steps in a row for which every asset has a price. */
  | { readonly status: 'noCommonRange'; readonly gaps: readonly PriceGap[] }

function toStep(seconds: number, stepSeconds: number, field: string): number {
  const step = seconds / stepSeconds
  if (!Number.isInteger(step))
    throw new InvalidBacktestError(field, `must be a whole number of steps of ${stepSeconds} seconds; got ${seconds}`)
  return step
}

function listGaps(
  asset: string,
  isKnown: (step: number) => boolean,
  range: { readonly first: number; readonly last: number; readonly stepSeconds: number },
): readonly PriceGap[] {
  const { first, last, stepSeconds } = range
  const gaps: PriceGap[] = []
  let start: number | undefined
  for (let step = first; step <= last + 1; step++) {
    const isMissing = step <= last && !isKnown(step)
    if (isMissing) {
      start ??= step
    } else if (start !== undefined) {
      gaps.push({
        asset,
        fromSeconds: start * stepSeconds,
        toSeconds: (step - 1) * stepSeconds,
        steps: step - start,
      })
      start = undefined
    }
  }
  return gaps
}

/**
 * Lays the prices of several assets beside each other.
 * @throws {InvalidBacktestError} when there is no asset or no price, an asset stands twice, a time is no whole step, or a price is not positive.
 */
export function alignHistory(series: readonly StepPrices[], request: HistoryRequest): AlignedHistory {
  const { stepSeconds, onGap } = request
  if (!(stepSeconds > 0 && Number.isFinite(stepSeconds)))
    throw new InvalidBacktestError('stepSeconds', `must be positive and finite; got ${stepSeconds}`)
  if (series.length === 0) throw new InvalidBacktestError('series', 'must have at least one asset')
  const names = series.map(({ asset }) => asset)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new InvalidBacktestError('series', `must name each asset once; got ${twice} twice`)
  const columns = series.map(({ asset, startSeconds, prices }, at) => {
    const wrong = prices.findIndex((price) => price !== null && !(price > 0 && Number.isFinite(price)))
    if (wrong >= 0)
      throw new InvalidBacktestError(`series[${at}].prices[${wrong}]`, `must be positive or null; got ${prices[wrong]}`)
    if (prices.length === 0) throw new InvalidBacktestError(`series[${at}].prices`, 'must have at least one price')
    const start = toStep(startSeconds, stepSeconds, `series[${at}].startSeconds`)
    const priceAt = (step: number) => prices[step - start] ?? undefined
    return { asset, start, end: start + prices.length - 1, priceAt }
  })
  const first =
    request.fromSeconds === undefined
      ? Math.min(...columns.map(({ start }) => start))
      : toStep(request.fromSeconds, stepSeconds, 'fromSeconds')
  const last =
    request.toSeconds === undefined
      ? Math.max(...columns.map(({ end }) => end))
      : toStep(request.toSeconds, stepSeconds, 'toSeconds')
  const gaps = columns.flatMap(({ asset, priceAt }) =>
    listGaps(asset, (step) => priceAt(step) !== undefined, { first, last, stepSeconds }),
  )
  if (gaps.length > 0 && onGap === 'refuse') return { status: 'gaps', gaps }
  const range = findLongest(first, last, (step) => columns.every(({ priceAt }) => priceAt(step) !== undefined))
  if (range.steps < 2) return { status: 'noCommonRange', gaps }
  const prices = new Float64Array(range.steps * columns.length)
  for (let row = 0; row < range.steps; row++)
    for (const [i, { priceAt }] of columns.entries())
      prices[row * columns.length + i] = priceAt(range.start + row) ?? Number.NaN
  return {
    status: 'aligned',
    matrix: { assets: names, stepSeconds, steps: range.steps, prices },
    startSeconds: range.start * stepSeconds,
    gaps,
  }
}

function findLongest(first: number, last: number, isWhole: (step: number) => boolean) {
  let longest = { start: first, steps: 0 }
  let steps = 0
  for (let step = first; step <= last; step++) {
    steps = isWhole(step) ? steps + 1 : 0
    if (steps > 0 && steps >= longest.steps) longest = { start: step - steps + 1, steps }
  }
  return longest
}
