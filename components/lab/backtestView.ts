import { daySeconds } from '@/lib/core/backtest/priceMatrix'
import type { BacktestSummary } from '@/lib/core/backtest/runBacktest'
import type { LabResult } from '@/lib/core/backtest/runLab'
import type { BacktestFacts } from './backtestDraft'
import { formatCount, formatDay, formatDollars, formatShare } from './figures'

/** One line of the table of results: a figure for every rule, and for the targets at no cost where it has one. */
export type ResultRow = {
  readonly name: string
  readonly help?: string
  readonly cells: readonly string[]
  readonly free: string
  /** Part of the figure above. */
  readonly isPart?: boolean
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

type NumberField = {
  [Key in keyof BacktestSummary]-?: BacktestSummary[Key] extends number ? Key : never
}[keyof BacktestSummary]

const nothing = ''

/** The figures of every rule; with several markets their means. */
export function toResultRows({ rules, targets }: LabResult): readonly ResultRow[] {
  const of = (field: NumberField, write: (value: number) => string) =>
    rules.map(({ summaries }) => write(mean(summaries.map((summary) => summary[field]))))
  const part = { isPart: true, free: nothing } as const
  return [
    {
      name: 'Final value',
      cells: of('finalUsd', formatDollars),
      free: formatDollars(mean(targets.map(({ finalUsd }) => finalUsd))),
    },
    { name: 'Cost', cells: of('costUsd', formatDollars), free: formatDollars(0) },
    { name: 'Fees', cells: of('feeUsd', formatDollars), ...part },
    { name: 'Gas', cells: of('gasUsd', formatDollars), ...part },
    { name: 'Price impact', cells: of('impactUsd', formatDollars), ...part },
    {
      name: 'Turnover a year',
      help: 'What was sold in a year, one way, of the portfolio at the time.',
      cells: of('turnoverPerYear', (value) => formatShare(value, 0)),
      free: nothing,
    },
    { name: 'Rebalances', cells: of('rebalances', writeMean), free: nothing },
    { name: 'Trades', cells: of('trades', writeMean), free: nothing },
    {
      name: 'Tracking error',
      help: 'Standard deviation of the difference of daily returns to the targets at no cost, a year.',
      cells: rules.map(({ summaries }) => {
        const known = summaries.flatMap(({ trackingErrorPerYear }) => trackingErrorPerYear ?? [])
        return formatShare(known.length === 0 ? undefined : mean(known), 2)
      }),
      free: formatShare(0, 2),
    },
    {
      name: 'Deepest fall',
      help: 'From a peak to the lowest point after it.',
      cells: of('maxDrawdown', formatShare),
      free: formatShare(mean(targets.map(({ maxDrawdown }) => maxDrawdown))),
    },
    {
      name: 'Given up to the targets',
      help: 'What is missing at the end to the portfolio that is always at its targets and pays nothing. Negative where the rule ended above it.',
      cells: of('lossToTarget', (value) => formatShare(value, 2)),
      free: nothing,
    },
  ]
}

const writeMean = (value: number) => formatCount(value, Number.isInteger(value) ? 0 : 1)

/** Says in one sentence how the rules ended against holding, both ways; nothing where nothing was held or nothing else was tested. */
export function describeAgainstHeld(
  { rules }: LabResult,
  { names, markets, initialUsd }: BacktestFacts,
): string | undefined {
  const held = rules.find(({ rule }) => rule.kind === 'hold')
  const others = rules.flatMap(({ rule, summaries }, at) =>
    rule.kind === 'hold' ? [] : [{ name: names[at] ?? '', summaries }],
  )
  if (held === undefined || others.length === 0) return undefined
  if (markets > 1) {
    const parts = others.map(({ name, summaries }) => {
      const above = summaries.filter(
        ({ finalUsd }, run) => finalUsd > (held.summaries[run]?.finalUsd ?? Number.NaN),
      ).length
      return `“${name}” above holding in ${above} and not in ${markets - above}`
    })
    return `Of ${markets} markets, ended ${parts.join('; ')}.`
  }
  const [heldOnly] = held.summaries
  const heldUsd = heldOnly?.finalUsd ?? Number.NaN
  const parts = others.map(({ name, summaries: [summary] }) => {
    const difference = (summary?.finalUsd ?? Number.NaN) - heldUsd
    const side = difference >= 0 ? 'above' : 'below'
    const size = formatDollars(Math.abs(difference))
    return `“${name}” ended ${size} (${formatShare(Math.abs(difference) / initialUsd)} of what was put in) ${side} holding`
  })
  const strayed = formatShare(heldOnly?.trackingErrorPerYear)
  return `${parts.join(', ')}, while holding paid nothing and strayed from the targets by ${strayed} a year.`
}

/** A curve for each name, at the same places. */
export type Curves = {
  readonly names: readonly string[]
  readonly rows: readonly CurveRow[]
}

/** One place of all curves: `x` in steps. */
export type CurveRow = { readonly x: number; readonly values: readonly number[] }

type CurveField = 'equityUsd' | 'drawdown' | 'drift'

/** The curves of one figure on the first market; nothing where none were traced. */
export function toCurves({ rules }: LabResult, { names }: BacktestFacts, field: CurveField): Curves | undefined {
  const traced = rules.flatMap(({ series }) => series ?? [])
  const [first] = traced
  if (first === undefined || traced.length !== rules.length) return undefined
  const withTargets = field === 'equityUsd'
  return {
    names: withTargets ? [...names, freeName] : names,
    rows: Array.from(first.steps, (x, at) => ({
      x,
      values: [
        ...traced.map((series) => series[field][at] ?? Number.NaN),
        ...(withTargets ? [first.targetUsd[at] ?? Number.NaN] : []),
      ],
    })),
  }
}

/** What the portfolio is called that is always at its targets and pays nothing. */
export const freeName = 'Targets, no cost'

/** When a step was: a date where prices have one, years since the start where they were drawn. */
export function describeStep(step: number, { startSeconds, stepSeconds }: BacktestFacts): string {
  if (startSeconds !== undefined) return formatDay(Math.floor((startSeconds + step * stepSeconds) / daySeconds))
  return `year ${((step * stepSeconds) / (365 * daySeconds)).toFixed(1)}`
}

/** As many places of the curves as a table can hold, the first and the last among them. */
export function selectPlaces(rows: readonly CurveRow[], count: number): readonly CurveRow[] {
  if (rows.length <= count) return rows
  return Array.from({ length: count }, (_, at) => rows[Math.round((at * (rows.length - 1)) / (count - 1))]).flatMap(
    (row) => row ?? [],
  )
}
