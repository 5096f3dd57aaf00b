import { formatUsd } from '@/lib/core/numbers/format'

const minus = '\u2212'
const unknown = '–'
const never = '∞'

function write(value: number | undefined, digits: number, unit: string): string {
  if (value === undefined || Number.isNaN(value)) return unknown
  if (!Number.isFinite(value)) return never
  const text = Math.abs(value).toFixed(digits)
  const sign = value < 0 && Number(text) !== 0 ? minus : ''
  return `${sign}${text.replace(/\B(?=(\d{3})+(?!\d)(?=\.|$))/g, ',')}${unit}`
}

/** A fraction of the portfolio as percentage points: 0.05 is `5.00 pp`. */
export const formatPoints = (fraction: number | undefined) => write(fraction && fraction * 100, 2, ' pp')

/** A fraction as percent: 0.123 is `12.3 %`. */
export const formatShare = (fraction: number | undefined, digits = 1) =>
  write(fraction === undefined ? undefined : fraction * 100, digits, ' %')

/** A fraction a year as basis points: 0.0016 is `16.0`. */
export const formatYearlyBps = (fraction: number | undefined) =>
  write(fraction === undefined ? undefined : fraction * 10_000, 1, '')

/** A plain number, `1,234.5`. */
export const formatCount = (value: number | undefined, digits = 0) => write(value, digits, '')

/** Dollars as a float: `$1,234.50`, `−$3.00`, `<$0.01`. */
export function formatDollars(usd: number | undefined): string {
  if (usd === undefined || Number.isNaN(usd)) return unknown
  if (!Number.isFinite(usd)) return never
  // Six decimals keep what is under a cent from becoming nothing.
  return formatUsd(BigInt(Math.round(usd * 1e6)) * 10n ** 12n)
}

/** Dollars with their sign: `+$3.00`, `−$3.00`. */
export const formatSignedDollars = (usd: number) => `${usd > 0 ? '+' : ''}${formatDollars(usd)}`

/** A number with four significant digits, for open arithmetic: `0.06173`. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return never
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e-6 && size < 1e7)
    return `${value < 0 ? minus : ''}${Number(size.toPrecision(4)).toFixed(decimalsOf(size))}`
  const [mantissa = '0', exponent = '0'] = size.toExponential(3).split('e')
  return `${value < 0 ? minus : ''}${mantissa} × 10^${exponent.replace('+', '').replace('-', minus)}`
}

const decimalsOf = (size: number) => Math.max(0, 3 - Math.floor(Math.log10(size)))

/** Whole days since 1 January 1970 as a date: `6 Jul 2021`. */
export function formatDay(day: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    day * 86_400_000,
  )
}
