import { describe, expect, it } from 'vitest'
import { describeObstacle, describeSum } from './draftWords'

describe('describeSum', () => {
  it('default', () => {
    expect(describeSum(9870)).toBe('Sum 98.7 % · 1.3 % left')
    expect(describeSum(10_000)).toBe('Sum 100.0 %')
  })

  it('behaviour: tells 99.99 from 100', () => {
    expect(describeSum(9999)).toBe('Sum 99.99 % · 0.01 % left')
    expect(describeSum(10_001)).toBe('Sum 100.01 % · 0.01 % too much')
  })
})

describe('describeObstacle', () => {
  it('default', () => {
    expect(describeObstacle({ status: 'ready', sumBps: 10_000, targets: { weights: [] } })).toBeUndefined()
    expect(describeObstacle({ status: 'short', sumBps: 9870, missingBps: 130 })).toContain('1.3 % more')
  })

  it('behaviour: names what cannot be read', () => {
    expect(describeObstacle({ status: 'unreadable', sumBps: 0, assetIds: ['ETH', 'UNI'] })).toContain('ETH, UNI')
  })
})
