import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { usdUnit } from '../units'
import { apportion, NothingToApportionError } from './apportion'
import {
  formatCentiBps,
  formatDriftPp,
  formatTenths,
  formatTokenAmount,
  formatTokenAmountFull,
  formatUsd,
  formatUsdFull,
  formatWeight,
} from './format'
import { parseAmount } from './parse'

const cents = (amount: bigint) => (amount * usdUnit) / 100n

describe('apportion', () => {
  test('default', () => {
    expect(apportion([1n, 1n, 1n], 100)).toEqual([34, 33, 33])
    expect(apportion([0n, 5n], 10_000)).toEqual([0, 10_000])
  })

  test('behaviour: the largest remainder comes first', () => {
    // 10 * 14/100 = 1.4, 10 * 47/100 = 4.7, 10 * 39/100 = 3.9
    expect(apportion([14n, 47n, 39n], 10)).toEqual([1, 5, 4])
  })

  test('error: NothingToApportionError', () => {
    expect(() => apportion([], 10)).toThrow(NothingToApportionError)
    expect(() => apportion([0n, 0n], 10)).toThrow(NothingToApportionError)
  })

  test('property: shares add up exactly and are less than one unit off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 40n }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 10_000 }),
        (parts, whole) => {
          const total = parts.reduce((sum, part) => sum + part, 0n)
          fc.pre(total > 0n)
          const shares = apportion(parts, whole)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole)
          for (const [position, share] of shares.entries()) {
            const scaled = (parts[position] ?? 0n) * BigInt(whole)
            expect(BigInt(share) * total - scaled < total && scaled - BigInt(share) * total < total).toBe(true)
          }
        },
      ),
    )
  })
})

describe('formatUsd', () => {
  test('default', () => {
    expect(formatUsd(cents(123_450n))).toBe('$1,234.50')
    expect(formatUsd(0n)).toBe('$0.00')
    expect(formatUsd(cents(-300n))).toBe('−$3.00')
  })

  test('behaviour: unknown is not zero, and little is not nothing', () => {
    expect(formatUsd(undefined)).toBe('–')
    expect(formatUsd(1n)).toBe('<$0.01')
    expect(formatUsd(-1n)).toBe('>−$0.01')
  })

  test('behaviour: compact from one million, in full on request', () => {
    expect(formatUsd(cents(99_999_999n))).toBe('$999,999.99')
    expect(formatUsd(cents(99_999_999n) + usdUnit / 125n)).toBe('$1.00M')
    expect(formatUsd(123_456_789n * usdUnit)).toBe('$123.46M')
    expect(formatUsd(1_500_000_000n * usdUnit)).toBe('$1.50B')
    expect(formatUsdFull(123_456_789n * usdUnit)).toBe('$123,456,789.00')
  })

  test('behaviour: A-21 what is received at least rounds down, what is paid at most rounds up', () => {
    const value = usdUnit + usdUnit / 125n
    expect(formatUsd(value, 'down')).toBe('$1.00')
    expect(formatUsd(value, 'nearest')).toBe('$1.01')
    expect(formatUsd(usdUnit + 1n, 'up')).toBe('$1.01')
    expect(formatUsd(1n, 'up')).toBe('$0.01')
  })
})

describe('formatTokenAmount', () => {
  test('default', () => {
    expect(formatTokenAmount(1_234_567_891n, 6)).toBe('1,234.56')
    expect(formatTokenAmount(10n ** 18n, 18)).toBe('1')
    expect(formatTokenAmount(0n, 18)).toBe('0')
    expect(formatTokenAmount(undefined, 18)).toBe('–')
  })

  test('behaviour: six significant digits, never scientific, never more than there is', () => {
    expect(formatTokenAmount(1n, 18)).toBe('0.000000000000000001')
    expect(formatTokenAmount(12_345_678_999_999n, 18)).toBe('0.0000123456')
    expect(formatTokenAmount(12_345_678_999_999n, 6)).toBe('12,345,678')
    expect(formatTokenAmount(999_999_999n, 6)).toBe('999.999')
    expect(formatTokenAmount(7n, 0)).toBe('7')
  })

  test('behaviour: full precision to copy', () => {
    expect(formatTokenAmountFull(1_234_567_891n, 6)).toBe('1234.567891')
    expect(formatTokenAmountFull(-5n * 10n ** 17n, 18)).toBe('-0.5')
  })

  test('property: what is copied is read back to the unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.integer({ min: 0, max: 24 }), (amount, decimals) => {
        expect(parseAmount(formatTokenAmountFull(amount, decimals), decimals)).toEqual({ status: 'parsed', amount })
      }),
    )
  })
})

describe('weights and drifts', () => {
  test('default', () => {
    expect(formatWeight(1250)).toBe('12.5 %')
    expect(formatTenths(1000)).toBe('100.0 %')
    expect(formatDriftPp(620)).toBe('+6.2 pp')
    expect(formatDriftPp(-50)).toBe('−0.5 pp')
    expect(formatCentiBps(612)).toBe('0.06 %')
  })

  test('behaviour: no sign where nothing is left of the number', () => {
    expect(formatDriftPp(-4)).toBe('0.0 pp')
    expect(formatDriftPp(0)).toBe('0.0 pp')
    expect(formatDriftPp(-5)).toBe('−0.1 pp')
    expect(formatDriftPp(undefined)).toBe('–')
    expect(formatCentiBps(50)).toBe('<0.01 %')
    expect(formatCentiBps(-50)).toBe('>−0.01 %')
  })
})

describe('parseAmount', () => {
  test('default', () => {
    expect(parseAmount('1.5', 6)).toEqual({ status: 'parsed', amount: 1_500_000n })
    expect(parseAmount('0', 18)).toEqual({ status: 'parsed', amount: 0n })
  })

  test.each([
    ['', 'empty'],
    ['-1', 'negative'],
    ['NaN', 'notANumber'],
    ['1e5', 'notANumber'],
    ['+1', 'notANumber'],
    [' 1', 'notANumber'],
    ['1,5', 'notANumber'],
    ['.5', 'notANumber'],
    ['1.', 'notANumber'],
    ['١', 'notANumber'],
    ['0x10', 'notANumber'],
    ['1.1234567', 'tooManyDecimals'],
    ['9'.repeat(61), 'tooLarge'],
  ])('behaviour: %j is refused as %s', (text, reason) => {
    expect(parseAmount(text, 6)).toMatchObject({ status: 'refused', reason })
  })
})
