import { useMemo } from 'react'
import { cx } from '@/components/ui/cx'
import { Panel } from '@/components/ui/Panel'
import { tableStyles } from '@/components/ui/tableStyles'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { BandArithmetic } from './BandArithmetic'
import { type BandRow, toBandRows } from './bandRows'
import { formatCount, formatDollars, formatPoints, formatShare, formatYearlyBps } from './figures'
import type { LabInput } from './labDraft'
import type { LabSubject } from './labSubject'
import { TableScroll } from './TableScroll'
import { UseBands } from './UseBands'

const { table, headCell, row, cell, number } = tableStyles

type BandsPanelProps = {
  readonly subject: LabSubject
  /** Missing while something that was typed is refused. */
  readonly input: LabInput | undefined
  readonly risk: PortfolioRisk | undefined
}

/** The band of every asset that the costs call for, beside the person's own. */
export function BandsPanel({ subject, input, risk }: BandsPanelProps) {
  const { settings } = subject
  const rows = useMemo(() => input && toBandRows(input, risk, settings), [input, risk, settings])
  return (
    <Panel
      title="Bands from your costs"
      description="How far to let each asset drift, and how far to bring it back, for drift, fees and gas to cost least together."
      isFlush
    >
      {rows === undefined || input === undefined ? (
        <p className="border-line border-t px-5 py-4 text-ink-soft text-sm sm:px-6">
          Correct what is marked above to see the bands.
        </p>
      ) : (
        <>
          <BandTable rows={rows} totalUsd={input.totalUsd} />
          <BandNotes rows={rows} />
          <BandArithmetic rows={rows} input={input} />
          {subject.owner !== undefined && <UseBands rows={rows} owner={subject.owner} />}
        </>
      )}
    </Panel>
  )
}

const columns = [
  { name: 'Target', help: undefined },
  { name: 'Act at', help: 'D' },
  { name: 'Bring back to', help: 'd' },
  { name: 'Loss, bps/yr', help: undefined },
  { name: 'Rebalances/yr', help: undefined },
  { name: 'Turnover/yr', help: undefined },
  { name: 'Your band', help: undefined },
  { name: 'Yours loses more by', help: undefined },
] as const

function BandTable({ rows, totalUsd }: { readonly rows: readonly BandRow[]; readonly totalUsd: number }) {
  const moving = rows.filter(({ kind }) => kind === 'moving')
  const steady = rows.filter(({ kind }) => kind === 'steady')
  return (
    <TableScroll label="Bands from your costs">
      <table className={cx(table, 'min-w-[52rem] text-sm')} aria-label="Suggested bands">
        <thead>
          <tr className="border-line border-t">
            <th scope="col" className={cx(headCell, 'sticky left-0 bg-surface text-left')}>
              Asset
            </th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className={cx(headCell, 'text-right')}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {moving.map((band) => (
            <BandLine key={band.id} band={band} totalUsd={totalUsd} />
          ))}
        </tbody>
        {steady.length > 0 && (
          <tbody>
            <tr className={row}>
              <th
                scope="colgroup"
                colSpan={columns.length + 1}
                className={cx(cell, 'py-2 text-left font-medium text-[13px] text-ink-faint')}
              >
                Stable: their weight moves because the others do
              </th>
            </tr>
            {steady.map((band) => (
              <BandLine key={band.id} band={band} totalUsd={totalUsd} />
            ))}
          </tbody>
        )}
      </table>
    </TableScroll>
  )
}

function BandLine({ band: line, totalUsd }: { readonly band: BandRow; readonly totalUsd: number }) {
  const { id, target, band, trackingError, own, ownLoss } = line
  const yearly = trackingError !== undefined && band.status === 'band' ? band : undefined
  const extra = yearly === undefined || ownLoss === undefined ? undefined : ownLoss.lossPerYear - yearly.lossPerYear
  return (
    <tr className={row}>
      <th scope="row" className={cx(cell, 'sticky left-0 bg-surface text-left font-medium')}>
        {id}
      </th>
      <td className={cx(cell, number, 'text-ink-soft')}>{formatShare(target)}</td>
      {band.status === 'band' ? (
        <>
          <td className={cx(cell, number, 'font-semibold')}>{formatPoints(band.trigger)}</td>
          <td className={cx(cell, number)}>{formatPoints(band.destination)}</td>
        </>
      ) : (
        <td className={cx(cell, 'text-right text-ink-soft')} colSpan={2}>
          {band.status === 'steady' ? 'never drifts' : 'no band'}
        </td>
      )}
      <td className={cx(cell, number)}>{formatYearlyBps(yearly?.lossPerYear)}</td>
      <td className={cx(cell, number)}>{formatCount(yearly?.rebalancesPerYear, 1)}</td>
      <td className={cx(cell, number)}>{formatShare(yearly?.turnoverPerYear)}</td>
      <td className={cx(cell, number, 'text-ink-soft')}>{formatPoints(own?.trigger)}</td>
      <td className={cx(cell, number)}>
        {extra === undefined ? (
          '–'
        ) : (
          <>
            {formatYearlyBps(extra)} bps
            <span className="block text-[13px] text-ink-faint">{formatDollars(extra * totalUsd)}/yr</span>
          </>
        )}
      </td>
    </tr>
  )
}

function BandNotes({ rows }: { readonly rows: readonly BandRow[] }) {
  const wide = rows.flatMap(({ id, band }) => (band.status === 'widerThanTarget' ? [{ id, cause: band.cause }] : []))
  return (
    <div className="space-y-1.5 border-line border-t px-5 py-3 text-[13px] text-ink-soft sm:px-6">
      {wide.map(({ id, cause }) => (
        <p key={id}>
          <strong className="font-semibold text-ink">{id}</strong>:{' '}
          {cause === 'gas'
            ? 'at this size, gas makes rebalancing this asset cost more than it brings.'
            : 'at this fee, rebalancing this asset costs more than it brings.'}
        </p>
      ))}
      <p>
        Each asset is weighed against the rest of the portfolio, so that the figures of several assets overlap and do
        not add up. A negative “loses more” would mean that yours loses less.
      </p>
    </div>
  )
}
