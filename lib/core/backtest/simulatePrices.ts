import type { Matrix } from '../numbers/cholesky'
import { InvalidBacktestError, type PriceMatrix, yearSeconds } from './priceMatrix'
import { type SeededNumbers, seedNumbers } from './seededNumbers'

/** How an asset's price moves. */
export interface SimulatedAsset {
  readonly id: string
  /** Standard deviation of log returns a year, jumps not counted; not negative. */
  readonly volatility: number
  /** Expected growth a year: the mean price after T years is the start times exp(growth T). */
  readonly growth: number
}

/** How much larger the steps' extremes are than the normal's: Student's t shared by all assets, of the same variance. */
export type Tails =
  | { readonly kind: 'normal' }
  /** Degrees of freedom: a whole number from 3; fewer are wilder. */
  | { readonly kind: 'student'; readonly degrees: number }

/** Jumps of each asset by itself (Merton 1976): their number is Poisson, their log size normal. They leave the mean as it is. */
export interface Jumps {
  readonly perYear: number
  /** Mean of the log of a jump. */
  readonly mean: number
  readonly deviation: number
}

/** A market to draw prices from: correlated geometric Brownian motion, with wilder tails and jumps where asked for. */
export interface SimulatedMarket {
  readonly assets: readonly SimulatedAsset[]
  /** One row and column for each asset; symmetric, 1 on the diagonal, positive semidefinite. */
  readonly correlation: Matrix
  readonly stepSeconds: number
  /** Rows, the first included; at least two. */
  readonly steps: number
  readonly tails: Tails
  readonly jumps?: Jumps
}

/** A pivot this far below zero is rounding: assets may move as one. */
const rounding = 1e-9

/** L with L L' = the correlation, row by row; a row of an asset that others determine ends in 0. */
function factor(correlation: Matrix, size: number): readonly Float64Array[] {
  const rows: Float64Array[] = []
  for (let i = 0; i < size; i++) {
    const row = new Float64Array(size)
    let rest = correlation[i]?.[i] ?? Number.NaN
    for (let j = 0; j < i; j++) {
      const other = rows[j] as Float64Array
      const entry = correlation[i]?.[j] ?? Number.NaN
      let known = 0
      for (let k = 0; k < j; k++) known += (row[k] as number) * (other[k] as number)
      const pivot = other[j] as number
      if (pivot === 0 && Math.abs(entry - known) > rounding) refuse(`correlation[${i}][${j}]`, notSemidefinite)
      const value = pivot === 0 ? 0 : (entry - known) / pivot
      row[j] = value
      rest -= value * value
    }
    if (!(rest > -rounding)) refuse(`correlation[${i}]`, notSemidefinite)
    row[i] = rest > rounding ? Math.sqrt(rest) : 0
    rows.push(row)
  }
  return rows
}

const notSemidefinite = 'cannot be: no returns move like this. Bring the correlations closer to 0'

function refuse(field: string, demand: string): never {
  throw new InvalidBacktestError(field, demand)
}

function check({ assets, correlation, stepSeconds, steps, tails, jumps }: SimulatedMarket): void {
  if (assets.length === 0) refuse('assets', 'must have at least one asset')
  if (!(stepSeconds > 0 && Number.isFinite(stepSeconds)))
    refuse('stepSeconds', `must be positive and finite; got ${stepSeconds}`)
  if (!(Number.isInteger(steps) && steps >= 2)) refuse('steps', `must be a whole number from 2; got ${steps}`)
  for (const [i, { volatility, growth }] of assets.entries()) {
    if (!(volatility >= 0 && Number.isFinite(volatility)))
      refuse(`assets[${i}].volatility`, `must be finite and not negative; got ${volatility}`)
    if (!Number.isFinite(growth)) refuse(`assets[${i}].growth`, `must be finite; got ${growth}`)
  }
  if (correlation.length !== assets.length || correlation.some((row) => row.length !== assets.length))
    refuse('correlation', `must have ${assets.length} rows of as many entries`)
  for (const [i, row] of correlation.entries()) {
    if (row[i] !== 1) refuse(`correlation[${i}][${i}]`, `must be 1; got ${row[i]}`)
    const wrong = row.findIndex((value, j) => !(Math.abs(value) <= 1) || value !== correlation[j]?.[i])
    if (wrong >= 0) refuse(`correlation[${i}][${wrong}]`, 'must be from -1 to 1 and equal its mirror image')
  }
  if (tails.kind === 'student' && !(Number.isInteger(tails.degrees) && tails.degrees >= 3))
    refuse('tails.degrees', `must be a whole number from 3; got ${tails.degrees}`)
  if (jumps === undefined) return
  for (const [field, value] of Object.entries({ perYear: jumps.perYear, deviation: jumps.deviation }))
    if (!(value >= 0 && Number.isFinite(value)))
      refuse(`jumps.${field}`, `must be finite and not negative; got ${value}`)
  if (!Number.isFinite(jumps.mean)) refuse('jumps.mean', `must be finite; got ${jumps.mean}`)
}

/** What a normal number is multiplied with to become Student's t of variance 1. */
function drawScale({ normal }: SeededNumbers, degrees: number): number {
  let square = 0
  for (let i = 0; i < degrees; i++) square += normal() ** 2
  return Math.sqrt((degrees - 2) / square)
}

function drawJumps({ uniform, normal }: SeededNumbers, { mean, deviation }: Jumps, expected: number): number {
  // Knuth's way to a Poisson number, which is nearly always 0.
  const stop = Math.exp(-expected)
  let sum = 0
  for (let product = uniform(); product > stop; product *= uniform()) sum += mean + deviation * normal()
  return sum
}

/**
 * Draws prices, all of them 1 at the first step. The same seed gives the same prices.
 * @throws {InvalidBacktestError} naming the field that cannot be.
 */
export function simulatePrices(market: SimulatedMarket, seed: number): PriceMatrix {
  check(market)
  const { assets, stepSeconds, steps, tails, jumps } = market
  const width = assets.length
  const rows = factor(market.correlation, width)
  const numbers = seedNumbers(seed)
  // {years} = {seconds} / {seconds / year}
  const span = stepSeconds / yearSeconds
  const expectedJumps = (jumps?.perYear ?? 0) * span
  const compensation = jumps === undefined ? 0 : expectedJumps * (Math.exp(jumps.mean + jumps.deviation ** 2 / 2) - 1)
  const drifts = assets.map(({ volatility, growth }) => (growth - volatility ** 2 / 2) * span - compensation)
  const deviations = assets.map(({ volatility }) => volatility * Math.sqrt(span))
  const prices = new Float64Array(steps * width)
  const logs = new Float64Array(width)
  const shocks = new Float64Array(width)
  prices.fill(1, 0, width)
  for (let step = 1; step < steps; step++) {
    for (let i = 0; i < width; i++) shocks[i] = numbers.normal()
    const scale = tails.kind === 'student' ? drawScale(numbers, tails.degrees) : 1
    for (let i = 0; i < width; i++) {
      const row = rows[i] as Float64Array
      let shock = 0
      for (let j = 0; j <= i; j++) shock += (row[j] as number) * (shocks[j] as number)
      let log = (logs[i] as number) + (drifts[i] as number) + (deviations[i] as number) * scale * shock
      if (jumps !== undefined && expectedJumps > 0) log += drawJumps(numbers, jumps, expectedJumps)
      logs[i] = log
      prices[step * width + i] = Math.exp(log)
    }
  }
  return { assets: assets.map(({ id }) => id), stepSeconds, steps, prices }
}
