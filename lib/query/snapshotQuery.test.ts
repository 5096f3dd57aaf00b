import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RpcResponseError, WrongChainError } from '@/lib/chain/appErrors'
import { UnknownChainError } from '@/lib/chain/deployments/deployments'
import { localDeployment } from '@/lib/chain/deployments/local'
import { readMarket } from '@/lib/chain/read/readSnapshot'
import { composeKnownPool, poolListLifeMs } from '@/lib/core/poolList'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { poolListStore } from '@/lib/storage/poolListStore'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { buildConcentratedPool } from '@/lib/testing/builders/pools'
import { hashQueryKey } from './queryClient'
import { searchPools, snapshotKey, snapshotQuery } from './snapshotQuery'

vi.mock('@/lib/chain/read/readSnapshot')
const read = vi.mocked(readMarket)

const account: Address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const request = { chainId: localDeployment.chainId, account, client: { request: vi.fn() } as never }

const pool = buildConcentratedPool({
  sides: [
    { asset: etherAsset, micros: 3_000_000_000n },
    { asset: buildAsset('USDC', { decimals: 6 }), micros: 1_000_000n },
  ],
  feePips: 500,
  bands: [{ halfWidthSpacings: 20, depthUsd: 1_000_000n }],
})

function snapshotAt(number: bigint): Snapshot {
  const block = { number, hash: '0x', timestamp: Number(number) * 12, baseFeePerGas: 0n } as const
  return { chainId: request.chainId, account, block, assets: [], pools: [{ ...pool, tick: Number(number) }] }
}

/** Answers as the reader does: everywhere where no pools are known. */
function answerWithBlocks() {
  read.mockReset().mockImplementation(async (_, { knownPools }) => ({
    snapshot: snapshotAt(BigInt(read.mock.calls.length)),
    searched: knownPools === undefined ? 'everywhere' : 'knownPools',
  }))
}

const store = poolListStore(request.chainId)
const searchedIn = () => read.mock.calls.map(([, { knownPools }]) => (knownPools === undefined ? 'all' : 'list'))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  store.clear()
  answerWithBlocks()
})
afterEach(() => {
  vi.useRealTimers()
})

function queries() {
  return new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: hashQueryKey, retryDelay: 1 } } })
}

test('default', async () => {
  expect(await queries().fetchQuery(snapshotQuery(request))).toEqual(snapshotAt(1n))
  expect(read).toHaveBeenCalledExactlyOnceWith(
    request.client,
    expect.objectContaining({ deployment: localDeployment, account }),
  )
  expect(searchedIn()).toEqual(['all'])
  expect(store.read()).toEqual({ lookedAtMs: Date.now(), pools: [{ ...composeKnownPool(pool), tick: 1 }] })
})

test('behaviour: later reads and a reloaded page start from what is known', async () => {
  const client = queries()
  await client.fetchQuery(snapshotQuery(request))
  await client.fetchQuery({ ...snapshotQuery(request), staleTime: 0 })
  await queries().fetchQuery(snapshotQuery(request))
  expect(searchedIn()).toEqual(['all', 'list', 'list'])
  expect(read.mock.calls.map(([, { previous }]) => previous?.block.number)).toEqual([undefined, 1n, undefined])
  expect(read.mock.lastCall?.[1].knownPools).toEqual([{ ...composeKnownPool(pool), tick: 1 }])
})

test('behaviour: pools are looked for again after a day, after the clock was set back, and on demand', async () => {
  const readAgain = () => queries().fetchQuery(snapshotQuery(request))
  const started = Date.now()
  await readAgain()
  vi.setSystemTime(started + poolListLifeMs - 1)
  await readAgain()
  vi.setSystemTime(started + poolListLifeMs)
  await readAgain()
  vi.setSystemTime(started)
  await readAgain()
  await readAgain()
  await searchPools(queries(), request)
  expect(searchedIn()).toEqual(['all', 'list', 'all', 'all', 'list', 'all'])
})

test('behaviour: a list of another chain is replaced by what was found instead', async () => {
  store.save({ lookedAtMs: Date.now() - 5, pools: [] })
  read.mockResolvedValueOnce({ snapshot: snapshotAt(9n), searched: 'everywhere' })
  await queries().fetchQuery(snapshotQuery(request))
  expect(store.read()).toEqual({ lookedAtMs: Date.now(), pools: [{ ...composeKnownPool(pool), tick: 9 }] })
})

