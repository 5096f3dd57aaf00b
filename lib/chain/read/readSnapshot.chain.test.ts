import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type Address, getAddress, zeroAddress } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { nativeAddress } from '@/lib/core/asset'
import type { Snapshot } from '@/lib/core/snapshot'
import { answeringCode, floodingCode, gasBurningCode, revertingCode } from '@/lib/testing/answeringCode'
import { erc20Abi, feedAbi, tickLensAbi, uniswapV2PairAbi, uniswapV3PoolAbi } from '../abis'
import { RequestCancelledError, RpcResponseError, RpcUnreachableError, WrongChainError } from '../appErrors'
import { type ChainClient, createChainClient } from '../client'
import { localDeployment } from '../deployments/local'
import { isConcentrated } from './poolReads'
import { maxPriceAgeSeconds } from './priceReading'
import { type RpcReader, readAtHead } from './readCalls'
import { readSnapshot } from './readSnapshot'
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
  const seen = { http: 0, calls: 0 }
  const send = globalThis.fetch
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    if (typeof init?.body === 'string' && init.body.includes('eth_call')) {
      seen.http += 1
      seen.calls += init.body.split('"eth_call"').length - 1
      await before(seen.http)
    }
    return send(input, init)
  })
  return seen
}

describe('what is read', () => {
  test('default', async () => {
    await devnet.client.writeContract({
      account,
      address: addressOf('USDT'),
      abi: erc20Abi,
      functionName: 'approve',
      args: [localDeployment.contracts.swapRouter02, 123n],
    })
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
    const addresses = (pools: readonly { address: string }[]) => pools.map(({ address }) => getAddress(address)).sort()
    expect(addresses(snapshot.pools)).toEqual(addresses(devnet.pools))
    for (const pool of snapshot.pools) {
      const seeded = devnet.pools.find(({ address }) => address === pool.address)
      expect(pool).toMatchObject({ token0: seeded?.token0, token1: seeded?.token1, feePips: seeded?.feePips })
      expect(pool.assetIds).toEqual([seeded?.asset0.id, seeded?.asset1.id])
      if (pool.kind === 'constantProduct') {
        const [reserve0, reserve1] = await client.readContract({
          address: pool.address,
          abi: uniswapV2PairAbi,
          functionName: 'getReserves',
        })
        expect(pool).toMatchObject({ reserve0, reserve1 })
      } else {
        const contract = { address: pool.address, abi: uniswapV3PoolAbi } as const
        const [sqrtPriceX96, tick] = await client.readContract({ ...contract, functionName: 'slot0' })
        const liquidity = await client.readContract({ ...contract, functionName: 'liquidity' })
        expect(pool).toMatchObject({ sqrtPriceX96, tick, liquidity })
        expect(pool.ticks.length).toBeGreaterThan(0)
      }
    }
  })

  test('behaviour: all ticks of the window and none outside it', async () => {
    const snapshot = await read()
    for (const { address, tick, tickSpacing, ticks, knownTicks } of snapshot.pools.filter(isConcentrated)) {
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
          args: [address, word] as const,
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
})

describe('round trips', () => {
  test('behaviour: two at first, one from then on, and both give the same', async () => {
    const seen = watchRequests()
    const first = await read()
    expect(seen.http).toBeLessThanOrEqual(2)
    expect(seen.calls).toBeLessThanOrEqual(4)
    seen.http = 0
    const second = await read({ previous: first })
    expect(seen.http).toBe(1)
    expect(second).toEqual(first)
  })

  test('behaviour: a hint from before a large move costs a second round trip and gives the same', async () => {
    const first = await read()
    const shifted: Snapshot = {
      ...first,
      pools: first.pools.map((pool) => (isConcentrated(pool) ? { ...pool, tick: pool.tick + 20_000 } : pool)),
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
    const { block, outcomes } = await readAtHead({ request }, context, [blockNumber, blockNumber])
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
    const code = answeringCode({ '0x70a08231': [5n], '0xdd62ed3e': [0n], '0x313ce567': [6n] })
    await devnet.client.setCode({ address: addressOf('LINK'), bytecode: code })
    expect(tokenOf(await read(), 'LINK').balance).toEqual({
      status: 'unreadable',
      reason: 'the contract says 6 decimals, the list says 18',
    })
  })
})

describe('prices', () => {
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
    ['from the future', 5n, { age: -3_600n }, 'fromFuture'],
    ['of other decimals', 5n, { places: 18n }, 'wrongDecimals'],
  ] as const)('behaviour: %s', async (_, value, options, reason) => {
    await answer('LINK', value, options)
    const snapshot = await read()
    expect(assetOf(snapshot, 'LINK').price).toEqual({ status: 'invalid', reason })
    expect(assetOf(snapshot, 'UNI').price.status).toBe('fresh')
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

  test('error: RpcResponseError: no Multicall3 on the right chain', async () => {
    await devnet.client.setCode({ address: localDeployment.contracts.multicall3, bytecode: '0x' })
    await expect(read()).rejects.toBeInstanceOf(RpcResponseError)
  })

  test('error: RpcResponseError: every token fails', async () => {
    for (const { address } of localDeployment.assets.flatMap(({ tokens }) => tokens)) {
      if (address !== nativeAddress) await devnet.client.setCode({ address, bytecode: revertingCode })
    }
    await expect(read()).rejects.toBeInstanceOf(RpcResponseError)
  })
})
