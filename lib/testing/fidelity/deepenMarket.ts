import { encodeFunctionData, maxUint256 } from 'viem'
import { positionManagerAbi, v3PoolAbi, v4PoolManagerAbi } from '@/devnet/abis'
import { makerAccount } from '@/devnet/accounts'
import { devnetContracts } from '@/devnet/addresses'
import { localAsset, type SeededPool, type SeededV4Pool, seededPools } from '@/devnet/pools'
import { amountWorth, startPrice } from '@/devnet/prices'
import type { Devnet } from '@/devnet/startDevnet'
import { type DevnetTransaction, sendTransactions } from '@/devnet/transactions'
import { encodeV4Mints, type V4Mint } from '@/devnet/v4Positions'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { RangePool } from '@/lib/core/amm/concentratedSwap'
import { sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import type { AssetId } from '@/lib/core/asset'
import type { Pool, PoolId } from '@/lib/core/snapshot'

const positionsPerPool = 24
const maxV4ProtocolFeePips = 1_000
const q96 = 1n << 96n

/** The seeded pool of an id. */
export function seededOf(id: PoolId): SeededPool {
  const found = seededPools.find((pool) => pool.id === id)
  if (found === undefined) throw new Error(`No seeded pool has the id ${id}.`)
  return found
}

/** Base units of an asset that are worth so many dollars at the first prices: at least one. */
export function unitsWorthUsd(usd: number, assetId: AssetId): bigint {
  const units = amountWorth(Math.ceil(usd * 1e6), startPrice(assetId), localAsset(assetId).decimals) / 1_000_000n
  return units > 0n ? units : 1n
}

type DrawnPosition = {
  readonly tickLower: number
  readonly tickUpper: number
  readonly amount0: bigint
  readonly amount1: bigint
}

/** Positions of random width around the price, most of them beside it, so that a swap crosses many ticks. */
function drawPositions({ id, tick, tickSpacing }: RangePool, random: () => number): readonly DrawnPosition[] {
  const { depthUsd, asset0, asset1 } = seededOf(id)
  const spaced = (of: number) => Math.floor(of / tickSpacing) * tickSpacing
  return Array.from({ length: positionsPerPool }, () => {
    const tickLower = spaced(tick + (random() * 2 - 1) * 2_500)
    const tickUpper = tickLower + tickSpacing * (1 + Math.floor((random() * 900) / tickSpacing))
    const usd = (depthUsd / 60) * (0.1 + random())
    return { tickLower, tickUpper, amount0: unitsWorthUsd(usd, asset0.id), amount1: unitsWorthUsd(usd, asset1.id) }
  })
}

function mintConcentrated(pool: RangePool, positions: readonly DrawnPosition[]): DevnetTransaction {
  const { token0, token1, feePips: fee } = pool
  const mints = positions.map(({ tickLower, tickUpper, amount0, amount1 }) => {
    const params = {
      ...{ token0, token1, fee, tickLower, tickUpper },
      ...{ amount0Desired: amount0, amount1Desired: amount1, amount0Min: 0n, amount1Min: 0n },
      recipient: makerAccount.address,
      deadline: maxUint256,
    }
    return encodeFunctionData({ abi: positionManagerAbi, functionName: 'mint', args: [params] })
  })
  const data = encodeFunctionData({ abi: positionManagerAbi, functionName: 'multicall', args: [mints] })
  return { to: devnetContracts.positionManager, data, gas: 30_000_000n }
}

/** The most liquidity that two amounts buy, at a price inside, below or above the position. */
function liquidityOf({ tickLower, tickUpper, amount0, amount1 }: DrawnPosition, sqrtPriceX96: bigint): bigint {
  const [lower, upper] = [sqrtPriceAtTick(tickLower), sqrtPriceAtTick(tickUpper)]
  const price = sqrtPriceX96 < lower ? lower : sqrtPriceX96 > upper ? upper : sqrtPriceX96
  const of0 = price < upper ? (amount0 * ((price * upper) / q96)) / (upper - price) : undefined
  const of1 = price > lower ? (amount1 * q96) / (price - lower) : undefined
  if (of0 === undefined || of1 === undefined) return of0 ?? of1 ?? 0n
  return of0 < of1 ? of0 : of1
}

function mintSingleton(pool: RangePool, { key }: SeededV4Pool, positions: readonly DrawnPosition[]): DevnetTransaction {
  const mints = positions.map((position): V4Mint => {
    const { tickLower, tickUpper } = position
    return { key, tickLower, tickUpper, liquidity: liquidityOf(position, pool.sqrtPriceX96) }
  })
  // More than ether pools take; what is left over comes back.
  const value = positions.reduce((sum, { amount0 }) => sum + 2n * amount0, 0n)
  const isNative = BigInt(key.currency0) === 0n
  return encodeV4Mints(mints, { owner: makerAccount.address, value: isNative ? value : 0n })
}

/** A part of the fees for the protocol: random in v4, where it makes swaps dearer; a quarter to a tenth in v3, where it does not. */
function takeProtocolFee(seeded: SeededPool, random: () => number): DevnetTransaction {
  if (seeded.version === 'v4') {
    const draw = () => Math.floor(random() * (maxV4ProtocolFeePips + 1))
    const args = [seeded.key, draw() * 4096 + draw()] as const
    const data = encodeFunctionData({ abi: v4PoolManagerAbi, functionName: 'setProtocolFee', args })
    return { to: localDeployment.contracts.v4PoolManager, data }
  }
  const part = () => 4 + Math.floor(random() * 7)
  const data = encodeFunctionData({ abi: v3PoolAbi, functionName: 'setFeeProtocol', args: [part(), part()] })
  return { to: seeded.address, data }
}

/**
 * Puts many positions into every v3 and v4 pool of the seeded market, and a protocol fee on half of them, so that random swaps
 * meet all that the contracts can do.
 */
export async function deepenMarket(
  { rpcUrl }: Pick<Devnet, 'rpcUrl'>,
  { pools, random }: { readonly pools: readonly Pool[]; readonly random: () => number },
): Promise<void> {
  const ranges = pools.filter((pool): pool is RangePool => pool.kind !== 'constantProduct')
  for (const [index, pool] of ranges.entries()) {
    const seeded = seededOf(pool.id)
    const positions = drawPositions(pool, random)
    const mint = seeded.version === 'v4' ? mintSingleton(pool, seeded, positions) : mintConcentrated(pool, positions)
    const fees = index % 2 === 0 ? [takeProtocolFee(seeded, random)] : []
    await sendTransactions(rpcUrl, { from: makerAccount.address, transactions: [mint, ...fees] })
  }
}
