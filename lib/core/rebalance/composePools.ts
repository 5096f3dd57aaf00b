import { singletonFeePips } from '../amm/singletonSwap'
import type { Rung } from '../execution/execution'
import type { ConcentratedPool as RoutingConcentratedPool, RoutingPool } from '../routing/problem'
import type { Pool } from '../snapshot'
import type { Usd } from '../units'
import { gasToUsd, leastPoolGas } from './gasModel'
import { toHopPool } from './hopPool'
import type { LeftOutPool, RouterName } from './plan'
import type { PricedAsset } from './screenAssets'

/** POLICY: pools further than this from the feeds are not traded: 0.5 % between stable assets, 2 % else, beyond the fee. */
const stableDeviation = 0.005
const otherDeviation = 0.02

/** A pool is too shallow when less than this moves its price by {@link shallowMove}, whichever way: it saves less than its gas. */
const shallowUsd = 500
const shallowMove = 0.02

/** The outermost known price is left out by this much, so that no rounding leads beyond it. */
const windowMargin = 1e-9

const usdPerUnit = 1e18

/** Dollars x 1e18 as a floating number of dollars. */
export const toDollars = (value: bigint) => Number(value) / usdPerUnit

/** Base units as a floating number of whole tokens. */
export const toWhole = (amount: bigint, decimals: number) => Number(amount) / 10 ** decimals

/** A pool of the snapshot as the optimiser takes it. `node.gasCost` is what calling it costs at least, in dollars. */
export type PoolNode = { readonly pool: Pool; readonly node: RoutingPool }

/** The pools that a plan may use, by the router, and the others with the reason. */
export type ComposedPools = {
  /** By pool id. SwapRouter02 knows no v4. */
  readonly kept: Readonly<Record<RouterName, readonly PoolNode[]>>
  /** By pool id. */
  readonly leftOut: readonly LeftOutPool[]
}

/**
 * Turns the snapshot's pools into floating ones, in the order of their ids. Left out, each with its reason: pools with an asset that
 * has no fresh price, pools without liquidity or so shallow that less than $500 moves them by 2 %, pools whose price lies too far from
 * the feeds', and v4 pools where the wallet cannot batch. Every certificate speaks of the pools that are kept.
 */
export function composePools(request: {
  readonly pools: readonly Pool[]
  /** Assets with a fresh price. */
  readonly assets: readonly PricedAsset[]
  readonly rung: Rung
  readonly maxFeePerGas: bigint
  readonly nativePrice: Usd
}): ComposedPools {
  const { rung, maxFeePerGas, nativePrice } = request
  const assetOf = new Map(request.assets.map((asset) => [asset.assetId, asset]))
  const ordered = [...request.pools].sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))
  const kept: PoolNode[] = []
  const leftOut: LeftOutPool[] = []
  for (const pool of ordered) {
    const [first, second] = [assetOf.get(pool.assetIds[0]), assetOf.get(pool.assetIds[1])]
    const gasCost = toDollars(gasToUsd(leastPoolGas(pool), maxFeePerGas, nativePrice))
    const judged =
      first && second ? judgePool(pool, [first, second], { rung, gasCost }) : ({ reason: 'unpriced' } as const)
    if ('node' in judged) kept.push({ pool, node: judged.node })
    else leftOut.push({ pool: toHopPool(pool), assetIds: pool.assetIds, ...judged })
  }
  return {
    kept: { swapRouter02: kept.filter(({ pool }) => pool.kind !== 'singleton'), universalRouter: kept },
    leftOut,
  }
}

type Sides = readonly [PricedAsset, PricedAsset]

function judgePool(
  pool: Pool,
  sides: Sides,
  { rung, gasCost }: { readonly rung: Rung; readonly gasCost: number },
): { readonly node: RoutingPool } | Pick<LeftOutPool, 'reason' | 'offBps'> {
  const node = toRoutingPool(pool, sides, gasCost)
  if (node === undefined) return { reason: 'noLiquidity' }
  const [first, second] = sides
  const off = midPrice(node) / (toDollars(first.price) / toDollars(second.price))
  const allowed = (first.isStable && second.isStable ? stableDeviation : otherDeviation) + node.fee
  if (!(Math.abs(Math.log(off)) <= allowed)) {
    // A pool at the end of all prices is further off than a number counts.
    return { reason: 'offPrice', offBps: Math.min(Math.round((Math.max(off, 1 / off) - 1) * 1e4), 1e9) }
  }
  if (measureDepth(node, sides) < shallowUsd) return { reason: 'tooShallow' }
  return pool.kind === 'singleton' && rung !== 'atomicBatch' ? { reason: 'batchOnly' } : { node }
}

/** A pool as the optimiser takes it; nothing for one without liquidity. */
export function toRoutingPool(pool: Pool, [first, second]: Sides, gasCost: number): RoutingPool | undefined {
  const common = { id: pool.id, tokens: pool.assetIds, fee: leastFeePips(pool) / 1e6, gasCost }
  if (pool.kind !== 'constantProduct') return toConcentrated(pool, common, first.decimals, second.decimals)
  if (pool.reserve0 <= 0n || pool.reserve1 <= 0n) return undefined
  const reserves = [toWhole(pool.reserve0, first.decimals), toWhole(pool.reserve1, second.decimals)] as const
  return { ...common, kind: 'constantProduct', reserves }
}

/** Where the protocol of v4 takes more one way than the other, the bound holds for the cheaper one. */
function leastFeePips(pool: Pool): number {
  return pool.kind === 'singleton'
    ? Math.min(singletonFeePips(pool, true), singletonFeePips(pool, false))
    : pool.feePips
}

type Common = Pick<RoutingConcentratedPool, 'id' | 'tokens' | 'fee' | 'gasCost'>

function toConcentrated(
  pool: Exclude<Pool, { readonly kind: 'constantProduct' }>,
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
  const sqrtPrice = (Number(pool.sqrtPriceX96) / 2 ** 96) * priceScale
  return alive.length === 0 || !(sqrtPrice > 0)
    ? undefined
    : { ...common, kind: 'concentrated', sqrtPrice, ranges: alive }
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

/** Dollars that move the pool's price by 2 %, the better way: liquidity on one side serves one way. */
function measureDepth(node: RoutingPool, [first, second]: Sides): number {
  const sqrt = Math.sqrt(midPrice(node))
  const ranges =
    node.kind === 'concentrated'
      ? node.ranges
      : [{ lower: 0, upper: Number.POSITIVE_INFINITY, liquidity: Math.sqrt(node.reserves[0] * node.reserves[1]) }]
  const [low, high] = [sqrt / Math.sqrt(1 + shallowMove), sqrt * Math.sqrt(1 + shallowMove)]
  let [sold0, sold1] = [0, 0]
  for (const { lower, upper, liquidity } of ranges) {
    // {first} = L (1/e - 1/s), {second} = L (e - s)
    sold0 += liquidity * Math.max(0, 1 / Math.max(lower, low) - 1 / Math.min(upper, sqrt))
    sold1 += liquidity * Math.max(0, Math.min(upper, high) - Math.max(lower, sqrt))
  }
  return Math.max(sold0 * toDollars(first.price), sold1 * toDollars(second.price)) / (1 - node.fee)
}
