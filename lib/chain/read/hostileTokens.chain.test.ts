import { encodeFunctionData, numberToHex, pad } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import { composeKnownPool, type KnownPool } from '@/lib/core/poolList'
import { measurePortfolio } from '@/lib/core/portfolio/portfolio'
import type { Snapshot, TokenReading } from '@/lib/core/snapshot'
import { type Address, type Hex, toBps } from '@/lib/core/units'
import { answeringCode, floodingCode, gasBurningCode, revertingCode } from '@/lib/testing/answeringCode'
import { erc20Abi } from '../abis'
import { RpcResponseError } from '../appErrors'
import { type ChainClient, createChainClient } from '../client'
import type { Deployment } from '../deployments/deployment'
import { localDeployment } from '../deployments/local'
import type { RpcCall } from '../rpc/rpcCall'
import type { RpcReader } from './readCalls'
import { readMarket, readSnapshot } from './readSnapshot'

let devnet: Devnet
let client: ChainClient
let account: Address
let clean: Hex
let untouched: Snapshot
let knownPools: readonly KnownPool[]

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment: localDeployment, rpcUrls: [devnet.rpcUrl], retryCount: 0 })
  account = devnet.accounts.demo.address
  untouched = await readSnapshot(client, { deployment: localDeployment, account })
  knownPools = untouched.pools.map(composeKnownPool)
})
afterAll(() => devnet?.stop())
beforeEach(async () => {
  clean = await devnet.client.snapshot()
})
afterEach(async () => {
  await devnet.client.revert({ id: clean })
})

const selectors = {
  balanceOf: '0x70a08231',
  decimals: '0x313ce567',
  totalSupply: '0x18160ddd',
  allowance: '0xdd62ed3e',
} as const

/** A token that answers everything as it should, but for what is told. */
function tokenCode(answers: Partial<Record<keyof typeof selectors, bigint>> = {}): Hex {
  const all = { balanceOf: 5n, decimals: 18n, totalSupply: 9n, allowance: 0n, ...answers }
  return answeringCode(
    Object.fromEntries(Object.entries(all).map(([name, word]) => [selectors[name as keyof typeof selectors], [word]])),
  )
}

const settings = { bandBps: toBps(100), slippageBps: toBps(50), stableSlippageBps: toBps(10), nativeReserve: 0n }
const wholeRange = 2n ** 256n - 1n
/** Returns 1.5 megabytes for less than 5 million gas, so that only their number stands in the way. */
const cheapFlood: Hex = '0x6216e3605ff3'

const misdeeds = [
  ['reverts', revertingCode],
  ['loops', gasBurningCode],
  ['returns two megabytes', floodingCode],
  ['returns as much as its gas allows', cheapFlood],
  ['says that you hold 2^256-1', tokenCode({ balanceOf: wholeRange })],
  ['returns 16 bytes', '0x60105ff3'],
  ['is no contract', '0x'],
] as const

function tokensOf(snapshot: Snapshot): readonly TokenReading[] {
  return snapshot.assets.flatMap(({ tokens }) => tokens)
}

function tokenOf(snapshot: Snapshot, symbol: string): TokenReading {
  const found = tokensOf(snapshot).find(({ token }) => token.symbol === symbol)
  if (found === undefined) throw new Error(`no ${symbol}`)
  return found
}

const link: Address = '0x514910771AF9Ca656af840dff83E8264EcF986CA'

/** Tokens that nobody seeded, each an asset of its own. */
function composeStrangers(count: number): readonly Asset[] {
  return Array.from({ length: count }, (_, index) => {
    const address = pad(numberToHex(0xbad0000 + index), { size: 20 })
    const symbol = `BAD${index}`
    const token = { address, symbol, name: symbol, decimals: 18, resetsAllowance: false }
    return { id: symbol, name: symbol, decimals: 18, isStable: false, tokens: [token], poolToken: token }
  })
}

