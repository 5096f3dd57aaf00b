import { type Address, encodeAbiParameters, encodePacked, getContractAddress, keccak256 } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Asset, AssetId } from '@/lib/core/asset'

/** A pool to be seeded: `depthUsd` is what both its sides are worth together. */
type PoolSpec = {
  readonly version: 'v2' | 'v3'
  readonly assets: readonly [AssetId, AssetId]
  /** Hundredths of a basis point. */
  readonly feePips: number
  readonly depthUsd: number
}

function v3(a: AssetId, b: AssetId, feePips: number, depthUsd: number): PoolSpec {
  return { version: 'v3', assets: [a, b], feePips, depthUsd }
}

function v2(a: AssetId, b: AssetId, depthUsd: number): PoolSpec {
  return { version: 'v2', assets: [a, b], feePips: 3000, depthUsd }
}

const poolSpecs: readonly PoolSpec[] = [
  v3('USDC', 'ETH', 500, 30e6),
  v3('USDC', 'ETH', 3000, 12e6),
  v3('USDT', 'ETH', 500, 15e6),
  v3('USDT', 'ETH', 3000, 8e6),
  v3('DAI', 'ETH', 3000, 5e6),
  v3('WBTC', 'ETH', 500, 20e6),
  v3('WBTC', 'ETH', 3000, 15e6),
  v3('WBTC', 'USDC', 3000, 6e6),
  v3('WBTC', 'USDT', 3000, 4e6),
  v3('USDC', 'USDT', 100, 20e6),
  v3('DAI', 'USDC', 100, 10e6),
  v3('DAI', 'USDT', 500, 2e6),
  v3('LINK', 'ETH', 3000, 6e6),
  v3('LINK', 'USDC', 3000, 1.2e6),
  v3('UNI', 'ETH', 3000, 5e6),
  v3('UNI', 'USDC', 10000, 0.8e6),
  v3('AAVE', 'ETH', 3000, 4e6),
  v3('AAVE', 'USDC', 3000, 1e6),
  v3('MKR', 'ETH', 3000, 3e6),
  v3('COMP', 'ETH', 3000, 0.9e6),
  v3('CRV', 'ETH', 10000, 0.7e6),
  v3('CRV', 'USDC', 3000, 0.5e6),
  v3('SNX', 'ETH', 10000, 0.6e6),
  v3('SNX', 'USDC', 3000, 0.3e6),
  v2('USDC', 'ETH', 9e6),
  v2('USDT', 'ETH', 7e6),
  v2('DAI', 'ETH', 3e6),
  v2('WBTC', 'ETH', 3e6),
  v2('LINK', 'ETH', 1.5e6),
  v2('UNI', 'ETH', 1.2e6),
  v2('AAVE', 'ETH', 0.6e6),
  v2('MKR', 'ETH', 0.8e6),
  v2('COMP', 'ETH', 0.4e6),
  v2('SNX', 'ETH', 0.3e6),
]

/** A pool of the seeded market. `asset0` and `asset1` stand in the order of the pool's tokens. */
export type SeededPool = PoolSpec & {
  readonly address: Address
  readonly asset0: Asset
  readonly asset1: Asset
  readonly token0: Address
  readonly token1: Address
}

/** An asset is named that the local chain does not have. */
export class UnknownAssetError extends Error {
  override readonly name = 'UnknownAssetError'
  constructor(readonly assetId: AssetId) {
    super(`The local chain has no ${assetId}: choose one of ${localDeployment.assets.map(({ id }) => id).join(', ')}.`)
  }
}

/** An asset of the local chain by its symbol. */
export function localAsset(assetId: AssetId): Asset {
  const asset = localDeployment.assets.find(({ id }) => id === assetId)
  if (asset === undefined) throw new UnknownAssetError(assetId)
  return asset
}

function toSeededPool(spec: PoolSpec): SeededPool {
  const [a, b] = [localAsset(spec.assets[0]), localAsset(spec.assets[1])]
  const inOrder = a.poolToken.address.toLowerCase() < b.poolToken.address.toLowerCase()
  const [asset0, asset1] = inOrder ? [a, b] : [b, a]
  const [token0, token1] = [asset0.poolToken.address, asset1.poolToken.address]
  const { contracts, uniswapV2PairInitCodeHash, uniswapV3PoolInitCodeHash } = localDeployment
  const address =
    spec.version === 'v2'
      ? getContractAddress({
          opcode: 'CREATE2',
          from: contracts.uniswapV2Factory,
          salt: keccak256(encodePacked(['address', 'address'], [token0, token1])),
          bytecodeHash: uniswapV2PairInitCodeHash,
        })
      : getContractAddress({
          opcode: 'CREATE2',
          from: contracts.uniswapV3Factory,
          salt: keccak256(
            encodeAbiParameters(
              [{ type: 'address' }, { type: 'address' }, { type: 'uint24' }],
              [token0, token1, spec.feePips],
            ),
          ),
          bytecodeHash: uniswapV3PoolInitCodeHash,
        })
  return { ...spec, address, asset0, asset1, token0, token1 }
}

/** Every pool of the seeded market, deepest pairs first. Addresses are computed, not read. */
export const seededPools: readonly SeededPool[] = poolSpecs.map(toSeededPool)

/** Tick spacing of a fee tier of Uniswap v3. */
export function tickSpacingOf(feePips: number): number {
  return localDeployment.uniswapV3FeeTiers.find((tier) => tier.feePips === feePips)?.tickSpacing ?? 1
}
