import { describe, expect, test } from 'vitest'
import { measureBound, measurePoolUse } from './bound'
import type { RoutingProblem } from './problem'
import { solveRouting } from './solveRouting'

const problem: RoutingProblem = {
  tokens: [
    { id: 'A', price: 1, holding: 1000, lower: 0.5, upper: 0.5 },
    { id: 'B', price: 2, holding: 0, lower: 0.5, upper: 0.5 },
  ],
  pools: [
    { id: 'deep', kind: 'constantProduct', tokens: ['A', 'B'], reserves: [1e6, 5e5], fee: 0.003, gasCost: 0.01 },
    { id: 'dear', kind: 'constantProduct', tokens: ['A', 'B'], reserves: [1e6, 5e5], fee: 0.003, gasCost: 50 },
    { id: 'far', kind: 'constantProduct', tokens: ['B', 'A'], reserves: [1e6, 2e6], fee: 0.05, gasCost: 0.01 },
  ],
}

function solvedPrices(): readonly number[] {
  const { shadowPrices } = solveRouting(problem)
  return problem.tokens.map(({ id }) => shadowPrices?.[id] ?? Number.NaN)
}

describe('measurePoolUse', () => {
  test('default', () => {
    const [deep, dear, far] = measurePoolUse(problem, solvedPrices())
    expect(deep?.pool).toBe('deep')
    expect(deep?.surplus).toBeGreaterThan(0.01)
    expect(deep?.counted).toBe((deep?.surplus ?? 0) - 0.01)
    expect(dear?.surplus).toBe(deep?.surplus)
    expect(dear?.counted).toBe(0)
    expect(far).toEqual({ pool: 'far', surplus: 0, gasCost: 0.01, counted: 0 })
  })

  test('behaviour: with what is held the counted parts make up the bound', () => {
    const prices = solvedPrices()
    const counted = measurePoolUse(problem, prices).reduce((sum, use) => sum + use.counted, 0)
    // m is 1 at the prices of a solution.
    expect(measureBound(problem, prices)).toBeCloseTo(1000 * (prices[0] ?? 0) + counted, 9)
  })

  test('behaviour: only the ratios of the prices matter', () => {
    const prices = [1, 1.99]
    const scaled = prices.map((price) => price * 1024)
    expect(measurePoolUse(problem, scaled)).toEqual(measurePoolUse(problem, prices))
  })
})
