import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FlowPath } from './decomposeFlow'
import { reducePaths } from './reducePaths'

const path = (sell: string, buy: string, pool: string, value: number): FlowPath => ({
  sell,
  buy,
  edges: [{ poolId: pool, from: sell, to: buy, amountIn: value, amountOut: value }],
  amountIn: value,
  value,
})
const textOf = ({ sell, buy, edges, value }: FlowPath) => `${sell}>${buy} ${edges[0]?.poolId} ${value}`

describe('reducePaths', () => {
  test('default: the widest path between two assets carries what all between them did', () => {
    const paths = [path('A', 'C', 'p', 60), path('A', 'C', 'q', 30), path('A', 'C', 'r', 10)]
    expect(reducePaths(paths, 2).map(textOf)).toEqual(['A>C q 30', 'A>C p 70'])
    expect(reducePaths(paths, 1).map(textOf)).toEqual(['A>C p 100'])
  })

  test('behaviour: amounts move around a circle until its smallest path is empty', () => {
    const paths = [path('A', 'C', 'p', 50), path('A', 'D', 'q', 20), path('B', 'C', 'r', 10), path('B', 'D', 's', 40)]
    expect(reducePaths(paths, 3).map(textOf)).toEqual(['A>D q 10', 'B>D s 50', 'A>C p 60'])
  })

  test('behaviour: what no circle leads around stays', () => {
    const paths = [path('A', 'C', 'p', 50), path('A', 'D', 'q', 20), path('B', 'C', 'r', 10)]
    expect(reducePaths(paths, 1)).toHaveLength(3)
  })

  test('property: no asset gives or gets another amount, and as few are left as assets allow', () => {
    const drawn = fc.array(
      fc.record({
        sell: fc.constantFrom('A', 'B', 'C'),
        buy: fc.constantFrom('X', 'Y', 'Z'),
        value: fc.integer({ min: 1, max: 99 }),
      }),
      { minLength: 1, maxLength: 14 },
    )
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 9 }), (rows, most) => {
        const paths = rows.map(({ sell, buy, value }, at) => path(sell, buy, `p${at}`, value))
        const left = reducePaths(paths, most)
        for (const id of ['A', 'B', 'C', 'X', 'Y', 'Z']) {
          const through = (set: readonly FlowPath[]) =>
            set.reduce((sum, { sell, buy, value }) => (sell === id || buy === id ? sum + value : sum), 0)
          expect(through(left)).toBeCloseTo(through(paths), 6)
        }
        const assets = new Set(paths.flatMap(({ sell, buy }) => [sell, buy])).size
        expect(left.length).toBeLessThanOrEqual(Math.max(most, assets - 1))
        expect(left.every(({ value, amountIn }) => value > 0 && amountIn > 0)).toBe(true)
      }),
    )
  })
})
