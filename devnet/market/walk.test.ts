import { expect, test } from 'vitest'
import { startPrices } from '../prices'
import { type Prices, walkPrices } from './walk'

const anchors: Prices = { USDC: 0.9998, USDT: 1.0001, DAI: 0.9999 }

function walk(steps: number, seed: number): readonly Prices[] {
  const path: Prices[] = [startPrices]
  for (let step = 0; step < steps; step++) path.push(walkPrices(path.at(-1) ?? startPrices, { seed, step, anchors }))
  return path
}

function correlation(path: readonly Prices[], a: string, b: string): number {
  const returns = (id: string) =>
    path.slice(1).map((prices, index) => Math.log((prices[id] ?? 0) / (path[index]?.[id] ?? 0)))
  const [x, y] = [returns(a), returns(b)]
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const covariance = mean(x.map((value, index) => (value - meanX) * ((y[index] ?? 0) - meanY)))
  const deviation = (values: readonly number[], m: number) => Math.sqrt(mean(values.map((value) => (value - m) ** 2)))
  return covariance / (deviation(x, meanX) * deviation(y, meanY))
}

test('default', () => {
  expect(walk(50, 7)).toEqual(walk(50, 7))
  expect(walk(5, 7).at(-1)).not.toEqual(walk(5, 8).at(-1))
})

test('behaviour: a step depends on nothing but prices, seed and step', () => {
  const path = walk(10, 7)
  expect(walkPrices(path[4] ?? {}, { seed: 7, step: 4, anchors })).toEqual(path[5])
})

test('behaviour: assets move together, stable ones stay at their anchors', () => {
  const path = walk(2_000, 7)
  expect(correlation(path, 'ETH', 'WBTC')).toBeGreaterThan(0.7)
  expect(correlation(path, 'ETH', 'LINK')).toBeGreaterThan(0.6)
  expect(correlation(path, 'ETH', 'USDC')).toBeLessThan(0.2)
  for (const prices of path)
    for (const [id, anchor] of Object.entries(anchors)) expect(Math.abs((prices[id] ?? 0) - anchor)).toBeLessThan(0.001)
})

test('behaviour: no price reaches zero', () => {
  const last = walkPrices({ CRV: 0.00001 }, { seed: 1, step: 0, anchors })
  expect(last.CRV).toBeGreaterThanOrEqual(0.0001)
})
