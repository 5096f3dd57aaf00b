import { encodeFunctionData, type Hex, maxUint256, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { positionManagerAbi, swapRouter02Abi } from '@/devnet/abis'
import { makerAccount } from '@/devnet/accounts'
import { devnetContracts } from '@/devnet/addresses'
import { localAsset, type SeededPool } from '@/devnet/pools'
import { amountWorth, startPrice } from '@/devnet/prices'
import { seededRandom } from '@/devnet/seededRandom'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { type DevnetTransaction, sendTransactions } from '@/devnet/transactions'
import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import { sqrtPriceAtTick } from '@/lib/core/amm/tickMath'
import type { ConcentratedPool, ConstantProductPool, Pool, Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { quoterV2Abi } from '../abis'
import { type ChainClient, createChainClient } from '../client'
import { localDeployment } from '../deployments/local'
import { type ContractRead, decodeAggregate3, encodeAggregate3, type ReadResult } from './aggregate3'
import { isConcentrated } from './poolReads'
import { readSnapshot } from './readSnapshot'
import { wordAt } from './words'

const { contracts } = localDeployment
const routerAbi = parseAbi([
  'function getAmountsOut(uint256 amountIn, address[] path) view returns (uint256[] amounts)',
])
const positionsPerPool = 24
const quotesPerCall = 40
const ampleGas: Hex = '0x59682f00'
const random = seededRandom(20_260_101)

let devnet: Devnet
let client: ChainClient
let snapshot: Snapshot

const read = () => readSnapshot(client, { deployment: localDeployment, account: makerAccount.address })

function seededOf(address: Address): SeededPool {
  const found = devnet.pools.find((pool) => pool.address === address)
  if (found === undefined) throw new Error(`no seeded pool at ${address}`)
  return found
}

function unitsWorth(usd: number, assetId: string): bigint {
  const units = amountWorth(Math.ceil(usd * 1e6), startPrice(assetId), localAsset(assetId).decimals) / 1_000_000n
  return units > 0n ? units : 1n
}

/** Positions of random width around the price, most of them beside it, so that a swap crosses many ticks. */
function mintAround(pool: ConcentratedPool): DevnetTransaction {
  const { feePips: fee, tick, tickSpacing, token0, token1 } = pool
  const { depthUsd, asset0, asset1 } = seededOf(pool.address)
  const spaced = (of: number) => Math.floor(of / tickSpacing) * tickSpacing
  const mints = Array.from({ length: positionsPerPool }, () => {
    const tickLower = spaced(tick + (random() * 2 - 1) * 2_500)
    const tickUpper = tickLower + tickSpacing * (1 + Math.floor((random() * 900) / tickSpacing))
    const usd = (depthUsd / 60) * (0.1 + random())
    const params = {
      token0,
      token1,
      fee,
      tickLower,
      tickUpper,
      amount0Desired: unitsWorth(usd, asset0.id),
      amount1Desired: unitsWorth(usd, asset1.id),
      amount0Min: 0n,
      amount1Min: 0n,
      recipient: makerAccount.address,
      deadline: maxUint256,
    }
    return encodeFunctionData({ abi: positionManagerAbi, functionName: 'mint', args: [params] })
  })
  const data = encodeFunctionData({ abi: positionManagerAbi, functionName: 'multicall', args: [mints] })
  return { to: devnetContracts.positionManager, data, gas: 30_000_000n }
}

type Trial = { readonly pool: Pool; readonly tokenIn: Address; readonly tokenOut: Address; readonly amountIn: bigint }

/** Amounts spread evenly over the orders of magnitude from a billionth of the pool to more than it holds. */
function drawTrials(pool: Pool, count: number): readonly Trial[] {
  const { depthUsd, asset0, asset1 } = seededOf(pool.address)
  return Array.from({ length: count }, (_, index) => {
    const isZeroForOne = index % 2 === 0
    const usd = depthUsd * 10 ** (random() < 0.3 ? -9 * random() : -2 * random())
    return {
      pool,
      tokenIn: isZeroForOne ? pool.token0 : pool.token1,
      tokenOut: isZeroForOne ? pool.token1 : pool.token0,
      amountIn: unitsWorth(usd, isZeroForOne ? asset0.id : asset1.id),
    }
  })
}

async function readAll(reads: readonly ContractRead[]): Promise<readonly ReadResult[]> {
  const results: ReadResult[] = []
  for (let start = 0; start < reads.length; start += quotesPerCall) {
    const group = reads.slice(start, start + quotesPerCall)
    const call = { to: contracts.multicall3, data: encodeAggregate3(group), gas: ampleGas }
    const answer = await client.request({ method: 'eth_call', params: [call, { blockHash: snapshot.block.hash }] })
    results.push(...decodeAggregate3(answer, group.length))
  }
  return results
}

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment: localDeployment, rpcUrls: [devnet.rpcUrl] })
  const transactions = (await read()).pools.filter(isConcentrated).map(mintAround)
  for (const transaction of transactions) {
    await sendTransactions(devnet.rpcUrl, { from: makerAccount.address, transactions: [transaction] })
  }
  snapshot = await read()
})
afterAll(async () => devnet.stop())

