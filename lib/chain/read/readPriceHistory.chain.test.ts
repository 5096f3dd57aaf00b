import { encodeAbiParameters, keccak256, numberToHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aggregatorOf } from '@/devnet/addresses'
import { setFeedAnswer } from '@/devnet/control/feeds'
import { warpWithoutRefresh } from '@/devnet/control/time'
import { encodePastPhase, pastAggregatorCode, pastAggregatorOf, pastPhase } from '@/devnet/pastPhases'
import { composePriceHistory, historyDays, type PastRound } from '@/devnet/priceHistory'
import { sendBatch } from '@/devnet/rpc'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import type { AssetId, Feed } from '@/lib/core/asset'
import { type AssetHistory, endOfDay } from '@/lib/core/history/priceHistory'
import { measureRiskHistory } from '@/lib/core/history/riskHistory'
import { gasBurningCode } from '@/lib/testing/answeringCode'
import { type FaultyRpc, startFaultyRpc } from '@/lib/testing/faultyRpc'
import { RpcUnreachableError, WrongChainError } from '../appErrors'
import { type ChainClient, createChainClient } from '../client'
import type { Deployment } from '../deployments/deployment'
import { localDeployment as deployment } from '../deployments/local'
import { type PriceHistoryRequest, readPriceHistory } from './readPriceHistory'

let devnet: Devnet
let proxy: FaultyRpc
let client: ChainClient
let clean: `0x${string}`

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false, seed: 3 })
  proxy = await startFaultyRpc()
  client = createChainClient({ deployment, rpcUrls: [proxy.url], retryCount: 0 })
  clean = await devnet.client.snapshot()
})
afterAll(async () => {
  await proxy?.stop()
  await devnet?.stop()
})
beforeEach(async () => {
  await devnet.client.revert({ id: clean })
  clean = await devnet.client.snapshot()
  proxy.connectTo(devnet.rpcUrl)
})

const day = 86_400

function feedOf(assetId: AssetId): Feed {
  const feed = deployment.assets.find(({ id }) => id === assetId)?.feed
  if (feed === undefined) throw new Error(`no feed of ${assetId}`)
  return feed
}

/** What is known of the only asset that is asked for. */
async function readOne(assetId: AssetId, request: Partial<PriceHistoryRequest> = {}) {
  const history = await readPriceHistory(client, { deployment, assetIds: [assetId], ...request })
  const [asset] = history.assets
  if (asset?.status !== 'known') throw new Error(`${assetId}: ${asset?.status}`)
  return { ...history, closes: asset.closes, gaps: asset.gaps }
}

/** Puts rounds of our own behind a feed's first phase. */
async function writePast(assetId: AssetId, rounds: readonly PastRound[]): Promise<void> {
  await sendBatch(devnet.rpcUrl, encodePastPhase(feedOf(assetId).address, rounds))
}

async function readToday(): Promise<number> {
  return Math.floor(Number((await devnet.client.getBlock()).timestamp) / day)
}

/** A round at noon of each of the days before today; the last one yesterday. */
async function composeDaily(answers: readonly bigint[]): Promise<readonly PastRound[]> {
  const today = await readToday()
  return answers.map((answer, index) => ({ answer, updatedAt: (today - answers.length + index) * day + day / 2 }))
}

/** Takes a round out of the storage of the aggregator that answers now, as if it had never been. */
async function eraseRound(assetId: AssetId, round: bigint): Promise<void> {
  const slot = BigInt(keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [round, 9n])))
  const address = aggregatorOf(feedOf(assetId).address)
  for (const of of [slot, slot + 1n]) {
    await devnet.client.setStorageAt({
      address,
      index: numberToHex(of, { size: 32 }),
      value: numberToHex(0, { size: 32 }),
    })
  }
  await devnet.client.mine({ blocks: 1 })
}