describe('F-45: tokens that would blind the reader', () => {
  test.each(misdeeds)('behaviour: one that %s is unreadable; all others are read', async (_, bytecode) => {
    await devnet.client.setCode({ address: link, bytecode })
    const snapshot = await readSnapshot(client, { deployment: localDeployment, account })
    const spoilt = tokenOf(snapshot, 'LINK')
    for (const reading of [
      spoilt.balance,
      spoilt.routerAllowance,
      spoilt.permit2Allowance,
      spoilt.universalRouterGrant,
    ]) {
      expect(reading.status).toBe('unreadable')
    }
    const others = (of: Snapshot) => tokensOf(of).filter(({ token }) => token.symbol !== 'LINK')
    expect(others(snapshot)).toEqual(others(untouched))
    expect(snapshot.pools).toHaveLength(untouched.pools.length)
  })

  test.each(misdeeds)('behaviour: twenty that %s; all others are read', async (_, bytecode) => {
    const strangers = composeStrangers(20)
    for (const { poolToken } of strangers) await devnet.client.setCode({ address: poolToken.address, bytecode })
    const deployment: Deployment = { ...localDeployment, assets: [...strangers, ...localDeployment.assets] }
    const { snapshot } = await readMarket(client, { deployment, account, knownPools })
    const readings = tokensOf(snapshot)
    for (const { balance } of readings.slice(0, 20)) expect(balance.status).toBe('unreadable')
    expect(readings.slice(20)).toEqual(tokensOf(untouched))
    expect(snapshot.pools).toEqual(untouched.pools)
  })

  test('behaviour: twenty of every kind at once', async () => {
    const strangers = composeStrangers(20)
    for (const [index, { poolToken }] of strangers.entries()) {
      const [, bytecode] = misdeeds[index % misdeeds.length] ?? misdeeds[0]
      await devnet.client.setCode({ address: poolToken.address, bytecode })
    }
    const deployment: Deployment = { ...localDeployment, assets: [...localDeployment.assets, ...strangers] }
    const { snapshot } = await readMarket(client, { deployment, account, knownPools })
    expect(tokensOf(snapshot).slice(0, -20)).toEqual(tokensOf(untouched))
    expect(
      tokensOf(snapshot)
        .slice(-20)
        .map(({ balance }) => balance.status),
    ).toEqual(Array(20).fill('unreadable'))
  })

  test('behaviour: no answer of a node grows with what a token returns', async () => {
    const strangers = composeStrangers(20)
    for (const { poolToken } of strangers)
      await devnet.client.setCode({ address: poolToken.address, bytecode: cheapFlood })
    const deployment: Deployment = { ...localDeployment, assets: [...localDeployment.assets, ...strangers] }
    const sizes: number[] = []
    const request = (async (args: RpcCall) => {
      const answer: unknown = await client.request(args as never)
      sizes.push(JSON.stringify(answer).length)
      return answer
    }) as RpcReader['request']
    await readMarket({ request }, { deployment, account, knownPools })
    expect(sizes.length).toBeGreaterThan(20)
    expect(Math.max(...sizes)).toBeLessThan(200_000)
  })

  test('behaviour: a token that costs more gas than most is read all the same', async () => {
    // Turns 12,000 rounds of 26 gas, then answers as LINK would with 5 of 9.
    const body = tokenCode().slice(2)
    const spend = '612ee05b6001900380600357'
    const places = body.replace(
      /61([0-9a-f]{4})57/g,
      (_, place: string) => `61${(Number.parseInt(place, 16) + spend.length / 2 + 1).toString(16).padStart(4, '0')}57`,
    )
    await devnet.client.setCode({ address: link, bytecode: `0x${spend}50${places}` })
    const snapshot = await readSnapshot(client, { deployment: localDeployment, account })
    expect(tokenOf(snapshot, 'LINK').balance).toEqual({ status: 'known', amount: 5n })
  })

  test('behaviour: a balance above what there is of a token is a lie', async () => {
    await devnet.client.setCode({ address: link, bytecode: tokenCode({ balanceOf: 10n, totalSupply: 9n }) })
    const { balance } = tokenOf(await readSnapshot(client, { deployment: localDeployment, account }), 'LINK')
    expect(balance).toMatchObject({ status: 'unreadable', reason: expect.stringContaining('lies') })
    await devnet.client.setCode({ address: link, bytecode: tokenCode({ balanceOf: 9n, totalSupply: 9n }) })
    const all = tokenOf(await readSnapshot(client, { deployment: localDeployment, account }), 'LINK')
    expect(all.balance).toEqual({ status: 'known', amount: 9n })
  })

  test('error: RpcResponseError: not a single token can be read', async () => {
    for (const { token } of tokensOf(untouched)) {
      if (token.address !== nativeAddress)
        await devnet.client.setCode({ address: token.address, bytecode: revertingCode })
    }
    const reading = readSnapshot(client, { deployment: localDeployment, account })
    await expect(reading).rejects.toBeInstanceOf(RpcResponseError)
  })

  test('behaviour: a node that runs no creation code reads every call by itself, and the same', async () => {
    const request = (async (args: RpcCall) => {
      const { method, params } = args as { method: string; params: readonly { to?: string }[] }
      if (method === 'eth_call' && params[0]?.to === undefined) {
        throw Object.assign(new Error('to is required'), { code: -32_602 })
      }
      return client.request(args as never)
    }) as RpcReader['request']
    expect(await readSnapshot({ request }, { deployment: localDeployment, account })).toEqual(untouched)
  })
})

