import type { AssetId } from '@/lib/core/asset'

/** Ether of each user account. */
export const userEther = 12n * 10n ** 18n

/** Wrapped ether of each user account. */
export const userWrappedEther = 3n * 10n ** 18n

/** What else each user account holds, in base units: about $100k in all, drifted from any round targets. */
export const portfolio: Readonly<Record<AssetId, bigint>> = {
  WBTC: 35_000_000n,
  USDC: 15_000n * 10n ** 6n,
  USDT: 8_000n * 10n ** 6n,
  DAI: 2_500n * 10n ** 18n,
  LINK: 900n * 10n ** 18n,
  UNI: 1_500n * 10n ** 18n,
  AAVE: 40n * 10n ** 18n,
}
