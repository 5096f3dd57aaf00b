import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dearRuns } from '@/lib/testing/runs'
import { prepareMarket } from './backtestMarket'
import { InvalidBacktestError, toPriceMatrix } from './priceMatrix'
import type { Rule } from './rule'
import { runBacktest, traceBacktest } from './runBacktest'
import { simulatePrices } from './simulatePrices'
import { noCosts, type TradingCosts } from './tradingCosts'

const daySeconds = 86_400
const toMarket = (rows: readonly (readonly number[])[], targets: readonly number[]) =>
  prepareMarket(toPriceMatrix(rows, { stepSeconds: daySeconds }), targets)

function drawMarket(seed: number, stepSeconds = 3600) {
  const volatilities = [0.9, 0.6, 0.05]
  const matrix = simulatePrices(
    {
      assets: volatilities.map((volatility, i) => ({ id: `A${i}`, volatility, growth: 0.1 })),
      correlation: volatilities.map((_, i) => volatilities.map((__, j) => (i === j ? 1 : 0.3))),
      stepSeconds,
      steps: 1500,
      tails: { kind: 'student', degrees: 4 },
    },
    seed,
  )
  return prepareMarket(matrix, [0.5, 0.3, 0.2])
}

const costs: TradingCosts = {
  feeBps: 30,
  gasUsd: 2,
  gasUsdPerTrade: 0.5,
  impact: { kind: 'linear', depthUsd: [1e7, 1e6, 1e8] },
}
const rules: readonly Rule[] = [
  { kind: 'hold' },
  { kind: 'calendar', days: 2 },
  { kind: 'threshold', band: 0.02, destination: 'target' },
  { kind: 'threshold', band: 0.02, destination: 'halfway' },
  { kind: 'threshold', band: 0.02, destination: 'edge' },
  { kind: 'threshold', band: 0.02, destination: 'edge', scope: 'outOfBand' },
  { kind: 'costAware', riskAversion: 3 },
]

/** A slow and simple engine for calendars and thresholds to the targets, written from the description alone. */
function runSimply(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  isDue: (drift: number[], step: number) => boolean,
  fee: number,
  gas: number,
) {
  let units = targets.map((target, i) => (target * 1000) / (rows[0]?.[i] ?? 0))
  let cost = 0
  for (const [step, row] of rows.entries()) {
    if (step === 0) continue
    const worth = units.map((unit, i) => unit * (row[i] ?? 0))
    const total = worth.reduce((sum, value) => sum + value, 0)
    const drift = worth.map((value, i) => value / total - (targets[i] ?? 0))
    if (!isDue(drift, step)) continue
    const sold = drift.reduce((sum, one) => sum + Math.max(0, one), 0) * total
    const keep = 1 - gas / (total - fee * sold)
    cost += fee * sold + gas
    units = worth.map((value, i) => {
      const move = (targets[i] ?? 0) * total - value
      return ((value + move * (move > 0 ? 1 - fee : 1)) * keep) / (row[i] ?? 0)
    })
  }
  return { cost, final: units.reduce((sum, unit, i) => sum + unit * (rows.at(-1)?.[i] ?? 0), 0) }
}

