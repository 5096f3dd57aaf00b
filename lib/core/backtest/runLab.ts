import { type BacktestMarket, prepareMarket } from './backtestMarket'
import type { PriceMatrix } from './priceMatrix'
import type { Rule } from './rule'
import { type BacktestSeries, type BacktestSummary, runBacktest, traceBacktest } from './runBacktest'
import { type SimulatedMarket, simulatePrices } from './simulatePrices'
import type { TradingCosts } from './tradingCosts'

/** Where the prices of a lab come from. */
export type LabMarket =
  | { readonly kind: 'history'; readonly matrix: PriceMatrix }
  /** So many markets, drawn with `seed`, `seed` + 1 and so on. */
  | { readonly kind: 'simulated'; readonly market: SimulatedMarket; readonly seed: number; readonly runs: number }

/** Rules to be tested side by side on the same prices. Plain data. */
export interface LabRequest {
  readonly market: LabMarket
  /** Target weights, fractions that sum to 1. */
  readonly targets: readonly number[]
  readonly rules: readonly Rule[]
  readonly costs: TradingCosts
  readonly initialUsd: number
  /** Points of the series of the first market; without, summaries only. */
  readonly points?: number
}

/** The portfolio that is always at its targets and pays nothing, on one market. */
export interface TargetSummary {
  readonly finalUsd: number
  readonly maxDrawdown: number
}

/** What one rule came to on every market, in their order. */
export interface LabRuleResult {
  readonly rule: Rule
  readonly summaries: readonly BacktestSummary[]
  /** On the first market. */
  readonly series?: BacktestSeries
}

/** What a lab found. Plain data. */
export interface LabResult {
  readonly years: number
  /** One for each market. */
  readonly targets: readonly TargetSummary[]
  /** In the order of the rules. */
  readonly rules: readonly LabRuleResult[]
}

/** Back-tests that are done, of all that are asked for. */
export interface LabProgress {
  readonly done: number
  readonly total: number
}

function* drawMarkets({ market, targets }: LabRequest): Generator<BacktestMarket, void, undefined> {
  if (market.kind === 'history') {
    yield prepareMarket(market.matrix, targets)
    return
  }
  for (let run = 0; run < market.runs; run++)
    yield prepareMarket(simulatePrices(market.market, market.seed + run), targets)
}

/**
 * Runs every rule on every market, one back-test a step, so that the caller may show how far it is, or leave.
 * @throws {InvalidBacktestError} naming the field that cannot be.
 */
export function* walkLab(request: LabRequest): Generator<LabProgress, LabResult, undefined> {
  const { market, rules, costs, initialUsd, points } = request
  const total = rules.length * (market.kind === 'history' ? 1 : market.runs)
  const summaries = rules.map((): BacktestSummary[] => [])
  const series: BacktestSeries[] = []
  const targets: TargetSummary[] = []
  let years = 0
  let done = 0
  for (const prepared of drawMarkets(request)) {
    const isFirst = targets.length === 0
    years = prepared.years
    targets.push({
      finalUsd: initialUsd * (prepared.targetIndex.at(-1) ?? Number.NaN),
      maxDrawdown: prepared.targetMaxDrawdown,
    })
    for (const [at, rule] of rules.entries()) {
      const plan = { rule, costs, initialUsd }
      if (isFirst && points !== undefined) {
        const traced = traceBacktest(prepared, plan, points)
        summaries[at]?.push(traced.summary)
        series.push(traced.series)
      } else {
        summaries[at]?.push(runBacktest(prepared, plan))
      }
      done += 1
      yield { done, total }
    }
  }
  return {
    years,
    targets,
    rules: rules.map((rule, at) => {
      const course = series[at]
      return { rule, summaries: summaries[at] ?? [], ...(course === undefined ? {} : { series: course }) }
    }),
  }
}
