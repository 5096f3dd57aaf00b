import { formatFeePips, formatPercent } from '@/components/format/formatPercent'
import { formatPrice } from '@/components/format/formatPrice'
import type { AssetId } from '@/lib/core/asset'
import type { Certificate, HopPool, LeftOutPool, PoolUse } from '@/lib/core/rebalance/plan'
import type { AssetReading, PoolId } from '@/lib/core/snapshot'
import { assertNever, toUsd, type Usd, usdUnit } from '@/lib/core/units'
import { venueOf } from './planView'

/** A pool as people know it: what it trades, its version and its fee. */
export type PoolView = { readonly id: PoolId; readonly pair: string; readonly venue: string }

/** What one pool brings to the plan, written out. */
export type PoolUseView = PoolView & { readonly sold: string; readonly surplus: string; readonly gas: string }

/** The shadow price of one asset beside its feed's. */
export type ShadowPriceView = {
  readonly assetId: AssetId
  readonly shadow: string
  /** Missing where no fresh feed answered. */
  readonly feed: string | undefined
  /** The shadow price against the feed's: `+0.12 %`. */
  readonly difference: string | undefined
}

/** Pools that are not traded through for one and the same reason. */
export type LeftOutGroup = {
  readonly reason: LeftOutPool['reason']
  readonly words: string
  readonly pools: readonly (PoolView & { readonly detail: string | undefined })[]
}

const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const minus = '\u2212'
/** Floats carry no more digits than these. */
const priceUnit = 10n ** 9n

/** Dollars from a float, for show: `$1,234.50`, `<$0.01`. */
export function formatDollars(dollars: number): string {
  if (dollars > 0 && dollars < 0.005) return '<$0.01'
  const text = cents.format(Math.abs(dollars))
  return dollars <= -0.005 ? `${minus}${text}` : text
}

/** How many dollars a plan is at most from the bound, rounded up so that it stays a bound: `$0.02`, `under $0.01`. */
export function formatGapUsd({ boundUsd, valueUsd }: Pick<Certificate, 'boundUsd' | 'valueUsd'>): string {
  const gap = Math.max(0, boundUsd - valueUsd)
  return gap < 0.01 ? 'under $0.01' : cents.format(Math.ceil(gap * 100 - 1e-6) / 100)
}

function toPoolView(pool: HopPool, [first, second]: readonly [AssetId, AssetId]): PoolView {
  return { id: pool.id, pair: `${first}/${second}`, venue: `${venueOf(pool.kind)} ${formatFeePips(pool.feePips)}` }
}

/** The pools that are called, in the order of the certificate. */
export function toPoolUseViews(poolUse: readonly PoolUse[]): readonly PoolUseView[] {
  return poolUse.map(({ pool, assetIds, soldUsd, surplusUsd, gasUsd }) => ({
    ...toPoolView(pool, assetIds),
    sold: formatDollars(soldUsd),
    surplus: formatDollars(surplusUsd),
    gas: formatDollars(gasUsd),
  }))
}

/** A float price for show. */
function toPrice(usd: number): Usd {
  return toUsd((BigInt(Math.round(usd * Number(priceUnit))) * usdUnit) / priceUnit)
}

/** The shadow prices, each against what its feed says. */
export function toShadowPriceViews(
  { shadowPrices }: Pick<Certificate, 'shadowPrices'>,
  assets: readonly Pick<AssetReading, 'asset' | 'price'>[],
): readonly ShadowPriceView[] {
  return shadowPrices.map(({ assetId, usd }) => {
    const reading = assets.find(({ asset }) => asset.id === assetId)
    const shadow = formatPrice(toPrice(usd))
    if (reading?.price.status !== 'fresh') return { assetId, shadow, feed: undefined, difference: undefined }
    const bps = Math.round((usd / (Number(reading.price.usd) / Number(usdUnit)) - 1) * 10_000)
    return {
      assetId,
      shadow,
      feed: formatPrice(reading.price.usd),
      difference: `${bps > 0 ? '+' : ''}${formatPercent(bps)}`,
    }
  })
}

/** Says why a pool is not traded through. */
export function describeLeftOut(reason: LeftOutPool['reason']): string {
  switch (reason) {
    case 'noLiquidity':
      return 'Nothing to trade at the present price'
    case 'tooShallow':
      return 'Too shallow to be worth a call'
    case 'offPrice':
      return 'Priced too far from the feeds'
    case 'unpriced':
      return 'Trades something without a reliable price'
    case 'batchOnly':
      return 'v4 pools need a wallet that signs a batch of calls'
    default:
      return assertNever(reason)
  }
}

const reasons: readonly LeftOutPool['reason'][] = ['batchOnly', 'offPrice', 'tooShallow', 'noLiquidity', 'unpriced']

/** The pools that were read and left out, by reason. */
export function toLeftOutGroups(leftOut: readonly LeftOutPool[]): readonly LeftOutGroup[] {
  return reasons.flatMap((reason) => {
    const pools = leftOut.filter((pool) => pool.reason === reason)
    if (pools.length === 0) return []
    return [
      {
        reason,
        words: describeLeftOut(reason),
        pools: pools.map(({ pool, assetIds, offBps }) => ({
          ...toPoolView(pool, assetIds),
          detail: offBps === undefined ? undefined : `${formatPercent(Math.abs(offBps))} off`,
        })),
      },
    ]
  })
}
