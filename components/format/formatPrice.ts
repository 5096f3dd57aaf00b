import { formatUsdFull } from '@/lib/core/numbers/format'
import { type Usd, usdUnit } from '@/lib/core/units'

/** The price of one whole token: two decimals, or four significant digits where it is under a dollar. */
export function formatPrice(price: Usd): string {
  if (price >= usdUnit || price === 0n) return formatUsdFull(price)
  const digits = price.toString().padStart(18, '0')
  const firstDigit = digits.search(/[1-9]/)
  return `$0.${digits.slice(0, firstDigit + 4)}`
}
