import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type Address, encodeFunctionData, parseAbi, zeroAddress } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { v4StateViewAbi } from '@/devnet/abis'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { sendTransactions } from '@/devnet/transactions'
import { nativeAddress } from '@/lib/core/asset'
import { composeKnownPool, type KnownPool } from '@/lib/core/poolList'
import type { SingletonPool, Snapshot } from '@/lib/core/snapshot'
import { answeringCode, floodingCode, gasBurningCode, revertingCode } from '@/lib/testing/answeringCode'
import { erc20Abi, feedAbi, permit2Abi, tickLensAbi, uniswapV2PairAbi, uniswapV3PoolAbi } from '../abis'
import { RequestCancelledError, RpcResponseError, RpcUnreachableError, WrongChainError } from '../appErrors'
import { type ChainClient, createChainClient } from '../client'
import { localDeployment } from '../deployments/local'
import { listPoolCandidates } from './poolCandidates'
import { isConcentrated } from './poolReads'
import { maxPriceAgeSeconds } from './priceReading'
import { readAtHead } from './readAtHead'
import type { RpcReader } from './readCalls'
import { readMarket, readSnapshot } from './readSnapshot'
import { tickReach } from './tickWindow'

let devnet: Devnet
let client: ChainClient
let account: Address

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment: localDeployment, rpcUrls: [devnet.rpcUrl], retryCount: 0 })
  account = devnet.accounts.demo.address
})
afterAll(async () => devnet.stop())

let clean: `0x${string}`
beforeEach(async () => {
  clean = await devnet.client.snapshot()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await devnet.client.revert({ id: clean })
})

const read = (more: { previous?: Snapshot; signal?: AbortSignal } = {}) =>
  readSnapshot(client, { deployment: localDeployment, account, ...more })

function assetOf(snapshot: Snapshot, id: string) {
  const found = snapshot.assets.find(({ asset }) => asset.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

function tokenOf(snapshot: Snapshot, symbol: string) {
  const found = snapshot.assets.flatMap(({ tokens }) => tokens).find(({ token }) => token.symbol === symbol)
  if (found === undefined) throw new Error(`no ${symbol}`)
  return found
}

function addressOf(symbol: string): Address {
  const found = localDeployment.assets.flatMap(({ tokens }) => tokens).find((token) => token.symbol === symbol)
  return found?.address ?? zeroAddress
}

function feedOf(id: string) {
  const feed = localDeployment.assets.find((asset) => asset.id === id)?.feed
  if (feed === undefined) throw new Error(`no feed of ${id}`)
  return feed
}

/** Counts HTTP requests and the `eth_call`s in them; `before` runs ahead of each. */
function watchRequests(before: (count: number) => Promise<void> = async () => undefined) {
  const seen = { http: 0, calls: 0, callsOfFirst: 0 }
  const send = globalThis.fetch
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    if (typeof init?.body === 'string' && init.body.includes('eth_call')) {
      seen.http += 1
      const calls = init.body.split('"eth_call"').length - 1
      seen.calls += calls
      if (seen.http === 1) seen.callsOfFirst = calls
      await before(seen.http)
    }
    return send(input, init)
  })
  return seen
}

