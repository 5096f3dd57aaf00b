import { describe, expect, test } from 'vitest'
import type { RoutingPool, RoutingProblem } from '@/lib/core/routing/problem'
import { solveRouting } from '@/lib/core/routing/solveRouting'
import { swapSeparately } from './separateTrades'

const pool = (id: string, tokens: readonly [string, string], depth: number, gasCost = 0): RoutingPool => ({
  id,
  kind: 'constantProduct',
  tokens,
  reserves: [depth, depth],
  fee: 0.003,
  gasCost,
})

/** All of A, half of it to become B; every token is worth 1. */
function toProblem(ids: readonly string[], pools: readonly RoutingPool[]): RoutingProblem {
  const weights: { readonly [id: string]: number } = { A: 0.5, B: 0.5 }
  const tokens = ids.map((id) => {
    const weight = weights[id] ?? 0
    return { id, price: 1, holding: id === 'A' ? 1000 : 0, lower: weight, upper: weight }
  })
  return { tokens, pools }
}

const costOf = (problem: RoutingProblem, way: 'singlePaths' | 'splits') =>
  1000 - (swapSeparately(problem, way)?.value ?? Number.NaN)

describe('swapSeparately', () => {
  test('default', () => {
    const problem = toProblem(['A', 'B'], [pool('P', ['A', 'B'], 1e5)])
    const joint = solveRouting(problem)
    for (const way of ['singlePaths', 'splits'] as const) {
      const outcome = swapSeparately(problem, way)
      expect(outcome).toMatchObject({ gasCost: 0, poolCalls: 1, swaps: 1 })
      // Equal trades to equal end weights: nothing else can make the comparison fair.
      expect(outcome?.value).toBeCloseTo(joint.value, 4)
    }
  })

  test('behaviour: a range that ends is left at its end', () => {
    const ranges = [
      { lower: 0.5, upper: 0.99, liquidity: 1e5 },
      { lower: 0.99, upper: 1.5, liquidity: 2e4 },
    ]
    const ranged: RoutingPool = {
      ...{ id: 'P', kind: 'concentrated', tokens: ['A', 'B'], fee: 0.003 },
      ...{ gasCost: 0, sqrtPrice: 1, ranges },
    }
    const problem = toProblem(['A', 'B', 'C'], [ranged, pool('Q', ['A', 'C'], 1e5), pool('R', ['C', 'B'], 1e5)])
    expect(costOf(problem, 'splits')).toBeLessThan(costOf(problem, 'singlePaths'))
    expect(costOf(problem, 'splits')).toBeGreaterThanOrEqual(1000 - solveRouting(problem).value)
  })

  test('behaviour: splits take two pools where one is dear', () => {
    const problem = toProblem(['A', 'B'], [pool('P', ['A', 'B'], 1e4), pool('Q', ['A', 'B'], 1e4)])
    expect(costOf(problem, 'splits')).toBeLessThan(0.8 * costOf(problem, 'singlePaths'))
    expect(costOf(problem, 'splits')).toBeCloseTo(1000 - solveRouting(problem).value, 4)
  })

  test('behaviour: gas decides on the number of routes', () => {
    const problem = toProblem(['A', 'B'], [pool('P', ['A', 'B'], 1e4, 100), pool('Q', ['A', 'B'], 1e4, 100)])
    expect(swapSeparately(problem, 'splits')).toMatchObject({ poolCalls: 1, gasCost: 100 })
  })

  test('behaviour: routes go through two hubs', () => {
    const pools = [pool('P', ['A', 'C'], 1e5), pool('Q', ['C', 'D'], 1e5), pool('R', ['D', 'B'], 1e5)]
    expect(swapSeparately(toProblem(['A', 'B', 'C', 'D'], pools), 'singlePaths')).toMatchObject({
      poolCalls: 3,
      swaps: 1,
    })
  })

  test('behaviour: no route is no answer', () => {
    expect(swapSeparately(toProblem(['A', 'B', 'C'], [pool('P', ['A', 'C'], 1e5)]), 'splits')).toBeUndefined()
  })
})
