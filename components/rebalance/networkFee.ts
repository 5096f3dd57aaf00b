import { mulDivUp, type Usd } from '@/lib/core/units'
import type { Review } from '@/lib/query/readReview'

/** What gas costs in the native coin and, where its price is fresh, in dollars. */
export type NetworkFee = { readonly wei: bigint; readonly usd: bigint | undefined }

const nativeUnit = 10n ** 18n

/** The price of one whole native coin at the block of a snapshot, if its feed is fresh. */
export function nativePriceUsd({ assets }: Pick<Review['snapshot'], 'assets'>): Usd | undefined {
  const native = assets.find(({ asset }) => asset.tokens.length > 1 || asset.tokens[0].symbol === 'ETH')
  return native?.price.status === 'fresh' ? native.price.usd : undefined
}

/** The most that the simulated gas costs, rounded up. */
export function toNetworkFee({ plan, snapshot }: Pick<Review, 'plan' | 'snapshot'>, gasUnits: bigint): NetworkFee {
  const wei = gasUnits * plan.gas.maxFeePerGas
  const price = nativePriceUsd(snapshot)
  return { wei, usd: price === undefined ? undefined : mulDivUp(wei, price, nativeUnit) }
}