test('behaviour: a swap in a v3 pool equals QuoterV2 to the wei', async () => {
  const trials = snapshot.pools.filter(isConcentrated).flatMap((pool) => drawTrials(pool, 64))
  const quotes = await readAll(
    trials.map(({ pool, tokenIn, tokenOut, amountIn }) => {
      const params = { tokenIn, tokenOut, amountIn, fee: pool.feePips, sqrtPriceLimitX96: 0n }
      const data = encodeFunctionData({ abi: quoterV2Abi, functionName: 'quoteExactInputSingle', args: [params] })
      return { target: contracts.quoterV2, data }
    }),
  )
  const counts = { equal: 0, crossing: 0, crossingMany: 0, refused: 0 }
  trials.forEach((trial, index) => {
    const quote = quotes[index]
    const outcome = swapExactIn(trial)
    const pool = trial.pool as ConcentratedPool
    const told = `${pool.assetIds.join('/')} ${pool.feePips}: ${trial.amountIn} of ${trial.tokenIn}`
    if (outcome.status !== 'swapped') {
      // Refused only where the deployed pool would leave the window, or run dry.
      counts.refused += 1
      const priceAfter = wordAt(quote?.data ?? '0x', 1) ?? 0n
      const { lower, upper } = pool.knownTicks
      const isInside = priceAfter > sqrtPriceAtTick(lower) && priceAfter < sqrtPriceAtTick(upper)
      expect(isInside && quote?.success === true && outcome.status === 'outOfKnownTicks', told).toBe(false)
      return
    }
    expect(quote?.success, told).toBe(true)
    expect(outcome.amountOut, told).toBe(wordAt(quote?.data ?? '0x', 0))
    expect((outcome.pool as ConcentratedPool).sqrtPriceX96, told).toBe(wordAt(quote?.data ?? '0x', 1))
    counts.equal += 1
    if (outcome.ticksCrossed > 0) counts.crossing += 1
    if (outcome.ticksCrossed > 5) counts.crossingMany += 1
  })
  expect(counts.equal).toBeGreaterThanOrEqual(1_000)
  expect(counts.crossing).toBeGreaterThanOrEqual(500)
  expect(counts.crossingMany).toBeGreaterThanOrEqual(100)
})

test('behaviour: a swap in a v2 pair equals the router to the wei', async () => {
  const pairs = snapshot.pools.filter((pool): pool is ConstantProductPool => !isConcentrated(pool))
  const trials = pairs.flatMap((pool) => drawTrials(pool, 120))
  const quotes = await readAll(
    trials.map(({ tokenIn, tokenOut, amountIn }) => ({
      target: devnetContracts.uniswapV2Router02,
      data: encodeFunctionData({
        abi: routerAbi,
        functionName: 'getAmountsOut',
        args: [amountIn, [tokenIn, tokenOut]],
      }),
    })),
  )
  let equal = 0
  trials.forEach((trial, index) => {
    const outcome = swapExactIn(trial)
    // The answer is the offset, the length 2, the amount in and the amount out.
    const amountOut = quotes[index]?.success === true ? wordAt(quotes[index].data, 3) : undefined
    if (outcome.status === 'swapped') {
      expect(outcome.amountOut).toBe(amountOut)
      equal += 1
    } else {
      expect(amountOut ?? 0n).toBe(0n)
    }
  })
  expect(equal).toBeGreaterThanOrEqual(1_000)
})

test('behaviour: pools after executed swaps are what the replay says they are', async () => {
  const swaps: Hex[] = []
  const expected = new Map<Address, Pool>()
  const received = new Map<Address, bigint>()
  for (const pool of snapshot.pools) {
    for (const trial of drawTrials(pool, 8)) {
      const { tokenIn, tokenOut } = trial
      const amountIn = trial.amountIn / 12n + 1n
      const outcome = swapExactIn({ pool: expected.get(pool.address) ?? pool, tokenIn, amountIn })
      if (outcome.status !== 'swapped' || outcome.amountOut === 0n) continue
      expected.set(pool.address, outcome.pool)
      received.set(tokenIn, (received.get(tokenIn) ?? 0n) - amountIn)
      received.set(tokenOut, (received.get(tokenOut) ?? 0n) + outcome.amountOut)
      const recipient = makerAccount.address
      const params = { tokenIn, tokenOut, fee: pool.feePips, recipient, amountIn, sqrtPriceLimitX96: 0n }
      swaps.push(
        isConcentrated(pool)
          ? encodeFunctionData({
              abi: swapRouter02Abi,
              functionName: 'exactInputSingle',
              args: [{ ...params, amountOutMinimum: outcome.amountOut }],
            })
          : encodeFunctionData({
              abi: swapRouter02Abi,
              functionName: 'swapExactTokensForTokens',
              args: [amountIn, outcome.amountOut, [tokenIn, tokenOut], recipient],
            }),
      )
    }
  }
  const balancesOf = (at: Snapshot) =>
    new Map(at.assets.flatMap(({ tokens }) => tokens.map(({ token, balance }) => [token.address, balance] as const)))
  const before = balancesOf(snapshot)
  const data = encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [swaps] })
  await sendTransactions(devnet.rpcUrl, {
    from: makerAccount.address,
    transactions: [{ to: contracts.swapRouter02, data, gas: 59_000_000n }],
  })
  const after = await read()
  expect(swaps.length).toBeGreaterThanOrEqual(200)
  for (const pool of after.pools) {
    const replayed = expected.get(pool.address) ?? pool
    if (isConcentrated(pool)) {
      const { sqrtPriceX96, tick, liquidity } = replayed as ConcentratedPool
      expect(pool).toMatchObject({ sqrtPriceX96, tick, liquidity })
    } else {
      expect(pool).toEqual(replayed)
    }
  }
  for (const [token, change] of received) {
    const [held, now] = [before.get(token), balancesOf(after).get(token)]
    expect(held?.status === 'known' && now?.status === 'known' && now.amount - held.amount).toBe(change)
  }
})
