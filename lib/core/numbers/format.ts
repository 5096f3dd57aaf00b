import { assertNever, usdUnit } from '../units'

/** U+2212, the sign that is as wide as a plus. */
const minus = '−'

/** What stands where a number is not known. */
export const unknownText = '–'

/** `down` for what is received at least, `up` for what is paid at most, `nearest` (half away from zero) else. */
export type Rounding = 'nearest' | 'down' | 'up'

const cent = usdUnit / 100n
const compactSteps = [
  { from: 10n ** 12n, suffix: 'T' },
  { from: 10n ** 9n, suffix: 'B' },
  { from: 10n ** 6n, suffix: 'M' },
] as const

/** Divides a non-negative number, rounded as asked. */
function divide(value: bigint, divisor: bigint, rounding: Rounding): bigint {
  switch (rounding) {
    case 'down':
      return value / divisor
    case 'up':
      return (value + divisor - 1n) / divisor
    case 'nearest':
      return (value * 2n + divisor) / (divisor * 2n)
    default:
      return assertNever(rounding)
  }
}

const group = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/** `1234567n` hundredths as `12,345.67`. */
function hundredths(value: bigint): string {
  return `${group((value / 100n).toString())}.${(value % 100n).toString().padStart(2, '0')}`
}

type SignedText = { readonly sign: string; readonly size: bigint }
const split = (value: bigint): SignedText => (value < 0n ? { sign: minus, size: -value } : { sign: '', size: value })

/**
 * Dollars x 1e18 as text with two decimals, in full: `$1,234.50`, `<$0.01`, `−$3.00`; `–` when unknown. The rounding applies
 * to the size of the amount. Does not depend on a locale (A-22).
 */
export function formatUsdFull(value: bigint | undefined, rounding: Rounding = 'nearest'): string {
  if (value === undefined) return unknownText
  const { sign, size } = split(value)
  if (size > 0n && size < cent && rounding !== 'up') return sign ? `>${sign}$0.01` : '<$0.01'
  return `${sign}$${hundredths(divide(size, cent, rounding))}`
}

/** As {@link formatUsdFull}, compact from one million: `$1.23M`, `$4.56B`. The full text belongs in a tooltip. */
export function formatUsd(value: bigint | undefined, rounding: Rounding = 'nearest'): string {
  if (value === undefined) return unknownText
  const { sign, size } = split(value)
  const step = compactSteps.find(({ from }) => divide(size, cent, rounding) >= from * 100n)
  if (!step) return formatUsdFull(value, rounding)
  return `${sign}$${hundredths(divide(size, cent * step.from, rounding))}${step.suffix}`
}

const significantDigits = 6

/**
 * Base units as a decimal number with up to six significant digits, never in scientific notation and never more than there is
 * (rounded down): `1,234.56`, `0.0000123456`. Digits before the point are never dropped.
 */
export function formatTokenAmount(amount: bigint | undefined, decimals: number): string {
  if (amount === undefined) return unknownText
  const { sign, size } = split(amount)
  const { whole, fraction } = digitsOf(size, decimals)
  const leadingZeros = whole === '0' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0
  const room = whole === '0' ? leadingZeros + significantDigits : Math.max(0, significantDigits - whole.length)
  const shown = fraction.slice(0, room).replace(/0+$/, '')
  return `${sign}${group(whole)}${shown ? `.${shown}` : ''}`
}

/** Base units as a decimal number with all its digits and no grouping, to be copied: `1234.567891`. */
export function formatTokenAmountFull(amount: bigint, decimals: number): string {
  const { sign, size } = split(amount)
  const { whole, fraction } = digitsOf(size, decimals)
  const shown = fraction.replace(/0+$/, '')
  return `${sign ? '-' : ''}${whole}${shown ? `.${shown}` : ''}`
}

function digitsOf(size: bigint, decimals: number) {
  const digits = size.toString().padStart(decimals + 1, '0')
  return { whole: digits.slice(0, digits.length - decimals), fraction: digits.slice(digits.length - decimals) }
}

/** Basis points as a number of percent or percentage points with one decimal, half rounded away from zero. */
function oneDecimal(bps: number): { readonly sign: string; readonly text: string } {
  const tenths = Math.round(Math.abs(bps) / 10)
  return { sign: tenths === 0 ? '' : bps < 0 ? minus : '+', text: `${Math.floor(tenths / 10)}.${tenths % 10}` }
}

/** A drift in basis points as signed percentage points: `+6.2 pp`, `−0.5 pp`, `0.0 pp`. */
export function formatDriftPp(driftBps: number | undefined): string {
  if (driftBps === undefined) return unknownText
  const { sign, text } = oneDecimal(driftBps)
  return `${sign}${text} pp`
}

/** A weight in basis points with one decimal: `12.5 %`. For a column that adds up use `selectDisplayWeights`. */
export function formatWeight(weightBps: number | undefined): string {
  if (weightBps === undefined) return unknownText
  return `${oneDecimal(weightBps).text} %`
}

/** A weight in tenths of a percent: 125 is `12.5 %`. */
export function formatTenths(tenths: number): string {
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}

/** Hundredths of a basis point as percent: 612 is `0.06 %`; under a hundredth of a percent `<0.01 %`. */
export function formatCentiBps(centiBps: number): string {
  const size = Math.abs(centiBps)
  const sign = centiBps < 0 ? minus : ''
  if (size > 0 && size < 100) return `${sign ? `>${sign}` : '<'}0.01 %`
  return `${sign}${hundredths(BigInt(Math.round(size / 100)))} %`
}