test('behaviour: the device learns where prices stand, and keeps pools that hold nothing just now', async () => {
  const client = queries()
  const lookedAtMs = Date.now()
  for (let count = 0; count < 30; count += 1) await client.fetchQuery({ ...snapshotQuery(request), staleTime: 0 })
  vi.setSystemTime(lookedAtMs + 60_000)
  expect(store.read()?.pools).toMatchObject([{ tick: 1 }])
  await client.fetchQuery({ ...snapshotQuery(request), staleTime: 0 })
  expect(store.read()).toMatchObject({ lookedAtMs, pools: [{ tick: 31 }] })
  read.mockImplementation(async () => ({ snapshot: { ...snapshotAt(70n), pools: [] }, searched: 'knownPools' }))
  for (let count = 0; count < 30; count += 1) await client.fetchQuery({ ...snapshotQuery(request), staleTime: 0 })
  expect(store.read()).toMatchObject({ lookedAtMs, pools: [{ tick: 31 }] })
})

test('behaviour: a failed read keeps the last good snapshot', async () => {
  read.mockReset()
  read.mockResolvedValueOnce({ snapshot: snapshotAt(7n), searched: 'everywhere' })
  read.mockRejectedValue(new RpcResponseError('cut off'))
  const client = queries()
  const observer = new QueryObserver(client, { ...snapshotQuery(request), refetchInterval: false, retryDelay: 1 })
  const stop = observer.subscribe(() => undefined)
  await vi.waitFor(() => expect(observer.getCurrentResult().isSuccess).toBe(true))
  await observer.refetch()
  expect(observer.getCurrentResult()).toMatchObject({ isError: true, data: { block: { number: 7n } } })
  expect(read).toHaveBeenCalledTimes(3)
  stop()
})

describe('F-32: blocks out of order', () => {
  const readingAt = (number: bigint) => ({ snapshot: snapshotAt(number), searched: 'knownPools' as const })
  const fetchNow = (client: QueryClient) =>
    client.fetchQuery({ ...snapshotQuery(request), staleTime: 0, retryDelay: 1 })

  test('behaviour: an older block is asked again, and the newer one stays until then', async () => {
    read.mockReset()
    for (const number of [7n, 5n, 8n, 8n, 6n, 5n, 9n]) read.mockResolvedValueOnce(readingAt(number))
    const client = queries()
    const shown: bigint[] = []
    for (let count = 0; count < 4; count += 1) shown.push((await fetchNow(client)).block.number)
    expect(shown).toEqual([7n, 8n, 8n, 9n])
    expect(read).toHaveBeenCalledTimes(7)
  })

  test('error: OlderBlockError: a node that only goes back; what was read before stays', async () => {
    read.mockReset().mockResolvedValueOnce(readingAt(57n)).mockResolvedValue(readingAt(7n))
    const client = queries()
    await fetchNow(client)
    await expect(fetchNow(client)).rejects.toMatchObject({ name: 'OlderBlockError', known: 57n, answered: 7n })
    expect(client.getQueryData<Snapshot>(snapshotKey(request))?.block.number).toBe(57n)
  })

  test('behaviour: a node that stays behind for long is believed, so that its age can be shown', async () => {
    read.mockReset().mockResolvedValueOnce(readingAt(57n)).mockResolvedValue(readingAt(7n))
    const client = queries()
    await fetchNow(client)
    vi.setSystemTime(Date.now() + 30_000)
    expect((await fetchNow(client)).block.number).toBe(7n)
  })

  test('behaviour: a chain that was started anew takes the place of the one before at once', async () => {
    const { snapshot } = readingAt(3n)
    const anew = { ...snapshot, block: { ...snapshot.block, timestamp: 10_000 } }
    read.mockReset().mockResolvedValueOnce(readingAt(57n))
    read.mockResolvedValueOnce({ snapshot: anew, searched: 'everywhere' })
    const client = queries()
    await fetchNow(client)
    expect((await fetchNow(client)).block.number).toBe(3n)
  })
})

test('error: WrongChainError is not tried again', async () => {
  read.mockReset().mockRejectedValue(new WrongChainError({ expected: 31337, actual: 1 }))
  const client = queries()
  await expect(client.fetchQuery(snapshotQuery(request))).rejects.toBeInstanceOf(WrongChainError)
  expect(read).toHaveBeenCalledTimes(1)
})

test('error: UnknownChainError', () => {
  expect(() => snapshotQuery({ ...request, chainId: 999 })).toThrow(UnknownChainError)
})

test('behaviour: the key names chain and account, in whatever case', () => {
  const lower = account.toLowerCase() as Address
  expect(hashQueryKey(snapshotKey({ chainId: 1, account }))).toBe(
    hashQueryKey(snapshotKey({ chainId: 1, account: lower })),
  )
  expect(hashQueryKey(snapshotKey({ chainId: 1, account }))).not.toBe(
    hashQueryKey(snapshotKey({ chainId: 2, account })),
  )
})
