import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { RpcResponseError, WrongChainError } from '@/lib/chain/appErrors'
import { UnknownChainError } from '@/lib/chain/deployments/deployments'
import { localDeployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { hashQueryKey } from './queryClient'
import { snapshotKey, snapshotQuery } from './snapshotQuery'

vi.mock('@/lib/chain/read/readSnapshot')
const read = vi.mocked(readSnapshot)

const account: Address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const request = { chainId: localDeployment.chainId, account, client: { request: vi.fn() } as never }

function snapshotAt(number: bigint): Snapshot {
  const block = { number, hash: '0x', timestamp: 0, baseFeePerGas: 0n } as const
  return { chainId: request.chainId, account, block, assets: [], pools: [] }
}

function queries() {
  return new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: hashQueryKey, retryDelay: 1 } } })
}

test('default', async () => {
  read.mockReset().mockResolvedValue(snapshotAt(1n))
  const client = queries()
  expect(await client.fetchQuery(snapshotQuery(request))).toEqual(snapshotAt(1n))
  expect(read).toHaveBeenCalledExactlyOnceWith(
    request.client,
    expect.objectContaining({ deployment: localDeployment, account, previous: undefined }),
  )
})

test('behaviour: later reads start from the last snapshot, and every thirtieth looks for new pools', async () => {
  read.mockReset().mockImplementation(async () => snapshotAt(BigInt(read.mock.calls.length)))
  const client = queries()
  for (let count = 0; count < 31; count += 1) await client.fetchQuery({ ...snapshotQuery(request), staleTime: 0 })
  const hints = read.mock.calls.map(([, { previous }]) => previous?.block.number)
  expect(hints.slice(0, 3)).toEqual([undefined, 1n, 2n])
  expect(hints.slice(29)).toEqual([29n, undefined])
})

test('behaviour: a failed read keeps the last good snapshot', async () => {
  read.mockReset().mockResolvedValueOnce(snapshotAt(7n)).mockRejectedValue(new RpcResponseError('cut off'))
  const client = queries()
  const observer = new QueryObserver(client, { ...snapshotQuery(request), refetchInterval: false, retryDelay: 1 })
  const stop = observer.subscribe(() => undefined)
  await vi.waitFor(() => expect(observer.getCurrentResult().isSuccess).toBe(true))
  await observer.refetch()
  expect(observer.getCurrentResult()).toMatchObject({ isError: true, data: { block: { number: 7n } } })
  expect(read).toHaveBeenCalledTimes(4)
  stop()
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
