import type { AssetId } from '../asset'
import type {
  ConcentratedPool as RoutingConcentratedPool,
  RoutingPool,
  RoutingProblem,
  RoutingToken,
} from '../routing/problem'
import type { ConcentratedPool, Pool } from '../snapshot'
import type { Usd } from '../units'
import { gasToUsd, hopGas } from './gasModel'
import type { PricedAsset } from './screenAssets'
import type { WantedAsset } from './selectTrades'

/** POLICY: pools further than this from the feeds are not traded: 0.5 % between stable assets, 2 % else, beyond the fee. */
const stableDeviation = 0.005
const otherDeviation = 0.02

/** The outermost known price is left out by this much, so that no rounding leads beyond it. */
const windowMargin = 1e-9

const usdPerUnit = 1e18

/** Dollars x 1e18 as a floating number of dollars. */
export const toDollars = (value: bigint) => Number(value) / usdPerUnit

/** Base units as a floating number of whole tokens. */
export const toWhole = (amount: bigint, decimals: number) => Number(amount) / 10 ** decimals

/** A pool of the snapshot as the optimiser takes it. */
export type PoolNode = { readonly pool: Pool; readonly node: RoutingPool }

/**
 * Turns the snapshot's pools into floating ones, in the order of their addresses. Left out: pools with an asset that has no fresh
 * price, pools without liquidity, and pools whose price lies too far from the feeds'.
 */
export function composePools(request: {
  readonly pools: readonly Pool[]
  readonly assets: readonly PricedAsset[]
  readonly maxFeePerGas: bigint
  readonly nativePrice: Usd
}): readonly PoolNode[] {
  const assetOf = new Map(request.assets.map((asset) => [asset.assetId, asset]))
  const ordered = [...request.pools].sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
  return ordered.flatMap((pool): readonly PoolNode[] => {
    const [first, second] = [assetOf.get(pool.assetIds[0]), assetOf.get(pool.assetIds[1])]
    if (!first || !second) return []
    const gasCost = toDollars(gasToUsd(hopGas(pool.kind, 0), request.maxFeePerGas, request.nativePrice))
    const node = toRoutingPool(pool, [first, second], gasCost)
    return node && isNearFeeds(node, [first, second]) ? [{ pool, node }] : []
  })
}

function toRoutingPool(
  pool: Pool,
  [first, second]: readonly [PricedAsset, PricedAsset],
  gasCost: number,
): RoutingPool | undefined {
  const common = { id: pool.address, tokens: pool.assetIds, fee: pool.feePips / 1e6, gasCost }
  if (pool.kind === 'concentrated') return toConcentrated(pool, common, first.decimals, second.decimals)
  if (pool.reserve0 <= 0n || pool.reserve1 <= 0n) return undefined
  const reserves = [toWhole(pool.reserve0, first.decimals), toWhole(pool.reserve1, second.decimals)] as const
  return { ...common, kind: 'constantProduct', reserves }
}

type Common = Pick<RoutingConcentratedPool, 'id' | 'tokens' | 'fee' | 'gasCost'>

function toConcentrated(
  pool: ConcentratedPool,
  common: Common,
  decimals0: number,
  decimals1: number,
): RoutingPool | undefined {
  // sqrt(token1/token0) in whole tokens = sqrt(units1/units0) * sqrt(10^decimals0 / 10^decimals1)
  const priceScale = 10 ** ((decimals0 - decimals1) / 2)
  const liquidityScale = 10 ** ((decimals0 + decimals1) / 2)
  const sqrtAt = (tick: number) => 1.0001 ** (tick / 2) * priceScale
  const { lower, upper } = pool.knownTicks
  const inner = pool.ticks.filter(({ index }) => index > lower && index < upper)
  const edges = [lower, ...inner.map(({ index }) => index), upper]
  const current = inner.filter(({ index }) => index <= pool.tick).length
  const ranges = edges.slice(1).map((tick, position) => ({
    lower: sqrtAt(edges[position] ?? lower) * (position === 0 ? 1 + windowMargin : 1),
    upper: sqrtAt(tick) * (position === edges.length - 2 ? 1 - windowMargin : 1),
    liquidity: Number(liquidityFrom(pool.liquidity, inner, current, position)) / liquidityScale,
  }))
  const alive = ranges.filter(({ liquidity, lower: low, upper: high }) => liquidity > 0 && low < high)
  if (alive.length === 0) return undefined
  return {
    ...common,
    kind: 'concentrated',
    sqrtPrice: (Number(pool.sqrtPriceX96) / 2 ** 96) * priceScale,
    ranges: alive,
  }
}

