import { concatHex, getAddress, keccak256, numberToHex, pad, slice, zeroAddress } from 'viem'
import { type Asset, type AssetId, nativeAddress } from '@/lib/core/asset'
import type { KnownPool, PoolKey } from '@/lib/core/poolList'
import type { Address, Hex } from '@/lib/core/units'
import type { Deployment } from '../deployments/deployment'

/** A v2 pair, if there is one. */
export type PairCandidate = PoolKey & { readonly kind: 'constantProduct' }

/** A v3 pool, if there is one. */
export type ConcentratedCandidate = PoolKey & { readonly kind: 'concentrated'; readonly tickSpacing: number }

/** A v4 pool without hooks, if there is one. */
export type SingletonCandidate = PoolKey & { readonly kind: 'singleton'; readonly tickSpacing: number }

/** Where a pool stands, if there is one. Addresses are in lower case: a checksum costs a hash, and most places are empty. */
export type PoolCandidate = PairCandidate | ConcentratedCandidate | SingletonCandidate

/** The fee of every pair of Uniswap v2, in hundredths of a basis point. */
export const uniswapV2FeePips = 3000

type Tokens = { readonly token0: Address; readonly token1: Address }
type Tier = { readonly feePips: number; readonly tickSpacing: number }

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
  { token0, token1, feePips }: Tokens & { readonly feePips: number },
): Address {
  const salt = keccak256(concatHex([pad(token0), pad(token1), numberToHex(feePips, { size: 32 })]))
  return toCreate2Address(deployment.contracts.uniswapV3Factory, salt, deployment.uniswapV3PoolInitCodeHash)
}

/** What v4 calls a token in a pool's key: the native coin is the zero address there. */
export function toCurrency(token: Address): Address {
  return token.toLowerCase() === nativeAddress.toLowerCase() ? zeroAddress : token
}

/** The id of the v4 pool of two tokens without hooks: the hash of its key. The native coin stands under its pseudo-address. */
export function toV4PoolId({ token0, token1, feePips, tickSpacing }: Tokens & Tier): Hex {
  const currencies = [pad(toCurrency(token0)), pad(toCurrency(token1))]
  const tier = [numberToHex(feePips, { size: 32 }), numberToHex(tickSpacing, { size: 32 })]
  return keccak256(concatHex([...currencies, ...tier, pad(zeroAddress)]))
}

type Side = { readonly assetId: AssetId; readonly token: Address }

function inOrder(one: Side, other: Side) {
  const [first, second] = BigInt(toCurrency(one.token)) < BigInt(toCurrency(other.token)) ? [one, other] : [other, one]
  return {
    assetIds: [first.assetId, second.assetId] as const,
    token0: first.token,
    token1: second.token,
  }
}

const wrappedSide = ({ id, poolToken }: Asset): Side => ({ assetId: id, token: poolToken.address })

/** What v4 pools trade an asset as: its pool token, and the native coin itself. */
function singletonSides(asset: Asset): readonly Side[] {
  const hasNative = asset.tokens.some(({ address }) => address === nativeAddress)
  return hasNative ? [{ assetId: asset.id, token: nativeAddress }, wrappedSide(asset)] : [wrappedSide(asset)]
}

function listPair(deployment: Deployment, one: Asset, other: Asset): readonly PoolCandidate[] {
  const pair = inOrder(wrappedSide(one), wrappedSide(other))
  const { token0, token1 } = pair
  const constantProduct: PairCandidate = {
    kind: 'constantProduct',
    id: toV2PairAddress(deployment, token0, token1),
    ...pair,
    feePips: uniswapV2FeePips,
  }
  const concentrated = deployment.uniswapV3FeeTiers.map(
    ({ feePips, tickSpacing }): ConcentratedCandidate => ({
      kind: 'concentrated',
      id: toV3PoolAddress(deployment, { token0, token1, feePips }),
      ...pair,
      feePips,
      tickSpacing,
    }),
  )
  const singleton = singletonSides(one).flatMap((first) =>
    singletonSides(other).flatMap((second) => {
      const tokens = inOrder(first, second)
      return deployment.uniswapV4FeeTiers.map(
        (tier): SingletonCandidate => ({
          kind: 'singleton',
          id: toV4PoolId({ ...tokens, ...tier }),
          ...tokens,
          ...tier,
        }),
      )
    }),
  )
  return [constantProduct, ...concentrated, ...singleton]
}

const pairs = new WeakMap<Deployment, Map<string, readonly PoolCandidate[]>>()

/** The places of two assets, worked out once: each is two hashes. */
function listPairOnce(deployment: Deployment, one: Asset, other: Asset): readonly PoolCandidate[] {
  const ofDeployment = pairs.get(deployment) ?? new Map<string, readonly PoolCandidate[]>()
  pairs.set(deployment, ofDeployment)
  const key = `${one.id}/${other.id}`
  const before = ofDeployment.get(key)
  if (before !== undefined) return before
  const candidates = listPair(deployment, one, other)
  ofDeployment.set(key, candidates)
  return candidates
}

/**
 * Lists where pools may stand that join the wanted assets (all listed ones, unless told) to each other and to the hubs, and the
 * hubs to each other: for every two of them the v2 pair, a v3 pool of each fee tier, and a v4 pool without hooks of each tier, with
 * the native coin both as such and wrapped.
 *
 * No factory is asked. Those of v2 and v3 create every pool by CREATE2 (EIP-1014) with a salt of nothing but its tokens and
 * fee, so `getPair` and `getPool` name either this very address or none, and a v4 pool's id is the hash of its key. Whether a
 * pool stands there is told by its state: no code, or no price, is no pool.
 */
export function listPoolCandidates(
  deployment: Deployment,
  wantedAssetIds?: readonly AssetId[],
): readonly PoolCandidate[] {
  const wanted = wantedAssetIds && new Set([...wantedAssetIds, ...deployment.hubAssetIds])
  const assets = deployment.assets.filter(({ id }) => wanted === undefined || wanted.has(id))
  return assets.flatMap((one, index) =>
    assets.slice(index + 1).flatMap((other) => listPairOnce(deployment, one, other)),
  )
}

/**
 * Takes a pool that was found earlier for the place where it stands. Nothing where its id does not follow from its tokens and its
 * fee, or where a token is none of its assets': such a pool is not of this chain.
 */
export function toCandidate(deployment: Deployment, known: KnownPool): PoolCandidate | undefined {
  const inListOrder = deployment.assets.filter(({ id }) => known.assetIds.includes(id))
  const [one, other] = inListOrder
  if (one === undefined || other === undefined) return undefined
  const id = known.id.toLowerCase()
  return listPairOnce(deployment, one, other).find(
    (candidate) =>
      candidate.id === id &&
      candidate.kind === known.kind &&
      candidate.feePips === known.feePips &&
      candidate.assetIds[0] === known.assetIds[0] &&
      candidate.token0.toLowerCase() === known.token0.toLowerCase() &&
      candidate.token1.toLowerCase() === known.token1.toLowerCase(),
  )
}

/** The id that a pool has in a snapshot: of v2 and v3 the address with its checksum. */
export function toPoolId({ kind, id }: PoolCandidate): Hex {
  return kind === 'singleton' ? id : getAddress(id)
}
