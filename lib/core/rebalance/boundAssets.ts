import type { AssetId } from '../asset'
import { type PlanMode, type PlanPolicy, ruleOf } from '../policy/policy'
import { usdValue } from '../portfolio/portfolio'
import { bpsWhole, mulDivUp } from '../units'
import type { SkipReason } from './plan'
import type { PricedAsset } from './screenAssets'
import type { WorthBound, WorthBounds } from './shareOut'

/** Between what every asset must end, and how much of it cannot be sold. */
export type AssetBounds = {
  readonly bounds: ReadonlyMap<AssetId, WorthBounds>
  /** Base units that stay, and what they are worth. */
  readonly keptOf: ReadonlyMap<AssetId, Kept>
  /** In plans that sell for cash: base units of it that have to be bought. */
  readonly neededCash?: bigint
}

export type Kept = { readonly amount: bigint; readonly usd: bigint }

/** What the bounds follow from. */
export type BoundsRequest = {
  /** Those that count. */
  readonly assets: readonly PricedAsset[]
  readonly native: PricedAsset
  readonly policy: PlanPolicy
  readonly mode: PlanMode
  /** Base units of the native coin that stay; at most what is held of it. */
  readonly keptNative: bigint
  readonly totalUsd: bigint
  /** Dollars x 1e18 that are sold beyond the amount of cash, for what selling costs. */
  readonly extraUsd: bigint
}

/**
 * Turns what a person has laid down into bounds for every asset: reserves, minimum and maximum weights, what may be bought and sold, and
 * what the plan is for. Where two of them cannot both hold, what forbids a trade comes before what asks for one.
 */
export function boundAssets(request: BoundsRequest): AssetBounds {
  const { assets, native, policy, mode, keptNative } = request
  const keptOf = new Map<AssetId, Kept>()
  for (const asset of assets) {
    const reserved = policy.cashReserve?.assetId === asset.assetId ? policy.cashReserve.amount : 0n
    const gas = asset.assetId === native.assetId ? keptNative : 0n
    const uninvested =
      mode.kind === 'investCash' && mode.assetId === asset.assetId && mode.amount < asset.amount
        ? asset.amount - mode.amount
        : 0n
    const held = smaller([reserved, gas, uninvested].reduce(larger), asset.amount)
    if (held > 0n) keptOf.set(asset.assetId, { amount: held, usd: usdValue(held, asset.decimals, asset.price) })
  }
  const aims = aimsOf(request, keptOf)
  const bounds = new Map<AssetId, WorthBounds>()
  for (const asset of assets) {
    const bound = boundOne(asset, request, { kept: keptOf.get(asset.assetId), aim: aims.get(asset.assetId) })
    if (bound.lowest !== undefined || bound.highest !== undefined) bounds.set(asset.assetId, bound)
  }
  const cash = assets.find(({ assetId }) => mode.kind !== 'rebalance' && assetId === mode.assetId)
  if (cash === undefined || mode.kind === 'rebalance' || mode.kind === 'investCash') return { bounds, keptOf }
  if (mode.kind === 'raiseCash') return { bounds, keptOf, neededCash: mode.amount }
  const boughtUsd = (bounds.get(cash.assetId)?.lowest?.usd ?? cash.valueUsd) - cash.valueUsd - request.extraUsd
  // {units} = {usd} * {units/token} / {usd/token}
  const neededCash = boughtUsd > 0n ? mulDivUp(boughtUsd, 10n ** BigInt(cash.decimals), cash.price) : 0n
  return { bounds, keptOf, neededCash }
}

/** What an asset has to be worth in the end because of what the plan is for. */
type ModeAim = { readonly exactUsd: bigint } | { readonly side: 'buyOnly' | 'sellOnly' }

