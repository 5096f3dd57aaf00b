import { expect, test } from 'vitest'
import { localDeployment } from '../deployments/local'
import { listPoolCandidates } from './poolCandidates'

function find(one: string, other: string, feePips: number, kind: string) {
  return listPoolCandidates(localDeployment).find(
    ({ assetIds, ...pool }) =>
      assetIds.includes(one) && assetIds.includes(other) && pool.feePips === feePips && pool.kind === kind,
  )
}

// Pools of Ethereum, which stand at the same addresses as here since the factories do.
test('default', () => {
  expect(find('ETH', 'USDC', 500, 'concentrated')).toMatchObject({
    address: '0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640',
    assetIds: ['USDC', 'ETH'],
    tickSpacing: 10,
  })
  expect(find('WBTC', 'ETH', 3000, 'concentrated')?.address).toBe('0xcbcdf9626bc03e24f779434178a73a0b4bad62ed')
  expect(find('DAI', 'USDC', 100, 'concentrated')?.address).toBe('0x5777d92f208679db4b9778590fa3cab3ac9e2168')
  expect(find('ETH', 'USDC', 3000, 'constantProduct')?.address).toBe('0xb4e16d0168e52d35cacd2c6185b44281ec28c9dc')
  expect(find('ETH', 'USDT', 3000, 'constantProduct')?.address).toBe('0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852')
})

test('behaviour: every two assets have one pair and a pool of each tier, at different addresses', () => {
  const candidates = listPoolCandidates(localDeployment)
  const count = localDeployment.assets.length
  expect(candidates).toHaveLength(((count * (count - 1)) / 2) * (1 + localDeployment.uniswapV3FeeTiers.length))
  expect(new Set(candidates.map(({ address }) => address)).size).toBe(candidates.length)
  for (const { token0, token1 } of candidates) expect(BigInt(token0)).toBeLessThan(BigInt(token1))
  expect(listPoolCandidates(localDeployment)).toBe(candidates)
})
