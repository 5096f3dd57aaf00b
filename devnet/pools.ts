import {
  type Address,
  encodeAbiParameters,
  encodePacked,
  getContractAddress,
  type Hex,
  keccak256,
  zeroAddress,
} from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { type Asset, type AssetId, nativeAddress } from '@/lib/core/asset'

/** A pool to be seeded: `depthUsd` is what both its sides are worth together. */
type Spec = {
  readonly assets: readonly [AssetId, AssetId]
  /** What liquidity providers take, in hundredths of a basis point. */
  readonly feePips: number
  readonly depthUsd: number
}

type V2Spec = Spec & { readonly version: 'v2' }

type V3Spec = Spec & {
  readonly version: 'v3'
  /** The protocol keeps one part in so many of the fee, or nothing. A swap costs the same either way. */
  readonly protocolPart?: number
}

type V4Spec = Spec & {
  readonly version: 'v4'
  /** What the pool trades for the asset ETH: the coin itself, or WETH. */
  readonly ether: 'native' | 'wrapped'
  /** What the protocol takes before the pool's own fee, in hundredths of a basis point. */
  readonly protocolFee: { readonly zeroForOnePips: number; readonly oneForZeroPips: number }
}

type PoolSpec = V2Spec | V3Spec | V4Spec

function v3(a: AssetId, b: AssetId, feePips: number, depthUsd: number): V3Spec {
  return { version: 'v3', assets: [a, b], feePips, depthUsd }
}

function v2(a: AssetId, b: AssetId, depthUsd: number): V2Spec {
  return { version: 'v2', assets: [a, b], feePips: 3000, depthUsd }
}

function v4(a: AssetId, b: AssetId, feePips: number, depthUsd: number): V4Spec {
  const protocolFee = { zeroForOnePips: 0, oneForZeroPips: 0 }
  return { version: 'v4', assets: [a, b], feePips, depthUsd, ether: 'native', protocolFee }
}

const poolSpecs: readonly PoolSpec[] = [
  v3('USDC', 'ETH', 500, 30e6),
  v3('USDC', 'ETH', 3000, 12e6),
  v3('USDT', 'ETH', 500, 15e6),
  v3('USDT', 'ETH', 3000, 8e6),
  v3('DAI', 'ETH', 3000, 5e6),
  v3('WBTC', 'ETH', 500, 20e6),
  v3('WBTC', 'ETH', 3000, 15e6),
  { ...v3('WBTC', 'USDC', 3000, 6e6), protocolPart: 4 },
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
  v4('ETH', 'USDC', 500, 25e6),
  { ...v4('ETH', 'USDT', 3000, 6e6), protocolFee: { zeroForOnePips: 100, oneForZeroPips: 160 } },
  v4('ETH', 'WBTC', 3000, 8e6),
  v4('ETH', 'LINK', 3000, 1.5e6),
  v4('USDC', 'USDT', 100, 10e6),
  v4('DAI', 'USDC', 100, 4e6),
  { ...v4('ETH', 'AAVE', 3000, 0.8e6), ether: 'wrapped' },
]

/** What a v4 pool is named by on chain. Ether as such is the zero address. */
export type PoolKey = {
  readonly currency0: Address
  readonly currency1: Address
  readonly fee: number
  readonly tickSpacing: number
  readonly hooks: Address
}

/** Both sides of a pool in its own order. Ether as such stands under the native pseudo-address. */
type Sides = {
  readonly asset0: Asset
  readonly asset1: Asset
  readonly token0: Address
  readonly token1: Address
}

/** A pool of the seeded market that is a contract. */
export type SeededContractPool = (V2Spec | V3Spec) & Sides & { readonly id: Address; readonly address: Address }

/** A pool of the seeded market inside the PoolManager of v4. `id` is the hash of its key. */
export type SeededV4Pool = V4Spec & Sides & { readonly id: Hex; readonly key: PoolKey }

/** A pool of the seeded market. */
export type SeededPool = SeededContractPool | SeededV4Pool

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

type Side = { readonly asset: Asset; readonly token: Address }

/** How v4 names a token. */
function toCurrency(token: Address): Address {
  return token === nativeAddress ? zeroAddress : token
}

function toSide(spec: PoolSpec, assetId: AssetId): Side {
  const asset = localAsset(assetId)
  const isNative = spec.version === 'v4' && spec.ether === 'native' && asset.tokens[0].address === nativeAddress
  return { asset, token: isNative ? nativeAddress : asset.poolToken.address }
}

/** Order by address; the native coin, whose address inside v4 is zero, comes first. */
function toSides(spec: PoolSpec): Sides {
  const [a, b] = [toSide(spec, spec.assets[0]), toSide(spec, spec.assets[1])]
  const rank = ({ token }: Side) => toCurrency(token).toLowerCase()
  const [side0, side1] = rank(a) < rank(b) ? [a, b] : [b, a]
  return { asset0: side0.asset, asset1: side1.asset, token0: side0.token, token1: side1.token }
}

function toContractPool(spec: V2Spec | V3Spec): SeededContractPool {
  const sides = toSides(spec)
  const { token0, token1 } = sides
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
  return { ...spec, ...sides, id: address, address }
}

function toV4Pool(spec: V4Spec): SeededV4Pool {
  const sides = toSides(spec)
  const key: PoolKey = {
    currency0: toCurrency(sides.token0),
    currency1: toCurrency(sides.token1),
    fee: spec.feePips,
    tickSpacing: tickSpacingOf(spec.feePips),
    hooks: zeroAddress,
  }
  const id = keccak256(
    encodeAbiParameters(
      [{ type: 'address' }, { type: 'address' }, { type: 'uint24' }, { type: 'int24' }, { type: 'address' }],
      [key.currency0, key.currency1, key.fee, key.tickSpacing, key.hooks],
    ),
  )
  return { ...spec, ...sides, id, key }
}

/** Every pool of the seeded market, deepest pairs first. What names them is computed, not read. */
export const seededPools: readonly SeededPool[] = poolSpecs.map((spec) =>
  spec.version === 'v4' ? toV4Pool(spec) : toContractPool(spec),
)

/** The pools of the seeded market that are contracts of their own. */
export const seededContractPools = seededPools.filter((pool): pool is SeededContractPool => pool.version !== 'v4')

/** The pools of the seeded market inside the PoolManager of v4. */
export const seededV4Pools = seededPools.filter((pool): pool is SeededV4Pool => pool.version === 'v4')

/** Tick spacing of a fee tier of Uniswap v3, and of the v4 pools seeded here. */
export function tickSpacingOf(feePips: number): number {
  return localDeployment.uniswapV3FeeTiers.find((tier) => tier.feePips === feePips)?.tickSpacing ?? 1
}
