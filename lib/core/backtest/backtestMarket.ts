import { InvalidBacktestError, type PriceMatrix, stepsPerDay, yearSeconds } from './priceMatrix'

/** What prices do within blocks of steps, so that a block in which nothing can happen need not be walked. */
export interface PriceBlocks {
  /** Steps of a block; it divides the steps of a day. Block b covers the steps from b x size + 1 to (b + 1) x size. */
  readonly size: number
  /** Whole blocks. */
  readonly count: number
  /** Least price within the block over the price just before it, block by block for each asset. */
  readonly lows: Float64Array
  /** Greatest price within the block over the price just before it. */
  readonly highs: Float64Array
}

/** Prices with targets, and the portfolio that everything is held against: always at its targets, at no cost. */
export interface BacktestMarket {
  readonly matrix: PriceMatrix
  /** Target weights, fractions that sum to 1. */
  readonly targets: Float64Array
  /** Worth of the frictionless target portfolio at each step, 1 at the first. It is rebalanced at every step. */
  readonly targetIndex: Float64Array
  /** Greatest fall of the frictionless target portfolio from a peak, a fraction. */
  readonly targetMaxDrawdown: number
  /** Absent where a day has too few steps for blocks to pay. */
  readonly blocks?: PriceBlocks
  /** Length in years of 365 days. */
  readonly years: number
}

const largestBlock = 12
const smallestBlock = 4

function measureBlocks({ assets, steps, stepSeconds, prices }: PriceMatrix): PriceBlocks | undefined {
  const daily = stepsPerDay(stepSeconds)
  let size = Math.min(largestBlock, daily)
  while (daily % size !== 0) size -= 1
  if (size < smallestBlock) return undefined
  const width = assets.length
  const count = Math.floor((steps - 1) / size)
  const lows = new Float64Array(count * width).fill(Number.POSITIVE_INFINITY)
  const highs = new Float64Array(count * width)
  for (let block = 0; block < count; block++) {
    const before = block * size * width
    for (let row = 1; row <= size; row++) {
      for (let i = 0; i < width; i++) {
        const at = block * width + i
        const ratio = (prices[before + row * width + i] as number) / (prices[before + i] as number)
        if (ratio < (lows[at] as number)) lows[at] = ratio
        if (ratio > (highs[at] as number)) highs[at] = ratio
      }
    }
  }
  return { size, count, lows, highs }
}

/** How far target weights may be from a sum of 1. */
const weightTolerance = 1e-9

/**
 * Makes a market of prices and targets.
 * @throws {InvalidBacktestError} when there is not one target for each asset, one is negative, or they do not sum to 1.
 */
export function prepareMarket(matrix: PriceMatrix, targets: readonly number[]): BacktestMarket {
  const { assets, steps, stepSeconds, prices } = matrix
  const width = assets.length
  if (targets.length !== width)
    throw new InvalidBacktestError('targets', `must have one weight for each of ${width} assets; got ${targets.length}`)
  const wrong = targets.findIndex((target) => !(target >= 0 && target <= 1))
  if (wrong >= 0) throw new InvalidBacktestError(`targets[${wrong}]`, `must be from 0 to 1; got ${targets[wrong]}`)
  const sum = targets.reduce((total, target) => total + target, 0)
  if (Math.abs(sum - 1) > weightTolerance)
    throw new InvalidBacktestError('targets', `must sum to 1; they sum to ${Number(sum.toPrecision(12))}`)
  const weights = Float64Array.from(targets, (target) => target / sum)
  const targetIndex = new Float64Array(steps)
  let index = 1
  let peak = 1
  let depth = 0
  targetIndex[0] = 1
  for (let step = 1; step < steps; step++) {
    const base = step * width
    let growth = 0
    for (let i = 0; i < width; i++)
      growth += ((weights[i] as number) * (prices[base + i] as number)) / (prices[base - width + i] as number)
    index *= growth
    targetIndex[step] = index
    peak = Math.max(peak, index)
    depth = Math.max(depth, 1 - index / peak)
  }
  const blocks = measureBlocks(matrix)
  return {
    matrix,
    targets: weights,
    targetIndex,
    targetMaxDrawdown: depth,
    ...(blocks === undefined ? {} : { blocks }),
    years: ((steps - 1) * stepSeconds) / yearSeconds,
  }
}
