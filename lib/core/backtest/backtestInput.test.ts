import { describe, expect, test } from 'vitest'
import { toBacktestInput } from './backtestInput'
import { InvalidBacktestError } from './priceMatrix'

const valid = {
  prices: [
    [1, 1],
    [2, 1],
  ],
  targets: [0.5, 0.5],
  rule: 'calendar',
  feeBps: 30,
  gasUsd: 2,
  initialUsd: 1000,
}

describe('toBacktestInput', () => {
  test('default', () => {
    expect(toBacktestInput(valid)).toMatchObject({
      matrix: { steps: 2, stepSeconds: 86_400 },
      targets: [0.5, 0.5],
      rules: [{ kind: 'calendar', days: 30 }],
      costs: { feeBps: 30, gasUsd: 2, gasUsdPerTrade: 0, impact: { kind: 'none' } },
    })
  })

  test('behaviour: targets in basis points, and lists of rules', () => {
    const { targets, rules } = toBacktestInput({
      ...valid,
      targets: [2500, 7500],
      rule: ['hold', { kind: 'threshold', destination: 0.3 }],
    })
    expect(targets).toEqual([0.25, 0.75])
    expect(rules).toEqual([{ kind: 'hold' }, { kind: 'threshold', band: 0.05, destination: 0.3 }])
  })

  test.each<[string, object]>([
    [
      'prices[1][0]',
      {
        prices: [
          [1, 1],
          [null, 1],
        ],
      },
    ],
    ['prices[1]', { prices: [[1, 1], [1]] }],
    ['targets', { targets: [0.5, 0.4] }],
    ['rule[1].kind', { rule: ['hold', { kind: 'guess' }] }],
    ['rule.band', { rule: { kind: 'threshold', band: 5 } }],
    ['feeBps', { feeBps: -1 }],
    ['gasUsd', { gasUsd: undefined }],
    ['initialUsd', { initialUsd: 0 }],
    ['stepSeconds', { stepSeconds: 0 }],
    ['impact.kind', { impact: { kind: 'cubic' } }],
  ])('error: InvalidBacktestError names %s', (field, change) => {
    try {
      toBacktestInput({ ...valid, ...change })
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidBacktestError)
      expect(error).toMatchObject({ field })
      return
    }
    expect.unreachable()
  })
})