describe('what is read', () => {
  test('default', async () => {
    const args = [localDeployment.contracts.swapRouter02, 123n] as const
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args })
    await sendTransactions(devnet.rpcUrl, { from: account, transactions: [{ to: addressOf('USDT'), data }] })
    const snapshot = await read()
    const blockNumber = snapshot.block.number
    const block = await client.getBlock({ blockNumber })
    expect(snapshot).toMatchObject({ chainId: 31_337, account })
    expect(snapshot.block).toEqual({
      number: block.number,
      hash: block.hash,
      timestamp: Number(block.timestamp),
      baseFeePerGas: block.baseFeePerGas,
    })
    expect(snapshot.assets.map(({ asset }) => asset)).toEqual(localDeployment.assets)
    for (const { asset, tokens, price } of snapshot.assets) {
      expect(tokens.map(({ token }) => token)).toEqual(asset.tokens)
      const [, answer, , updatedAt] = await client.readContract({
        address: asset.feed?.address ?? zeroAddress,
        abi: feedAbi,
        functionName: 'latestRoundData',
        blockNumber,
      })
      expect(price).toEqual({ status: 'fresh', usd: answer * 10n ** 10n, updatedAt: Number(updatedAt) })
      for (const { token, balance, routerAllowance } of tokens) {
        const isNative = token.address === nativeAddress
        const direct = { address: token.address, abi: erc20Abi, blockNumber } as const
        const amount = isNative
          ? await client.getBalance({ address: account, blockNumber })
          : await client.readContract({ ...direct, functionName: 'balanceOf', args: [account] })
        const allowance = isNative
          ? 0n
          : await client.readContract({
              ...direct,
              functionName: 'allowance',
              args: [account, localDeployment.contracts.swapRouter02],
            })
        expect(balance).toEqual({ status: 'known', amount })
        expect(routerAllowance).toEqual({ status: 'known', amount: allowance })
      }
    }
    expect(tokenOf(snapshot, 'USDT').routerAllowance).toEqual({ status: 'known', amount: 123n })
  })

  test('behaviour: every seeded pool, as its contract has it', async () => {
    const snapshot = await read()
    const ids = (pools: readonly { id: string }[]) => pools.map(({ id }) => id).sort()
    expect(ids(snapshot.pools)).toEqual(ids(devnet.pools))
    for (const pool of snapshot.pools) {
      const seeded = devnet.pools.find(({ id }) => id === pool.id)
      expect(pool).toMatchObject({ token0: seeded?.token0, token1: seeded?.token1, feePips: seeded?.feePips })
      expect(pool.assetIds).toEqual([seeded?.asset0.id, seeded?.asset1.id])
      if (pool.kind === 'constantProduct') {
        const [reserve0, reserve1] = await client.readContract({
          address: pool.id,
          abi: uniswapV2PairAbi,
          functionName: 'getReserves',
        })
        expect(pool).toMatchObject({ reserve0, reserve1 })
      } else if (pool.kind === 'concentrated') {
        const contract = { address: pool.id, abi: uniswapV3PoolAbi } as const
        const [sqrtPriceX96, tick] = await client.readContract({ ...contract, functionName: 'slot0' })
        const liquidity = await client.readContract({ ...contract, functionName: 'liquidity' })
        expect(pool).toMatchObject({ sqrtPriceX96, tick, liquidity })
        expect(pool.ticks.length).toBeGreaterThan(0)
      } else {
        const state = { address: localDeployment.contracts.v4StateView, abi: v4StateViewAbi, args: [pool.id] } as const
        const [sqrtPriceX96, tick, fees, feePips] = await client.readContract({ ...state, functionName: 'getSlot0' })
        const liquidity = await client.readContract({ ...state, functionName: 'getLiquidity' })
        const protocolFeePips = [fees % 4096, Math.floor(fees / 4096)]
        expect(pool).toMatchObject({ sqrtPriceX96, tick, liquidity, feePips, protocolFeePips })
        expect(pool.ticks.length).toBeGreaterThan(0)
      }
    }
  })

  test('behaviour: all ticks of the window and none outside it', async () => {
    const snapshot = await read()
    for (const { id, tick, tickSpacing, ticks, knownTicks } of snapshot.pools.filter(isConcentrated)) {
      expect(knownTicks.lower - tickSpacing).toBeLessThan(tick - tickReach)
      expect(knownTicks.upper + tickSpacing).toBeGreaterThan(tick + tickReach)
      const words = Array.from({ length: Math.ceil(20_000 / tickSpacing / 256) * 2 }, (_, index) => {
        const here = Math.floor(Math.floor(tick / tickSpacing) / 256)
        return here - Math.ceil(20_000 / tickSpacing / 256) + index
      })
      const all = await client.multicall({
        allowFailure: false,
        contracts: words.map((word) => ({
          address: localDeployment.contracts.tickLens,
          abi: tickLensAbi,
          functionName: 'getPopulatedTicksInWord' as const,
          args: [id, word] as const,
        })),
      })
      const inside = all
        .flat()
        .map((of) => ({ index: of.tick, liquidityNet: of.liquidityNet }))
        .filter(({ index }) => index >= knownTicks.lower && index <= knownTicks.upper)
        .sort((a, b) => a.index - b.index)
      expect(ticks).toEqual(inside)
    }
  })

  test('behaviour: all ticks of the window of a v4 pool and none outside it, as StateView has them', async () => {
    const snapshot = await read()
    const singletons = snapshot.pools.filter((pool): pool is SingletonPool => pool.kind === 'singleton')
    expect(singletons.length).toBeGreaterThanOrEqual(4)
    for (const { id, tick, tickSpacing, ticks, knownTicks } of singletons) {
      expect(knownTicks.lower - tickSpacing).toBeLessThan(tick - tickReach)
      expect(knownTicks.upper + tickSpacing).toBeGreaterThan(tick + tickReach)
      const state = { address: localDeployment.contracts.v4StateView, abi: v4StateViewAbi } as const
      const first = Math.floor(Math.floor((tick - 20_000) / tickSpacing) / 256)
      const last = Math.floor(Math.floor((tick + 20_000) / tickSpacing) / 256)
      const words = Array.from({ length: last - first + 1 }, (_, index) => first + index)
      const bitmaps = await client.multicall({
        allowFailure: false,
        contracts: words.map((word) => ({
          ...state,
          functionName: 'getTickBitmap' as const,
          args: [id, word] as const,
        })),
      })
      const inside = bitmaps
        .flatMap((bits, index) =>
          Array.from({ length: 256 }, (_, bit) => bit)
            .filter((bit) => (bits >> BigInt(bit)) % 2n === 1n)
            .map((bit) => ((words[index] ?? 0) * 256 + bit) * tickSpacing),
        )
        .filter((index) => index >= knownTicks.lower && index <= knownTicks.upper)
      expect(ticks.map(({ index }) => index)).toEqual(inside)
      const liquidities = await client.multicall({
        allowFailure: false,
        contracts: inside.map((index) => ({
          ...state,
          functionName: 'getTickLiquidity' as const,
          args: [id, index] as const,
        })),
      })
      expect(ticks.map(({ liquidityNet }) => liquidityNet)).toEqual(liquidities.map(([, net]) => net))
    }
  })

  test('behaviour: a node on which v4 is not deployed has no v4 pools, and all others', async () => {
    const before = await read()
    await devnet.client.setCode({ address: localDeployment.contracts.v4PoolManager, bytecode: '0x' })
    const expected = before.pools.filter(({ kind }) => kind !== 'singleton')
    expect((await read()).pools).toEqual(expected)
    const again = await readMarket(client, { deployment: localDeployment, account, previous: before })
    expect(again).toMatchObject({ searched: 'everywhere', snapshot: { pools: expected } })
  })

  test('behaviour: what SwapRouter02, Permit2 and, through it, the Universal Router may spend', async () => {
    const { permit2, swapRouter02, universalRouter } = localDeployment.contracts
    const expiration = Number((await client.getBlock()).timestamp) + 3_600
    const link = addressOf('LINK')
    const allow = (spender: Address, amount: bigint) =>
      encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
    const grant = encodeFunctionData({
      abi: permit2Abi,
      functionName: 'approve',
      args: [link, universalRouter, 9n, expiration],
    })
    await sendTransactions(devnet.rpcUrl, {
      from: account,
      transactions: [
        { to: link, data: allow(swapRouter02, 5n) },
        { to: link, data: allow(permit2, 7n) },
        { to: permit2, data: grant },
      ],
    })
    const snapshot = await read()
    expect(tokenOf(snapshot, 'LINK')).toMatchObject({
      routerAllowance: { status: 'known', amount: 5n },
      permit2Allowance: { status: 'known', amount: 7n },
      universalRouterGrant: { status: 'known', amount: 9n, expiration },
    })
    for (const symbol of ['ETH', 'UNI']) {
      expect(tokenOf(snapshot, symbol)).toMatchObject({
        routerAllowance: { status: 'known', amount: 0n },
        permit2Allowance: { status: 'known', amount: 0n },
        universalRouterGrant: { status: 'known', amount: 0n, expiration: 0 },
      })
    }
  })

  test('behaviour: without Permit2 what it allows is unreadable, not nothing', async () => {
    await devnet.client.setCode({ address: localDeployment.contracts.permit2, bytecode: '0x' })
    const snapshot = await read()
    expect(tokenOf(snapshot, 'LINK').universalRouterGrant.status).toBe('unreadable')
    expect(tokenOf(snapshot, 'LINK').balance.status).toBe('known')
  })
})

