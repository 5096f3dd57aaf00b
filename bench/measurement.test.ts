import { expect, test } from 'vitest'
import { listMissed, measureAtMost, measureOnly, quantile, writeMs } from './measurement'

const limit = { name: 'time', goal: 300, write: writeMs }

test('default', () => {
  expect(measureAtMost({ ...limit, value: 300 })).toEqual({
    name: 'time',
    goal: '≤ 300 ms',
    measured: '300 ms',
    verdict: 'met',
  })
})

test('behaviour: more than the goal, and nothing at all, miss it', () => {
  expect(measureAtMost({ ...limit, value: 301 }).verdict).toBe('missed')
  expect(measureAtMost({ ...limit, value: Number.NaN }).verdict).toBe('missed')
})

test('behaviour: only what missed its goal is listed', () => {
  const missed = measureAtMost({ ...limit, value: 512 })
  expect(listMissed([measureOnly('a', '1'), measureAtMost({ ...limit, value: 1 }), missed])).toEqual([
    'time: 512 ms (goal ≤ 300 ms)',
  ])
})

test('behaviour: quantiles are values that were measured', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([3, 1, 2], 1)).toBe(3)
  expect(quantile([], 0.5)).toBeNaN()
})
