import { describe, expect, test } from 'vitest'
import {
  describePoint,
  type FrontierPoint,
  selectPoint,
  stepTo,
  toFrontierPoints,
  toFrontierRows,
} from './frontierView'
import { examplePlan } from './testing/examplePlan'

const point = (legs: number): FrontierPoint => ({ legs, costUsd: 123n * 10n ** 17n, driftBps: 12 })
const points = [2, 3, 5, 8].map(point)

test('default', () => {
  expect(describePoint(point(5))).toBe('5 trades, costs $12.30, leaves 0.1 pp of drift')
  expect(describePoint(point(1))).toMatch(/^1 trade, /)
})

describe('toFrontierPoints', () => {
  test('default', () => {
    expect(toFrontierPoints([{ legs: 1, plan: examplePlan }])).toEqual([
      { legs: 1, costUsd: examplePlan.cost.totalUsd, driftBps: examplePlan.driftAfterBps },
    ])
  })
})

describe('toFrontierRows', () => {
  test('default', () => {
    expect(toFrontierRows([point(5)])).toEqual([{ legs: 5, driftPoints: 0.12, costDollars: 12.3 }])
  })
})

describe('selectPoint', () => {
  test('default', () => {
    expect(selectPoint(points, undefined)?.legs).toBe(8)
    expect([1, 2, 4, 5, 7, 99].map((most) => selectPoint(points, most)?.legs)).toEqual([2, 2, 3, 5, 5, 8])
    expect(selectPoint([], 3)).toBeUndefined()
  })
})

describe('stepTo', () => {
  test('default', () => {
    expect(stepTo(points, 2, 3)).toBe(3)
    expect(stepTo(points, 8, 2)).toBe(2)
  })

  test('behaviour: a key press goes on over a number that has no plan, in either direction', () => {
    expect(stepTo(points, 5, 6)).toBe(8)
    expect(stepTo(points, 8, 7)).toBe(5)
    expect(stepTo(points, 3, 4)).toBe(5)
  })
})