describe('discovery', () => {
  test('behaviour: the factories name the very places that are asked, or none, for every pair and tier', async () => {
    const { uniswapV2Factory, uniswapV3Factory } = localDeployment.contracts
    const candidates = listPoolCandidates(localDeployment).filter(({ kind }) => kind !== 'singleton')
    const named = await client.multicall({
      allowFailure: false,
      contracts: candidates.map(({ kind, token0, token1, feePips }) =>
        kind === 'constantProduct'
          ? {
              address: uniswapV2Factory,
              abi: parseAbi(['function getPair(address, address) view returns (address)']),
              functionName: 'getPair' as const,
              args: [token0, token1] as const,
            }
          : {
              address: uniswapV3Factory,
              abi: parseAbi(['function getPool(address, address, uint24) view returns (address)']),
              functionName: 'getPool' as const,
              args: [token0, token1, feePips] as const,
            },
      ),
    })
    const found = named.filter((address, index) => {
      const id = candidates[index]?.id
      expect([id, zeroAddress]).toContain(address.toLowerCase())
      return address !== zeroAddress
    })
    const seeded = devnet.pools.flatMap((pool) => (pool.version === 'v4' ? [] : pool.address))
    expect([...found].sort()).toEqual([...seeded].sort())
    const tierCount = await client.multicall({
      allowFailure: false,
      contracts: localDeployment.uniswapV3FeeTiers.map(({ feePips }) => ({
        address: uniswapV3Factory,
        abi: parseAbi(['function feeAmountTickSpacing(uint24) view returns (int24)']),
        functionName: 'feeAmountTickSpacing' as const,
        args: [feePips] as const,
      })),
    })
    expect(tierCount).toEqual(localDeployment.uniswapV3FeeTiers.map(({ tickSpacing }) => tickSpacing))
  })

  test('behaviour: every place is asked in one call, and few wanted assets ask few places', async () => {
    const seen = watchRequests()
    const everywhere = await readMarket(client, { deployment: localDeployment, account })
    expect(everywhere.searched).toBe('everywhere')
    expect(seen.callsOfFirst).toBe(2)
    const few = await readMarket(client, { deployment: localDeployment, account, wantedAssetIds: ['LINK'] })
    const hubs = [...localDeployment.hubAssetIds, 'LINK']
    const between = everywhere.snapshot.pools.filter(({ assetIds }) => assetIds.every((id) => hubs.includes(id)))
    expect(few.snapshot.pools).toEqual(between)
  })

  test('behaviour: from a kept list a reload reads in one round, whatever happened to the account', async () => {
    const first = await read()
    const knownPools = first.pools.map(composeKnownPool)
    const seen = watchRequests()
    const reading = await readMarket(client, { deployment: localDeployment, account, knownPools })
    expect(seen.http).toBe(1)
    expect(reading).toEqual({ snapshot: first, searched: 'knownPools' })
    const other = await readMarket(client, { deployment: localDeployment, account: zeroAddress, knownPools })
    expect(other.snapshot.pools).toEqual(first.pools)
  })

  test('behaviour: a list that is stale by ticks and prices gives the same in one more round', async () => {
    const first = await read()
    const knownPools = first.pools.map((pool): KnownPool => {
      const known = composeKnownPool(pool)
      return known.kind === 'constantProduct' ? known : { ...known, ticks: known.ticks.slice(2) }
    })
    const seen = watchRequests()
    expect((await readMarket(client, { deployment: localDeployment, account, knownPools })).snapshot).toEqual(first)
    expect(seen.http).toBe(2)
  })

  test.each<[string, (pool: KnownPool) => KnownPool]>([
    [
      'an id that does not follow from its tokens',
      (pool) => ({ ...pool, id: `0x${'12'.repeat((pool.id.length - 2) / 2)}` }),
    ],
    ['an asset that is not listed', (pool) => ({ ...pool, assetIds: ['ETH', 'NOPE'] })],
    ['tokens of other assets', (pool) => ({ ...pool, token0: pool.token1 })],
  ])('behaviour: a list with %s is ignored', async (_, forge) => {
    const first = await read()
    const [one, ...rest] = first.pools.map(composeKnownPool)
    if (one === undefined) throw new Error('no pool')
    const knownPools = [forge(one), ...rest]
    const reading = await readMarket(client, { deployment: localDeployment, account, knownPools })
    expect(reading).toEqual({ snapshot: first, searched: 'everywhere' })
  })

  test('behaviour: a list of which a pool does not stand there is of another chain', async () => {
    const first = await read()
    const absent = listPoolCandidates(localDeployment).filter(
      ({ id }) => !first.pools.some((pool) => pool.id.toLowerCase() === id),
    )
    for (const kind of ['constantProduct', 'concentrated', 'singleton']) {
      const place = absent.find((candidate) => candidate.kind === kind)
      if (place === undefined) throw new Error(`no ${kind}`)
      const missing: KnownPool = place.kind === 'constantProduct' ? place : { ...place, tick: 0, ticks: [] }
      const knownPools = [...first.pools.map(composeKnownPool), missing]
      const reading = await readMarket(client, { deployment: localDeployment, account, knownPools })
      expect(reading).toEqual({ snapshot: first, searched: 'everywhere' })
    }
  })
})

