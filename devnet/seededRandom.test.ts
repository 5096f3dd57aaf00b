import { expect, test } from 'vitest'
import { normal, seededRandom } from './seededRandom'

const take = <T>(count: number, draw: () => T): readonly T[] => Array.from({ length: count }, draw)

test('default', () => {
  expect(take(50, seededRandom(7))).toEqual(take(50, seededRandom(7)))
  expect(take(5, seededRandom(7))).not.toEqual(take(5, seededRandom(8)))
  expect(take(10_000, seededRandom(1)).every((value) => value >= 0 && value < 1)).toBe(true)
})

test('behaviour: normal numbers have mean 0 and variance 1', () => {
  const random = seededRandom(3)
  const values = take(20_000, () => normal(random))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  expect(Math.abs(mean)).toBeLessThan(0.03)
  expect(Math.abs(variance - 1)).toBeLessThan(0.05)
})
