import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nativeAddress } from '@/lib/core/asset'
import type { KnownPool } from '@/lib/core/poolList'
import type { Address } from '@/lib/core/units'
import { localDeployment } from '../deployments/local'
import { listPoolCandidates, toCandidate, toCurrency, toPoolId, toV4PoolId } from './poolCandidates'

const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

function find(one: string, other: string, feePips: number, kind: string) {
  return listPoolCandidates(localDeployment).find(
    ({ assetIds, ...pool }) =>
      assetIds.includes(one) && assetIds.includes(other) && pool.feePips === feePips && pool.kind === kind,
  )
}

// Pools of Ethereum, which stand at the same addresses as here since the factories do.
test('default', () => {
  expect(find('ETH', 'USDC', 500, 'concentrated')).toMatchObject({
    id: '0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640',
    assetIds: ['USDC', 'ETH'],
    tickSpacing: 10,
  })
  expect(find('WBTC', 'ETH', 3000, 'concentrated')?.id).toBe('0xcbcdf9626bc03e24f779434178a73a0b4bad62ed')
  expect(find('DAI', 'USDC', 100, 'concentrated')?.id).toBe('0x5777d92f208679db4b9778590fa3cab3ac9e2168')
  expect(find('ETH', 'USDC', 3000, 'constantProduct')?.id).toBe('0xb4e16d0168e52d35cacd2c6185b44281ec28c9dc')
  expect(find('ETH', 'USDT', 3000, 'constantProduct')?.id).toBe('0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852')
})

// Hashes of keys as the PoolManager of Ethereum announced them (event Initialize): ETH/USDC at 0.05 %.
test('behaviour: v4 pools are named by the hash of their key, the native coin as the zero address', () => {
  expect(toV4PoolId({ token0: nativeAddress, token1: usdc, feePips: 500, tickSpacing: 10 })).toBe(
    '0x21c67e77068de97969ba93d4aab21826d33ca12bb9f565d8496e8fda8a82ca27',
  )
  const ofEther = listPoolCandidates(localDeployment).filter(
    ({ kind, assetIds, feePips }) => kind === 'singleton' && assetIds.includes('ETH') && feePips === 500,
  )
  const native = ofEther.filter(({ token0 }) => token0 === nativeAddress)
  expect(native).toHaveLength(localDeployment.assets.length - 1)
  expect(ofEther).toHaveLength(2 * native.length)
  for (const { assetIds } of native) expect(assetIds[0]).toBe('ETH')
})

test('behaviour: every two assets have one pair and a pool of each tier of v3 and v4, under different names', () => {
  const candidates = listPoolCandidates(localDeployment)
  const count = localDeployment.assets.length
  const tiers = localDeployment.uniswapV4FeeTiers.length
  // The pairs of ether have v4 pools of the native coin beside those of its wrapped form.
  const places = ((count * (count - 1)) / 2) * (1 + localDeployment.uniswapV3FeeTiers.length + tiers)
  expect(candidates).toHaveLength(places + (count - 1) * tiers)
  expect(new Set(candidates.map(({ id }) => id)).size).toBe(candidates.length)
  for (const { token0, token1 } of candidates) {
    expect(BigInt(toCurrency(token0))).toBeLessThan(BigInt(toCurrency(token1)))
  }
})

test('behaviour: wanted assets are joined to each other and to the hubs, and the hubs to each other', () => {
  const { hubAssetIds } = localDeployment
  const pairsOf = (wanted: readonly string[]) =>
    new Set(listPoolCandidates(localDeployment, wanted).map(({ assetIds }) => [...assetIds].sort().join('/')))
  const count = (of: number) => (of * (of - 1)) / 2
  expect(pairsOf([]).size).toBe(count(hubAssetIds.length))
  const two = pairsOf(['LINK', 'UNI'])
  expect(two.size).toBe(count(hubAssetIds.length + 2))
  for (const pair of ['LINK/UNI', 'LINK/WBTC', 'DAI/UNI', 'DAI/USDC']) expect(two).toContain(pair)
  expect([...two].some((pair) => pair.includes('AAVE'))).toBe(false)
  expect(pairsOf(['ETH', 'unlisted']).size).toBe(count(hubAssetIds.length))
})

describe('pools that were found earlier', () => {
  const traceOf = { tick: 1, ticks: [1] }
  const known = listPoolCandidates(localDeployment).map(
    (candidate): KnownPool => (candidate.kind === 'constantProduct' ? candidate : { ...candidate, ...traceOf }),
  )

  test('behaviour: each stands at its place, whatever the case of its address', () => {
    for (const [index, candidate] of listPoolCandidates(localDeployment).entries()) {
      const pool = known[index]
      if (pool === undefined) throw new Error('no pool')
      expect(toCandidate(localDeployment, pool)).toBe(candidate)
      expect(toCandidate(localDeployment, { ...pool, id: toPoolId(candidate) })).toBe(candidate)
    }
  })

  test('property: a pool of other tokens, another fee or another id has no place', () => {
    const changes = fc.constantFrom<readonly (keyof KnownPool)[]>(
      ['id'],
      ['feePips'],
      ['token0'],
      ['token1'],
      ['assetIds'],
      ['kind'],
    )
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.constantFrom(...known), changes, (pool, other, keys) => {
        const forged = { ...pool, ...Object.fromEntries(keys.map((key) => [key, other[key]])) } as KnownPool
        fc.pre(keys.some((key) => JSON.stringify(pool[key]) !== JSON.stringify(other[key])))
        expect(toCandidate(localDeployment, forged)).toBeUndefined()
      }),
    )
  })
})
