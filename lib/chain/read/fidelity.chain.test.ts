import { encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { swapRouter02Abi, v3PoolAbi, v4PoolManagerAbi } from '@/devnet/abis'
import { makerAccount } from '@/devnet/accounts'
import { encodeV4Swaps, type V4Swap } from '@/devnet/market/v4Swaps'
import { seededRandom } from '@/devnet/seededRandom'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { sendTransactions } from '@/devnet/transactions'
import { encodeV4Mints } from '@/devnet/v4Positions'
import { singletonFeePips } from '@/lib/core/amm/singletonSwap'
import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import { maxTick, sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import { type AssetId, nativeAddress } from '@/lib/core/asset'
import type { Pool, SingletonPool, Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { deepenMarket, seededOf } from '@/lib/testing/fidelity/deepenMarket'
import { countTrials, drawTrials, judgeTrial, quoteTrials, type SwapTrial } from '@/lib/testing/fidelity/swapTrials'
import { type ChainClient, createChainClient } from '../client'
import { localDeployment } from '../deployments/local'
import { listPoolCandidates } from './poolCandidates'
import { isConcentrated } from './poolReads'
import { readSnapshot } from './readSnapshot'

const { contracts } = localDeployment
const random = seededRandom(20_260_101)

let devnet: Devnet
let client: ChainClient
let snapshot: Snapshot

const read = () => readSnapshot(client, { deployment: localDeployment, account: makerAccount.address })
const poolsOf = (kind: Pool['kind']) => snapshot.pools.filter((pool) => pool.kind === kind)

async function quote(pools: readonly Pool[], count: number) {
  const trials = pools.flatMap((pool) => drawTrials(pool, { count, random }))
  return quoteTrials(client, { trials, blockHash: snapshot.block.hash })
}

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment: localDeployment, rpcUrls: [devnet.rpcUrl] })
  await deepenMarket(devnet, { pools: (await read()).pools, random })
  snapshot = await read()
})
afterAll(async () => devnet.stop())

test.each([
  ['a v3 pool equals QuoterV2', 'concentrated', 64, { compared: 1_000, crossing: 500, crossingMany: 100 }],
  ['a v4 pool equals V4Quoter', 'singleton', 150, { compared: 900, crossing: 400, crossingMany: 100 }],
  ['a v2 pair equals the router', 'constantProduct', 120, { compared: 1_000, crossing: 0, crossingMany: 0 }],
] as const)('behaviour: a swap in %s to the wei', async (_, kind, count, least) => {
  const quoted = await quote(poolsOf(kind), count)
  for (const one of quoted) {
    const { trial } = one
    const told = `${trial.pool.assetIds.join('/')} ${trial.pool.feePips}: ${trial.amountIn} of ${trial.tokenIn}`
    expect(judgeTrial(one), told).not.toMatchObject({ kind: 'wrong' })
  }
  const counts = countTrials(quoted)
  expect(counts).toMatchObject({ worst: 0n, wrong: 0 })
  expect(counts.compared).toBeGreaterThanOrEqual(least.compared)
  expect(counts.crossing).toBeGreaterThanOrEqual(least.crossing)
  expect(counts.crossingMany).toBeGreaterThanOrEqual(least.crossingMany)
})

test('behaviour: v4 pools of ether as such, and with fees of the protocol both ways, are among them', () => {
  const singletons = snapshot.pools.filter((pool) => pool.kind === 'singleton')
  expect(singletons.filter(({ token0 }) => token0 === nativeAddress).length).toBeGreaterThanOrEqual(2)
  expect(singletons.filter(({ token0 }) => token0 !== nativeAddress).length).toBeGreaterThanOrEqual(2)
  const taxed = singletons.filter(({ protocolFeePips: [down, up] }) => down > 0 && up > 0)
  expect(taxed.length).toBeGreaterThanOrEqual(2)
  for (const pool of taxed) expect(singletonFeePips(pool, true)).toBeGreaterThan(pool.feePips)
})

test("behaviour: the protocol's part of a v3 fee does not change what is paid", async () => {
  const pool = poolsOf('concentrated')[1]
  if (pool === undefined) throw new Error('no pool')
  const trials = drawTrials(pool, { count: 80, random })
  const feeProtocolOf = async () => {
    const [, , , , , feeProtocol] = await client.readContract({
      address: pool.id,
      abi: v3PoolAbi,
      functionName: 'slot0',
    })
    return feeProtocol
  }
  const setAndQuote = async (part: number) => {
    const data = encodeFunctionData({ abi: v3PoolAbi, functionName: 'setFeeProtocol', args: [part, part] })
    await sendTransactions(devnet.rpcUrl, { from: makerAccount.address, transactions: [{ to: pool.id, data }] })
    expect(await feeProtocolOf()).toBe(part * 16 + part)
    const { hash } = await client.getBlock()
    return quoteTrials(client, { trials, blockHash: hash })
  }
  const without = await setAndQuote(0)
  expect(countTrials(without)).toMatchObject({ worst: 0n, wrong: 0 })
  expect(await setAndQuote(4)).toEqual(without)
  expect(await setAndQuote(10)).toEqual(without)
})