describe('round trips', () => {
  test('behaviour: three at first, one from then on, and both give the same', async () => {
    const seen = watchRequests()
    const first = await read()
    expect(seen.http).toBe(3)
    expect(seen.calls).toBeLessThanOrEqual(5)
    seen.http = 0
    const second = await read({ previous: first })
    expect(seen.http).toBe(1)
    expect(second).toEqual(first)
  })

  test('behaviour: a hint from before a large move costs a second round trip and gives the same', async () => {
    const first = await read()
    const shifted: Snapshot = {
      ...first,
      pools: first.pools.map((pool) =>
        pool.kind === 'constantProduct' ? pool : { ...pool, tick: pool.tick + 20_000 },
      ),
    }
    const seen = watchRequests()
    expect(await read({ previous: shifted })).toEqual(first)
    expect(seen.http).toBe(2)
  })

  test('behaviour: a block between the round trips changes nothing', async () => {
    const before = await client.getBlockNumber()
    const [from, to] = [devnet.accounts.demo.address, devnet.accounts.whale.address]
    const mineTransfer = async (count: number) => {
      if (count === 2) await devnet.client.sendTransactionSync({ account: from, to, value: 10n ** 18n })
    }
    const undisturbed = await read()
    watchRequests(mineTransfer)
    const snapshot = await read()
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(before + 1n)
    expect(snapshot).toEqual(undisturbed)
  })

  test('behaviour: calls that another block answered are asked again for the block of the header', async () => {
    const context = { chainId: 31_337, multicall3: localDeployment.contracts.multicall3 }
    const blockNumber = [{ target: context.multicall3, data: '0x42cbb15c' }] as const
    let pinned = 0
    const request = (async (args: { method: string; params: readonly unknown[] }) => {
      const isLatest = args.method === 'eth_call' && args.params[1] === 'latest'
      if (args.method === 'eth_call' && !isLatest) pinned += 1
      if (isLatest) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        await devnet.client.mine({ blocks: 1 })
      }
      return client.request(args as never)
    }) as RpcReader['request']
    const { block, outcomes } = await readAtHead({ request }, context, [
      { kind: 'trusted', reads: blockNumber },
      { kind: 'capped', reads: blockNumber },
    ])
    expect(pinned).toBe(2)
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'read', results: [{ success: true }] })
      if (outcome.status === 'read') expect(BigInt(outcome.results[0]?.data ?? 0)).toBe(block.number)
    }
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(block.number + 2n)
  })
})

