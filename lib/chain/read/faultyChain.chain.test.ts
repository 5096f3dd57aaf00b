import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dealToken } from '@/devnet/control/balances'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { measureHeadAge } from '@/lib/core/headAge'
import { composeKnownPool, type KnownPool } from '@/lib/core/poolList'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { type FaultRule, type FaultyRpc, startFaultyRpc } from '@/lib/testing/faultyRpc'
import { AppError, WrongChainError } from '../appErrors'
import { createChainClient } from '../client'
import { localDeployment as deployment } from '../deployments/local'
import { readMarket } from './readSnapshot'

let devnet: Devnet
let first: FaultyRpc
let second: FaultyRpc
let account: Address
let clean: Snapshot
let knownPools: readonly KnownPool[]

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  first = await startFaultyRpc(devnet.rpcUrl)
  second = await startFaultyRpc(devnet.rpcUrl)
  account = devnet.accounts.demo.address
  clean = (await readMarket(connect([first]), { deployment, account })).snapshot
  knownPools = clean.pools.map(composeKnownPool)
})
afterAll(async () => {
  await first?.stop()
  await second?.stop()
  await devnet?.stop()
})
beforeEach(() => {
  first.connectTo(devnet.rpcUrl)
  second.connectTo(devnet.rpcUrl)
})

function connect(proxies: readonly FaultyRpc[], retryCount = 0) {
  const rpcUrls = proxies.map(({ url }) => url)
  return createChainClient({ deployment, rpcUrls, retryCount, timeoutMs: 1_500, hedgeMs: 100, jitter: () => 0 })
}

async function read(client = connect([first]), more: { readonly knownPools?: readonly KnownPool[] } = { knownPools }) {
  return (await readMarket(client, { deployment, account, ...more })).snapshot
}

const faults: readonly (readonly [string, FaultRule['action']])[] = [
  ['a dropped connection', { kind: 'drop' }],
  ['a connection that drops in the middle of the body', { kind: 'drop', afterBytes: 400 }],
  ['no answer', { kind: 'hang' }],
  ['500', { kind: 'status', status: 500 }],
  ['502', { kind: 'status', status: 502 }],
  ['429', { kind: 'status', status: 429 }],
  ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'Retry-After': '30' } }],
  ['HTML', { kind: 'html' }],
  ['an empty body', { kind: 'empty' }],
  ['truncated JSON', { kind: 'truncate' }],
  ['a trickle', { kind: 'slow', bytesPerSecond: 50 }],
  ['another id', { kind: 'swapId' }],
  ['a result and an error', { kind: 'resultAndError' }],
  ['null', { kind: 'null' }],
  ['an error', { kind: 'error', code: -32_000, message: 'header not found' }],
  ['no such method', { kind: 'error', code: -32_601, message: 'no' }],
  ['a limit', { kind: 'error', code: -32_005, message: 'limit exceeded' }],
]

/** Not those that say how long to wait, nor refusals, which the next read asks again. */
const passing = faults.filter(([name]) => !['429 with Retry-After', 'an error', 'no such method'].includes(name))

describe('F-34, F-35, F-36: one endpoint fails', () => {
  test.each(faults)('error: %s is one of our errors, and no snapshot', async (_, action) => {
    first.setRules([{ action }])
    const error: unknown = await read().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(AppError)
    expect((error as AppError).failure).toMatch(/^(unreachable|timeout)$/)
  })

  test.each(faults)('behaviour: %s: the same is read from the second', async (_, action) => {
    first.setRules([{ action }])
    expect(await read(connect([first, second]))).toEqual(clean)
  })

  test.each(passing)('behaviour: %s, once: the same is read at the second attempt', async (_, action) => {
    first.setRules([{ action, times: 1 }])
    expect(await read(connect([first], 3))).toEqual(clean)
  })

  test('behaviour: 20 seconds for every third request: the second answers in the meantime', async () => {
    first.setRules([{ method: 'eth_getBlockByNumber', action: { kind: 'delay', ms: 20_000 }, every: 3 }])
    const client = connect([first, second])
    for (let count = 0; count < 6; count += 1) expect(await read(client)).toEqual(clean)
    expect(second.requestCount).toBeGreaterThan(0)
  })
})

describe('F-37: all endpoints are down', () => {
  test('error: RpcUnreachableError; it recovers alone', async () => {
    const client = connect([first, second])
    first.connectTo(undefined)
    second.connectTo(undefined)
    await expect(read(client)).rejects.toMatchObject({ name: 'RpcUnreachableError' })
    second.connectTo(devnet.rpcUrl)
    expect(await read(client)).toEqual(clean)
  })
})

