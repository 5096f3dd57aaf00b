import { lazy, type ReactNode, Suspense } from 'react'
import { cx } from '@/components/ui/cx'
import { Icon } from '@/components/ui/Icon'
import { InfoTip } from '@/components/ui/InfoTip'
import { Skeleton } from '@/components/ui/Skeleton'
import { tableStyles } from '@/components/ui/tableStyles'
import { WhenSeen } from '@/components/ui/WhenSeen'
import type { LabResult } from '@/lib/core/backtest/runLab'
import type { BacktestFacts } from './backtestDraft'
import {
  type Curves,
  describeAgainstHeld,
  describeStep,
  freeName,
  selectPlaces,
  toCurves,
  toResultRows,
} from './backtestView'
import { curveStyle } from './curveStyle'
import { formatDollars, formatShare } from './figures'
import { TableScroll } from './TableScroll'

const CurveChart = lazy(() => import('./CurveChart').then((module) => ({ default: module.CurveChart })))

const { table, headCell, row, cell, number } = tableStyles

type BacktestResultsProps = { readonly result: LabResult; readonly facts: BacktestFacts }

/** What the rules came to: in one sentence, in a table, and as curves with their figures. */
export function BacktestResults({ result, facts }: BacktestResultsProps) {
  const verdict = describeAgainstHeld(result, facts)
  return (
    <section aria-label="Result of the back-test" className="border-line border-t">
      <div className="space-y-2 px-5 py-4 text-sm sm:px-6">
        <p className="font-medium">{facts.market}</p>
        {verdict !== undefined && <p className="max-w-prose text-ink-soft">{verdict}</p>}
        <p className="max-w-prose text-ink-faint">
          {[...facts.remarks, 'Over other prices it can be the other way round.'].join(' ')}
        </p>
      </div>
      <ResultTable result={result} facts={facts} />
      <Curve title="Worth" field="equityUsd" write={formatDollars} result={result} facts={facts} />
      <Curve title="Fall from the peak" field="drawdown" write={formatShare} result={result} facts={facts} />
      <Curve title="Drift before trading" field="drift" write={formatShare} result={result} facts={facts} />
    </section>
  )
}

function ResultTable({ result, facts }: BacktestResultsProps) {
  return (
    <TableScroll label="Result of the back-test">
      <table className={cx(table, 'min-w-[44rem] text-sm')} aria-label="Rules compared">
        <thead>
          <tr className="border-line border-t">
            <th scope="col" className={cx(headCell, 'sticky left-0 bg-surface text-left')}>
              {facts.markets > 1 ? `Mean of ${facts.markets}` : 'Figure'}
            </th>
            {[...facts.names, freeName].map((name) => (
              <th key={name} scope="col" className={cx(headCell, 'text-right')}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {toResultRows(result).map(({ name, help, cells, free, isPart = false }) => (
            <tr key={name} className={isPart ? undefined : row}>
              <th
                scope="row"
                className={cx(
                  cell,
                  'sticky left-0 whitespace-nowrap bg-surface py-2 text-left',
                  isPart ? 'pt-0 pl-9 font-normal text-ink-faint sm:pl-10' : 'font-medium',
                )}
              >
                {name} {help !== undefined && <InfoTip label={`About ${name.toLowerCase()}`}>{help}</InfoTip>}
              </th>
              {facts.names.map((rule, at) => (
                <td key={rule} className={cx(cell, number, 'py-2', isPart && 'pt-0 text-ink-faint')}>
                  {cells[at]}
                </td>
              ))}
              <td className={cx(cell, number, 'py-2 text-ink-soft', isPart && 'pt-0')}>{free}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

type CurveProps = BacktestResultsProps & {
  readonly title: string
  readonly field: 'equityUsd' | 'drawdown' | 'drift'
  readonly write: (value: number) => string
}

const places = 13

function Curve({ title, field, write, result, facts }: CurveProps) {
  const curves = toCurves(result, facts, field)
  if (curves === undefined) return null
  const waiting = <Skeleton className="size-full opacity-40" />
  return (
    <section aria-label={title} className="border-line border-t px-5 py-4 sm:px-6">
      <h3 className="font-medium text-sm">
        {title}
        {facts.markets > 1 && <span className="font-normal text-ink-faint"> in the first market</span>}
      </h3>
      <Legend names={curves.names} />
      <div
        role="img"
        aria-label={`Chart of ${title.toLowerCase()} over time. The table below it has the figures.`}
        className="mt-2 h-60"
      >
        <WhenSeen className="size-full" placeholder={waiting}>
          <Suspense fallback={waiting}>
            <CurveChart
              curves={curves}
              unit={field === 'equityUsd' ? 'usd' : 'share'}
              describeStep={(step) => describeStep(step, facts)}
              write={write}
            />
          </Suspense>
        </WhenSeen>
      </div>
      <CurveTable title={title} curves={curves} write={write} describe={(step) => describeStep(step, facts)} />
    </section>
  )
}

function Legend({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <p aria-hidden="true" className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-[13px] text-ink-faint">
      {names.map((name, at) => {
        const { stroke, dash, width } = curveStyle(at, name)
        return (
          <span key={name} className="inline-flex items-center gap-1.5">
            <svg width="22" height="4" viewBox="0 0 22 4" aria-hidden="true">
              <line x1="0" y1="2" x2="22" y2="2" stroke={stroke} strokeWidth={width} strokeDasharray={dash} />
            </svg>
            {name}
          </span>
        )
      })}
    </p>
  )
}

type CurveTableProps = {
  readonly title: string
  readonly curves: Curves
  readonly write: (value: number) => string
  readonly describe: (step: number) => string
}

/** The curves in figures. */
function CurveTable({ title, curves, write, describe }: CurveTableProps) {
  return (
    <details className="group mt-2">
      <summary className="flex min-h-11 items-center gap-2 text-ink-soft text-sm hover:text-ink">
        <Icon name="chevron" className="size-3.5 transition-transform group-open:rotate-180" /> In figures
      </summary>
      <TableScroll label={`${title} in figures`}>
        <table className={cx(table, 'text-sm')} aria-label={`${title} in figures`}>
          <thead>
            <tr>
              <th scope="col" className={cx(headCell, 'text-left')}>
                When
              </th>
              {curves.names.map((name) => (
                <th key={name} scope="col" className={cx(headCell, 'text-right')}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {selectPlaces(curves.rows, places).map(({ x, values }) => (
              <tr key={x} className={row}>
                <th scope="row" className={cx(cell, 'whitespace-nowrap py-2 text-left font-normal')}>
                  {describe(x)}
                </th>
                {curves.names.map((name, at) => (
                  <td key={name} className={cx(cell, number, 'py-2')}>
                    {write(values[at] ?? Number.NaN)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </details>
  )
}