test('default: two years of daily closes of every feed, as they were written', async () => {
  const { block, window, assets } = await readPriceHistory(client, { deployment })
  const written = composePriceHistory(3, block.timestamp)
  expect(window.toDay - window.fromDay + 1).toBe(historyDays)
  expect(endOfDay(window.toDay)).toBeLessThanOrEqual(block.timestamp)
  expect(endOfDay(window.toDay + 1)).toBeGreaterThan(block.timestamp)
  expect(assets.map(({ assetId }) => assetId)).toEqual(deployment.assets.map(({ id }) => id))
  for (const asset of assets) {
    const expected = written.get(asset.assetId)?.map(({ answer, updatedAt }) => ({
      day: Math.floor(updatedAt / day),
      usd: answer * 10n ** 10n,
    }))
    expect(asset).toEqual({ status: 'known', assetId: asset.assetId, closes: expected, gaps: [] })
  }
  const risk = measureRiskHistory(assets, 'ledoitWolf')
  if (risk.status !== 'known') throw new Error(risk.status)
  expect(risk.observations).toBe(historyDays - 1)
})

test('behaviour: a few requests read it all, and one day takes a few hundred bytes for each feed', async () => {
  await readPriceHistory(client, { deployment })
  const whole = { requests: proxy.requestCount, calls: proxy.calls.length, bytes: JSON.stringify(proxy.calls).length }
  expect(whole.requests).toBeLessThanOrEqual(8)
  expect(whole.calls).toBeLessThanOrEqual(80)
  expect(whole.bytes).toBeLessThan(300_000)
  proxy.connectTo(devnet.rpcUrl)
  await readPriceHistory(client, { deployment, selectDays: (_, { toDay }) => [toDay] })
  expect(proxy.requestCount).toBeLessThanOrEqual(8)
  expect(JSON.stringify(proxy.calls).length).toBeLessThan(50_000)
})

test('behaviour: only the days that are asked for are read', async () => {
  const { window } = await readOne('ETH')
  const wanted = [window.fromDay, window.fromDay + 400, window.toDay]
  const { closes, gaps } = await readOne('ETH', { selectDays: () => wanted })
  expect(closes.map((close) => close.day)).toEqual(wanted)
  expect(gaps).toEqual([])
  proxy.connectTo(devnet.rpcUrl)
  await readOne('ETH', { selectDays: () => [] })
  expect(proxy.requestCount).toBe(1)
})

describe('behaviour: phases', () => {
  test('behaviour: the days since the phase changed come from the new aggregator, the ones before from the old', async () => {
    await setFeedAnswer(devnet, 'LINK', { price: 9.25 })
    await warpWithoutRefresh(devnet, day)
    await setFeedAnswer(devnet, 'LINK', { price: 9.5 })
    await warpWithoutRefresh(devnet, day)
    const { closes, gaps, window } = await readOne('LINK', { windowDays: 4 })
    expect(gaps).toEqual([])
    expect(closes.map((close) => close.day)).toEqual([0, 1, 2, 3].map((after) => window.fromDay + after))
    expect(closes.slice(2).map(({ usd }) => usd)).toEqual([9_250_000_000_000_000_000n, 9_500_000_000_000_000_000n])
    const written = composePriceHistory(3, endOfDay(window.toDay - 2)).get('LINK') ?? []
    expect(closes[1]?.usd).toBe((written.at(-1)?.answer ?? 0n) * 10n ** 10n)
  })

  test('behaviour: a feed with three rounds and no past: what was before is a gap', async () => {
    await sendBatch(devnet.rpcUrl, [
      { method: 'anvil_setCode', params: [pastAggregatorOf(feedOf('UNI').address), pastAggregatorCode([])] },
    ])
    await warpWithoutRefresh(devnet, day)
    await setFeedAnswer(devnet, 'UNI', { price: 4 })
    await warpWithoutRefresh(devnet, day)
    await setFeedAnswer(devnet, 'UNI', { price: 4.5 })
    await warpWithoutRefresh(devnet, day)
    const { closes, gaps, window, assets } = await readOne('UNI')
    expect(closes.map(({ usd }) => usd)).toEqual([3_912n * 10n ** 15n, 4n * 10n ** 18n, 45n * 10n ** 17n])
    expect(gaps).toEqual([{ fromDay: window.fromDay, toDay: window.toDay - 3, reason: 'noRound' }])
    expect(measureRiskHistory(assets, 'sample')).toMatchObject({
      status: 'tooLittle',
      days: 2,
      needed: 90,
      closes: [{ assetId: 'UNI', days: 3 }],
    })
  })

  test('behaviour: an aggregator of the past that does not answer: its days are unread, not empty', async () => {
    await sendBatch(devnet.rpcUrl, [
      { method: 'anvil_setCode', params: [pastAggregatorOf(feedOf('UNI').address), '0x5f5ffd'] },
    ])
    const { closes, gaps, window } = await readOne('UNI')
    expect(closes).toEqual([])
    expect(gaps).toEqual([{ ...window, reason: 'unread' }])
  })

  test('behaviour: a phase that never was is passed over', async () => {
    const slot = keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [BigInt(pastPhase), 4n]))
    const { address } = feedOf('UNI')
    await devnet.client.setStorageAt({ address, index: slot, value: numberToHex(0, { size: 32 }) })
    const { gaps, window } = await readOne('UNI')
    expect(gaps).toEqual([{ ...window, reason: 'noRound' }])
  })
})

