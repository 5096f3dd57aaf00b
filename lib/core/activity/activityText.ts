import type { AssetId } from '../asset'
import { formatTokenAmountFull } from '../numbers/format'
import { decimalsIn, type OrUnknown, type Receipt } from './receipt'

const usdDecimals = 18

/** Base units as a decimal number with all digits; base units with their unit where the decimals are not known. */
export function toAmountText(receipt: Pick<Receipt, 'assets'>, assetId: AssetId, amount: OrUnknown<bigint>): string {
  if (amount === 'unknown') return amount
  const decimals = decimalsIn(receipt, assetId)
  return decimals === undefined ? `${amount} base units` : formatTokenAmountFull(amount, decimals)
}

/** Dollars as a decimal number with all digits. */
export function toUsdText(usd: OrUnknown<bigint>): string {
  return usd === 'unknown' ? usd : formatTokenAmountFull(usd, usdDecimals)
}

/** Wei as whole coins with all digits. */
export function toNativeText(wei: bigint): string {
  return formatTokenAmountFull(wei, 18)
}

/** Hundredths of a basis point as basis points: 1234 is `12.34`. */
export function toBpsText(centiBps: OrUnknown<number>): string {
  return centiBps === 'unknown' ? centiBps : formatTokenAmountFull(BigInt(centiBps), 2)
}

const latestSeconds = 8.64e12

/** Unix seconds as ISO 8601 in UTC. A time that no calendar has is unknown. */
export function toTimeText(seconds: OrUnknown<number>): string {
  if (seconds === 'unknown' || !(Math.abs(seconds) <= latestSeconds)) return 'unknown'
  return new Date(seconds * 1_000).toISOString()
}
