import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { normal, seededRandom } from '@/devnet/seededRandom'
import { type ConcentratedPool, type RoutingProblem, toRoutingProblem } from '@/lib/core/routing/problem'
import type { RoutingSolution } from '@/lib/core/routing/solution'
import { solveRouting } from '@/lib/core/routing/solveRouting'
import { verifyRoutingSolution } from '@/lib/core/routing/verify'
import { StopLine } from '../scripts/stopLine.mjs'
import { type Comparison, compareCosts, describeComparisons, listDear, listLosses, toRatio } from './compareCosts'
import {
  type BenchReport,
  type Measurement,
  measureAtMost,
  measureOnly,
  quantile,
  writeMs,
  writeRatio,
} from './measurement'

const folderVariable = 'BALLAST_REAL_POOLS'
const filePattern = /_tycho\.json$/
const symbols = ['WETH', 'USDC', 'WBTC', 'USDT', 'LINK', 'cbBTC']
const unitOfAccount = 'USDC'
const portfolios = 20
const sizesUsd = [1e5, 1e6, 1e7]
const gasCosts = [0, 0.24, 4.8]

type PoolFile = {
  readonly token0: { readonly symbol: string; readonly decimals: number }
  readonly token1: { readonly symbol: string; readonly decimals: number }
  /** Hundredths of a basis point. */
  readonly fee: number
  readonly sqrtPriceX96: string
  readonly ticks: readonly { readonly index: number; readonly liquidityNet: string }[]
}

function toPool(id: string, { token0, token1, fee, sqrtPriceX96, ticks }: PoolFile): ConcentratedPool {
  // sqrt(token1/token0) in whole tokens
  const priceScale = 10 ** ((token0.decimals - token1.decimals) / 2)
  const liquidityScale = 10 ** ((token0.decimals + token1.decimals) / 2)
  const sqrtAt = (tick: number) => 1.0001 ** (tick / 2) * priceScale
  let liquidity = 0n
  const ranges = ticks.slice(0, -1).map(({ index, liquidityNet }, at) => {
    liquidity += BigInt(liquidityNet)
    return {
      lower: sqrtAt(index),
      upper: sqrtAt(ticks[at + 1]?.index ?? index),
      liquidity: Number(liquidity) / liquidityScale,
    }
  })
  return {
    id,
    kind: 'concentrated',
    tokens: [token0.symbol, token1.symbol],
    fee: fee / 1e6,
    gasCost: 0,
    sqrtPrice: (Number(sqrtPriceX96) / 2 ** 96) * priceScale,
    ranges,
  }
}

async function readPools(folder: string): Promise<readonly ConcentratedPool[]> {
  const names = (await readdir(folder)).filter((name) => filePattern.test(name)).sort()
  const pools = await Promise.all(
    names.map(async (name) => {
      try {
        return toPool(name.replace(filePattern, ''), JSON.parse(await readFile(join(folder, name), 'utf8')))
      } catch (error) {
        throw new StopLine(`${name} is not the state of a pool: ${error instanceof Error ? error.message : error}`)
      }
    }),
  )
  const known = pools.filter(({ tokens }) => tokens.every((token) => symbols.includes(token)))
  if (known.length === 0) throw new StopLine(`${folderVariable} names a folder without pools of ${symbols.join(', ')}.`)
  return known
}

/**
 * Prices that the pools agree on as far as their fees let them: each token stands at the mean of what its pools say, one with a low
 * fee counting more (1 / fee^2).
 */
function agreeOnPrices(pools: readonly ConcentratedPool[]): ReadonlyMap<string, number> {
  const logs = new Map<string, number>([[unitOfAccount, 0]])
  for (let pass = 0; pass < 500; pass += 1) {
    for (const symbol of symbols) {
      if (symbol === unitOfAccount) continue
      let [sum, weights] = [0, 0]
      for (const { tokens, sqrtPrice, fee } of pools) {
        const other = tokens[0] === symbol ? tokens[1] : tokens[0]
        const log = logs.get(other)
        if (!tokens.includes(symbol) || log === undefined) continue
        const weight = fee ** -2
        sum += weight * (log + (tokens[0] === symbol ? 2 : -2) * Math.log(sqrtPrice))
        weights += weight
      }
      if (weights > 0) logs.set(symbol, sum / weights)
    }
  }
  return new Map([...logs].map(([symbol, log]) => [symbol, Math.exp(log)]))
}

function drawProblem(
  pools: readonly ConcentratedPool[],
  prices: ReadonlyMap<string, number>,
  { sizeUsd, gasCost, seed }: { readonly sizeUsd: number; readonly gasCost: number; readonly seed: number },
): RoutingProblem {
  const random = seededRandom(seed)
  const share = (parts: readonly number[]) => {
    const total = parts.reduce((sum, part) => sum + part, 0)
    return parts.map((part) => part / total)
  }
  const held = share(symbols.map(() => Math.exp(normal(random))))
  const wanted = share(held.map((part) => part * Math.exp(0.7 * normal(random))))
  const tokens = symbols.map((id, at) => {
    const price = prices.get(id) ?? 0
    const weight = wanted[at] ?? 0
    return { id, price, holding: ((held[at] ?? 0) * sizeUsd) / price, lower: weight, upper: weight }
  })
  return toRoutingProblem({ tokens, pools: pools.map((pool) => ({ ...pool, gasCost })) })
}