test('behaviour: pools after executed swaps are what the replay says they are', async () => {
  snapshot = await read()
  const swaps: Hex[] = []
  const v4Swaps: V4Swap[] = []
  const expected = new Map<Hex, Pool>()
  const received = new Map<Address, bigint>()
  for (const pool of snapshot.pools) {
    for (const trial of drawTrials(pool, { count: 8, random })) {
      const { tokenIn, tokenOut } = trial
      const amountIn = trial.amountIn / 12n + 1n
      const outcome = swapExactIn({ pool: expected.get(pool.id) ?? pool, tokenIn, amountIn })
      if (outcome.status !== 'swapped' || outcome.amountOut === 0n) continue
      expected.set(pool.id, outcome.pool)
      received.set(tokenIn, (received.get(tokenIn) ?? 0n) - amountIn)
      received.set(tokenOut, (received.get(tokenOut) ?? 0n) + outcome.amountOut)
      const recipient = makerAccount.address
      const params = { tokenIn, tokenOut, fee: pool.feePips, recipient, amountIn, sqrtPriceLimitX96: 0n }
      const seeded = seededOf(pool.id)
      if (seeded.version === 'v4') {
        v4Swaps.push({ key: seeded.key, zeroForOne: tokenIn === pool.token0, amountIn })
      } else if (isConcentrated(pool)) {
        const args = [{ ...params, amountOutMinimum: outcome.amountOut }] as const
        swaps.push(encodeFunctionData({ abi: swapRouter02Abi, functionName: 'exactInputSingle', args }))
      } else {
        const args = [amountIn, outcome.amountOut, [tokenIn, tokenOut], recipient] as const
        swaps.push(encodeFunctionData({ abi: swapRouter02Abi, functionName: 'swapExactTokensForTokens', args }))
      }
    }
  }
  const balancesOf = (at: Snapshot) =>
    new Map(at.assets.flatMap(({ tokens }) => tokens.map(({ token, balance }) => [token.address, balance] as const)))
  const before = balancesOf(snapshot)
  const data = encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [swaps] })
  await sendTransactions(devnet.rpcUrl, {
    from: makerAccount.address,
    transactions: [
      { to: contracts.swapRouter02, data, gas: 59_000_000n },
      encodeV4Swaps(v4Swaps, makerAccount.address),
    ],
  })
  const after = await read()
  expect(swaps.length).toBeGreaterThanOrEqual(200)
  expect(v4Swaps.length).toBeGreaterThanOrEqual(40)
  for (const pool of after.pools) {
    const replayed = expected.get(pool.id) ?? pool
    if (pool.kind === 'constantProduct' || replayed.kind === 'constantProduct') {
      expect(pool).toEqual(replayed)
    } else {
      const { sqrtPriceX96, tick, liquidity } = replayed
      expect(pool).toMatchObject({ sqrtPriceX96, tick, liquidity })
    }
  }
  // Gas is paid in the native coin: of that the pools alone tell.
  for (const [token, change] of received) {
    if (token === nativeAddress) continue
    const [held, now] = [before.get(token), balancesOf(after).get(token)]
    expect(held?.status === 'known' && now?.status === 'known' && now.amount - held.amount).toBe(change)
  }
})

/** A v4 pool of which every tick is known, with gaps or at the end of all prices. */
type OddPool = {
  readonly tokens: readonly [AssetId, AssetId]
  readonly tier: { readonly fee: number; readonly tickSpacing: number }
  readonly tick: number
  readonly protocolFeePips: readonly [number, number]
  readonly positions: readonly { readonly tickLower: number; readonly tickUpper: number; readonly liquidity: bigint }[]
}

