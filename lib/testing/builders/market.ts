import type { Asset } from '@/lib/core/asset'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import { toTargets } from '@/lib/core/targets'
import { toBps } from '@/lib/core/units'
import { buildAsset, etherAsset, wethToken } from './assets'
import { buildConcentratedPool, buildConstantProductPool, type PoolSide, unitsWorth } from './pools'
import { buildReading, buildSnapshot, freshMicros } from './snapshot'

/** The listed assets of the tests' market with their prices in millionths of a dollar. */
export const marketSides: readonly PoolSide[] = [
  { asset: etherAsset, micros: 3_000_000_000n },
  { asset: buildAsset('USDC', { decimals: 6, isStable: true }), micros: 1_000_000n },
  { asset: buildAsset('USDT', { decimals: 6, isStable: true, resetsAllowance: true }), micros: 999_800n },
  { asset: buildAsset('DAI', { isStable: true }), micros: 1_000_100n },
  { asset: buildAsset('WBTC', { decimals: 8 }), micros: 60_000_000_000n },
  { asset: buildAsset('LINK'), micros: 15_000_000n },
  { asset: buildAsset('UNI'), micros: 8_000_000n },
  { asset: buildAsset('AAVE'), micros: 100_000_000n },
]

export type MarketAssetId = 'ETH' | 'USDC' | 'USDT' | 'DAI' | 'WBTC' | 'LINK' | 'UNI' | 'AAVE'

/** One side by its asset's id. */
export function sideOf(id: string): PoolSide {
  const side = marketSides.find(({ asset }) => asset.id === id)
  if (!side) throw new Error(`${id} is not in the tests' market.`)
  return side
}

/** Where a pool stands and what it is like. `skewPpm` moves its price off the feeds' by millionths. */
export type PoolPlan = {
  readonly pair: readonly [MarketAssetId, MarketAssetId]
  readonly venue: 'v2' | 100 | 500 | 3000 | 10000
  readonly depthUsd: bigint
  readonly skewPpm?: bigint
}

/** All places of the tests' market: 28 pools over hubs, three kinds and four fee tiers. */
export const marketPlans: readonly PoolPlan[] = [
  { pair: ['ETH', 'USDC'], venue: 'v2', depthUsd: 20_000_000n },
  { pair: ['ETH', 'USDC'], venue: 500, depthUsd: 80_000_000n },
  { pair: ['ETH', 'USDC'], venue: 3000, depthUsd: 40_000_000n },
  { pair: ['ETH', 'USDT'], venue: 500, depthUsd: 30_000_000n },
  { pair: ['ETH', 'USDT'], venue: 3000, depthUsd: 20_000_000n },
  { pair: ['ETH', 'DAI'], venue: 'v2', depthUsd: 5_000_000n },
  { pair: ['ETH', 'DAI'], venue: 3000, depthUsd: 10_000_000n },
  { pair: ['ETH', 'WBTC'], venue: 'v2', depthUsd: 4_000_000n },
  { pair: ['ETH', 'WBTC'], venue: 500, depthUsd: 30_000_000n },
  { pair: ['ETH', 'WBTC'], venue: 3000, depthUsd: 25_000_000n },
  { pair: ['ETH', 'LINK'], venue: 'v2', depthUsd: 1_000_000n },
  { pair: ['ETH', 'LINK'], venue: 3000, depthUsd: 8_000_000n },
  { pair: ['ETH', 'LINK'], venue: 10000, depthUsd: 1_000_000n },
  { pair: ['ETH', 'UNI'], venue: 'v2', depthUsd: 1_500_000n },
  { pair: ['ETH', 'UNI'], venue: 3000, depthUsd: 7_000_000n },
  { pair: ['ETH', 'AAVE'], venue: 'v2', depthUsd: 1_500_000n },
  { pair: ['ETH', 'AAVE'], venue: 3000, depthUsd: 5_000_000n },
  { pair: ['USDC', 'USDT'], venue: 100, depthUsd: 500_000_000n },
  { pair: ['USDC', 'USDT'], venue: 500, depthUsd: 50_000_000n },
  { pair: ['USDC', 'DAI'], venue: 100, depthUsd: 300_000_000n },
  { pair: ['USDC', 'DAI'], venue: 'v2', depthUsd: 5_000_000n },
  { pair: ['DAI', 'USDT'], venue: 100, depthUsd: 100_000_000n },
  { pair: ['WBTC', 'USDC'], venue: 3000, depthUsd: 15_000_000n },
  { pair: ['WBTC', 'USDT'], venue: 3000, depthUsd: 8_000_000n },
  { pair: ['LINK', 'USDC'], venue: 3000, depthUsd: 2_000_000n },
  { pair: ['UNI', 'USDC'], venue: 3000, depthUsd: 1_000_000n },
  { pair: ['AAVE', 'USDC'], venue: 3000, depthUsd: 1_000_000n },
  { pair: ['UNI', 'AAVE'], venue: 10000, depthUsd: 300_000n },
]

