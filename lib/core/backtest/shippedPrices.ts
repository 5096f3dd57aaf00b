import type { PriceSeries } from '../risk/returns'
import type { StepPrices } from './alignHistory'
import { daySeconds } from './priceMatrix'

/** Daily closing prices that come with the app. */
export interface ShippedPrices {
  readonly source: string
  readonly licence: string
  /** A step is a day. */
  readonly series: readonly StepPrices[]
}

/** A file that is not one of shipped prices. */
export class InvalidShippedPricesError extends Error {
  override readonly name = 'InvalidShippedPricesError'
  constructor(
    /** Where, such as `assets[1].closes`. */
    readonly field: string,
  ) {
    super(
      `The file of daily prices is damaged at ${field}. Reload the page; if it stays, whoever hosts the app can replace it.`,
    )
  }
}

type Fields = { readonly [key: string]: unknown }

function toFields(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null) throw new InvalidShippedPricesError(field)
  return value as Fields
}

function toText(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw new InvalidShippedPricesError(field)
  return value
}

function toSeries(value: unknown, field: string): StepPrices {
  const fields = toFields(value, field)
  const asset = toText(fields.asset, `${field}.asset`)
  // {seconds} = {milliseconds} / {milliseconds / second}
  const startSeconds = Date.parse(`${toText(fields.from, `${field}.from`)}T00:00:00Z`) / 1000
  if (!Number.isInteger(startSeconds / daySeconds)) throw new InvalidShippedPricesError(`${field}.from`)
  const prices = toText(fields.closes, `${field}.closes`)
    .split(' ')
    .map((text) => (text === '-' ? null : Number(text)))
  if (prices.some((price) => price !== null && !(price > 0 && Number.isFinite(price))))
    throw new InvalidShippedPricesError(`${field}.closes`)
  return { asset, startSeconds, prices }
}

/**
 * Takes the JSON of shipped prices: for each asset its first day and a close for every day since, a dash where there is none.
 * @throws {InvalidShippedPricesError} naming the field that cannot be.
 */
export function toShippedPrices(json: unknown): ShippedPrices {
  const { format, version, source, licence, assets } = toFields(json, 'file')
  if (format !== 'ballast-prices' || version !== 1) throw new InvalidShippedPricesError('format')
  if (!Array.isArray(assets)) throw new InvalidShippedPricesError('assets')
  return {
    source: toText(source, 'source'),
    licence: toText(licence, 'licence'),
    series: assets.map((asset, at) => toSeries(asset, `assets[${at}]`)),
  }
}

/** Daily prices as the risk figures take them; days without a price are left out. */
export function toPriceSeries({ asset, startSeconds, prices }: StepPrices): PriceSeries {
  const first = startSeconds / daySeconds
  return { id: asset, prices: prices.flatMap((price, at) => (price === null ? [] : [{ day: first + at, price }])) }
}

/** The other way round: a day without a price is null. Nothing where there is no price at all. */
export function toStepPrices({ id, prices }: PriceSeries): StepPrices | undefined {
  const [first, last] = [prices[0], prices.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const known = new Map(prices.map(({ day, price }) => [day, price]))
  return {
    asset: id,
    startSeconds: first.day * daySeconds,
    prices: Array.from({ length: last.day - first.day + 1 }, (_, at) => known.get(first.day + at) ?? null),
  }
}
