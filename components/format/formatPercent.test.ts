import { describe, expect, test } from 'vitest'
import { formatBoundBps, formatFeePips, formatPercent } from './formatPercent'

describe('formatPercent', () => {
  test('default', () => {
    expect([0, 7, 123, -45].map(formatPercent)).toEqual(['0 %', '0.07 %', '1.23 %', '\u22120.45 %'])
  })
})

describe('formatFeePips', () => {
  test('default', () => {
    expect([100, 500, 3000, 10_000].map(formatFeePips)).toEqual(['0.01 %', '0.05 %', '0.3 %', '1 %'])
  })
})

describe('formatBoundBps', () => {
  test('default', () => {
    expect([0.163, 0.2, 3, 12.31].map(formatBoundBps)).toEqual(['0.17', '0.2', '3', '12.4'])
  })

  test('behaviour: a bound never shows as nothing, and never smaller than it is', () => {
    expect([0, -1e-9, 1e-6, 0.010001].map(formatBoundBps)).toEqual(['0.01', '0.01', '0.01', '0.02'])
  })
})
