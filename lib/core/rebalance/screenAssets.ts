import { type AssetId, nativeAddress } from '../asset'
import { isCounted } from '../policy/policy'
import { priceUsd, usdValue } from '../portfolio/portfolio'
import type { AssetReading, TokenReading } from '../snapshot'
import type { Usd } from '../units'
import type { PlanObstacle, SkipReason } from './plan'
import type { PlanRequest } from './planRequest'

/** An asset with a price and known balances: what a plan counts. */
export type PricedAsset = {
  readonly assetId: AssetId
  readonly reading: AssetReading
  readonly decimals: number
  readonly isStable: boolean
  readonly price: Usd
  /** Only assets with a fresh price are traded; a stale price still counts for what the portfolio is worth. */
  readonly isFresh: boolean
  /** Base units of all its tokens. */
  readonly amount: bigint
  /** Base units of the native coin among them; 0 for all other assets. */
  readonly nativeAmount: bigint
  readonly valueUsd: bigint
  readonly targetBps: number
}

export type ScreenedAssets =
  | {
      readonly status: 'screened'
      /** By asset id; with those that do not count, which pools may lead through all the same. */
      readonly priced: readonly PricedAsset[]
      readonly native: PricedAsset
      readonly frozen: ReadonlyMap<AssetId, SkipReason>
    }
  | { readonly status: 'blocked'; readonly obstacle: PlanObstacle }

/** A snapshot without the chain's native coin: gas cannot be counted. */
export class MissingNativeAssetError extends Error {
  override readonly name = 'MissingNativeAssetError'
  constructor(readonly chainId: number) {
    super(`The snapshot of chain ${chainId} lacks the native coin. Read all listed assets.`)
  }
}

/**
 * Says which assets a plan may count on. Any balance that could not be read ends planning (unknown is never zero, A-33), as does a
 * wanted asset, or the native coin, without a fresh price; other held assets without one stay as they are. Nothing is asked of what the
 * person has excluded.
 * @throws {MissingNativeAssetError} when no asset has the native coin among its tokens.
 */
export function screenAssets({ snapshot, targets, settings }: PlanRequest): ScreenedAssets {
  const targetOf = new Map<AssetId, number>(targets.weights.map(({ assetId, weightBps }) => [assetId, weightBps]))
  const readings = [...snapshot.assets].sort((a, b) => (a.asset.id < b.asset.id ? -1 : 1))
  const nativeReading = readings.find(({ tokens }) => tokens.some(isNative))
  if (!nativeReading) throw new MissingNativeAssetError(snapshot.chainId)

  const isRelevant = (reading: AssetReading) =>
    reading === nativeReading || isCounted(settings.policy, reading.asset.id)
  const unreadable = readings.filter(
    (reading) => isRelevant(reading) && reading.tokens.some(({ balance }) => balance.status === 'unreadable'),
  )
  if (unreadable.length > 0) return blocked('unreadableBalances', unreadable)

  const isNeeded = (reading: AssetReading) => reading === nativeReading || (targetOf.get(reading.asset.id) ?? 0) > 0
  const unpriced = readings.filter((reading) => isNeeded(reading) && isUnpriced(reading))
  if (unpriced.length > 0) return blocked('unpricedAssets', unpriced)
  const stale = readings.filter((reading) => isNeeded(reading) && reading.price.status === 'stale')
  if (stale.length > 0) return blocked('stalePrices', stale)

  const frozen = new Map<AssetId, SkipReason>()
  const priced: PricedAsset[] = []
  for (const reading of readings) {
    const { asset, price } = reading
    const amount = sumOfBalances(reading.tokens)
    const usd = priceUsd(price)
    const isFresh = price.status === 'fresh'
    const isKnown = reading.tokens.every(({ balance }) => balance.status === 'known')
    if (!isKnown) continue
    if (!isFresh && amount > 0n && isRelevant(reading))
      frozen.set(asset.id, usd === undefined ? 'unpriced' : 'stalePrice')
    if (usd === undefined) continue
    priced.push({
      assetId: asset.id,
      reading,
      decimals: asset.decimals,
      isStable: asset.isStable,
      price: usd,
      isFresh,
      amount,
      nativeAmount: sumOfBalances(reading.tokens.filter(isNative)),
      valueUsd: usdValue(amount, asset.decimals, usd),
      targetBps: targetOf.get(asset.id) ?? 0,
    })
  }
  const native = priced.find(({ assetId }) => assetId === nativeReading.asset.id)
  const counted = priced.filter(({ assetId }) => isCounted(settings.policy, assetId))
  if (!native || counted.every(({ valueUsd }) => valueUsd === 0n)) {
    return { status: 'blocked', obstacle: { kind: 'emptyWallet' } }
  }
  return { status: 'screened', priced, native, frozen }
}

/** The sum of balances that are all known. */
export function sumOfBalances(tokens: readonly TokenReading[]): bigint {
  return tokens.reduce((sum, { balance }) => sum + (balance.status === 'known' ? balance.amount : 0n), 0n)
}

export const isNative = ({ token }: TokenReading) => token.address.toLowerCase() === nativeAddress.toLowerCase()

const isUnpriced = ({ price }: AssetReading) => price.status === 'invalid' || price.status === 'noFeed'

function blocked(
  kind: 'unreadableBalances' | 'unpricedAssets' | 'stalePrices',
  readings: readonly AssetReading[],
): ScreenedAssets {
  return { status: 'blocked', obstacle: { kind, assetIds: readings.map(({ asset }) => asset.id) } }
}