describe('F-38: something could not be read', () => {
  test('behaviour: one of all balances: the total is at least what is known', async () => {
    await devnet.client.setCode({ address: link, bytecode: revertingCode })
    const snapshot = await readSnapshot(client, { deployment: localDeployment, account })
    const [whole, part] = [untouched, snapshot].map((of) => measurePortfolio(of, undefined, settings))
    if (whole?.status !== 'funded' || part?.status !== 'funded') throw new Error('nothing is held')
    expect(part.isPartial).toBe(true)
    expect(part.totalUsd).toBeLessThan(whole.totalUsd)
  })
})

describe('F-41, F-42: decimals', () => {
  test('behaviour: decimals that change while the page is open disable the token', async () => {
    const before = tokenOf(await readSnapshot(client, { deployment: localDeployment, account }), 'LINK')
    expect(before.balance.status).toBe('known')
    await devnet.client.setCode({ address: link, bytecode: tokenCode({ decimals: 6n }) })
    const after = tokenOf(
      await readSnapshot(client, { deployment: localDeployment, account, previous: untouched }),
      'LINK',
    )
    expect(after.balance).toEqual({ status: 'unreadable', reason: 'the contract says 6 decimals, the list says 18' })
  })

  test.each([0n, 2n, 24n, 36n, 255n, 256n, wholeRange])(
    'behaviour: %s decimals are not those of the list',
    async (decimals) => {
      await devnet.client.setCode({ address: link, bytecode: tokenCode({ decimals }) })
      const { balance } = tokenOf(await readSnapshot(client, { deployment: localDeployment, account }), 'LINK')
      expect(balance).toEqual({
        status: 'unreadable',
        reason: `the contract says ${decimals} decimals, the list says 18`,
      })
    },
  )

  test.each([0, 2, 24, 36])('behaviour: a listed token of %d decimals is valued exactly', async (decimals) => {
    const amount = 7n * 10n ** BigInt(decimals)
    const code = tokenCode({ balanceOf: amount, totalSupply: amount, decimals: BigInt(decimals) })
    await devnet.client.setCode({ address: link, bytecode: code })
    const assets = localDeployment.assets.map((asset): Asset => {
      const token = { ...asset.poolToken, decimals }
      return asset.id === 'LINK' ? { ...asset, decimals, tokens: [token], poolToken: token } : asset
    })
    const snapshot = await readSnapshot(client, { deployment: { ...localDeployment, assets }, account })
    const portfolio = measurePortfolio(snapshot, undefined, settings)
    if (portfolio.status !== 'funded') throw new Error('nothing is held')
    const price = snapshot.assets.find(({ asset }) => asset.id === 'LINK')?.price
    const position = portfolio.positions.find(({ assetId }) => assetId === 'LINK')
    expect(position?.valueUsd).toBe(price?.status === 'fresh' ? 7n * price.usd : undefined)
  })
})

describe('F-46: Multicall3', () => {
  test.each([
    ['missing', '0x'],
    ['reverting', revertingCode],
    ['burning gas', gasBurningCode],
    ['answering nonsense', answeringCode({ '0x82ad56cb': [1n, 2n, 3n] })],
  ] as const)('behaviour: %s: every call by itself, and the same is read', async (_, bytecode) => {
    await devnet.client.setCode({ address: localDeployment.contracts.multicall3, bytecode })
    const again = { deployment: localDeployment, account, knownPools }
    expect((await readMarket(client, again)).snapshot).toEqual(untouched)
  })

  test('behaviour: missing on the very first visit, when pools are looked for everywhere', async () => {
    await devnet.client.setCode({ address: localDeployment.contracts.multicall3, bytecode: '0x' })
    expect(await readSnapshot(client, { deployment: localDeployment, account })).toEqual(untouched)
  })

  test('behaviour: without it, too, all is read at one block', async () => {
    await devnet.client.setCode({ address: localDeployment.contracts.multicall3, bytecode: '0x' })
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [account, 1n] })
    let count = 0
    const request = (async (args: RpcCall) => {
      count += 1
      if (count === 25) await devnet.client.sendTransactionSync({ account, to: link, data })
      return client.request(args as never)
    }) as RpcReader['request']
    const { snapshot } = await readMarket({ request }, { deployment: localDeployment, account, knownPools })
    const pinned = await readMarket(client, { deployment: localDeployment, account, knownPools, at: snapshot.block })
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBeGreaterThan(snapshot.block.number)
    expect(snapshot).toEqual(pinned.snapshot)
  })
})
