import * as v from 'valibot'
import { isAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { nativeAddress } from '@/lib/core/asset'
import type { Deployment } from './deployment'
import { deployments, selectDeployment, toDeployment, UnknownChainError } from './deployments'

const address = v.custom<`0x${string}`>((value) => typeof value === 'string' && isAddress(value, { strict: true }))
const hash = v.custom<`0x${string}`>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value))
const decimals = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(36))
const positive = v.pipe(v.number(), v.integer(), v.minValue(1))
const feeTiers = v.pipe(
  v.array(
    v.strictObject({
      feePips: v.pipe(positive, v.maxValue(999_999)),
      tickSpacing: v.pipe(positive, v.maxValue(32_767)),
    }),
  ),
  v.minLength(1),
  v.checkItems(({ feePips }, index, tiers) => tiers.findIndex((tier) => tier.feePips === feePips) === index),
)

const token = v.strictObject({
  address,
  symbol: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.]{1,12}$/)),
  name: v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,40}$/)),
  decimals,
  resetsAllowance: v.boolean(),
})

const asset = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.]{1,12}$/)),
  name: v.pipe(v.string(), v.minLength(1)),
  decimals,
  isStable: v.boolean(),
  tokens: v.pipe(v.array(token), v.minLength(1)),
  poolToken: token,
  feed: v.optional(v.strictObject({ address, decimals, heartbeatSeconds: positive })),
})

const schema = v.strictObject({
  chainId: positive,
  name: v.pipe(v.string(), v.minLength(1)),
  blockSeconds: v.pipe(v.number(), v.minValue(0.1)),
  maxHeadAgeSeconds: v.pipe(positive, v.maxValue(60)),
  finality: v.variant('kind', [
    v.strictObject({ kind: v.literal('depth'), blocks: v.pipe(positive, v.maxValue(1_000)) }),
    v.strictObject({ kind: v.literal('tag'), tag: v.picklist(['safe', 'finalized']) }),
  ]),
  nativeReserveFloor: v.pipe(v.bigint(), v.minValue(1n)),
  contracts: v.strictObject({
    wrappedNative: address,
    multicall3: address,
    permit2: address,
    uniswapV2Factory: address,
    uniswapV3Factory: address,
    swapRouter02: address,
    quoterV2: address,
    tickLens: address,
    universalRouter: address,
    v4PoolManager: address,
    v4StateView: address,
    v4Quoter: address,
  }),
  codeHashes: v.strictObject({
    wrappedNative: hash,
    multicall3: hash,
    permit2: hash,
    uniswapV2Factory: hash,
    uniswapV3Factory: hash,
    swapRouter02: hash,
    universalRouter: hash,
    v4PoolManager: hash,
  }),
  uniswapV2PairInitCodeHash: hash,
  uniswapV3PoolInitCodeHash: hash,
  uniswapV3FeeTiers: feeTiers,
  uniswapV4FeeTiers: feeTiers,
  trustedDelegates: v.array(address),
  hubAssetIds: v.array(v.string()),
  assets: v.array(asset),
})

test('default', () => {
  expect(selectDeployment(31_337)?.name).toBe('Local chain')
  expect(selectDeployment(999)).toBeUndefined()
  expect(toDeployment(31_337).chainId).toBe(31_337)
  expect(new Set(deployments.map(({ chainId }) => chainId)).size).toBe(deployments.length)
})

test('error: UnknownChainError', () => {
  expect(() => toDeployment(999)).toThrow(UnknownChainError)
})

function duplicates(values: readonly string[]) {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

describe.each(deployments)('behaviour: the data of $name', (deployment: Deployment) => {
  const { assets, contracts, hubAssetIds } = deployment
  const tokens = assets.flatMap((of) => of.tokens)

  test('behaviour: has its shape, every address with its checksum', () => {
    expect(v.safeParse(schema, deployment).issues).toBeUndefined()
  })

  test('behaviour: names and addresses stand once', () => {
    expect(duplicates(assets.map(({ id }) => id))).toEqual([])
    expect(duplicates(tokens.map(({ symbol }) => symbol))).toEqual([])
    expect(duplicates(tokens.map((of) => of.address.toLowerCase()))).toEqual([])
    expect(duplicates(assets.flatMap(({ feed }) => feed?.address.toLowerCase() ?? []))).toEqual([])
    expect(duplicates(Object.values(contracts).map((of) => of.toLowerCase()))).toEqual([])
  })

  test('behaviour: pools trade a token of the asset, and all its tokens count alike', () => {
    for (const of of assets) {
      expect(of.tokens).toContain(of.poolToken)
      expect(of.poolToken.address).not.toBe(nativeAddress)
      expect(new Set(of.tokens.map((one) => one.decimals))).toEqual(new Set([of.decimals]))
    }
  })

  test('behaviour: the native coin comes first in its asset and is wrapped by the contract named so', () => {
    const holders = assets.filter((of) => of.tokens.some((one) => one.address === nativeAddress))
    expect(holders).toHaveLength(1)
    expect(holders[0]?.tokens[0].address).toBe(nativeAddress)
    expect(holders[0]?.poolToken.address).toBe(contracts.wrappedNative)
  })

  test('behaviour: hubs are listed assets', () => {
    const ids = assets.map(({ id }) => id)
    for (const hub of hubAssetIds) expect(ids).toContain(hub)
  })
})