/** Builds one pool: v3 ones with a full-range position and two narrower ones. */
export function buildPool({ pair, venue, depthUsd, skewPpm = 0n }: PoolPlan): Pool {
  const [first, second] = [sideOf(pair[0]), sideOf(pair[1])]
  const skewed = { ...first, micros: (first.micros * (1_000_000n + skewPpm)) / 1_000_000n }
  const sides = [skewed, second] as const
  if (venue === 'v2') return buildConstantProductPool({ sides, depthUsd })
  return buildConcentratedPool({
    sides,
    feePips: venue,
    bands: [
      { halfWidthSpacings: 900_000, depthUsd: depthUsd / 4n },
      { halfWidthSpacings: 20, depthUsd: depthUsd / 4n },
      { halfWidthSpacings: 5, depthUsd: depthUsd / 2n },
    ],
  })
}

/** What an account holds, in whole dollars by asset; of ETH `WETH` is the wrapped part. */
export type Holdings = Partial<Record<MarketAssetId | 'WETH', bigint>>

/** A snapshot of the tests' market. */
export function buildMarket(request: {
  readonly holdings: Holdings
  readonly pools?: readonly PoolPlan[]
  readonly allowance?: bigint
}): Snapshot {
  const { holdings, allowance } = request
  const worth = (side: PoolSide, usd: bigint | undefined) => (usd === undefined ? 0n : unitsWorth(side, usd))
  const amountsOf = (side: PoolSide): readonly bigint[] => {
    const id = side.asset.id as MarketAssetId
    return id === 'ETH' ? [worth(side, holdings.ETH), worth(side, holdings.WETH)] : [worth(side, holdings[id])]
  }
  const assets = marketSides.map((side) =>
    buildReading({
      asset: side.asset,
      amounts: amountsOf(side),
      price: freshMicros(side.micros),
      ...(allowance === undefined ? {} : { allowance }),
    }),
  )
  return buildSnapshot({ assets, pools: (request.pools ?? marketPlans).map(buildPool) })
}

/** The ids of all listed assets. */
export const marketIds: readonly string[] = marketSides.map(({ asset }: { readonly asset: Asset }) => asset.id)

/** A request with the product's defaults: 1 % band, 0.5 % slippage, 1 gwei. */
export function buildPlanRequest(
  request: { readonly snapshot: Snapshot; readonly weights: Readonly<Record<string, number>> } & Partial<
    Omit<PlanRequest, 'targets' | 'snapshot'>
  >,
): PlanRequest {
  const { snapshot, weights, ...rest } = request
  return {
    snapshot,
    targets: toTargets(
      Object.entries(weights).map(([assetId, weightBps]) => ({ assetId, weightBps })),
      snapshot.assets.map(({ asset }) => asset.id),
    ),
    settings: { bandBps: toBps(100), slippageBps: toBps(50), stableSlippageBps: toBps(10), nativeReserve: 0n },
    maxFeePerGas: 10n ** 9n,
    nativeReserveFloor: 10n ** 16n,
    wrappedNative: wethToken.address,
    hubAssetIds: ['ETH', 'USDC', 'USDT', 'DAI', 'WBTC'],
    rung: 'atomicBatch',
    deadlineSeconds: 600,
    ...rest,
  }
}
