import { useState } from 'react'
import { cx } from '@/components/ui/cx'
import { TextField } from '@/components/ui/Field'
import { Panel } from '@/components/ui/Panel'
import { Skeleton } from '@/components/ui/Skeleton'
import { tableStyles } from '@/components/ui/tableStyles'
import { formatDriftPp } from '@/lib/core/numbers/format'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { bpsWhole } from '@/lib/core/units'
import { formatShare } from './figures'
import { type LabInput, parseFigure } from './labDraft'
import type { LabSubject } from './labSubject'
import { describeBreachChance, describeBreachDays, describeRisk, joinIds } from './labWords'
import type { SourcePrices } from './priceSource'
import { measureTracking, type Tracking } from './trackingRows'

const { table, headCell, row, cell, number } = tableStyles
const narrow = 'max-sm:not-first:pl-1.5 max-sm:not-last:pr-1.5 max-sm:text-sm'

type TrackingPanelProps = {
  readonly subject: LabSubject
  readonly input: LabInput | undefined
  readonly risk: PortfolioRisk | undefined
  readonly prices: SourcePrices
}

/** How far the account strays from its targets now, and when it is expected to leave its bands. */
export function TrackingPanel({ subject, input, risk, prices }: TrackingPanelProps) {
  return (
    <Panel
      title="Tracking error now"
      description="How far the portfolio is expected to stray from its targets in a year if nobody trades."
      isFlush
    >
      <TrackingBody subject={subject} input={input} risk={risk} prices={prices} />
    </Panel>
  )
}

function Note({ children }: { readonly children: string }) {
  return <p className="border-line border-t px-5 py-4 text-ink-soft text-sm sm:px-6">{children}</p>
}

function TrackingBody({ subject, input, risk, prices }: TrackingPanelProps) {
  const [horizon, setHorizon] = useState('30')
  const horizonDays = parseFigure(horizon, { min: 1, max: 3650, isWhole: true })
  const { held, settings } = subject
  if (held === undefined)
    return (
      <Note>
        This needs holdings. Connect a wallet or watch an address on the portfolio screen, and save targets for it.
      </Note>
    )
  if (input === undefined) return <Note>Correct what is marked above to see it.</Note>
  if (prices.status === 'reading')
    return (
      <div className="border-line border-t px-5 py-4 sm:px-6">
        <Skeleton className="h-6 w-64 max-w-full" />
      </div>
    )
  if (risk?.status !== 'measured') return <Note>{describeNoTracking(risk, prices)}</Note>
  const tracking = measureTracking({
    held,
    targets: input.targets,
    risk,
    settings,
    horizonDays: 'value' in horizonDays ? horizonDays.value : 0,
  })
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4 border-line border-t px-5 py-4 sm:px-6">
        <div className="max-w-prose">
          <p className="font-semibold text-2xl tracking-[-0.02em]">
            {formatShare(tracking.trackingError, 2)}{' '}
            <span className="font-normal text-[15px] text-ink-soft tracking-normal">a year</span>
          </p>
          <p className="mt-1 text-ink-soft text-sm">{describeTracking(tracking, risk.uncoveredIds)}</p>
        </div>
        <div className="w-36">
          <TextField
            label="Look ahead"
            unit="days"
            value={horizon}
            problem={'refusal' in horizonDays ? horizonDays.refusal : undefined}
            onChange={setHorizon}
          />
        </div>
      </div>
      <table className={table} aria-label="Tracking error by asset">
        <thead>
          <tr className="border-line border-t">
            <th scope="col" className={cx(headCell, narrow, 'text-left')}>
              Asset
            </th>
            <th scope="col" className={cx(headCell, narrow, 'text-right')}>
              Drift
            </th>
            <th scope="col" className={cx(headCell, narrow, 'text-right')}>
              Adds
            </th>
            <th scope="col" className={cx(headCell, narrow, 'whitespace-normal text-right')}>
              Leaves its band in
            </th>
            <th scope="col" className={cx(headCell, narrow, 'whitespace-normal text-right')}>
              {'value' in horizonDays ? `Chance in ${horizonDays.value} d` : 'Chance'}
            </th>
          </tr>
        </thead>
        <tbody>
          {tracking.rows.map(({ id, deviation, contribution, breach }) => (
            <tr key={id} className={row}>
              <th scope="row" className={cx(cell, narrow, 'text-left font-medium')}>
                {id}
              </th>
              <td className={cx(cell, narrow, number)}>{formatDriftPp(Math.round(deviation * bpsWhole))}</td>
              <td className={cx(cell, narrow, number)}>{formatShare(contribution, 2)}</td>
              <td className={cx(cell, narrow, number, 'max-sm:whitespace-normal')}>{describeBreachDays(breach)}</td>
              <td className={cx(cell, narrow, number)}>
                {'value' in horizonDays ? describeBreachChance(breach) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="border-line border-t px-5 py-3 text-[13px] text-ink-soft sm:px-6">
        “Adds” sums to the tracking error; an asset below zero offsets others. Bands are those of your settings, weights
        are taken to be looked at once a day, and prices to move as they did in the days named above.
      </p>
    </>
  )
}

function describeTracking({ trackingError, rows }: Tracking, uncoveredIds: readonly string[]): string {
  const outside = rows.filter(({ breach }) => breach?.status === 'outside').map(({ id }) => id)
  const waiting = rows.flatMap(({ id, breach }) =>
    breach?.status === 'inside' ? [{ id, days: breach.expectedDays, breach }] : [],
  )
  const next = waiting.sort((a, b) => a.days - b.days)[0]
  return [
    trackingError < 0.00005
      ? 'At its targets: nothing strays yet.'
      : 'In two years of three the portfolio ends within this of its targets.',
    ...(outside.length > 0 ? [`${joinIds(outside)} ${outside.length === 1 ? 'is' : 'are'} out of band now.`] : []),
    ...(next === undefined
      ? []
      : [`Next to leave its band: ${next.id}, in ${describeBreachDays(next.breach)} on average.`]),
    ...(uncoveredIds.length > 0 ? [`${joinIds(uncoveredIds)} left out for want of prices.`] : []),
  ].join(' ')
}

function describeNoTracking(risk: PortfolioRisk | undefined, prices: SourcePrices): string {
  const reason = prices.status === 'failed' ? 'The daily prices could not be read.' : describeRisk(risk, prices)
  return `No tracking error is given. ${reason}`
}
