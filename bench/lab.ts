import { prepareMarket } from '@/lib/core/backtest/backtestMarket'
import type { Rule } from '@/lib/core/backtest/rule'
import { runBacktest } from '@/lib/core/backtest/runBacktest'
import { simulatePrices } from '@/lib/core/backtest/simulatePrices'
import { type DiffusionCase, measureDiffusion } from './labDiffusion'
import { type MarketCase, measureMarket } from './labMarkets'
import {
  type BenchReport,
  listMissed,
  type Measurement,
  measureAtMost,
  measureOnly,
  quantile,
  writeSeconds,
} from './measurement'

const eightVolatilities = [0.6, 0.7, 0.8, 0.9, 1, 0.7, 0.8, 0.02] as const
const eightTargets = [0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.15] as const

const backtests = 1000
const repeats = 3

/** A quarter of each kind, none like another. */
function listRules(): readonly Rule[] {
  return Array.from({ length: backtests }, (_, index): Rule => {
    const share = index / backtests
    switch (index % 4) {
      case 0:
        return { kind: 'calendar', days: 1 + 89 * share }
      case 1:
        return { kind: 'threshold', band: 0.01 + 0.09 * share, destination: 0.5 }
      case 2:
        return {
          kind: 'bands',
          bands: eightTargets.map((target) => ({
            trigger: target * (0.05 + share),
            destination: (target * share) / 2,
          })),
        }
      default:
        return { kind: 'costAware', riskAversion: 1.5 + 4.5 * share }
    }
  })
}

function measureSpeed(): readonly Measurement[] {
  const matrix = simulatePrices(
    {
      assets: eightVolatilities.map((volatility, i) => ({ id: `A${i + 1}`, volatility, growth: 0.1 })),
      correlation: eightVolatilities.map((_, i) => eightVolatilities.map((__, j) => (i === j ? 1 : 0.5))),
      stepSeconds: 3600,
      steps: 26_280,
      tails: { kind: 'student', degrees: 4 },
    },
    7,
  )
  const rules = listRules()
  const costs = { feeBps: 30, gasUsd: 1, gasUsdPerTrade: 0.5, impact: { kind: 'none' } } as const
  const rounds = Array.from({ length: repeats }, () => {
    const started = performance.now()
    const before = process.cpuUsage()
    const market = prepareMarket(matrix, eightTargets)
    let rebalances = 0
    for (const rule of rules) rebalances += runBacktest(market, { rule, costs, initialUsd: 100_000 }).rebalances
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6, rebalances }
  })
  return [
    measureAtMost({
      name: '1,000 back-tests of 26,280 hours of 8 assets, median',
      value: quantile(
        rounds.map(({ seconds }) => seconds),
        0.5,
      ),
      goal: 1,
      write: writeSeconds,
    }),
    measureOnly(
      '  of it processor time, and rebalances',
      `${writeSeconds(
        quantile(
          rounds.map(({ processor }) => processor),
          0.5,
        ),
      )}, ${(rounds[0]?.rebalances ?? 0).toLocaleString('en-US')}`,
    ),
  ]
}

/** Risk aversion gamma, tracking error TE and weight w of an asset as the policy puts them: a = gamma TE^2 / 2 (1 - w)^2, s = w TE. */
function toCase(name: string, weight: number, costs: { readonly c: number; readonly k: number }): DiffusionCase {
  const gamma = 2
  const trackingError = 0.7
  return {
    name,
    problem: {
      varianceRate: (weight * trackingError) ** 2,
      runningLoss: (gamma * trackingError ** 2) / (2 * (1 - weight) ** 2),
      proportionalCost: costs.c,
      fixedCost: costs.k,
    },
  }
}

const diffusions: readonly DiffusionCase[] = [
  toCase('one weight of 50 %, fee 0.3 %', 0.5, { c: 0.003, k: 0 }),
  toCase('one weight of 25 %, fee 0.3 %, gas 1e-6', 0.25, { c: 0.003, k: 1e-6 }),
  toCase('one weight of 10 %, fee 0.05 %, gas 1e-6', 0.1, { c: 0.0005, k: 1e-6 }),
  toCase('one weight of 50 %, fee 0.3 %, gas 5e-4', 0.5, { c: 0.003, k: 5e-4 }),
]

const portfolios: readonly MarketCase[] = [
  {
    name: '2 assets, fee 0.3 %',
    volatilities: [0.8, 0],
    targets: [0.5, 0.5],
    correlation: 0,
    feeBps: 30,
    gasUsd: 0,
    hasGoals: true,
  },
  {
    name: '8 assets, fee 0.3 %',
    volatilities: eightVolatilities,
    targets: eightTargets,
    correlation: 0.5,
    feeBps: 30,
    gasUsd: 0,
    hasGoals: false,
  },
  {
    name: '8 assets, fee 0.3 %, gas $1 of $100,000',
    volatilities: eightVolatilities,
    targets: eightTargets,
    correlation: 0.5,
    feeBps: 30,
    gasUsd: 1,
    hasGoals: false,
  },
]

/** The back-test engine's speed, and how good the cost-aware band is; every figure but the time is the same at every run. */
export async function measureLab(): Promise<BenchReport> {
  const measurements = [
    ...measureSpeed(),
    ...diffusions.flatMap((one) => measureDiffusion(one)),
    ...portfolios.flatMap((one) => measureMarket(one)),
  ]
  return {
    title: 'Lab: back-tests, and the cost-aware band against what could be known better',
    measurements,
    losses: listMissed(measurements),
  }
}
