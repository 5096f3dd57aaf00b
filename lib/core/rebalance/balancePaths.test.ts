import { describe, expect, test } from 'vitest'
import { balancePaths } from './balancePaths'
import type { FlowPath } from './decomposeFlow'

const path = (sell: string, buy: string, value: number): FlowPath => ({
  sell,
  buy,
  edges: [{ poolId: `${sell}${buy}`, from: sell, to: buy, amountIn: value, amountOut: value }],
  amountIn: value,
  value,
})

/** Pools at par: an asset gets what its paths carry, and a source that keeps some of itself loses it. */
function runAgainst(wanted: Readonly<Record<string, number>>) {
  return (paths: readonly FlowPath[]) => {
    const missing = new Map(
      Object.entries(wanted).map(([assetId, usd]) => [
        assetId,
        usd -
          paths.reduce(
            (sum, { sell, buy, value }) => sum + (buy === assetId ? value : 0) - (sell === assetId ? value : 0),
            0,
          ),
      ]),
    )
    const errorUsd = Math.max(...[...missing.values()].map(Math.abs))
    return { missing, errorUsd, paths }
  }
}
const never = () => false

describe('balancePaths', () => {
  test('default: a source evens out what it is sold for', () => {
    const paths = [path('A', 'C', 60), path('A', 'D', 40)]
    const balanced = balancePaths(paths, 0.01, never, runAgainst({ C: 50, D: 50 }))
    expect(balanced?.errorUsd).toBeLessThanOrEqual(0.01)
    expect(balanced?.paths.map(({ amountIn }) => Math.round(amountIn))).toEqual([50, 50])
  })

  test('behaviour: amounts move along a chain of sources', () => {
    const paths = [path('A', 'C', 60), path('A', 'D', 40), path('B', 'D', 50), path('B', 'E', 50)]
    const balanced = balancePaths(paths, 0.01, never, runAgainst({ C: 50, D: 90, E: 60 }))
    expect(balanced?.errorUsd).toBeLessThanOrEqual(0.01)
    expect(balanced?.paths.map(({ amountIn }) => Math.round(amountIn))).toEqual([50, 50, 40, 60])
  })

  test('behaviour: a source that keeps some of itself sells a little less or more', () => {
    const paths = [path('A', 'C', 60)]
    const balanced = balancePaths(paths, 0.01, (assetId) => assetId === 'A', runAgainst({ C: 50, A: -50 }))
    expect(balanced?.paths.map(({ amountIn }) => Math.round(amountIn))).toEqual([50])
  })

  test('behaviour: what cannot be evened out stays as it is', () => {
    const paths = [path('A', 'C', 60), path('B', 'D', 40)]
    const balanced = balancePaths(paths, 0.01, never, runAgainst({ C: 50, D: 50 }))
    expect(balanced?.paths).toEqual(paths)
  })

  test('behaviour: paths that the pools cannot carry have no outcome', () => {
    expect(balancePaths([path('A', 'C', 60)], 0.01, never, () => undefined)).toBeUndefined()
  })
})
