import type { BacktestMarket, PriceBlocks } from './backtestMarket'
import { InvalidBacktestError, stepsPerDay, yearSeconds } from './priceMatrix'
import { composePolicy, type Rule, type TradePolicy } from './rule'
import { type Book, moveIntoBands, moveToTargets } from './selectTrades'
import { checkCosts, measureImpact, type TradingCosts } from './tradingCosts'

/** What is tested, beside the market. */
export interface BacktestPlan {
  readonly rule: Rule
  readonly costs: TradingCosts
  /** USD at the first step, spread over the targets at no cost. */
  readonly initialUsd: number
}

/** What a rule came to. `finalUsd` + `costUsd` differs from `initialUsd` by nothing but the moves of prices. */
export interface BacktestSummary {
  readonly finalUsd: number
  /** `feeUsd` + `gasUsd` + `impactUsd`. */
  readonly costUsd: number
  readonly feeUsd: number
  readonly gasUsd: number
  readonly impactUsd: number
  /** Costs as fractions of the portfolio at their time, a year. */
  readonly costPerYear: number
  /** What was sold, in portfolios at the time: one way. */
  readonly turnover: number
  readonly turnoverPerYear: number
  readonly rebalances: number
  /** k assets that change hands in a rebalance take k - 1 trades. */
  readonly trades: number
  /** Times the rule fired while the costs would have eaten all that was traded, so that nothing was done. */
  readonly unaffordable: number
  /** Standard deviation of the difference of daily returns to the frictionless target's, a year; absent below two days. */
  readonly trackingErrorPerYear?: number
  /** Greatest fall from a peak, a fraction. */
  readonly maxDrawdown: number
  /** What is missing to the frictionless target at the end, a fraction of it; negative where the rule ended above it. */
  readonly lossToTarget: number
}

/** The course of a back-test at equally spaced steps, the first and the last among them. */
export interface BacktestSeries {
  readonly steps: Float64Array
  readonly equityUsd: Float64Array
  /** The frictionless target portfolio. */
  readonly targetUsd: Float64Array
  /** Deepest fall from the peak since the point before, a fraction. */
  readonly drawdown: Float64Array
  /** Total drift before trading, half the sum of the deviations, a fraction. The greatest since the point before. */
  readonly drift: Float64Array
}

/** Weights that sum to less than this share of the portfolio in trades are at rest: what rounding leaves. */
const dust = 1e-12

interface Ledger extends Book {
  feeUsd: number
  gasUsd: number
  impactUsd: number
  costShare: number
  turnover: number
  rebalances: number
  trades: number
  unaffordable: number
}

/**
 * Executes the moves at the prices of a step. Fee and impact come out of what is bought, gas out of everything in proportion,
 * such that the total falls by exactly the costs.
 */
function execute(ledger: Ledger, costs: TradingCosts, prices: Float64Array, base: number): void {
  const { moves, values, holdings, total } = ledger
  let sold = 0
  let bought = 0
  let moved = 0
  for (let i = 0; i < moves.length; i++) {
    const move = moves[i] as number
    if (move < 0) sold -= move
    else bought += move
    if (Math.abs(move) > dust * total) moved++
  }
  if (!(sold > dust * total)) return
  let impactUsd = 0
  if (costs.impact.kind !== 'none')
    for (let i = 0; i < moves.length; i++) impactUsd += measureImpact(costs.impact, i, Math.abs(moves[i] as number))
  const trades = Math.max(1, moved - 1)
  const feeUsd = (costs.feeBps / 10_000) * sold
  const gasUsd = costs.gasUsd + costs.gasUsdPerTrade * trades
  const afterTrades = total - feeUsd - impactUsd
  if (feeUsd + impactUsd > sold || gasUsd >= afterTrades) {
    ledger.unaffordable += 1
    return
  }
  const bring = (sold - feeUsd - impactUsd) / bought
  const keep = 1 - gasUsd / afterTrades
  let after = 0
  for (let i = 0; i < moves.length; i++) {
    const move = moves[i] as number
    const value = ((values[i] as number) + (move > 0 ? move * bring : move)) * keep
    values[i] = value
    holdings[i] = value / (prices[base + i] as number)
    after += value
  }
  ledger.total = after
  ledger.feeUsd += feeUsd
  ledger.gasUsd += gasUsd
  ledger.impactUsd += impactUsd
  ledger.costShare += (feeUsd + gasUsd + impactUsd) / total
  ledger.turnover += sold / total
  ledger.rebalances += 1
  ledger.trades += trades
}