const lastTick = (tickSpacing: number) => Math.floor(maxTick / tickSpacing) * tickSpacing
const thick = { fee: 10_000, tickSpacing: 200 }
const thin = { fee: 100, tickSpacing: 1 }
const oddPools: readonly OddPool[] = [
  {
    ...{ tokens: ['DAI', 'LINK'], tier: thick, tick: 17, protocolFeePips: [1_000, 0] },
    positions: [
      { tickLower: -200_000, tickUpper: -60_000, liquidity: 10n ** 20n },
      { tickLower: -4_000, tickUpper: -2_000, liquidity: 10n ** 21n },
      { tickLower: -200, tickUpper: 200, liquidity: 10n ** 22n },
      { tickLower: 3_000, tickUpper: 6_000, liquidity: 7n },
      { tickLower: 90_000, tickUpper: 140_000, liquidity: 10n ** 18n },
    ],
  },
  {
    ...{ tokens: ['AAVE', 'LINK'], tier: thick, tick: 700_000, protocolFeePips: [0, 1_000] },
    positions: [{ tickLower: -lastTick(200), tickUpper: lastTick(200), liquidity: 10n ** 8n }],
  },
  {
    ...{ tokens: ['AAVE', 'DAI'], tier: thick, tick: -700_000, protocolFeePips: [1, 999] },
    positions: [
      { tickLower: -lastTick(200), tickUpper: -600_000, liquidity: 10n ** 9n },
      { tickLower: -700_200, tickUpper: lastTick(200), liquidity: 12_345n },
    ],
  },
  {
    ...{ tokens: ['AAVE', 'LINK'], tier: thin, tick: 0, protocolFeePips: [33, 77] },
    positions: [
      { tickLower: -1, tickUpper: 1, liquidity: 10n ** 25n },
      { tickLower: 1, tickUpper: 2, liquidity: 1n },
      { tickLower: -70_000, tickUpper: 70_000, liquidity: 10n ** 15n },
    ],
  },
]

function toOddPool({ tokens, tier, tick, protocolFeePips, positions }: OddPool) {
  const { fee: feePips, tickSpacing } = tier
  const place = listPoolCandidates(localDeployment, tokens).find(
    ({ kind, assetIds, ...of }) =>
      kind === 'singleton' && of.feePips === feePips && tokens.every((id) => assetIds.includes(id)),
  )
  if (place?.kind !== 'singleton') throw new Error('no such place')
  const nets = new Map<number, bigint>()
  for (const { tickLower, tickUpper, liquidity } of positions) {
    nets.set(tickLower, (nets.get(tickLower) ?? 0n) + liquidity)
    nets.set(tickUpper, (nets.get(tickUpper) ?? 0n) - liquidity)
  }
  const pool: SingletonPool = {
    ...place,
    protocolFeePips,
    tick,
    sqrtPriceX96: sqrtPriceAtTick(tick),
    liquidity: positions
      .filter(({ tickLower, tickUpper }) => tickLower <= tick && tick < tickUpper)
      .reduce((sum, { liquidity }) => sum + liquidity, 0n),
    ticks: [...nets].map(([index, liquidityNet]) => ({ index, liquidityNet })).sort((a, b) => a.index - b.index),
    knownTicks: { lower: -lastTick(tickSpacing), upper: lastTick(tickSpacing) },
  }
  const key = { currency0: pool.token0, currency1: pool.token1, fee: feePips, tickSpacing, hooks: zeroAddress }
  return { pool, key, positions }
}

test('behaviour: gaps without liquidity, the ends of all prices and pools that run dry, as V4Quoter sees them', async () => {
  const odd = oddPools.map(toOddPool)
  const mints = odd.flatMap(({ key, positions }) => positions.map((position) => ({ key, ...position })))
  const opened = odd.map(({ key, pool }) => ({ key, sqrtPriceX96: pool.sqrtPriceX96 }))
  const setFee = ({ key, pool }: (typeof odd)[number]) => {
    const [sold0, sold1] = pool.protocolFeePips
    const args = [key, sold1 * 4096 + sold0] as const
    const data = encodeFunctionData({ abi: v4PoolManagerAbi, functionName: 'setProtocolFee', args })
    return { to: contracts.v4PoolManager, data }
  }
  await sendTransactions(devnet.rpcUrl, {
    from: makerAccount.address,
    transactions: [encodeV4Mints(mints, { owner: makerAccount.address, value: 0n, opened }), ...odd.map(setFee)],
  })
  const { hash } = await client.getBlock()
  const seen = await read()
  for (const { pool, key } of odd) {
    const found = seen.pools.find(({ id }) => id === pool.id)
    const { sqrtPriceX96, tick, liquidity, protocolFeePips } = pool
    expect(found).toMatchObject({ sqrtPriceX96, tick, liquidity, protocolFeePips })
    const trials = Array.from({ length: 240 }, (_, index): SwapTrial => {
      const amountIn = BigInt(Math.ceil(10 ** (random() * 15))) * 10n ** BigInt(Math.floor(random() * 24))
      const [tokenIn, tokenOut] = index % 2 === 0 ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
      return { pool, tokenIn, tokenOut, amountIn, key }
    })
    const quoted = await quoteTrials(client, { trials, blockHash: hash })
    for (const { trial, quotedOut, outcome } of quoted) {
      const told = `${pool.assetIds.join('/')}: ${trial.amountIn} of ${trial.tokenIn}`
      expect(outcome.status === 'swapped' ? outcome.amountOut : undefined, told).toBe(quotedOut)
    }
    expect(quoted.filter(({ quotedOut }) => quotedOut !== undefined).length).toBeGreaterThanOrEqual(60)
    expect(quoted.filter(({ quotedOut }) => quotedOut === undefined).length).toBeGreaterThanOrEqual(20)
  }
})