/** Whatever a snapshot says that it knows. */
function listKnown({ assets, pools, block }: Snapshot): ReadonlyMap<string, unknown> {
  const known = new Map<string, unknown>([['block', block]])
  for (const { asset, tokens, price } of assets) {
    if (price.status === 'fresh') known.set(`price of ${asset.id}`, price)
    for (const { token, ...readings } of tokens) {
      for (const [name, reading] of Object.entries(readings)) {
        if (reading.status === 'known') known.set(`${name} of ${token.symbol}`, reading)
      }
    }
  }
  for (const pool of pools) known.set(`pool ${pool.id}`, pool)
  return known
}

describe('F-38: a part fails', () => {
  test('behaviour: whatever single answer is spoilt, what is known afterwards is true, and nothing unknown is zero', async () => {
    for (const more of [{ knownPools }, {}]) {
      first.connectTo(devnet.rpcUrl)
      await read(connect([first]), more)
      const count = first.calls.length
      const truth = listKnown(clean)
      for (const kind of ['null', 'error', 'zero', 'short'] as const) {
        for (let spoilt = 0; spoilt < count; spoilt += 1) {
          let position = -1
          const action: FaultRule['action'] =
            kind === 'null'
              ? { kind }
              : kind === 'error'
                ? { kind, code: -32_000, message: 'out of gas' }
                : { kind: 'mutate', mutate: () => (kind === 'zero' ? '0x' : '0x00000000') }
          const match = () => {
            position += 1
            return position === spoilt
          }
          first.setRules([{ match, action }])
          const outcome = await read(connect([first]), more).catch((cause: unknown) => cause)
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(AppError)
            continue
          }
          for (const [name, value] of listKnown(outcome as Snapshot)) expect(value, name).toEqual(truth.get(name))
        }
      }
    }
  })
})

describe('F-39, T-44: a node that mixes blocks', () => {
  test.each([2, 3])(
    'behaviour: of every %d calls one from another block: all that is kept is of one block',
    async (every) => {
      const before = (await read()).block.number
      // Balances and prices of pools change with every block.
      for (const amount of [5n, 6n, 7n]) {
        await dealToken(devnet, { token: '0x514910771AF9Ca656af840dff83E8264EcF986CA', account, amount })
      }
      first.setRules([{ method: 'eth_call', action: { kind: 'pinBlock', number: before }, every }])
      const snapshot = await read()
      const { snapshot: pinned } = await readMarket(connect([second]), {
        deployment,
        account,
        knownPools,
        at: snapshot.block,
      })
      expect(snapshot).toEqual(pinned)
    },
  )

  test('behaviour: a header that is behind its calls: all is read at the header', async () => {
    const before = (await read()).block.number
    await dealToken(devnet, { token: '0x514910771AF9Ca656af840dff83E8264EcF986CA', account, amount: 99n })
    first.setRules([{ method: 'eth_getBlockByNumber', action: { kind: 'pinBlock', number: before } }])
    const snapshot = await read()
    expect(snapshot.block.number).toBe(before)
    const { snapshot: pinned } = await readMarket(connect([second]), {
      deployment,
      account,
      knownPools,
      at: snapshot.block,
    })
    expect(snapshot).toEqual(pinned)
  })
})

describe('F-32: a node that is behind', () => {
  test('behaviour: fifty blocks behind is too old to plan on, and says how old', async () => {
    const { number } = (await read()).block
    await devnet.client.mine({ blocks: 50, interval: 2 })
    first.setRules([{ action: { kind: 'pinBlock', number } }])
    const behind = await read()
    const { block: head } = await read(connect([second]))
    expect(behind.block.number).toBe(number)
    expect(measureHeadAge(behind.block, { nowSeconds: head.timestamp, pace: deployment })).toEqual({
      status: 'tooOld',
      seconds: head.timestamp - behind.block.timestamp,
    })
    expect(measureHeadAge(head, { nowSeconds: head.timestamp, pace: deployment }).status).toBe('fresh')
  })
})

describe('F-33: another chain', () => {
  test('error: WrongChainError: the chain id changes while the page is open', async () => {
    const client = connect([first])
    await read(client)
    await devnet.client.request({ method: 'anvil_setChainId', params: [1] } as never)
    await expect(read(client)).rejects.toBeInstanceOf(WrongChainError)
    await devnet.client.request({ method: 'anvil_setChainId', params: [deployment.chainId] } as never)
    await expect(read(client)).resolves.toMatchObject({ chainId: deployment.chainId })
  })

  test('error: WrongChainError: an endpoint that says so itself; another takes its place', async () => {
    first.setRules([{ method: 'eth_chainId', action: { kind: 'mutate', mutate: () => '0x1' } }])
    await expect(read(connect([first]))).rejects.toBeInstanceOf(WrongChainError)
    await expect(read(connect([first, second]))).resolves.toMatchObject({ chainId: deployment.chainId })
  })
})
