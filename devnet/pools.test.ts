import { expect, test } from 'vitest'
import { nativeAddress } from '@/lib/core/asset'
import { localAsset, seededContractPools, seededPools, seededV4Pools, UnknownAssetError } from './pools'

test('default', () => {
  const ids = seededPools.map(({ id }) => id)
  expect(new Set(ids).size).toBe(seededPools.length)
  // Known from Ethereum: the pools stand where they stand there.
  expect(ids).toContain('0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640')
  expect(ids).toContain('0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8')
  expect(ids).toContain('0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc')
  expect(ids).toContain('0x0d4a11d5EEaaC28EC3F61d100daF4d40471f1852')
  expect(ids).toContain('0x21c67e77068de97969ba93d4aab21826d33ca12bb9f565d8496e8fda8a82ca27')
  for (const { id, address } of seededContractPools) expect(id).toBe(address)
})

test('behaviour: v4 trades ether as such and wrapped, with and without a protocol fee', () => {
  expect(new Set(seededV4Pools.map(({ ether, token0 }) => (token0 === nativeAddress ? ether : 'none')))).toEqual(
    new Set(['native', 'none']),
  )
  const wrapped = localAsset('ETH').poolToken.address
  expect(seededV4Pools.some(({ key }) => key.currency0 === wrapped || key.currency1 === wrapped)).toBe(true)
  expect(new Set(seededV4Pools.map(({ protocolFee }) => protocolFee.zeroForOnePips > 0))).toEqual(
    new Set([true, false]),
  )
})

test('behaviour: every asset trades against a hub, in at least two pools', () => {
  const hubs = ['ETH', 'USDC', 'USDT', 'DAI', 'WBTC']
  for (const { assets } of seededPools) expect(assets.some((assetId) => hubs.includes(assetId))).toBe(true)
  for (const assetId of new Set(seededPools.flatMap(({ assets }) => assets)))
    expect(seededPools.filter(({ assets }) => assets.includes(assetId)).length, assetId).toBeGreaterThanOrEqual(2)
})

test('behaviour: tokens stand in the order of their addresses', () => {
  for (const { token0, token1, asset0, asset1 } of seededContractPools) {
    expect(token0.toLowerCase() < token1.toLowerCase()).toBe(true)
    expect([asset0.poolToken.address, asset1.poolToken.address]).toEqual([token0, token1])
  }
  for (const { key, token0, token1, asset0, asset1 } of seededV4Pools) {
    expect(key.currency0.toLowerCase() < key.currency1.toLowerCase()).toBe(true)
    expect(asset0.tokens.map(({ address }) => address)).toContain(token0)
    expect(asset1.tokens.map(({ address }) => address)).toContain(token1)
    expect(token1).toBe(key.currency1)
    expect(BigInt(key.currency0)).toBe(token0 === nativeAddress ? 0n : BigInt(token0))
  }
})

test('error: UnknownAssetError', () => {
  expect(() => localAsset('DOGE')).toThrow(UnknownAssetError)
})
