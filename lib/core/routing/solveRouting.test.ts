import { describe, expect, test } from 'vitest'
import type { RoutingPool, RoutingProblem, RoutingToken } from './problem'
import { InvalidRoutingProblemError, toRoutingProblem } from './problem'
import type { RoutingSolution, SolvedRouting, UnreachableRouting } from './solution'
import { solveRouting } from './solveRouting'
import { verifyRoutingSolution } from './verify'

const token = (id: string, price: number, holding: number, lower: number, upper = lower): RoutingToken => ({
  id,
  price,
  holding,
  lower,
  upper,
})
const product = (
  id: string,
  tokens: readonly [string, string],
  reserves: readonly [number, number],
  kept: number,
  gasCost = 0,
): RoutingPool => ({ id, kind: 'constantProduct', tokens, reserves, fee: 1 - kept, gasCost })

function basket({ band = 0, gas = 0, calls }: { band?: number; gas?: number; calls?: number } = {}): RoutingProblem {
  const share = (id: string, price: number, holding: number) =>
    token(id, price, holding, 0.25 * (1 - band), 0.25 * (1 + band))
  return {
    tokens: [share('USD', 1, 40_000), share('ETH', 2000, 30), share('BTC', 60_000, 1), share('LINK', 15, 40_000 / 15)],
    pools: [
      product('P0', ['USD', 'ETH'], [20e6, 1e4], 0.997, gas),
      product('P1', ['USD', 'ETH'], [5e6, 2500], 0.9995, gas),
      product('P2', ['ETH', 'BTC'], [3000, 100], 0.997, gas),
      product('P3', ['USD', 'BTC'], [3e6, 50], 0.997, gas),
      product('P4', ['ETH', 'LINK'], [500, 1e6 / 15], 0.997, gas),
      product('P5', ['USD', 'LINK'], [2e5, 2e5 / 15], 0.99, gas),
    ],
    ...(calls === undefined ? {} : { maxPoolCalls: calls }),
  }
}

function checked(problem: RoutingProblem, solution: RoutingSolution): RoutingSolution {
  expect(verifyRoutingSolution(problem, solution)).toEqual({ status: 'ok' })
  return solution
}

function solved(problem: RoutingProblem, options = {}): SolvedRouting {
  const solution = checked(problem, solveRouting(problem, options))
  if (solution.status !== 'solved') throw new Error(solution.reason)
  return solution
}

function unreachable(problem: RoutingProblem): UnreachableRouting {
  const solution = checked(problem, solveRouting(problem))
  if (solution.status !== 'unreachable') throw new Error('solved')
  expect(solution.bound).toBeNull()
  expect(solution.gapBps).toBeNull()
  expect(solution.reason).toMatch(/\.$/)
  return solution
}

const weights = (solution: RoutingSolution) => solution.after.map(({ weight }) => weight)