/** In cash modes one side is fixed and the rest moves one way only. */
function aimsOf(
  { assets, policy, mode, extraUsd }: BoundsRequest,
  keptOf: ReadonlyMap<AssetId, Kept>,
): ReadonlyMap<AssetId, ModeAim> {
  if (mode.kind === 'rebalance') return new Map()
  const cash = assets.find(({ assetId }) => assetId === mode.assetId)
  if (cash === undefined) return new Map()
  const others = assets.filter((asset) => asset !== cash)
  const amountUsd = usdValue(mode.amount, cash.decimals, cash.price)
  switch (mode.kind) {
    case 'investCash':
      return new Map<AssetId, ModeAim>([
        [cash.assetId, { exactUsd: keptOf.get(cash.assetId)?.usd ?? 0n }],
        ...others.map(({ assetId }) => [assetId, { side: 'buyOnly' }] as const),
      ])
    case 'raiseCash':
      return new Map<AssetId, ModeAim>([
        [cash.assetId, { exactUsd: cash.valueUsd + amountUsd + extraUsd }],
        ...others.map(({ assetId }) => [assetId, { side: 'sellOnly' }] as const),
      ])
    case 'withdraw': {
      const freeOf = ({ assetId, valueUsd }: PricedAsset) => valueUsd - (keptOf.get(assetId)?.usd ?? 0n)
      const sold = others.filter(({ assetId }) => maySell(policy, assetId))
      const wholeUsd = [cash, ...sold].reduce((sum, asset) => sum + freeOf(asset), 0n)
      const soldUsd = sold.reduce((sum, asset) => sum + freeOf(asset), 0n)
      // Each gives its part, rounded up, and its part of what selling costs.
      const partOf = (asset: PricedAsset) => {
        if (wholeUsd === 0n || soldUsd === 0n) return 0n
        const own = mulDivUp(freeOf(asset), amountUsd, wholeUsd) + mulDivUp(freeOf(asset), extraUsd, soldUsd)
        return smaller(own, freeOf(asset))
      }
      const boughtUsd = sold.reduce((sum, asset) => sum + partOf(asset), 0n)
      return new Map<AssetId, ModeAim>([
        ...others.map((asset): [AssetId, ModeAim] => [
          asset.assetId,
          { exactUsd: asset.valueUsd - (sold.includes(asset) ? partOf(asset) : 0n) },
        ]),
        [cash.assetId, { exactUsd: cash.valueUsd + boughtUsd }],
      ])
    }
  }
}

/** Whether the person lets an asset be sold. */
export function maySell(policy: PlanPolicy, assetId: AssetId): boolean {
  const { participation } = ruleOf(policy, assetId)
  return participation === 'free' || participation === 'sellOnly'
}

function boundOne(
  asset: PricedAsset,
  { policy, native, totalUsd }: BoundsRequest,
  { kept, aim }: { readonly kept: Kept | undefined; readonly aim: ModeAim | undefined },
): WorthBounds {
  const { assetId, valueUsd, decimals, price } = asset
  const { participation, cause, minimumBps, maximumBps } = ruleOf(policy, assetId)
  if (participation === 'locked') return exactly(valueUsd, cause ?? 'locked')
  if (aim !== undefined && 'exactUsd' in aim) return exactly(aim.exactUsd)
  const { cashReserve } = policy
  // {usd} = {usd} * {bps} / {bps}
  const weighing = (bps: number) => bound((totalUsd * BigInt(bps)) / BigInt(bpsWhole), 'weightLimit')
  const lowest = strictest(larger, [
    minimumBps !== undefined && weighing(minimumBps),
    assetId === native.assetId && kept !== undefined && bound(kept.usd, 'reserve'),
    cashReserve?.assetId === assetId && bound(usdValue(cashReserve.amount, decimals, price), 'reserve'),
    participation === 'buyOnly' && bound(valueUsd, 'mayNotSell'),
    aim?.side === 'buyOnly' && bound(valueUsd, 'mode'),
  ])
  const highest = strictest(smaller, [
    maximumBps !== undefined && weighing(maximumBps),
    participation === 'sellOnly' && bound(valueUsd, 'mayNotBuy'),
    aim?.side === 'sellOnly' && bound(valueUsd, 'mode'),
  ])
  if (lowest === undefined) return highest === undefined ? {} : { highest }
  if (highest === undefined) return { lowest }
  if (lowest.usd <= highest.usd) return { lowest, highest }
  // One of them asks for a trade that the other forbids, or for more than may be kept: the one that leaves more of the asset holds
  // where it must not be sold, the other where it must not be bought.
  const held = lowest.usd <= valueUsd ? lowest : highest
  return { lowest: held, highest: held }
}

const bound = (usd: bigint, reason: SkipReason): WorthBound => ({ usd, reason })

function exactly(usd: bigint, reason?: SkipReason): WorthBounds {
  const only = reason === undefined ? { usd } : { usd, reason }
  return { lowest: only, highest: only }
}

/** Of the bounds that hold, the one that leaves least room; the first of equals. */
function strictest(
  choose: (a: bigint, b: bigint) => bigint,
  bounds: readonly (WorthBound | false)[],
): WorthBound | undefined {
  return bounds
    .filter((one) => one !== false)
    .reduce<WorthBound | undefined>(
      (best, one) =>
        best === undefined || (one.usd !== best.usd && choose(one.usd, best.usd) === one.usd) ? one : best,
      undefined,
    )
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
const larger = (a: bigint, b: bigint) => (a > b ? a : b)
