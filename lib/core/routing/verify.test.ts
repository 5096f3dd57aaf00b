import { describe, expect, test } from 'vitest'
import type { RoutingProblem } from './problem'
import type { RoutingSolution, RoutingTrade } from './solution'
import { solveRouting } from './solveRouting'
import { type RoutingViolation, verifyRoutingSolution } from './verify'

const problem: RoutingProblem = {
  tokens: [
    { id: 'A', price: 1, holding: 100, lower: 0.5, upper: 0.5 },
    { id: 'B', price: 2, holding: 0, lower: 0.5, upper: 0.5 },
  ],
  pools: [
    { id: 'P', kind: 'constantProduct', tokens: ['A', 'B'], reserves: [1000, 500], fee: 0.003, gasCost: 0.01 },
    {
      id: 'C',
      kind: 'concentrated',
      tokens: ['B', 'A'],
      fee: 0.003,
      gasCost: 0.01,
      sqrtPrice: Math.SQRT2,
      ranges: [{ lower: 1.3, upper: 1.5, liquidity: 100 }],
    },
  ],
  maxPoolCalls: 2,
}
const solution = solveRouting(problem)

function kindsOf(changed: Partial<RoutingSolution>): readonly RoutingViolation['kind'][] {
  const verdict = verifyRoutingSolution(problem, { ...solution, ...changed } as RoutingSolution)
  return verdict.status === 'ok' ? [] : verdict.violations.map(({ kind }) => kind)
}

const trades = (change: (trade: RoutingTrade) => Partial<RoutingTrade>) =>
  solution.trades.map((trade) => ({ ...trade, ...change(trade) }))

describe('verifyRoutingSolution', () => {
  test('default', () => {
    expect(solution.trades).toHaveLength(2)
    expect(verifyRoutingSolution(problem, solution)).toEqual({ status: 'ok' })
  })

  test.each<[RoutingViolation['kind'], Partial<RoutingSolution>]>([
    ['unknownPool', { trades: trades(() => ({ pool: 'X' })) }],
    ['poolUsedTwice', { trades: [...solution.trades, ...solution.trades] }],
    ['wrongTokens', { trades: trades(() => ({ sell: 'X' })) }],
    ['notAnAmount', { trades: trades(() => ({ amountIn: -1 })) }],
    ['overpaid', { trades: trades((trade) => ({ amountOut: trade.amountOut * 1.0001 })) }],
    ['beyondLiquidity', { trades: trades(() => ({ amountIn: 50 })) }],
    ['tooManyCalls', { trades: [...solution.trades, ...solution.trades] }],
    ['oversold', { trades: trades(() => ({ amountIn: 200 })) }],
    ['wrongHolding', { after: solution.after.map((one) => ({ ...one, holding: one.holding + 1 })) }],
    ['outOfBand', { trades: [] }],
    ['wrongValue', { value: solution.value * 1.001 }],
    ['wrongGasCost', { gasCost: 0 }],
    ['wrongBound', { bound: (solution.bound ?? 0) * 0.999 }],
    ['boundBelowValue', { bound: solution.value - 1 }],
  ])('behaviour: %s is found', (kind, changed) => {
    expect(kindsOf(changed)).toContain(kind)
  })
})