/** Where a series is written, if one is. */
interface Recorder extends BacktestSeries {
  at: number
}

function totalDrift({ values, total }: Book, targets: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.abs((values[i] as number) / total - (targets[i] as number))
  return sum / 2
}

function record(recorder: Recorder, step: number, equityUsd: number, targetUsd: number): void {
  const { at } = recorder
  recorder.steps[at] = step
  recorder.equityUsd[at] = equityUsd
  recorder.targetUsd[at] = targetUsd
  recorder.at = at + 1
}

/** What may not be touched within a block for it to be passed over. */
interface Limits {
  readonly lower: Float64Array
  readonly upper: Float64Array
  readonly isBanded: boolean
}

/** What rounding may move a bound by. */
const margin = 1e-12

/** Whether within a block no weight can reach its band's edge, and the total neither a new peak nor a deeper fall. */
function isQuiet(
  values: Float64Array,
  { lows, highs }: PriceBlocks,
  at: number,
  { lower, upper, isBanded }: Limits,
  floor: number,
  peak: number,
): boolean {
  let least = 0
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    least += value * (lows[at + i] as number)
    most += value * (highs[at + i] as number)
  }
  if (most > peak * (1 - margin) || least < floor * (1 + margin)) return false
  if (!isBanded) return true
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const low = value * (lows[at + i] as number)
    const high = value * (highs[at + i] as number)
    // The weight is greatest where this value is at its highest and all others are at their lowest, and the other way round.
    if (high * (1 + margin) >= (upper[i] as number) * (least - low + high)) return false
    if (low * (1 - margin) <= (lower[i] as number) * (most - high + low)) return false
  }
  return true
}

