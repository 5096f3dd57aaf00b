import { expect, test } from 'vitest'
import { StopLine } from '../scripts/stopLine.mjs'
import { toInteger } from './toInteger'

test('default', () => {
  expect(toInteger('steps', '50')).toBe(50)
})

test('error: StopLine', () => {
  for (const text of ['', 'x', '-1', '1.5', '1e3', '99999999999999999'])
    expect(() => toInteger('steps', text)).toThrow(StopLine)
  expect(() => toInteger('seed', '11', { most: 10 })).toThrow('--seed 11 is not a whole number from 0 to 10.')
})
