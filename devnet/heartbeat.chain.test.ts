import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFeedStale, readFeeds } from './control/feeds'
import { mine, warpWithoutRefresh } from './control/time'
import { keptBaseFee } from './heartbeat'
import { type Devnet, startDevnet } from './startDevnet'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
})
afterAll(() => devnet.stop())

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isTrue()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('It did not become true within 10 s.')
}

test('default', async () => {
  await makeFeedStale(devnet, 'UNI')
  await warpWithoutRefresh(devnet, 3 * 86_400)
  const isFresh = async () => {
    const { now, rounds } = await readFeeds(devnet)
    return rounds
      .filter(({ asset }) => asset.id !== 'UNI')
      .every(({ updatedAt, feed }) => now - updatedAt < BigInt(feed.heartbeatSeconds))
  }
  expect(await isFresh()).toBe(false)
  await until(isFresh)
})

test('behaviour: leaves alone what a test made stale', async () => {
  const { now, rounds } = await readFeeds(devnet)
  const held = rounds.find(({ asset }) => asset.id === 'UNI')
  expect(held?.isHeld).toBe(true)
  expect(now - (held?.updatedAt ?? now)).toBeGreaterThan(3n * 86_400n)
})

test('behaviour: the base fee comes back from a decay', async () => {
  await mine(devnet, 60)
  await until(async () => {
    await mine(devnet)
    return ((await devnet.client.getBlock()).baseFeePerGas ?? 0n) === keptBaseFee
  })
})
