import { type BacktestMarket, prepareMarket } from '@/lib/core/backtest/backtestMarket'
import { composeCostAwareBands, type Rule } from '@/lib/core/backtest/rule'
import { runBacktest } from '@/lib/core/backtest/runBacktest'
import { simulatePrices } from '@/lib/core/backtest/simulatePrices'
import type { TradingCosts } from '@/lib/core/backtest/tradingCosts'
import { type Measurement, measureAtMost, measureOnly, writeRatio } from './measurement'

/** Whole portfolios in simulated markets, through the back-test engine. */

const hourSeconds = 3600
/** Three years. */
const steps = 26_281
const markets = 16
const firstSeed = 1
const riskAversion = 3
const initialUsd = 100_000

const factors = [0.7, 0.8, 0.9, 1, 1.12, 1.25, 1.4] as const
const shares = [0, 0.25, 0.5, 0.7, 0.85, 1] as const
const calendarDays = [3, 5, 7, 10, 14, 17, 20, 25, 30, 37, 45, 60, 75, 90] as const

/** A portfolio to look after, and what trading costs it. */
export type MarketCase = {
  readonly name: string
  readonly volatilities: readonly number[]
  readonly targets: readonly number[]
  /** Between any two assets. */
  readonly correlation: number
  readonly feeBps: number
  readonly gasUsd: number
  /** Whether the goals for a single weight are held against this portfolio too. */
  readonly hasGoals: boolean
}

type Outcome = {
  readonly loss: number
  readonly trackingError: number
  readonly turnover: number
}

function drawMarkets({ volatilities, targets, correlation }: MarketCase): readonly BacktestMarket[] {
  const market = {
    assets: volatilities.map((volatility, i) => ({ id: `A${i + 1}`, volatility, growth: 0 })),
    correlation: volatilities.map((_, i) => volatilities.map((__, j) => (i === j ? 1 : correlation))),
    stepSeconds: hourSeconds,
    steps,
    tails: { kind: 'normal' },
  } as const
  return Array.from({ length: markets }, (_, run) => prepareMarket(simulatePrices(market, firstSeed + run), targets))
}

function measureRule(drawn: readonly BacktestMarket[], rule: Rule, costs: TradingCosts): Outcome {
  let square = 0
  let cost = 0
  let turnover = 0
  for (const market of drawn) {
    const summary = runBacktest(market, { rule, costs, initialUsd })
    square += (summary.trackingErrorPerYear ?? Number.NaN) ** 2 / drawn.length
    cost += summary.costPerYear / drawn.length
    turnover += summary.turnoverPerYear / drawn.length
  }
  return { loss: (riskAversion / 2) * square + cost, trackingError: Math.sqrt(square), turnover }
}

/** Turnover at a tracking error, between the two calendars around it; both are powers of the period. */
function interpolateTurnover(calendars: readonly Outcome[], trackingError: number): number {
  const after = calendars.findIndex((one) => one.trackingError >= trackingError)
  const [low, high] = [calendars[after - 1], calendars[after]]
  if (low === undefined || high === undefined) return Number.NaN
  const share = Math.log(trackingError / low.trackingError) / Math.log(high.trackingError / low.trackingError)
  return low.turnover * (high.turnover / low.turnover) ** share
}

/** The cost-aware band against a grid of bands (all triggers times a factor, all destinations a share of them) and against calendars. */
export function measureMarket(given: MarketCase): readonly Measurement[] {
  const { name, targets, feeBps, gasUsd, hasGoals } = given
  const drawn = drawMarkets(given)
  const costs: TradingCosts = { feeBps, gasUsd, gasUsdPerTrade: 0, impact: { kind: 'none' } }
  const bands = composeCostAwareBands(riskAversion, { targets: Float64Array.from(targets), costs, initialUsd })
  const own = measureRule(drawn, { kind: 'costAware', riskAversion }, costs)
  const grid = factors.flatMap((factor) =>
    shares.map((share) => {
      const scaled = bands.map(({ trigger }) => ({
        trigger: trigger * factor,
        destination: trigger * factor * share,
      }))
      return measureRule(drawn, { kind: 'bands', bands: scaled }, costs).loss
    }),
  )
  const calendars = calendarDays.map((days) => measureRule(drawn, { kind: 'calendar', days }, costs))
  const toCalendar = own.loss / Math.min(...calendars.map(({ loss }) => loss))
  const toTurnover = own.turnover / interpolateTurnover(calendars, own.trackingError)
  const hold = (label: string, value: number, goal: number) =>
    hasGoals
      ? measureAtMost({ name: `${name}: ${label}`, value, goal, write: writeRatio })
      : measureOnly(`${name}: ${label}`, writeRatio(value))
  return [
    measureAtMost({
      name: `${name}: loss / least of ${grid.length} bands`,
      value: own.loss / Math.min(own.loss, ...grid),
      goal: 1.02,
      write: writeRatio,
    }),
    hold("loss / best calendar's", toCalendar, 0.66),
    hold("turnover / calendar's at equal tracking error", toTurnover, 0.55),
  ]
}