type Outcome = {
  readonly comparison: Comparison
  readonly solution: RoutingSolution
  readonly solveMs: number
  /** What trading in circles would bring on top: others take it first. */
  readonly circlesUsd: number
  readonly fault: string | undefined
}

function measureOne(name: string, problem: RoutingProblem): Outcome {
  const started = performance.now()
  const solution = solveRouting(problem, { acyclic: true })
  const solveMs = performance.now() - started
  const verdict = verifyRoutingSolution(problem, solution)
  return {
    solution,
    solveMs,
    comparison: compareCosts({ name, problem, solution, ways: ['singlePaths', 'splits'] }),
    circlesUsd: Math.max(0, solveRouting(problem).value - solution.value),
    fault:
      solution.status !== 'solved'
        ? `${name}: ${solution.reason}`
        : verdict.status === 'violated'
          ? `${name}: ${verdict.violations.map(({ kind }) => kind).join(', ')}`
          : undefined,
  }
}

function describe(name: string, outcomes: readonly Outcome[]): readonly Measurement[] {
  const gaps = outcomes.flatMap(({ solution }) => solution.gapBps ?? [])
  const times = outcomes.map(({ solveMs }) => solveMs)
  const costsBps = outcomes.map(({ comparison, solution }) => (1e4 * comparison.cost) / solution.valueBefore)
  return [
    ...describeComparisons(
      name,
      outcomes.map(({ comparison }) => comparison),
    ),
    measureOnly(
      `${name}: cost, certified gap, solve time, circles left out`,
      [
        `${quantile(costsBps, 0.5).toFixed(2)} bps`,
        `${quantile(gaps, 0.5).toFixed(4)} (${Math.max(...gaps).toFixed(4)}) bps`,
        `${writeMs(quantile(times, 0.5))} (${writeMs(Math.max(...times))})`,
        `${Math.max(...outcomes.map(({ circlesUsd }) => circlesUsd)).toFixed(2)} USD at most`,
      ].join(', '),
    ),
  ]
}

/** Pools that pay more than the reference prices for a small amount, their fee paid: a plan that only uses them costs less than nothing. */
function listOutOfLine(pools: readonly ConcentratedPool[], prices: ReadonlyMap<string, number>): readonly string[] {
  return pools.flatMap(({ id, tokens: [first, second], sqrtPrice, fee }) => {
    const off = 2 * Math.log(sqrtPrice) - Math.log((prices.get(first) ?? 0) / (prices.get(second) ?? 1))
    return Math.abs(off) <= fee
      ? []
      : [`${id}: ${(1e4 * Math.abs(off)).toFixed(1)} bps off at a fee of ${1e4 * fee} bps`]
  })
}

/** The joint plan on real Uniswap v3 pools, for random portfolios of three sizes. */
export async function measureRealPools(): Promise<BenchReport> {
  const title = 'Joint plan on real pools'
  const folder = process.env[folderVariable]
  if (folder === undefined || folder === '')
    return { title, measurements: [measureOnly('real pools', `skipped: set ${folderVariable}`)], losses: [] }
  const pools = await readPools(folder)
  const prices = agreeOnPrices(pools)
  const outOfLine = listOutOfLine(pools, prices)
  const results = sizesUsd.flatMap((sizeUsd) =>
    gasCosts.map((gasCost) => {
      const name = `$${sizeUsd.toLocaleString('en-US')}, ${gasCost === 0 ? 'no gas' : `gas ${gasCost} a pool`}`
      const outcomes = Array.from({ length: portfolios }, (_, at) =>
        measureOne(`portfolio ${at + 1} of ${name}`, drawProblem(pools, prices, { sizeUsd, gasCost, seed: at + 1 })),
      )
      return { name, outcomes }
    }),
  )
  const all = results.flatMap(({ outcomes }) => outcomes)
  const comparisons = all.map(({ comparison }) => comparison)
  const uncounted = comparisons.filter((one) => toRatio(one, 'singlePaths') === undefined).length
  return {
    title,
    measurements: [
      measureOnly('pools, ranges', `${pools.length}, ${pools.reduce((sum, { ranges }) => sum + ranges.length, 0)}`),
      measureOnly(
        'pools that pay more than the reference prices',
        outOfLine.length === 0 ? 'none: no saving is arbitrage' : outOfLine.join('; '),
      ),
      ...results.flatMap(({ name, outcomes }) => describe(name, outcomes)),
      measureOnly('portfolios without a ratio', String(uncounted)),
      ...(['singlePaths', 'splits'] as const).map((way) =>
        measureAtMost({
          name: `all: joint over ${way === 'splits' ? 'splits' : 'single paths'}, worst`,
          value: Math.max(...comparisons.flatMap((one) => toRatio(one, way) ?? [])),
          goal: 1,
          write: writeRatio,
        }),
      ),
    ],
    losses: [
      ...all.flatMap(({ fault }) => fault ?? []),
      ...listLosses(comparisons),
      ...results.flatMap(({ name, outcomes }) =>
        listDear(
          name,
          outcomes.map(({ comparison }) => comparison),
        ),
      ),
    ],
  }
}
