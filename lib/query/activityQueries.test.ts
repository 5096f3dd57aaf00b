import { QueryClient } from '@tanstack/react-query'
import { createPublicClient, custom, HttpRequestError, numberToHex } from 'viem'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { RpcUnreachableError } from '@/lib/chain/appErrors'
import type { ChainClient } from '@/lib/chain/client'
import { toViemChain } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import { UnmatchedReceiptError } from '@/lib/chain/execution/readOutcome'
import type { ExecutionOutcome } from '@/lib/core/execution/outcome'
import type { Hex } from '@/lib/core/units'
import { activityStore } from '@/lib/storage/activityStore'
import type { SavedRebalance } from '@/lib/storage/rebalanceStore'
import { exampleOutcome, examplePlan, exampleReceiptRequest } from '@/lib/testing/builders/receipt'
import { receiptQuery, recordReceipt } from './activityReceiptQuery'
import { readStandings } from './activityStandingQuery'
import { hashQueryKey } from './queryClient'

const world = vi.hoisted(() => ({ read: (): Promise<unknown> => Promise.reject(new Error('not set')), reads: 0 }))

vi.mock('@/lib/chain/execution/readOutcome', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  readOutcome: () => {
    world.reads += 1
    return world.read()
  },
}))

const kept = new Map<string, string>()
const { txHash } = exampleOutcome
const owner = { account: examplePlan.account, chainId: examplePlan.chainId }
const deployment = { ...localDeployment, assets: exampleReceiptRequest.assets }

const outcome: ExecutionOutcome = {
  ...exampleOutcome,
  legs: exampleOutcome.legs.map((leg) => ({ ...leg, quotedOut: 0n, minimumOut: 0n })),
  bought: exampleOutcome.bought.map((bought) => ({ ...bought, quoted: 0n, minimum: 0n })),
  allowancesAfter: [],
}

const id = { kind: 'transaction', hash: txHash } as const
const saved: SavedRebalance = {
  plan: examplePlan,
  prices: exampleReceiptRequest.prices,
  record: {
    execution: {
      id: 'one',
      ...owner,
      rung: 'atomicBatch',
      bundleHash: '0xab',
      deadline: examplePlan.deadline,
      steps: [
        {
          kind: 'batch',
          state: { status: 'confirmed', id, txHash, blockNumber: 103n, blockHash: '0xcd', finality: 'included' },
        },
      ],
    },
    bundle: {
      ...owner,
      approvals: [],
      swap: { to: owner.account, data: '0x', value: 0n },
      deadline: examplePlan.deadline,
      hash: '0xab',
    },
  },
}

type Answers = Readonly<Record<string, (params: readonly unknown[]) => unknown>>

/** A client of a node that answers as told. */
function clientOf(answers: Answers): ChainClient {
  const request = async ({ method, params = [] }: { method: string; params?: unknown[] }) => {
    const answer = answers[method]
    if (answer === undefined) throw new Error(`nobody asked for ${method}`)
    return answer(params)
  }
  return createPublicClient({
    chain: toViemChain(deployment, ['http://node.test']),
    transport: custom({ request }, { retryCount: 0 }),
  }) as ChainClient
}

const blockAt = (number: bigint, timestamp: number) => ({
  number: numberToHex(number),
  timestamp: numberToHex(timestamp),
  transactions: [],
})
const minedAt = (hash: Hex, number: bigint, status = '0x1') => ({
  transactionHash: hash,
  blockNumber: numberToHex(number),
  gasUsed: numberToHex(200_000),
  effectiveGasPrice: numberToHex(5_000_000_000),
  status,
  logs: [],
  l1Fee: numberToHex(7),
})
const mined: Answers = { eth_getTransactionReceipt: () => minedAt(txHash, 103n) }
const unreachable = () => {
  throw new HttpRequestError({ url: 'http://node.test', status: 503 })
}

const startQueries = () => new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: hashQueryKey } } })