describe('solveRouting', () => {
  test('default', () => {
    const solution = solved(basket())
    expect(solution.value).toBeCloseTo(199_824.553208, 5)
    expect(solution.gapBps).toBeLessThan(1e-7)
    expect(solution.valueBefore).toBe(200_000)
    const expected = { USD: 0.99761499, ETH: 1990.24206061, BTC: 59445.4927283, LINK: 15.24758655 }
    for (const [id, price] of Object.entries(expected)) expect(solution.shadowPrices[id]).toBeCloseTo(price, 7)
  })

  test('behaviour: a band is used up on the side that is cheaper', () => {
    const solution = solved(basket({ band: 0.1 }))
    expect(solution.value).toBeCloseTo(199_939.541933, 5)
    expect(solution.gapBps).toBeLessThan(1e-6)
    for (const [j, weight] of [0.225, 0.275, 0.275, 0.225].entries()) {
      expect(weights(solution)[j]).toBeCloseTo(weight, 9)
    }
  })

  test('behaviour: pools that do not pay for their gas are left out', () => {
    const solution = solved(basket({ gas: 5 }))
    expect(solution.value).toBeCloseTo(199_799.8309, 4)
    expect(solution.bound).toBeCloseTo(199_800.4483, 3)
    expect(solution.gasCost).toBe(20)
    expect(solution.trades.map(({ pool }) => pool).sort()).toEqual(['P1', 'P2', 'P3', 'P4'])
  })

  test('behaviour: gas that costs more than a band is worth stops all trade', () => {
    const problem = basket({ gas: 5 })
    const tokens = problem.tokens.map((one) => ({ ...one, lower: 0.1, upper: 0.4 }))
    const solution = solved({ ...problem, tokens })
    expect(solution.trades).toEqual([])
    expect(solution.value).toBe(200_000)
    expect(solution.bound).toBeCloseTo(200_000, 6)
  })

  test('behaviour: the call budget holds', () => {
    const values = [3, 4, 5].map((calls) => {
      const solution = solved(basket({ calls }))
      expect(solution.trades.length).toBeLessThanOrEqual(calls)
      return solution.value
    })
    expect(values[0]).toBeCloseTo(199_806.66079, 4)
    expect(values[1]).toBeCloseTo(199_819.83095, 4)
    expect(values[2]).toBeCloseTo(199_824.553208, 5)
  })

  test('behaviour: below the least number of calls the nearest plan comes with its reason', () => {
    const two = unreachable(basket({ calls: 2 }))
    expect(two.code).toBe('callBudget')
    expect(two.trades.length).toBeLessThanOrEqual(2)
    expect(two.distance).toBeLessThan(2e-3)
    const none = unreachable(basket({ calls: 0 }))
    expect(none.trades).toEqual([])
    expect(none.distance).toBeCloseTo(0.2, 12)
  })

  test('behaviour: liquidation goes round a cycle where that pays', () => {
    const problem: RoutingProblem = {
      tokens: [token('1', 1, 0, 1), token('2', 1, 10, 0), token('3', 1, 100, 0)],
      pools: [
        product('A', ['1', '2'], [1e3, 1e4], 0.997),
        product('B', ['2', '3'], [1e3, 1e2], 0.997),
        product('C', ['1', '3'], [1e3, 2e4], 0.997),
      ],
    }
    const solution = solved(problem)
    expect(solution.value).toBeCloseTo(60.26894392, 7)
    expect(solution.gapBps).toBeLessThan(1e-6)
    expect(solution.trades).toHaveLength(3)

    const ordered = solved(problem, { acyclic: true })
    expect(ordered.trades).toHaveLength(2)
    expect(ordered.value).toBeLessThan(solution.value)
    expect(ordered.bound).toBeCloseTo(solution.value, 7)
  })

  test('behaviour: equal pools share a trade', () => {
    const sale = (amount: number, second: number) =>
      solved({
        tokens: [token('X', 1, amount, 0), token('Y', 1, 0, 1)],
        pools: [product('A', ['X', 'Y'], [1e6, 1e6], 1), product('B', ['X', 'Y'], [second, second], 1)],
      }).value
    expect(sale(1e5, 1e6)).toBeCloseTo(95_238.0952, 4)
    expect(sale(2e5, 5e5)).toBeCloseTo(176_470.5882, 4)
  })

  test('behaviour: concentrated liquidity equals the constant product it stands for', () => {
    const problem = basket()
    const pools = problem.pools.map((pool): RoutingPool => {
      if (pool.kind !== 'constantProduct') return pool
      const [first, second] = pool.reserves
      const { id, tokens, fee, gasCost } = pool
      const sqrtPrice = Math.sqrt(second / first)
      const liquidity = Math.sqrt(first * second)
      const cut = [0, 0.5, 0.97, 1.01, 1.3, 1e9].map((factor) => factor * sqrtPrice)
      const ranges = cut.slice(1).map((upper, at) => ({ lower: cut[at] ?? 0, upper, liquidity }))
      return { id, kind: 'concentrated', tokens, fee, gasCost, sqrtPrice, ranges }
    })
    expect(solved({ ...problem, pools }).value).toBeCloseTo(199_824.553208, 5)
  })

  test('behaviour: a pool whose price lies outside its ranges is entered at their edge', () => {
    const solution = solved({
      tokens: [token('A', 1, 100, 0.5), token('B', 1, 0, 0.5)],
      pools: [
        {
          id: 'C',
          kind: 'concentrated',
          tokens: ['A', 'B'],
          fee: 0,
          gasCost: 0,
          sqrtPrice: 5,
          ranges: [
            { lower: 0.8, upper: 0.9, liquidity: 1e4 },
            { lower: 1, upper: 1.1, liquidity: 1 },
          ],
        },
      ],
    })
    expect(weights(solution)[0]).toBeCloseTo(0.5, 10)
    expect(solution.gapBps).toBeLessThan(1e-6)
  })

  test('behaviour: a token that no pool trades makes the target unreachable', () => {
    const problem = basket()
    const solution = unreachable({ ...problem, pools: problem.pools.filter(({ tokens }) => !tokens.includes('LINK')) })
    expect(solution.code).toBe('noRoute')
    expect(solution.reason).toContain('LINK')
    expect(solution.distance).toBeCloseTo(0.1, 3)
  })

  test('behaviour: liquidity that ends early makes the target unreachable', () => {
    const solution = unreachable({
      tokens: [token('A', 1, 100, 0.5), token('B', 1, 0, 0.5)],
      pools: [
        {
          id: 'C',
          kind: 'concentrated',
          tokens: ['A', 'B'],
          fee: 0.003,
          gasCost: 0,
          sqrtPrice: 1,
          ranges: [{ lower: 0.99, upper: 1.01, liquidity: 1000 }],
        },
      ],
    })
    expect(solution.code).toBe('liquidity')
    // All 10 B of the range are bought.
    expect(solution.after[1]?.holding).toBeCloseTo(10, 6)
  })

  test('behaviour: no pools and nothing to do', () => {
    const solution = solved({ tokens: [token('A', 3, 5, 1)], pools: [] })
    expect(solution).toMatchObject({ value: 15, bound: 15, gapBps: 0, trades: [] })
  })

  test('behaviour: prices and amounts 12 orders of magnitude apart', () => {
    const tokens = [token('BIG', 1e6, 1e-3, 0.25), token('MID', 1, 500, 0.5), token('TINY', 1e-6, 0, 0.25)]
    const solution = solved({
      tokens,
      pools: [
        product('A', ['BIG', 'MID'], [10, 1e7], 0.997),
        product('B', ['MID', 'TINY'], [1e9, 1e15], 0.9999),
        product('C', ['BIG', 'TINY'], [1e-2, 1e10], 0.99),
      ],
    })
    expect(solution.gapBps).toBeLessThan(1e-6)
  })

  test('behaviour: a pool a million million times the portfolio', () => {
    const tokens = [token('A', 1, 1, 0.2), token('B', 2, 0, 0.3), token('C', 3, 0, 0.5)]
    const solution = solved({
      tokens,
      pools: [
        product('AB', ['A', 'B'], [2e12, 1e12], 0.997),
        product('BC', ['B', 'C'], [3e12, 2e12], 0.997),
        product('AC', ['A', 'C'], [3e12, 1e12], 0.997),
      ],
    })
    expect(solution.value).toBeCloseTo((0.997 * 0.8) / (0.2 * 0.997 + 0.8) + (0.2 * 0.997) / (0.2 * 0.997 + 0.8), 6)
    expect(solution.gapBps).toBeLessThan(1e-6)
  })

  test('behaviour: the same problem has the same answer', () => {
    expect(solveRouting(basket({ gas: 3, band: 0.05 }))).toEqual(solveRouting(basket({ gas: 3, band: 0.05 })))
  })

  test('error: InvalidRoutingProblemError where a problem was never read', () => {
    const errorOf = (problem: RoutingProblem): unknown => {
      try {
        return solveRouting(problem)
      } catch (error) {
        return error
      }
    }
    const { tokens, pools } = basket()
    const foreign = { tokens, pools: [...pools, product('P6', ['USD', 'DAI'], [1, 1], 1)] }
    expect(errorOf(foreign)).toMatchObject({ name: 'InvalidRoutingProblemError', field: 'pools[6].tokens' })
    const poor = { tokens: tokens.map((each) => ({ ...each, holding: 0 })), pools }
    expect(errorOf(poor)).toMatchObject({ name: 'InvalidRoutingProblemError', field: 'tokens.holding' })
    const [first, ...rest] = tokens
    const rich = {
      tokens: [...(first === undefined ? [] : [{ ...first, price: 1e300, holding: 1e300 }]), ...rest],
      pools,
    }
    expect(errorOf(rich)).toMatchObject({ name: 'InvalidRoutingProblemError', field: 'tokens.holding' })
    const ranges = [{ lower: 1e-200, upper: 1e200, liquidity: 1e300 }]
    const wide: RoutingPool = {
      id: 'P6',
      kind: 'concentrated',
      tokens: ['USD', 'ETH'],
      sqrtPrice: 1,
      ranges,
      fee: 0,
      gasCost: 0,
    }
    expect(errorOf({ tokens, pools: [...pools, wide] })).toMatchObject({
      ...{ name: 'InvalidRoutingProblemError', field: 'pools[6].ranges' },
    })
  })

  test('error: InvalidRoutingProblemError where reserves cannot be valued', () => {
    const problem = toRoutingProblem({
      tokens: [token('A', 1e200, 1e-200, 0.5), token('B', 1, 1, 0.5)],
      pools: [product('P', ['A', 'B'], [1e200, 1], 0.997)],
    })
    expect(() => solveRouting(problem)).toThrow(InvalidRoutingProblemError)
  })
})
