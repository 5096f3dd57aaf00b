import { expect, test } from 'vitest'
import { localAsset, seededPools, UnknownAssetError } from './pools'

test('default', () => {
  const addresses = seededPools.map(({ address }) => address)
  expect(new Set(addresses).size).toBe(seededPools.length)
  // Known from Ethereum: the pools stand where they stand there.
  expect(addresses).toContain('0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640')
  expect(addresses).toContain('0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8')
  expect(addresses).toContain('0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc')
  expect(addresses).toContain('0x0d4a11d5EEaaC28EC3F61d100daF4d40471f1852')
})

test('behaviour: every asset trades against a hub, in at least two pools', () => {
  const hubs = ['ETH', 'USDC', 'USDT', 'DAI', 'WBTC']
  for (const { assets } of seededPools) expect(assets.some((assetId) => hubs.includes(assetId))).toBe(true)
  for (const assetId of new Set(seededPools.flatMap(({ assets }) => assets)))
    expect(seededPools.filter(({ assets }) => assets.includes(assetId)).length, assetId).toBeGreaterThanOrEqual(2)
})

test('behaviour: tokens stand in the order of their addresses', () => {
  for (const { token0, token1, asset0, asset1 } of seededPools) {
    expect(token0.toLowerCase() < token1.toLowerCase()).toBe(true)
    expect([asset0.poolToken.address, asset1.poolToken.address]).toEqual([token0, token1])
  }
})

test('error: UnknownAssetError', () => {
  expect(() => localAsset('DOGE')).toThrow(UnknownAssetError)
})