describe('tokens that misbehave', () => {
  const others = (snapshot: Snapshot, but: string) =>
    snapshot.assets
      .flatMap(({ tokens }) => tokens)
      .filter(({ token }) => token.symbol !== but)
      .map(({ token, balance }) => ({ symbol: token.symbol, balance }))

  test.each([
    ['reverts', revertingCode],
    ['burns all gas', gasBurningCode],
    ['returns two megabytes', floodingCode],
    ['is not there', '0x'],
    ['answers too few bytes', '0x5f5f5260015ff3'],
  ] as const)('behaviour: one that %s is unreadable, all others are read', async (_, bytecode) => {
    const before = await read()
    await devnet.client.setCode({ address: addressOf('LINK'), bytecode })
    const snapshot = await read()
    expect(tokenOf(snapshot, 'LINK').balance.status).toBe('unreadable')
    expect(tokenOf(snapshot, 'LINK').routerAllowance.status).toBe('unreadable')
    expect(others(snapshot, 'LINK')).toEqual(others(before, 'LINK'))
    expect(snapshot.pools.length).toBe(before.pools.length)
  })

  test('behaviour: other decimals than the list has make a token unreadable', async () => {
    const code = answeringCode({ '0x70a08231': [5n], '0xdd62ed3e': [0n], '0x313ce567': [6n], '0x18160ddd': [9n] })
    await devnet.client.setCode({ address: addressOf('LINK'), bytecode: code })
    expect(tokenOf(await read(), 'LINK').balance).toEqual({
      status: 'unreadable',
      reason: 'the contract says 6 decimals, the list says 18',
    })
  })
})