/** The liquidity of the range at `position`, counted from that of the range in which the price lies. */
function liquidityFrom(
  liquidity: bigint,
  ticks: readonly { readonly liquidityNet: bigint }[],
  current: number,
  position: number,
): bigint {
  const crossed = position >= current ? ticks.slice(current, position) : ticks.slice(position, current)
  const net = crossed.reduce((sum, { liquidityNet }) => sum + liquidityNet, 0n)
  return position >= current ? liquidity + net : liquidity - net
}

/** The pool's price of the first token in the second one. */
function midPrice(node: RoutingPool): number {
  return node.kind === 'concentrated' ? node.sqrtPrice ** 2 : node.reserves[1] / node.reserves[0]
}

function isNearFeeds(node: RoutingPool, [first, second]: readonly [PricedAsset, PricedAsset]): boolean {
  const oracle = toDollars(first.price) / toDollars(second.price)
  const allowed = (first.isStable && second.isStable ? stableDeviation : otherDeviation) + node.fee
  return Math.abs(Math.log(midPrice(node) / oracle)) <= allowed
}

/** What of an asset may be sold: all but what is kept of the native coin for gas. */
export type Sellable = { readonly wanted: WantedAsset; readonly sellable: bigint; readonly keptUsd: bigint }

/**
 * The optimiser's problem: the traded assets with exact shares of what they are worth together, what is kept for gas left out, and
 * hubs that may be passed through but not kept.
 */
export function composeProblem(request: {
  readonly sellables: readonly Sellable[]
  readonly hubs: readonly PricedAsset[]
  readonly pools: readonly PoolNode[]
}): RoutingProblem {
  const wanted = request.sellables.map((sellable) => {
    const { wanted, keptUsd } = sellable
    return { ...sellable, asset: wanted.asset, share: toDollars(positive(wanted.wantedUsd - keptUsd)) }
  })
  const total = wanted.reduce((sum, { share }) => sum + share, 0)
  const traded = wanted.map(({ asset, sellable, share }): RoutingToken => {
    const weight = total > 0 ? share / total : 0
    const holding = toWhole(sellable, asset.decimals)
    return { id: asset.assetId, price: toDollars(asset.price), holding, lower: weight, upper: weight }
  })
  const ids = new Set(traded.map(({ id }) => id))
  const passed = request.hubs
    .filter(({ assetId }) => !ids.has(assetId))
    .map(({ assetId, price }) => ({ id: assetId, price: toDollars(price), holding: 0, lower: 0, upper: 0 }))
  const tokens = [...traded, ...passed]
  const known = new Set(tokens.map(({ id }) => id))
  const pools = request.pools.filter(({ pool }) => pool.assetIds.every((id) => known.has(id))).map(({ node }) => node)
  return { tokens, pools }
}

const positive = (value: bigint) => (value > 0n ? value : 0n)

/** Assets in groups between which pools lead, the ids of each group sorted, the groups by their first id. */
export function connectedGroups(
  assetIds: readonly AssetId[],
  pools: readonly PoolNode[],
): readonly (readonly AssetId[])[] {
  const groupOf = new Map<AssetId, AssetId[]>(assetIds.map((id) => [id, [id]]))
  for (const { pool } of pools) {
    const [a, b] = [groupOf.get(pool.assetIds[0]), groupOf.get(pool.assetIds[1])]
    if (!a || !b || a === b) continue
    a.push(...b)
    for (const id of b) groupOf.set(id, a)
  }
  return [...new Set(groupOf.values())]
    .map((group) => [...group].sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
}