describe('behaviour: gaps are named', () => {
  test('behaviour: rounds without data ("No data present") and answers that are too old by the end of a day', async () => {
    const daily = await composeDaily(Array.from({ length: 40 }, (_, index) => 100_000_000n + BigInt(index)))
    const missing = [10, 11, 25]
    await writePast(
      'AAVE',
      daily.map((round, index) => (missing.includes(index) ? { answer: 0n, updatedAt: 0 } : round)),
    )
    const { closes, gaps, window } = await readOne('AAVE', { windowDays: 42 })
    const first = window.toDay - 39
    expect(gaps).toEqual([
      { fromDay: window.fromDay, toDay: first - 1, reason: 'noRound' },
      { fromDay: first + 10, toDay: first + 11, reason: 'stale' },
      { fromDay: first + 25, toDay: first + 25, reason: 'stale' },
    ])
    expect(closes.map(({ day: of, usd }) => [of - first, usd / 10n ** 10n])).toEqual(
      Array.from({ length: 40 }, (_, index) => index)
        .filter((index) => !missing.includes(index))
        .map((index) => [index, 100_000_000n + BigInt(index)]),
    )
  })

  test('behaviour: an answer of zero is no price', async () => {
    const daily = await composeDaily([100_000_000n, 0n, 300_000_000n])
    await writePast('AAVE', daily)
    const { closes, gaps, window } = await readOne('AAVE', { windowDays: 3 })
    expect(closes.map(({ day: of }) => of)).toEqual([window.fromDay, window.toDay])
    expect(gaps).toEqual([{ fromDay: window.fromDay + 1, toDay: window.fromDay + 1, reason: 'notPositive' }])
  })

  test('behaviour: a round whose time does not rise: the days around it are open to doubt', async () => {
    const daily = await composeDaily(Array.from({ length: 10 }, () => 100_000_000n))
    await writePast(
      'AAVE',
      daily.map((round, index) => (index === 5 ? { ...round, updatedAt: round.updatedAt - 100 * day } : round)),
    )
    const { gaps, window } = await readOne('AAVE', { windowDays: 10 })
    expect(gaps).toEqual([{ fromDay: window.fromDay + 4, toDay: window.fromDay + 5, reason: 'disordered' }])
  })

  test('behaviour: an answer that is still valid at the end of the next day counts for it', async () => {
    const [first, , third] = await composeDaily([100_000_000n, 200_000_000n, 300_000_000n])
    if (first === undefined || third === undefined) throw new Error('no rounds')
    // USDC answers once a day. Its round came at the very end of one day, and the next one an hour late.
    const late = { ...first, updatedAt: first.updatedAt + day / 2 - 60 }
    await writePast('USDC', [late, third])
    const { closes, gaps } = await readOne('USDC', { windowDays: 3 })
    expect(gaps).toEqual([])
    expect(closes.map(({ usd }) => usd / 10n ** 18n)).toEqual([1n, 1n, 3n])
    await writePast('ETH', [late, third])
    expect((await readOne('ETH', { windowDays: 3 })).gaps).toHaveLength(1)
  })

  test('behaviour: a round that is missing in the aggregator that answers now', async () => {
    for (const price of [9.1, 9.2, 9.3]) {
      await warpWithoutRefresh(devnet, day)
      await setFeedAnswer(devnet, 'LINK', { price })
    }
    await warpWithoutRefresh(devnet, day)
    await eraseRound('LINK', 3n)
    const { closes, gaps, window } = await readOne('LINK', { windowDays: 4 })
    expect(gaps).toEqual([{ fromDay: window.toDay - 1, toDay: window.toDay - 1, reason: 'stale' }])
    expect(closes.map(({ usd }) => usd / 10n ** 15n)).toEqual([8_800n, 9_100n, 9_300n])
  })
})

