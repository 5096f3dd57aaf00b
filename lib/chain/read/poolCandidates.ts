import { concatHex, keccak256, numberToHex, pad, slice } from 'viem'
import type { Asset, AssetId } from '@/lib/core/asset'
import type { Address, Hex } from '@/lib/core/units'
import type { Deployment } from '../deployments/deployment'

type PairOfAssets = {
  readonly address: Address
  /** Those of `token0` and `token1`. */
  readonly assetIds: readonly [AssetId, AssetId]
  readonly token0: Address
  readonly token1: Address
  readonly feePips: number
}

/** Where a pool stands, if there is one. Its address is in lower case: a checksum costs a hash, and most places are empty. */
export type PoolCandidate =
  | (PairOfAssets & { readonly kind: 'constantProduct' })
  | (PairOfAssets & { readonly kind: 'concentrated'; readonly tickSpacing: number })

/** The fee of every pair of Uniswap v2, in hundredths of a basis point. */
export const uniswapV2FeePips = 3000

function toCreate2Address(deployer: Address, salt: Hex, initCodeHash: Hex): Address {
  return slice(keccak256(concatHex(['0xff', deployer, salt, initCodeHash])), 12)
}

/** The address of the Uniswap v2 pair of two tokens in the order of their addresses. */
export function toV2PairAddress(deployment: Deployment, token0: Address, token1: Address): Address {
  const salt = keccak256(concatHex([token0, token1]))
  return toCreate2Address(deployment.contracts.uniswapV2Factory, salt, deployment.uniswapV2PairInitCodeHash)
}

/** The address of the Uniswap v3 pool of two tokens, in the order of their addresses, at a fee. */
export function toV3PoolAddress(
  deployment: Deployment,
  { token0, token1, feePips }: { readonly token0: Address; readonly token1: Address; readonly feePips: number },
): Address {
  const salt = keccak256(concatHex([pad(token0), pad(token1), numberToHex(feePips, { size: 32 })]))
  return toCreate2Address(deployment.contracts.uniswapV3Factory, salt, deployment.uniswapV3PoolInitCodeHash)
}

function listPair(deployment: Deployment, one: Asset, other: Asset): readonly PoolCandidate[] {
  const isInOrder = BigInt(one.poolToken.address) < BigInt(other.poolToken.address)
  const [first, second] = isInOrder ? [one, other] : [other, one]
  const assetIds = [first.id, second.id] as const
  const token0 = first.poolToken.address
  const token1 = second.poolToken.address
  const pair: PoolCandidate = {
    kind: 'constantProduct',
    address: toV2PairAddress(deployment, token0, token1),
    assetIds,
    token0,
    token1,
    feePips: uniswapV2FeePips,
  }
  const pools = deployment.uniswapV3FeeTiers.map(
    ({ feePips, tickSpacing }): PoolCandidate => ({
      kind: 'concentrated',
      address: toV3PoolAddress(deployment, { token0, token1, feePips }),
      assetIds,
      token0,
      token1,
      feePips,
      tickSpacing,
    }),
  )
  return [pair, ...pools]
}

const known = new WeakMap<Deployment, readonly PoolCandidate[]>()

/**
 * Lists where the pools between any two listed assets stand: one v2 pair and a v3 pool of each fee tier for every two
 * assets, in the order of the list. Addresses follow from CREATE2 (EIP-1014), so nothing is asked of the chain.
 */
export function listPoolCandidates(deployment: Deployment): readonly PoolCandidate[] {
  const cached = known.get(deployment)
  if (cached !== undefined) return cached
  const candidates = deployment.assets.flatMap((one, index) =>
    deployment.assets.slice(index + 1).flatMap((other) => listPair(deployment, one, other)),
  )
  known.set(deployment, candidates)
  return candidates
}