describe('F-55: feeds', () => {
  const latestRoundData = '0xfeaf968c'
  const decimals = '0x313ce567'

  async function answer(id: string, value: bigint, { age = 0n, places = 8n } = {}) {
    const { timestamp } = await client.getBlock()
    const round = [1n, value, timestamp - age, timestamp - age, 1n]
    const bytecode = answeringCode({ [latestRoundData]: round, [decimals]: [places] })
    await devnet.client.setCode({ address: feedOf(id).address, bytecode })
  }

  test.each([
    ['zero', 0n, {}, 'notPositive'],
    ['negative', -5n, {}, 'notPositive'],
    ['beyond the range of an integer with a sign', 2n ** 255n, {}, 'notPositive'],
    ['from the future', 5n, { age: -3_600n }, 'fromFuture'],
    ['of other decimals', 5n, { places: 18n }, 'wrongDecimals'],
  ] as const)('behaviour: %s', async (_, value, options, reason) => {
    await answer('LINK', value, options)
    const snapshot = await read()
    expect(assetOf(snapshot, 'LINK').price).toEqual({ status: 'invalid', reason })
    expect(assetOf(snapshot, 'UNI').price.status).toBe('fresh')
  })

  test.each([
    ['never', 0n],
    ['two heartbeats ago', undefined],
  ] as const)('behaviour: an answer of %s is stale', async (_, at) => {
    const { timestamp } = await client.getBlock()
    const age = at === undefined ? 2n * BigInt(feedOf('LINK').heartbeatSeconds) : timestamp - at
    await answer('LINK', 5n, { age })
    expect(assetOf(await read(), 'LINK').price).toMatchObject({ status: 'stale', updatedAt: Number(timestamp - age) })
  })

  test('behaviour: a feed that reverts is unreadable', async () => {
    await devnet.client.setCode({ address: feedOf('LINK').address, bytecode: revertingCode })
    expect(assetOf(await read(), 'LINK').price).toEqual({ status: 'invalid', reason: 'unreadable' })
  })

  test('behaviour: time makes prices stale, by the heartbeat of each feed', async () => {
    await answer('ETH', 2_000n * 10n ** 8n)
    await answer('USDC', 10n ** 8n)
    const { timestamp } = await client.getBlock()
    await devnet.client.setNextBlockTimestamp({ timestamp: timestamp + BigInt(maxPriceAgeSeconds(feedOf('ETH'))) })
    await devnet.client.mine({ blocks: 1 })
    expect(assetOf(await read(), 'ETH').price.status).toBe('fresh')
    await devnet.client.increaseTime({ seconds: 2 })
    await devnet.client.mine({ blocks: 1 })
    const snapshot = await read()
    expect(assetOf(snapshot, 'ETH').price).toMatchObject({ status: 'stale', usd: 2_000n * 10n ** 18n })
    expect(assetOf(snapshot, 'USDC').price.status).toBe('fresh')
  })
})