beforeEach(() => {
  kept.clear()
  world.reads = 0
  world.read = () => Promise.resolve(outcome)
  vi.stubGlobal('localStorage', {
    get length() {
      return kept.size
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
})

describe('recordReceipt', () => {
  test('default: once for each transaction', () => {
    const first = recordReceipt({ deployment, saved, outcome, includedAt: 1_750_000_036 })
    expect(first.kept).toBe('saved')
    recordReceipt({ deployment, saved, outcome })
    expect(activityStore(owner).read().receipts).toEqual([first.receipt])
    expect(first.receipt).toMatchObject({ txHash, included: { blockNumber: 103n, timestamp: 1_750_000_036 } })
  })
})

describe('receiptQuery', () => {
  test('default', async () => {
    const client = clientOf({ ...mined, eth_getBlockByNumber: () => blockAt(103n, 1_750_000_036) })
    await startQueries().fetchQuery(receiptQuery({ client, deployment, saved }))
    const [receipt] = activityStore(owner).read().receipts
    expect(receipt).toMatchObject({ included: { timestamp: 1_750_000_036 }, cost: { totalCentiBps: 1_400 } })
  })

  test('behaviour: the time of the block cannot be read, and the receipt is kept all the same', async () => {
    const client = clientOf({ ...mined, eth_getBlockByNumber: unreachable })
    const query = { ...receiptQuery({ client, deployment, saved }), retry: false }
    await expect(startQueries().fetchQuery(query)).rejects.toThrow()
    expect(activityStore(owner).read().receipts).toMatchObject([{ txHash, included: { timestamp: 'unknown' } }])
  })

  test('behaviour: swaps that the logs do not show are unknown, the gas is not', async () => {
    world.read = () => Promise.reject(new UnmatchedReceiptError(txHash, 0))
    const client = clientOf({ ...mined, eth_getBlockByNumber: () => blockAt(103n, 1_750_000_036) })
    await startQueries().fetchQuery(receiptQuery({ client, deployment, saved }))
    expect(world.reads).toBe(1)
    expect(activityStore(owner).read().receipts).toMatchObject([
      {
        legs: [{ received: 'unknown' }, { received: 'unknown' }],
        purchases: [{ received: 'unknown' }, { received: 'unknown' }],
        gas: { units: 200_000n, paid: 10n ** 15n + 7n },
        afterUsd: 'unknown',
        cost: { totalUsd: 'unknown' },
      },
    ])
  })

  test('behaviour: a node that cannot be reached records nothing', async () => {
    world.read = () => Promise.reject(new RpcUnreachableError(undefined))
    const query = { ...receiptQuery({ client: clientOf(mined), deployment, saved }), retry: false }
    vi.useFakeTimers()
    const asked = expect(startQueries().fetchQuery(query)).rejects.toThrow(RpcUnreachableError)
    await vi.runAllTimersAsync()
    await asked
    vi.useRealTimers()
    expect(activityStore(owner).read().receipts).toEqual([])
  })

  test('behaviour: it waits until every step is confirmed', () => {
    const { execution, bundle } = saved.record
    const pending = { kind: 'swap', state: { status: 'awaitingReceipt', id } } as const
    const record = { bundle, execution: { ...execution, steps: [...execution.steps, pending] } }
    const query = receiptQuery({ client: clientOf({}), deployment, saved: { ...saved, record } })
    expect(query.enabled).toBe(false)
    expect(receiptQuery({ client: clientOf({}), deployment, saved }).enabled).toBe(true)
  })
})

describe('readStandings', () => {
  const hashOf = (index: number): Hex => numberToHex(index, { size: 32 })
  const [first, second, third] = [hashOf(1), hashOf(2), hashOf(3)]
  const hashes = [first, second, third, hashOf(4)]
  const receipts = hashes.map((hash) => ({ txHash: hash }))
  const chain: Answers = {
    eth_getBlockByNumber: ([tag]) => (tag === 'finalized' ? blockAt(100n, 1) : unreachable()),
    eth_getTransactionReceipt: ([hash]) => {
      if (hash === first) return minedAt(first, 100n)
      if (hash === second) return minedAt(second, 101n)
      return hash === third ? minedAt(third, 99n, '0x0') : null
    },
  }

  test('default', async () => {
    expect([...(await readStandings(clientOf(chain), receipts)).values()]).toEqual([
      { status: 'final', blockNumber: 100n },
      { status: 'included', blockNumber: 101n },
      { status: 'reverted', blockNumber: 99n },
      { status: 'missing' },
    ])
  })

  test('behaviour: on a chain without a final block nothing is called final', async () => {
    const client = clientOf({ ...chain, eth_getBlockByNumber: unreachable })
    const standings = await readStandings(client, receipts.slice(0, 1))
    expect([...standings.values()]).toEqual([{ status: 'included', blockNumber: 100n }])
  })

  test('error: a node that fails is not taken for one that knows nothing', async () => {
    const client = clientOf({ ...chain, eth_getTransactionReceipt: unreachable })
    await expect(readStandings(client, receipts)).rejects.toThrow(RpcUnreachableError)
  })
})