describe('behaviour: what cannot be read', () => {
  const withAsset = (id: AssetId, change: (feed: Feed) => Feed | undefined): Deployment => ({
    ...deployment,
    assets: deployment.assets.map((asset) => {
      if (asset.id !== id || asset.feed === undefined) return asset
      const { feed: before, ...rest } = asset
      const feed = change(before)
      return feed === undefined ? rest : { ...rest, feed }
    }),
  })
  const read = async (of: Deployment): Promise<readonly AssetHistory[]> =>
    (await readPriceHistory(client, { deployment: of, assetIds: ['ETH', 'CRV'], windowDays: 5 })).assets
  const known = { status: 'known', assetId: 'ETH', gaps: [] }

  test.each<[string, Deployment, string]>([
    ['no feed', withAsset('CRV', () => undefined), 'noFeed'],
    ['other decimals', withAsset('CRV', (feed) => ({ ...feed, decimals: 18 })), 'wrongDecimals'],
    [
      'an address without a contract',
      withAsset('CRV', (feed) => ({ ...feed, address: `0x${'12'.repeat(20)}` })),
      'unreadable',
    ],
  ])('behaviour: %s: that asset alone', async (_, of, reason) => {
    expect(await read(of)).toMatchObject([known, { status: 'unavailable', assetId: 'CRV', reason }])
  })

  test('behaviour: an aggregator that burns its gas: that asset alone', async () => {
    await sendBatch(devnet.rpcUrl, [
      { method: 'anvil_setCode', params: [pastAggregatorOf(feedOf('CRV').address), gasBurningCode] },
    ])
    const [eth, crv] = await read(deployment)
    expect(eth).toMatchObject(known)
    expect(crv).toMatchObject({ status: 'known', closes: [], gaps: [{ reason: 'unread' }] })
  })

  test('behaviour: a node that does not run creation code is asked through Multicall3, with the same answer', async () => {
    const packed = await readOne('ETH', { windowDays: 60 })
    const isCreation = ({ params }: { readonly params: readonly unknown[] }) => {
      const [transaction] = params as [{ readonly to?: string } | undefined]
      return transaction?.to === undefined
    }
    proxy.connectTo(devnet.rpcUrl)
    proxy.setRules([
      { method: 'eth_call', match: isCreation, action: { kind: 'error', code: -32000, message: 'no creation' } },
    ])
    const grouped = await readOne('ETH', { windowDays: 60 })
    expect(grouped.closes).toEqual(packed.closes)
    expect(grouped.gaps).toEqual(packed.gaps)
  })

  test('error: WrongChainError', async () => {
    const other: Deployment = { ...deployment, chainId: 1 }
    await expect(readPriceHistory(client, { deployment: other })).rejects.toBeInstanceOf(WrongChainError)
  })

  test('error: RpcUnreachableError', async () => {
    proxy.setRules([{ action: { kind: 'status', status: 500 } }])
    await expect(readPriceHistory(client, { deployment })).rejects.toBeInstanceOf(RpcUnreachableError)
  })
})