describe('nodes that fail', () => {
  async function unusedUrl() {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    return `http://127.0.0.1:${port}`
  }

  const readFrom = (rpcUrls: readonly string[], more: { signal?: AbortSignal } = {}) =>
    readSnapshot(createChainClient({ deployment: localDeployment, rpcUrls, retryCount: 0, timeoutMs: 2_000 }), {
      deployment: localDeployment,
      account,
      ...more,
    })

  test('error: RpcUnreachableError: a dead node', async () => {
    await expect(readFrom([await unusedUrl()])).rejects.toBeInstanceOf(RpcUnreachableError)
  })

  test('behaviour: a dead node falls over to the next', async () => {
    expect((await readFrom([await unusedUrl(), devnet.rpcUrl])).pools).toHaveLength(devnet.pools.length)
  })

  test('error: RequestCancelledError', async () => {
    await expect(readFrom([devnet.rpcUrl], { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      RequestCancelledError,
    )
    const controller = new AbortController()
    const reading = readFrom([devnet.rpcUrl], { signal: controller.signal })
    controller.abort()
    await expect(reading).rejects.toBeInstanceOf(RequestCancelledError)
  })

  test.each([
    [localDeployment],
    [{ ...localDeployment, contracts: { ...localDeployment.contracts, multicall3: zeroAddress } }],
  ])('error: WrongChainError, with and without Multicall3', async (deployment) => {
    const reading = readSnapshot(client, { deployment: { ...deployment, chainId: 1 }, account })
    await expect(reading).rejects.toBeInstanceOf(WrongChainError)
    await expect(reading).rejects.toMatchObject({ expected: 1, actual: 31_337 })
  })

  test('error: RpcResponseError: every token fails', async () => {
    for (const { address } of localDeployment.assets.flatMap(({ tokens }) => tokens)) {
      if (address !== nativeAddress) await devnet.client.setCode({ address, bytecode: revertingCode })
    }
    await expect(read()).rejects.toBeInstanceOf(RpcResponseError)
  })
})
