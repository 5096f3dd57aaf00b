/** Prices of several assets at equal steps in time, without a hole. */
export interface PriceMatrix {
  /** What the columns are called; each name once. */
  readonly assets: readonly string[]
  /** Seconds from one row to the next; positive. */
  readonly stepSeconds: number
  /** Number of rows; at least two. */
  readonly steps: number
  /** USD, row by row: the price of asset i at step k is `prices[k * assets.length + i]`; positive and finite. */
  readonly prices: Float64Array
}

/** Seconds of a day. */
export const daySeconds = 86_400

/** Seconds of a year of 365 days, the year of all yearly figures of the back-test. */
export const yearSeconds = 365 * daySeconds

/** Steps from one daily observation to the next: one where a step is a day or longer. */
export function stepsPerDay(stepSeconds: number): number {
  return Math.max(1, Math.round(daySeconds / stepSeconds))
}

/** Something that a back-test cannot take, with the field at fault. */
export class InvalidBacktestError extends Error {
  override readonly name = 'InvalidBacktestError'
  constructor(
    /** Where, such as `prices[3][1]`. */
    readonly field: string,
    /** What is asked of that field. */
    readonly demand: string,
  ) {
    super(`${field} ${demand}`)
  }
}

/** Columns without names of their own. */
export function nameColumns(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `asset ${index + 1}`)
}

/**
 * Takes rows of prices for a matrix. Nothing is filled in: a missing price is refused by its place.
 * @throws {InvalidBacktestError} when there are fewer than two rows, rows differ in length, or a price is not positive and finite.
 */
export function toPriceMatrix(
  rows: readonly (readonly unknown[])[],
  { stepSeconds, assets }: { readonly stepSeconds: number; readonly assets?: readonly string[] },
): PriceMatrix {
  const width = rows[0]?.length ?? 0
  if (!(stepSeconds > 0 && Number.isFinite(stepSeconds)))
    throw new InvalidBacktestError('stepSeconds', `must be positive and finite; got ${stepSeconds}`)
  if (rows.length < 2) throw new InvalidBacktestError('prices', `must have at least two rows; got ${rows.length}`)
  if (width === 0) throw new InvalidBacktestError('prices[0]', 'must have a price for at least one asset')
  const names = assets ?? nameColumns(width)
  if (names.length !== width)
    throw new InvalidBacktestError('assets', `must name the ${width} columns of prices; got ${names.length}`)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new InvalidBacktestError('assets', `must name each asset once; got ${twice} twice`)
  const prices = new Float64Array(rows.length * width)
  for (const [step, row] of rows.entries()) {
    if (row.length !== width)
      throw new InvalidBacktestError(
        `prices[${step}]`,
        `must have ${width} prices like the first row; got ${row.length}`,
      )
    for (const [asset, price] of row.entries()) {
      if (!(typeof price === 'number' && price > 0 && Number.isFinite(price)))
        throw new InvalidBacktestError(
          `prices[${step}][${asset}]`,
          `must be a positive price; got ${String(JSON.stringify(price) ?? price).slice(0, 40)}`,
        )
      prices[step * width + asset] = price
    }
  }
  return { assets: names, stepSeconds, steps: rows.length, prices }
}
