import { describe, expect, test } from 'vitest'
import type { FlowPath } from './decomposeFlow'
import { type PathsOutcome, prunePaths } from './prunePaths'

const path = (sell: string, buy: string, pool: string, value: number): FlowPath => ({
  sell,
  buy,
  edges: [{ poolId: pool, from: sell, to: buy, amountIn: value, amountOut: value }],
  amountIn: value,
  value,
})
const textOf = ({ sell, buy, edges, value }: FlowPath) => `${sell}>${buy} ${edges[0]?.poolId} ${value}`
const paths = [path('A', 'B', 'p', 100), path('A', 'B', 'q', 10), path('A', 'C', 'r', 40), path('D', 'C', 's', 4)]

const prune = (
  toleratedUsd: number,
  evaluate: (set: readonly FlowPath[]) => PathsOutcome | undefined,
  largestUsd = 1000,
) => prunePaths({ paths, toleratedUsd, largestUsd, evaluate })

describe('prunePaths', () => {
  test('default: a path that costs more than it brings joins its twin', () => {
    const pruned = prune(0, (set) => ({
      netUsd: -set.length,
      errorUsd: set.some(({ buy }) => buy === 'C') ? 0 : 9,
    }))
    expect(pruned.paths.map(textOf)).toContain('D>C s 4')
    expect(pruned.paths.some(({ edges }) => edges[0]?.poolId === 'q')).toBe(false)
    expect(pruned.paths.reduce((sum, { value }) => sum + value, 0)).toBe(154)
  })

  test('behaviour: every path that pays for itself stays, and so does a large one', () => {
    expect(prune(0, (set) => ({ netUsd: set.length, errorUsd: 0 })).paths).toEqual(paths)
    expect(prune(1000, (set) => ({ netUsd: -set.length, errorUsd: 0 }), 9).paths).toEqual(paths)
  })

  test('behaviour: no asset is moved further from its target than tolerated', () => {
    const evaluate = (set: readonly FlowPath[]) => {
      const bought = set.reduce((sum, { buy, value }) => (buy === 'C' ? sum + value : sum), 0)
      return { netUsd: -set.length, errorUsd: Math.abs(44 - bought) }
    }
    expect(prune(39, evaluate).paths.map(textOf)).toEqual(['A>B p 110', 'A>C r 40', 'D>C s 4'])
    expect(prune(40, evaluate).paths.map(textOf)).toEqual(['A>B p 150', 'D>C s 4'])
  })

  test('behaviour: a set that the pools cannot carry is not taken', () => {
    const evaluate = (set: readonly FlowPath[]) => (set.length < 4 ? undefined : { netUsd: 0, errorUsd: 0 })
    expect(prune(100, evaluate).paths).toEqual(paths)
  })

  test('behaviour: from a set that cannot be carried any other one is better', () => {
    const evaluate = (set: readonly FlowPath[]) => (set.length === 4 ? undefined : { netUsd: 0, errorUsd: 0 })
    expect(prune(0, evaluate, 0).outcome).toBeDefined()
  })
})
