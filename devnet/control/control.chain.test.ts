import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import { v3PoolAbi } from '../abis'
import { readContract } from '../calls'
import { priceOf } from '../market/arbitrage'
import { readPoolStates } from '../market/readPoolStates'
import { localAsset, type SeededPool, seededContractPools, UnknownAssetError } from '../pools'
import { type Devnet, startDevnet } from '../startDevnet'
import { dealToken, erc20Balance } from './balances'
import { makeFeedStale, readFeeds, setFeedAnswer } from './feeds'
import { findPool, movePool, NoSuchPoolError, thinPool } from './pools'
import { mine, warp } from './time'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
})
afterAll(() => devnet.stop())

async function readFeed(assetId: string) {
  const { now, rounds } = await readFeeds(devnet)
  const round = rounds.find(({ asset }) => asset.id === assetId)
  if (round === undefined) throw new UnknownAssetError(assetId)
  return { ...round, ageSeconds: now - round.updatedAt }
}

test('default', async () => {
  const account = devnet.accounts.demo.address
  const tokens = [nativeAddress, ...localDeployment.assets.map(({ poolToken }) => poolToken.address)]
  for (const token of tokens)
    for (const amount of [123_456n, 7n * 10n ** 18n, 5n, 0n]) {
      await dealToken(devnet, { token, account, amount })
      expect(await erc20Balance(devnet, token, account)).toBe(amount)
      // What is too much is sent away by the account itself, which pays gas.
      if (token === nativeAddress) await dealToken(devnet, { token, account, amount: 10n ** 20n })
    }
})

test('behaviour: a feed takes a price, an impossible answer and a past time', async () => {
  await setFeedAnswer(devnet, 'LINK', { price: 9.25 })
  expect(await readFeed('LINK')).toMatchObject({ answer: 925_000_000n, isHeld: false })
  await setFeedAnswer(devnet, 'LINK', { answer: 0n })
  expect(await readFeed('LINK')).toMatchObject({ answer: 0n, isHeld: true })
  await setFeedAnswer(devnet, 'LINK', { answer: -5n })
  expect(await readFeed('LINK')).toMatchObject({ answer: -5n, isHeld: true })
  await makeFeedStale(devnet, 'WBTC')
  expect((await readFeed('WBTC')).ageSeconds).toBeGreaterThanOrEqual(3n * 3600n)
  await setFeedAnswer(devnet, 'LINK', { price: 8.8 })
  await setFeedAnswer(devnet, 'WBTC', { price: 68_338 })
  expect(await readFeed('LINK')).toMatchObject({ answer: 880_000_000n, isHeld: false })
  expect((await readFeed('WBTC')).ageSeconds).toBeLessThan(60n)
})

test('behaviour: a warp moves the clock and keeps the feeds fresh', async () => {
  const before = await devnet.client.getBlock()
  await warp(devnet, 2 * 86_400)
  const after = await devnet.client.getBlock()
  expect(after.timestamp - before.timestamp).toBeGreaterThanOrEqual(2n * 86_400n)
  const { now, rounds } = await readFeeds(devnet)
  for (const { updatedAt, feed } of rounds) expect(now - updatedAt).toBeLessThan(BigInt(feed.heartbeatSeconds))
  await mine(devnet, 5)
  expect((await devnet.client.getBlockNumber()) - after.number).toBeGreaterThanOrEqual(5n)
})

test('behaviour: a pool moves by the given basis points', async () => {
  const price = async (pool: SeededPool) => {
    const [state] = await readPoolStates(devnet, [pool])
    if (state === undefined) throw new NoSuchPoolError({ version: pool.version, assets: pool.assets })
    const { numerator, denominator } = priceOf(state)
    return Number((numerator * 10n ** 40n) / denominator)
  }
  for (const query of [
    { version: 'v3', assets: ['ETH', 'USDC'], feePips: 500 },
    { version: 'v2', assets: ['UNI', 'ETH'] },
    { version: 'v4', assets: ['ETH', 'USDC'] },
    { version: 'v4', assets: ['ETH', 'USDT'] },
    { version: 'v4', assets: ['AAVE', 'ETH'] },
  ] as const)
    for (const bps of [150, -420, 2_500]) {
      const pool = findPool(query)
      const before = await price(pool)
      await movePool(devnet, pool, bps)
      expect((await price(pool)) / before).toBeCloseTo(1 + bps / 10_000, 8)
    }
})

test('behaviour: a thinned pool keeps its price and a part of its liquidity', async () => {
  for (const { version, feePips } of [
    { version: 'v2', feePips: 3000 },
    { version: 'v3', feePips: 3000 },
  ] as const) {
    const pool = seededContractPools.find(
      (one) => one.version === version && one.feePips === feePips && one.assets.includes('MKR'),
    )
    if (pool === undefined) throw new NoSuchPoolError({ version, assets: ['MKR', 'ETH'], feePips })
    const read = async () => {
      const [state] = await readPoolStates(devnet, [pool])
      if (state === undefined) throw new NoSuchPoolError({ version, assets: pool.assets })
      const { numerator, denominator } = priceOf(state)
      const size =
        state.version === 'v2'
          ? state.reserve0
          : await readContract(devnet, {
              address: pool.address,
              abi: v3PoolAbi,
              functionName: 'liquidity',
              args: [],
            })
      return { price: Number((numerator * 10n ** 40n) / denominator), size: Number(size) }
    }
    const before = await read()
    await thinPool(devnet, pool, 2_500)
    const after = await read()
    expect(after.price / before.price).toBeCloseTo(1, 6)
    expect(after.size / before.size).toBeCloseTo(0.25, 4)
  }
})

test('error: NoSuchPoolError', () => {
  expect(() => findPool({ version: 'v2', assets: ['CRV', 'SNX'] })).toThrow(NoSuchPoolError)
})

test('error: UnknownAssetError', async () => {
  await expect(setFeedAnswer(devnet, 'DOGE', { price: 1 })).rejects.toBeInstanceOf(UnknownAssetError)
  expect(() => localAsset('DOGE')).toThrow(UnknownAssetError)
})
