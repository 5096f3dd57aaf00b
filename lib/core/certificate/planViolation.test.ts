import { expect, test } from 'vitest'
import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import type { RoutingViolation } from '../routing/verify'
import { orNull, toPlanViolation } from './planViolation'

const problem: RoutingProblem = {
  tokens: [
    { id: 'A', price: 1, holding: 10, lower: 0.4, upper: 0.6 },
    { id: 'B', price: 1, holding: 0, lower: 0.4, upper: 0.6 },
  ],
  pools: [{ id: 'P', kind: 'constantProduct', tokens: ['A', 'B'], reserves: [1, 1], fee: 0, gasCost: 0 }],
}
const trade = { pool: 'P', sell: 'A', buy: 'B', amountIn: 5, amountOut: 4 }
const plan = { trades: [trade, { ...trade, amountIn: 1 }, { ...trade, pool: 'Q' }] } as unknown as RoutingSolution

const cases: readonly (readonly [RoutingViolation, object])[] = [
  [
    { kind: 'unknownPool', pool: 'Q' },
    { field: 'plan.trades[2].pool', said: 'Q', is: null },
  ],
  [
    { kind: 'poolUsedTwice', pool: 'P' },
    { field: 'plan.trades[1].pool', said: 'P', is: null },
  ],
  [
    { kind: 'wrongTokens', pool: 'P' },
    { field: 'plan.trades[0].sell', said: 'A to B', is: 'A, B' },
  ],
  [
    { kind: 'wrongTokens', pool: 'Q' },
    { field: 'plan.trades[2].sell', said: 'A to B', is: null },
  ],
  [
    { kind: 'notAnAmount', pool: 'P' },
    { field: 'plan.trades[0].amountIn', said: 5, is: null },
  ],
  [
    { kind: 'beyondLiquidity', pool: 'P' },
    { field: 'plan.trades[0].amountIn', said: 5, is: null },
  ],
  [
    { kind: 'overpaid', pool: 'P', said: 4, pays: 3 },
    { field: 'plan.trades[0].amountOut', said: 4, is: 3 },
  ],
  [{ kind: 'overpaid', pool: 'P', said: 4, pays: Number.NaN }, { is: null }],
  [
    { kind: 'tooManyCalls', calls: 3 },
    { field: 'plan.trades', said: 3, is: null },
  ],
  [
    { kind: 'oversold', token: 'A', holding: -1 },
    { field: 'plan.trades', said: 'A', is: -1 },
  ],
  [
    { kind: 'wrongHolding', token: 'B', said: 4, is: 5 },
    { field: 'plan.after[1].holding', said: 4, is: 5 },
  ],
  [
    { kind: 'outOfBand', token: 'B', weight: 0.7 },
    { field: 'plan.after[1].weight', said: 0.7, is: '0.4 to 0.6' },
  ],
  [
    { kind: 'outOfBand', token: 'C', weight: 0.7 },
    { field: 'plan.after[-1].weight', is: '0 to 1' },
  ],
  [
    { kind: 'wrongValue', said: 4, is: 5 },
    { field: 'plan.value', said: 4, is: 5 },
  ],
  [
    { kind: 'wrongGasCost', said: 4, is: 5 },
    { field: 'plan.gasCost', said: 4, is: 5 },
  ],
  [
    { kind: 'wrongBound', said: 4, is: 5 },
    { field: 'plan.bound', said: 4, is: 5 },
  ],
  [
    { kind: 'boundBelowValue', bound: 4, value: 5 },
    { field: 'plan.bound', said: 4, is: 5 },
  ],
] as const

test.each(cases)('default, %s', (violation, said) => {
  expect(toPlanViolation(violation, problem, plan)).toMatchObject({ kind: violation.kind, ...said })
})

test('behaviour: where there is a limit of calls, it is said', () => {
  const limited = { ...problem, maxPoolCalls: 2 }
  expect(toPlanViolation({ kind: 'tooManyCalls', calls: 3 }, limited, plan)).toMatchObject({ said: 3, is: 2 })
})

test('behaviour: what no JSON holds is nothing', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, 0, -1].map(orNull)).toEqual([null, null, 0, -1])
})
