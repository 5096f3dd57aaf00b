import { expect, test } from 'vitest'
import { Tally } from './tally'

test('default', () => {
  const tally = new Tally([['A', 2]])
  tally.add('A', -5)
  tally.add('B', 7)
  expect([tally.of('A'), tally.of('B'), tally.of('C')]).toEqual([-3, 7, 0])
  expect([...tally.keys()]).toEqual(['A', 'B'])
})

test('behaviour: what it begins with is not changed', () => {
  const sums = new Map([['A', 1]])
  new Tally(sums).add('A', 1)
  expect(sums.get('A')).toBe(1)
})
