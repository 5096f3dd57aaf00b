import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { WrongChainError } from '@/lib/chain/appErrors'
import type { PriceHistory, PriceHistoryRequest } from '@/lib/chain/read/readPriceHistory'
import { type AssetHistory, composeGaps, listDays, selectEndedDays } from '@/lib/core/history/priceHistory'
import { toUsd } from '@/lib/core/units'
import { historyStore } from '@/lib/storage/historyStore'
import { historyQuery } from './historyQuery'
import { hashQueryKey } from './queryClient'

const day = 86_400
const windowDays = 100

/** The chain: its time, what a day's close is, and which days were asked for. */
const world = vi.hoisted(() => ({
  now: 0,
  closeOf: (_day: number): bigint | undefined => undefined,
  asked: [] as { assetId: string; days: readonly number[] }[],
  failure: undefined as Error | undefined,
}))

vi.mock('@/lib/chain/read/readPriceHistory', () => ({
  readPriceHistory: async (_: unknown, request: PriceHistoryRequest): Promise<PriceHistory> => {
    if (world.failure !== undefined) throw world.failure
    const window = selectEndedDays(world.now, windowDays)
    const assets = (request.assetIds ?? []).map((assetId): AssetHistory => {
      const days = request.selectDays?.(assetId, window) ?? listDays(window)
      world.asked.push({ assetId, days })
      const read = days.map((of) => ({ day: of, usd: world.closeOf(of) }))
      return {
        status: 'known',
        assetId,
        closes: read.flatMap(({ day: of, usd }) => (usd === undefined ? [] : [{ day: of, usd: toUsd(usd) }])),
        gaps: composeGaps(
          read.flatMap(({ day: of, usd }) => (usd === undefined ? [{ day: of, reason: 'stale' as const }] : [])),
        ),
      }
    })
    const block = { number: 1n, hash: '0x01', timestamp: world.now, baseFeePerGas: 1n } as const
    return { block, window, assets }
  },
}))

const start = 20_000 * day + day / 2
const request = { chainId: 31337, assetIds: ['ETH'], client: {} as never }
const read = () =>
  new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: hashQueryKey } } }).fetchQuery({
    ...historyQuery(request),
    retry: false,
  })

beforeEach(() => {
  historyStore(31337).clear()
  world.now = start
  world.closeOf = (of) => (of === 19_950 ? undefined : BigInt(of))
  world.asked = []
  world.failure = undefined
})

test('default: at first everything is read; then only what is new, and a few days to know the chain by', async () => {
  const first = await read()
  expect(world.asked).toEqual([{ assetId: 'ETH', days: listDays({ fromDay: 19_900, toDay: 19_999 }) }])
  expect(first.assets[0]).toMatchObject({ gaps: [{ fromDay: 19_950, toDay: 19_950, reason: 'stale' }] })
  world.asked = []
  expect((await read()).assets).toEqual(first.assets)
  expect(world.asked).toEqual([{ assetId: 'ETH', days: [19_900, 19_949, 19_950, 19_999] }])
  world.asked = []
  world.now += 2 * day
  const later = await read()
  expect(world.asked).toEqual([{ assetId: 'ETH', days: [19_902, 19_950, 19_951, 19_999, 20_000, 20_001] }])
  const [asset] = later.assets
  if (asset?.status !== 'known') throw new Error(asset?.status)
  expect(asset.closes).toEqual(
    listDays({ fromDay: 19_902, toDay: 20_001 })
      .filter((of) => of !== 19_950)
      .map((of) => ({ day: of, usd: BigInt(of) })),
  )
})

test('behaviour: a day that ended within the hour is read again: its last block may be taken back', async () => {
  world.now = 20_000 * day + 60
  await read()
  world.asked = []
  world.now += day / 2
  await read()
  expect(world.asked[0]?.days).toContain(19_999)
  expect(world.asked[0]?.days).toHaveLength(5)
})

test('behaviour: another chain of the same id: everything is read again', async () => {
  await read()
  world.asked = []
  world.closeOf = (of) => 2n * BigInt(of)
  const { assets } = await read()
  expect(world.asked.map(({ days }) => days.length)).toEqual([4, 100])
  expect(assets[0]).toMatchObject({ gaps: [] })
  expect(historyStore(31337).read()).toEqual(assets.map(({ status: _, ...asset }) => asset))
})

test('behaviour: what is known of other assets stays', async () => {
  const other = { assetId: 'LINK', closes: [{ day: 19_999, usd: toUsd(5n) }], gaps: [] }
  historyStore(31337).save([other])
  await read()
  expect(historyStore(31337).read()).toContainEqual(other)
})

describe('behaviour: a node that fails', () => {
  test('error: WrongChainError', async () => {
    await read()
    const kept = historyStore(31337).read()
    world.failure = new WrongChainError({})
    await expect(read()).rejects.toBeInstanceOf(WrongChainError)
    expect(historyStore(31337).read()).toEqual(kept)
    const { retry } = historyQuery(request)
    expect(typeof retry === 'function' && retry(0, world.failure)).toBe(false)
    expect(typeof retry === 'function' && retry(0, new Error('late'))).toBe(true)
  })
})

test.each<[string, AssetHistory, number]>([
  ['all is known', { status: 'known', assetId: 'ETH', closes: [], gaps: [] }, 30],
  ['a feed did not answer', { status: 'unavailable', assetId: 'ETH', reason: 'unreadable' }, 5],
  ['there is no feed', { status: 'unavailable', assetId: 'ETH', reason: 'noFeed' }, 30],
  [
    'days could not be read',
    { status: 'known', assetId: 'ETH', closes: [], gaps: [{ fromDay: 1, toDay: 2, reason: 'unread' }] },
    5,
  ],
])('behaviour: %s: when it is asked for again', (_, asset, minutes) => {
  const { refetchInterval } = historyQuery(request)
  const data = { assets: [asset] }
  expect(typeof refetchInterval === 'function' && refetchInterval({ state: { data } } as never)).toBe(minutes * 60_000)
})

test('behaviour: the same assets in another order are the same question', () => {
  const key = (assetIds: readonly string[]) => historyQuery({ ...request, assetIds }).queryKey
  expect(key(['LINK', 'ETH', 'ETH'])).toEqual(key(['ETH', 'LINK']))
})
