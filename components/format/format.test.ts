import { describe, expect, it } from 'vitest'
import { toUsd, usdUnit } from '@/lib/core/units'
import { formatAge } from './formatAge'
import { formatBps } from './formatBps'
import { formatPrice } from './formatPrice'
import { formatWeights } from './formatWeights'

describe('formatPrice', () => {
  it('default', () => {
    expect(formatPrice(toUsd(1982n * usdUnit + usdUnit / 2n))).toBe('$1,982.50')
    expect(formatPrice(toUsd(0n))).toBe('$0.00')
  })

  it('behaviour: keeps four significant digits under a dollar', () => {
    expect(formatPrice(toUsd(999_876_543_210_000_000n))).toBe('$0.9998')
    expect(formatPrice(toUsd(12_345_678_900_000n))).toBe('$0.00001234')
    expect(formatPrice(toUsd(1n))).toBe('$0.000000000000000001')
  })
})

describe('formatAge', () => {
  it('default', () => {
    expect([0, 12, 59, 60, 3599, 3600, 172_799, 172_800, 10_000_000].map(formatAge)).toEqual([
      'now',
      '12 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '47 h',
      '2 days',
      '115 days',
    ])
  })

  it('behaviour: a clock that is ahead of the reading says now', () => {
    expect(formatAge(-30)).toBe('now')
  })
})

describe('formatWeights', () => {
  it('default', () => {
    expect(formatWeights([3333, 3333, 3334])).toEqual(['33.3 %', '33.3 %', '33.4 %'])
  })

  it('behaviour: shows zeros where there is nothing', () => {
    expect(formatWeights([0, 0])).toEqual(['0.0 %', '0.0 %'])
  })
})

describe('formatBps', () => {
  it('default', () => {
    expect(formatBps(612)).toBe('6.12 bps')
    expect(formatBps(12_345)).toBe('123.5 bps')
    expect(formatBps(-5)).toBe('\u22120.05 bps')
  })
})
