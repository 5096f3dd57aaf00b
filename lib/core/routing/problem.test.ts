import { describe, expect, test } from 'vitest'
import { InvalidRoutingProblemError, toRoutingProblem } from './problem'

const token = (id: string, more: object = {}) => ({ id, price: 1, holding: 1, lower: 0.5, upper: 0.5, ...more })
const product = (more: object = {}) => ({
  id: 'P',
  kind: 'constantProduct',
  tokens: ['A', 'B'],
  reserves: [10, 10],
  fee: 0.003,
  gasCost: 0,
  ...more,
})
const ranged = (more: object = {}) => ({
  id: 'C',
  kind: 'concentrated',
  tokens: ['A', 'B'],
  fee: 0.0005,
  gasCost: 0,
  sqrtPrice: 1,
  ranges: [{ lower: 0.5, upper: 2, liquidity: 1 }],
  ...more,
})
const problem = (more: object = {}) => ({ tokens: [token('A'), token('B')], pools: [product()], ...more })

function fieldOf(json: unknown): string {
  try {
    toRoutingProblem(json)
  } catch (error) {
    if (error instanceof InvalidRoutingProblemError) return error.field
    throw error
  }
  return 'accepted'
}

describe('toRoutingProblem', () => {
  test('default', () => {
    const json = problem({ pools: [product(), ranged()], maxPoolCalls: 3 })
    expect(toRoutingProblem(JSON.parse(JSON.stringify(json)))).toEqual(json)
  })

  test('behaviour: ranges are put in order, a missing gas cost is 0, unknown fields are left out', () => {
    const ranges = [
      { lower: 2, upper: 3, liquidity: 1 },
      { lower: 0.5, upper: 2, liquidity: 0 },
    ]
    const parsed = toRoutingProblem(problem({ pools: [ranged({ ranges, gasCost: undefined, note: 'x' })] }))
    expect(parsed.pools[0]).toEqual(ranged({ ranges: [ranges[1], ranges[0]] }))
  })

  test('behaviour: sums of weights may miss 1 by rounding', () => {
    const third = 1 / 3
    const tokens = ['A', 'B', 'C'].map((id) => token(id, { lower: third, upper: third }))
    expect(fieldOf(problem({ tokens }))).toBe('accepted')
    const off = tokens.map((one) => ({ ...one, lower: third + 2e-10, upper: third + 2e-10 }))
    expect(fieldOf(problem({ tokens: off }))).toBe('accepted')
  })

  test.each<[string, unknown, string]>([
    ['no object', 3, 'problem'],
    ['a list', [], 'problem'],
    ['no tokens', { pools: [] }, 'tokens'],
    ['an empty token list', problem({ tokens: [] }), 'tokens'],
    ['no pools', { tokens: [token('A', { lower: 1, upper: 1 })] }, 'pools'],
    ['a token without id', problem({ tokens: [token(''), token('B')] }), 'tokens[0].id'],
    ['a token twice', problem({ tokens: [token('A'), token('A')] }), 'tokens[1].id'],
    ['a price of zero', problem({ tokens: [token('A', { price: 0 }), token('B')] }), 'tokens[0].price'],
    ['a price in quotes', problem({ tokens: [token('A', { price: '1' }), token('B')] }), 'tokens[0].price'],
    ['a price that is NaN', problem({ tokens: [token('A', { price: Number.NaN }), token('B')] }), 'tokens[0].price'],
    ['a negative holding', problem({ tokens: [token('A'), token('B', { holding: -1 })] }), 'tokens[1].holding'],
    [
      'an endless holding',
      problem({ tokens: [token('A'), token('B', { holding: Number.POSITIVE_INFINITY })] }),
      'tokens[1].holding',
    ],
    [
      'more held than a number holds',
      problem({ tokens: ['A', 'B'].map((id) => token(id, { price: 1e200, holding: 1e200 })) }),
      'tokens.holding',
    ],
    ['a token that is a number', problem({ pools: [product({ tokens: ['A', 7] })] }), 'pools[0].tokens[1]'],
    ['a token that is no JSON', problem({ pools: [product({ tokens: [() => 'A', 'B'] })] }), 'pools[0].tokens[0]'],
    ['nothing held', problem({ tokens: ['A', 'B'].map((id) => token(id, { holding: 0 })) }), 'tokens.holding'],
    ['a band upside down', problem({ tokens: [token('A', { lower: 0.6 }), token('B')] }), 'tokens[0].lower'],
    ['no upper edge', problem({ tokens: [token('A', { upper: undefined }), token('B')] }), 'tokens[0].upper'],
    [
      'lower edges above 1',
      problem({ tokens: ['A', 'B'].map((id) => token(id, { lower: 0.6, upper: 0.7 })) }),
      'tokens.lower',
    ],
    [
      'upper edges below 1',
      problem({ tokens: ['A', 'B'].map((id) => token(id, { lower: 0, upper: 0.4 })) }),
      'tokens.upper',
    ],
    ['an unknown kind', problem({ pools: [product({ kind: 'stable' })] }), 'pools[0].kind'],
    ['a pool twice', problem({ pools: [product(), product()] }), 'pools[1].id'],
    ['an unknown token', problem({ pools: [product({ tokens: ['A', 'X'] })] }), 'pools[0].tokens[1]'],
    ['a pool of one token', problem({ pools: [product({ tokens: ['A', 'A'] })] }), 'pools[0].tokens'],
    ['a pool of three tokens', problem({ pools: [product({ tokens: ['A', 'B', 'A'] })] }), 'pools[0].tokens'],
    ['a fee of everything', problem({ pools: [product({ fee: 1 })] }), 'pools[0].fee'],
    ['a negative fee', problem({ pools: [product({ fee: -0.1 })] }), 'pools[0].fee'],
    ['negative gas', problem({ pools: [product({ gasCost: -1 })] }), 'pools[0].gasCost'],
    ['an empty reserve', problem({ pools: [product({ reserves: [10, 0] })] }), 'pools[0].reserves[1]'],
    ['a negative reserve', problem({ pools: [product({ reserves: [-1, 5] })] }), 'pools[0].reserves[0]'],
    ['one reserve', problem({ pools: [product({ reserves: [10] })] }), 'pools[0].reserves'],
    ['a price of zero in a pool', problem({ pools: [ranged({ sqrtPrice: 0 })] }), 'pools[0].sqrtPrice'],
    ['no ranges', problem({ pools: [ranged({ ranges: [] })] }), 'pools[0].ranges'],
    [
      'no liquidity anywhere',
      problem({ pools: [ranged({ ranges: [{ lower: 0.5, upper: 2, liquidity: 0 }] })] }),
      'pools[0].ranges',
    ],
    [
      'negative liquidity',
      problem({ pools: [ranged({ ranges: [{ lower: 0.5, upper: 2, liquidity: -1 }] })] }),
      'pools[0].ranges[0].liquidity',
    ],
    [
      'a range upside down',
      problem({ pools: [ranged({ ranges: [{ lower: 2, upper: 1, liquidity: 1 }] })] }),
      'pools[0].ranges[0].lower',
    ],
    [
      'ranges that overlap',
      problem({
        pools: [
          ranged({
            ranges: [
              { lower: 1, upper: 2, liquidity: 1 },
              { lower: 0.5, upper: 1.5, liquidity: 1 },
            ],
          }),
        ],
      }),
      'pools[0].ranges[0].lower',
    ],
    ['half a pool call', problem({ maxPoolCalls: 1.5 }), 'maxPoolCalls'],
    ['a negative budget', problem({ maxPoolCalls: -1 }), 'maxPoolCalls'],
  ])('error: InvalidRoutingProblemError names the field of %s', (_, json, field) => {
    expect(fieldOf(json)).toBe(field)
  })
})
