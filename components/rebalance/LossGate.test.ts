import { describe, expect, test } from 'vitest'
import { usdUnit } from '@/lib/core/units'
import { isLossTyped, lossText } from './LossGate'

const loss = 1_234n * usdUnit + usdUnit / 2n

describe('isLossTyped', () => {
  test('default', () => {
    expect(lossText(loss)).toBe('1234.50')
    expect(isLossTyped('1234.50', loss)).toBe(true)
  })

  test('behaviour: a dollar sign and separators may stand in it', () => {
    expect(isLossTyped(' $1,234.50 ', loss)).toBe(true)
  })

  test('behaviour: anything else is not it', () => {
    expect(['', '1234', '1234.5', '1234.51', 'yes'].map((typed) => isLossTyped(typed, loss))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
