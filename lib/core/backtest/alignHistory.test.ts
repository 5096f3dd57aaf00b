import { describe, expect, test } from 'vitest'
import { alignHistory } from './alignHistory'
import { InvalidBacktestError } from './priceMatrix'

const series = [
  { asset: 'ETH', startSeconds: 0, prices: [1, 2, 3, 4, 5, 6] },
  { asset: 'USDC', startSeconds: 10, prices: [1, null, null, 1, 1] },
]

describe('alignHistory', () => {
  test('default', () => {
    const aligned = alignHistory(series, { stepSeconds: 10, onGap: 'commonRange' })
    expect(aligned).toMatchObject({ status: 'aligned', startSeconds: 40 })
    if (aligned.status !== 'aligned') throw new Error(aligned.status)
    expect([...aligned.matrix.prices]).toEqual([5, 1, 6, 1])
  })

  test('behaviour: gaps are named and refused', () => {
    expect(alignHistory(series, { stepSeconds: 10, onGap: 'refuse' })).toEqual({
      status: 'gaps',
      gaps: [
        { asset: 'USDC', fromSeconds: 0, toSeconds: 0, steps: 1 },
        { asset: 'USDC', fromSeconds: 20, toSeconds: 30, steps: 2 },
      ],
    })
  })

  test('behaviour: no two steps in common', () => {
    const request = { stepSeconds: 10, toSeconds: 30, onGap: 'commonRange' } as const
    expect(alignHistory(series, request)).toMatchObject({ status: 'noCommonRange' })
  })

  test('error: InvalidBacktestError', () => {
    expect(() => alignHistory([], { stepSeconds: 10, onGap: 'refuse' })).toThrow(InvalidBacktestError)
    expect(() => alignHistory(series, { stepSeconds: 20, onGap: 'refuse' })).toThrow('startSeconds')
  })
})
