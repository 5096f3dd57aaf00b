import { sqrtPriceAtTick, tickAtSqrtPrice } from '@/lib/core/amm/tickMath'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { ConcentratedPool, ConstantProductPool, InitializedTick, Pool, SingletonPool } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { addressOf, idOf } from './assets'

/** One side of a pool: an asset and its price in whole millionths of a dollar, so that every amount is exact. */
export type PoolSide = { readonly asset: Asset; readonly micros: bigint }

/** Orders two sides as the factories do: by the address of the token. */
function inOrder(sides: readonly [PoolSide, PoolSide]): readonly [PoolSide, PoolSide] {
  const [a, b] = sides
  return a.asset.poolToken.address.toLowerCase() < b.asset.poolToken.address.toLowerCase() ? [a, b] : [b, a]
}

/** Base units of an asset that are worth `usd` whole dollars. */
export function unitsWorth({ asset, micros }: PoolSide, usd: bigint): bigint {
  return (usd * 1_000_000n * 10n ** BigInt(asset.decimals)) / micros
}

const feePipsOfPair = 3000

/** A v2 pair at the price of its sides, with `depthUsd` whole dollars on each side. */
export function buildConstantProductPool(request: {
  readonly sides: readonly [PoolSide, PoolSide]
  readonly depthUsd: bigint
  readonly id?: Address
}): ConstantProductPool {
  const [side0, side1] = inOrder(request.sides)
  return {
    kind: 'constantProduct',
    id: request.id ?? addressOf(`v2${side0.asset.id}${side1.asset.id}`),
    assetIds: [side0.asset.id, side1.asset.id],
    token0: side0.asset.poolToken.address,
    token1: side1.asset.poolToken.address,
    feePips: feePipsOfPair,
    reserve0: unitsWorth(side0, request.depthUsd),
    reserve1: unitsWorth(side1, request.depthUsd),
  }
}

/** The integer square root, rounded down. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** A position around the price: its half width in spacings, and its liquidity as that of a v2 pair with this much on each side. */
export type Band = { readonly halfWidthSpacings: number; readonly depthUsd: bigint }

const spacings: Readonly<Record<number, number>> = { 100: 1, 500: 10, 3000: 60, 10000: 200 }

/** What a pool of ranges is built of. */
export type RangesRequest = {
  readonly sides: readonly [PoolSide, PoolSide]
  readonly bands: readonly Band[]
  readonly feePips: 100 | 500 | 3000 | 10000
}

/** Price, liquidity and ticks of nested positions around the price of the sides. */
function layBands({ bands, feePips }: RangesRequest, [side0, side1]: readonly [PoolSide, PoolSide]) {
  const tickSpacing = spacings[feePips] ?? 60
  const unit0 = unitsWorth(side0, 1_000_000n)
  const unit1 = unitsWorth(side1, 1_000_000n)
  const sqrtPriceX96 = squareRoot((unit1 << 192n) / unit0)
  const tick = tickAtSqrtPrice(sqrtPriceX96)
  const centre = Math.floor(tick / tickSpacing) * tickSpacing
  const lastUsable = Math.floor(887272 / tickSpacing) * tickSpacing
  const nets = new Map<number, bigint>()
  let liquidity = 0n
  for (const band of bands) {
    const lower = Math.max(-lastUsable, centre - band.halfWidthSpacings * tickSpacing)
    const upper = Math.min(lastUsable, centre + (band.halfWidthSpacings + 1) * tickSpacing)
    const amount = squareRoot(unitsWorth(side0, band.depthUsd) * unitsWorth(side1, band.depthUsd))
    nets.set(lower, (nets.get(lower) ?? 0n) + amount)
    nets.set(upper, (nets.get(upper) ?? 0n) - amount)
    liquidity += amount
  }
  const ticks: readonly InitializedTick[] = [...nets]
    .filter(([, liquidityNet]) => liquidityNet !== 0n)
    .map(([index, liquidityNet]) => ({ index, liquidityNet }))
    .sort((a, b) => a.index - b.index)
  return { tickSpacing, sqrtPriceX96, tick, liquidity, ticks, knownTicks: { lower: -lastUsable, upper: lastUsable } }
}

/** A v3 pool at the price of its sides with nested positions around it. */
export function buildConcentratedPool(request: RangesRequest & { readonly id?: Address }): ConcentratedPool {
  const [side0, side1] = inOrder(request.sides)
  return {
    kind: 'concentrated',
    id: request.id ?? addressOf(`v3${request.feePips}${side0.asset.id}${side1.asset.id}`),
    assetIds: [side0.asset.id, side1.asset.id],
    token0: side0.asset.poolToken.address,
    token1: side1.asset.poolToken.address,
    feePips: request.feePips,
    ...layBands(request, [side0, side1]),
  }
}

/**
 * A v4 pool at the price of its sides with nested positions around it. An asset that has the native coin is traded as such
 * (then it comes first), unless `currency` says that its wrapped form is.
 */
export function buildSingletonPool(
  request: RangesRequest & {
    readonly id?: Hex
    readonly protocolFeePips?: readonly [number, number]
    readonly currency?: 'native' | 'wrapped'
  },
): SingletonPool {
  const isNative = ({ asset }: PoolSide) =>
    request.currency !== 'wrapped' && asset.tokens.some(({ address }) => address === nativeAddress)
  const [a, b] = inOrder(request.sides)
  const [side0, side1] = isNative(b) ? [b, a] : [a, b]
  const token0 = isNative(side0) ? nativeAddress : side0.asset.poolToken.address
  const venue = token0 === nativeAddress ? 'v4n' : 'v4'
  return {
    kind: 'singleton',
    id: request.id ?? idOf(`${venue}${request.feePips}${side0.asset.id}${side1.asset.id}`),
    assetIds: [side0.asset.id, side1.asset.id],
    token0,
    token1: side1.asset.poolToken.address,
    feePips: request.feePips,
    protocolFeePips: request.protocolFeePips ?? [0, 0],
    ...layBands(request, [side0, side1]),
  }
}

/** What a pool holds at most of each token: no swap can pay out more. Exact for v2, the positions' principal for v3 and v4. */
export function reservesOf(pool: Pool): readonly [bigint, bigint] {
  if (pool.kind === 'constantProduct') return [pool.reserve0, pool.reserve1]
  let liquidity = 0n
  let amount0 = 0n
  let amount1 = 0n
  for (const [position, tick] of pool.ticks.entries()) {
    liquidity += tick.liquidityNet
    const next = pool.ticks[position + 1]
    if (!next) break
    const low = sqrtPriceAtTick(tick.index)
    const high = sqrtPriceAtTick(next.index)
    const price = pool.sqrtPriceX96 < low ? low : pool.sqrtPriceX96 > high ? high : pool.sqrtPriceX96
    amount0 += price < high ? ((liquidity << 96n) * (high - price)) / high / price + 1n : 0n
    amount1 += (liquidity * (price - low)) / 2n ** 96n + 1n
  }
  return [amount0, amount1]
}
