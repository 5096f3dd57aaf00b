import { describe, expect, test } from 'vitest'
import { InvalidBacktestError } from './priceMatrix'
import { type SimulatedMarket, simulatePrices } from './simulatePrices'

const market: SimulatedMarket = {
  assets: [
    { id: 'A', volatility: 0.8, growth: 0 },
    { id: 'B', volatility: 0.4, growth: 0 },
  ],
  correlation: [
    [1, 0.5],
    [0.5, 1],
  ],
  stepSeconds: 86_400,
  steps: 40_000,
  tails: { kind: 'normal' },
}

function measure(drawn: SimulatedMarket) {
  const { prices, steps } = simulatePrices(drawn, 3)
  let [aa, ab, bb] = [0, 0, 0]
  for (let k = 1; k < steps; k++) {
    const [a, b] = [0, 1].map((i) => Math.log((prices[k * 2 + i] ?? 0) / (prices[k * 2 - 2 + i] ?? 0)))
    aa += (a ?? 0) ** 2
    ab += (a ?? 0) * (b ?? 0)
    bb += (b ?? 0) ** 2
  }
  const years = (steps - 1) / 365
  return { a: Math.sqrt(aa / years), b: Math.sqrt(bb / years), correlation: ab / Math.sqrt(aa * bb) }
}

describe('simulatePrices', () => {
  test('default', () => {
    const { a, b, correlation } = measure(market)
    expect(a).toBeCloseTo(0.8, 1)
    expect(b).toBeCloseTo(0.4, 1)
    expect(correlation).toBeCloseTo(0.5, 1)
  })

  test('behaviour: fat tails keep the volatility, jumps add to it', () => {
    expect(measure({ ...market, tails: { kind: 'student', degrees: 6 } }).a).toBeCloseTo(0.8, 1)
    expect(measure({ ...market, jumps: { perYear: 12, mean: 0, deviation: 0.2 } }).b).toBeCloseTo(
      Math.sqrt(0.16 + 0.48),
      1,
    )
  })

  test('property: the same seed gives the same prices, another gives others', () => {
    const short = { ...market, steps: 10 }
    expect(simulatePrices(short, 1)).toEqual(simulatePrices(short, 1))
    expect(simulatePrices(short, 1)).not.toEqual(simulatePrices(short, 2))
  })

  test('error: InvalidBacktestError for correlations that cannot be', () => {
    const [asset] = market.assets
    if (asset === undefined) throw new Error('no asset')
    const wrong = {
      ...market,
      assets: [asset, { ...asset, id: 'B' }, { ...asset, id: 'C' }],
      correlation: [
        [1, -0.9, -0.9],
        [-0.9, 1, -0.9],
        [-0.9, -0.9, 1],
      ],
    }
    expect(() => simulatePrices(wrong, 1)).toThrow(InvalidBacktestError)
  })
})