function walk(market: BacktestMarket, plan: BacktestPlan, recorder: Recorder | undefined): BacktestSummary {
  const { matrix, targets, targetIndex, years } = market
  const { prices, steps, stepSeconds, assets } = matrix
  const width = assets.length
  const { costs, initialUsd } = plan
  checkCosts(costs, width)
  if (!(initialUsd > 0 && Number.isFinite(initialUsd)))
    throw new InvalidBacktestError('initialUsd', `must be positive and finite; got ${initialUsd}`)
  const policy: TradePolicy = composePolicy(plan.rule, { stepSeconds, targets, costs, initialUsd })
  const values = Float64Array.from(targets, (target) => target * initialUsd)
  const holdings = values.map((value, i) => value / (prices[i] as number))
  const ledger: Ledger = {
    holdings,
    values,
    moves: new Float64Array(width),
    total: initialUsd,
    feeUsd: 0,
    gasUsd: 0,
    impactUsd: 0,
    costShare: 0,
    turnover: 0,
    rebalances: 0,
    trades: 0,
    unaffordable: 0,
  }
  const lower = new Float64Array(width)
  const upper = new Float64Array(width)
  const isBanded = policy.kind === 'bands'
  if (isBanded) {
    for (let i = 0; i < width; i++) {
      lower[i] = (targets[i] as number) - (policy.triggers[i] as number)
      upper[i] = (targets[i] as number) + (policy.triggers[i] as number)
    }
  }
  const limits: Limits = { lower, upper, isBanded }
  const blocks = recorder === undefined ? market.blocks : undefined
  const blockSteps = blocks?.size ?? 0
  let nextBlock = blocks === undefined ? steps : 1
  let block = 0
  const every = policy.kind === 'every' ? policy.steps : 0
  let next = every > 0 ? every : steps
  const sampleSteps = stepsPerDay(stepSeconds)
  let sample = sampleSteps
  let sampledTotal = initialUsd
  let sampledIndex = 1
  let samples = 0
  let sum = 0
  let squares = 0
  let peak = initialUsd
  let depth = 0
  /** Below this the fall is the deepest so far. */
  let floor = initialUsd
  if (recorder !== undefined) record(recorder, 0, initialUsd, initialUsd)

  for (let step = 1; step < steps; step++) {
    if (step === nextBlock && blocks !== undefined && block < blocks.count) {
      const last = step + blockSteps - 1
      if (last < next && isQuiet(values, blocks, block * width, limits, floor, peak)) step = last
      nextBlock += blockSteps
      block += 1
    }
    const base = step * width
    let total = 0
    for (let i = 0; i < width; i++) {
      const value = (holdings[i] as number) * (prices[base + i] as number)
      values[i] = value
      total += value
    }
    if (recorder !== undefined) {
      ledger.total = total
      const { at, drift } = recorder
      drift[at] = Math.max(drift[at] as number, totalDrift(ledger, targets))
    }
    if (isBanded) {
      let isOut = false
      for (let i = 0; i < width; i++) {
        const value = values[i] as number
        if (value <= (lower[i] as number) * total || value >= (upper[i] as number) * total) isOut = true
      }
      if (isOut) {
        ledger.total = total
        moveIntoBands(ledger, targets, policy)
        execute(ledger, costs, prices, base)
        total = ledger.total
      }
    } else if (step === next) {
      next += every
      ledger.total = total
      moveToTargets(ledger, targets)
      execute(ledger, costs, prices, base)
      total = ledger.total
    }
    if (total > peak) {
      peak = total
      floor = peak * (1 - depth)
    } else if (total < floor) {
      depth = 1 - total / peak
      floor = total
    }
    if (step === sample) {
      sample += sampleSteps
      const index = targetIndex[step] as number
      const difference = total / sampledTotal - index / sampledIndex
      sampledTotal = total
      sampledIndex = index
      samples += 1
      sum += difference
      squares += difference * difference
    }
    if (recorder !== undefined) {
      const { at, drawdown } = recorder
      drawdown[at] = Math.max(drawdown[at] as number, 1 - total / peak)
      if (step === dueStep(at, recorder.steps.length, steps))
        record(recorder, step, total, initialUsd * (targetIndex[step] as number))
    }
    ledger.total = total
  }

  const finalUsd = ledger.total
  const { feeUsd, gasUsd, impactUsd, turnover, rebalances, trades, unaffordable } = ledger
  const variance = samples > 1 ? Math.max(0, squares - (sum * sum) / samples) / (samples - 1) : Number.NaN
  return {
    finalUsd,
    costUsd: feeUsd + gasUsd + impactUsd,
    feeUsd,
    gasUsd,
    impactUsd,
    costPerYear: ledger.costShare / years,
    turnover,
    turnoverPerYear: turnover / years,
    rebalances,
    trades,
    unaffordable,
    ...(samples > 1 ? { trackingErrorPerYear: Math.sqrt((variance * yearSeconds) / (sampleSteps * stepSeconds)) } : {}),
    maxDrawdown: depth,
    lossToTarget: 1 - finalUsd / (initialUsd * (targetIndex[steps - 1] as number)),
  }
}

/** The step at which a point of a series is due. */
function dueStep(at: number, points: number, steps: number): number {
  return Math.round((at * (steps - 1)) / (points - 1))
}

/**
 * Runs a rule over a market: at every step after the first the portfolio is valued, the rule looks, and what it asks for is
 * traded at the prices of that step.
 * @throws {InvalidBacktestError} when the rule, the costs or the sum to invest are out of their ranges.
 */
export function runBacktest(market: BacktestMarket, plan: BacktestPlan): BacktestSummary {
  return walk(market, plan, undefined)
}

/**
 * The same with its course at up to `points` steps, for charts.
 * @throws {InvalidBacktestError} when the rule, the costs, the sum to invest or the number of points (two or more) are out of their ranges.
 */
export function traceBacktest(
  market: BacktestMarket,
  plan: BacktestPlan,
  points: number,
): { readonly summary: BacktestSummary; readonly series: BacktestSeries } {
  if (!(Number.isInteger(points) && points >= 2))
    throw new InvalidBacktestError('points', `must be a whole number from 2; got ${points}`)
  const count = Math.min(points, market.matrix.steps)
  const recorder: Recorder = {
    steps: new Float64Array(count),
    equityUsd: new Float64Array(count),
    targetUsd: new Float64Array(count),
    drawdown: new Float64Array(count),
    drift: new Float64Array(count),
    at: 0,
  }
  const summary = walk(market, plan, recorder)
  const { at: _, ...series } = recorder
  return { summary, series }
}