describe('runBacktest', () => {
  test('default', () => {
    // $1,000 in halves; the first doubles: 1,000 and 500, so 250 are sold at 1 %, and 247.50 bought.
    const market = toMarket(
      [
        [1, 1],
        [2, 1],
        [1, 1],
      ],
      [0.5, 0.5],
    )
    const rule: Rule = { kind: 'threshold', band: 0.1, destination: 'target' }
    const summary = runBacktest(market, { rule, costs: { ...noCosts, feeBps: 100 }, initialUsd: 1000 })
    // 375 + 747.50 at the end drift by 16.6 pp, and 186.25 are sold at 1 %.
    expect(summary.finalUsd).toBeCloseTo(1122.5 - 1.8625, 10)
    expect(summary.feeUsd).toBeCloseTo(2.5 + 1.8625, 10)
    expect(summary.turnover).toBeCloseTo(250 / 1500 + 186.25 / 1122.5, 12)
    expect(summary).toMatchObject({ rebalances: 2, trades: 2, gasUsd: 0, impactUsd: 0, unaffordable: 0 })
    expect(summary.maxDrawdown).toBeCloseTo(1 - 1120.6375 / 1497.5, 12)
  })

  test('behaviour: hold is buy and hold', () => {
    const market = toMarket(
      [
        [2, 10],
        [3, 5],
        [5, 20],
      ],
      [0.25, 0.75],
    )
    const summary = runBacktest(market, {
      rule: { kind: 'hold' },
      costs: { ...costs, impact: { kind: 'none' } },
      initialUsd: 100,
    })
    expect(summary.finalUsd).toBeCloseTo(25 * 2.5 + 75 * 2, 10)
    expect(summary).toMatchObject({ costUsd: 0, turnover: 0, rebalances: 0 })
  })

  test('behaviour: a tracking error of fewer than two days is not known', () => {
    const market = toMarket(
      [
        [1, 1],
        [2, 1],
      ],
      [0.5, 0.5],
    )
    expect(runBacktest(market, { rule: { kind: 'hold' }, costs: noCosts, initialUsd: 1 })).not.toHaveProperty(
      'trackingErrorPerYear',
    )
  })

  test('behaviour: what costs more than it moves is left alone', () => {
    const market = toMarket(
      [
        [1, 1],
        [2, 1],
      ],
      [0.5, 0.5],
    )
    const summary = runBacktest(market, {
      rule: { kind: 'calendar', days: 1 },
      costs: { ...noCosts, gasUsd: 1e6 },
      initialUsd: 1000,
    })
    expect(summary).toMatchObject({ unaffordable: 1, rebalances: 0, costUsd: 0, finalUsd: 1500 })
  })

  test.each(['calendar', 'threshold'] as const)('behaviour: %s agrees with a simple engine', (kind) => {
    const { matrix, targets } = drawMarket(5, daySeconds)
    const rows = Array.from({ length: matrix.steps }, (_, step) => [...matrix.prices.slice(step * 3, step * 3 + 3)])
    const rule: Rule = kind === 'calendar' ? { kind, days: 7 } : { kind, band: 0.03, destination: 'target' }
    const simple = runSimply(
      rows,
      [...targets],
      (drift, step) => (kind === 'calendar' ? step % 7 === 0 : drift.some((one) => Math.abs(one) >= 0.03)),
      0.003,
      0.5,
    )
    const summary = runBacktest(prepareMarket(matrix, [...targets]), {
      rule,
      costs: { ...noCosts, feeBps: 30, gasUsd: 0.5 },
      initialUsd: 1000,
    })
    expect(summary.rebalances).toBeGreaterThan(10)
    expect(summary.finalUsd).toBeCloseTo(simple.final, 7)
    expect(summary.costUsd).toBeCloseTo(simple.cost, 7)
  })

  test('property: passing over quiet blocks changes nothing', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...rules), (seed, rule) => {
        const { blocks, ...whole } = drawMarket(seed)
        expect(blocks?.size).toBe(12)
        const plan = { rule, costs, initialUsd: 1e5 }
        expect(runBacktest(drawMarket(seed), plan)).toEqual(runBacktest(whole, plan))
        expect(traceBacktest(drawMarket(seed), plan, 50).summary).toEqual(runBacktest(whole, plan))
      }),
      { numRuns: dearRuns(30) },
    )
  })

  test('property: rebalanced at every step at no cost it is the target', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rule: Rule = { kind: 'threshold', band: 0, destination: 'target' }
        const summary = runBacktest(drawMarket(seed), { rule, costs: noCosts, initialUsd: 1e5 })
        expect(Math.abs(summary.lossToTarget)).toBeLessThan(1e-9)
        expect(summary.trackingErrorPerYear).toBeLessThan(1e-9)
      }),
      { numRuns: dearRuns(20) },
    )
  })

  test('property: a greater fee never leaves more of the same calendar', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        (seed, fee, more) => {
          const market = drawMarket(seed)
          const final = (feeBps: number) =>
            runBacktest(market, { rule: { kind: 'calendar', days: 3 }, costs: { ...noCosts, feeBps }, initialUsd: 1e5 })
              .finalUsd
          expect(final(fee + more)).toBeLessThan(final(fee))
        },
      ),
      { numRuns: dearRuns(20) },
    )
  })

  test('property: at prices that rest after a jump, value falls by exactly the costs', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.constantFrom(...rules), (jump, rule) => {
        const market = toMarket(
          [
            [1, 1, 1],
            [jump, 1, 1],
            [jump, 1, 1],
            [jump, 1, 1],
          ],
          [0.5, 0.3, 0.2],
        )
        const { finalUsd, costUsd, feeUsd, gasUsd, impactUsd } = runBacktest(market, { rule, costs, initialUsd: 1e5 })
        expect(finalUsd + costUsd).toBeCloseTo(1e5 * (0.5 * jump + 0.5), 6)
        expect(costUsd).toBe(feeUsd + gasUsd + impactUsd)
      }),
    )
  })

  test.each<[string, Rule]>([
    ['rule.days', { kind: 'calendar', days: 0 }],
    ['rule.band', { kind: 'threshold', band: 2, destination: 'edge' }],
    ['rule.bands', { kind: 'bands', bands: [] }],
    ['rule.riskAversion', { kind: 'costAware', riskAversion: -1 }],
  ])('error: InvalidBacktestError names %s', (field, rule) => {
    const run = () => runBacktest(drawMarket(1), { rule, costs, initialUsd: 1 })
    expect(run).toThrow(InvalidBacktestError)
    expect(run).toThrow(field)
  })
})
