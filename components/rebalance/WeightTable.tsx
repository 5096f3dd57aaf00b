import { cx } from '@/components/ui/cx'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { tableStyles } from '@/components/ui/tableStyles'
import type { WeightRow } from './planView'

const { table, headCell, row, cell, number } = tableStyles

/** Four columns fit a phone. */
const narrow = 'max-sm:not-first:pl-1.5 max-sm:not-last:pr-1.5 max-sm:text-sm'

/** Two bars on one scale, now above projected, and a mark at the target. The numbers beside it say the same. */
function WeightBars({ row: { now, projected, target }, fullBps }: { row: WeightRow; fullBps: number }) {
  const share = (bps: number) => `${(bps / fullBps) * 100}%`
  return (
    <div aria-hidden="true" className="relative h-6 min-w-24">
      <div className="absolute inset-x-0 top-[5px] h-1.5 rounded-full bg-sunken" />
      <div className="absolute inset-x-0 top-[13px] h-1.5 rounded-full bg-sunken" />
      <div className="absolute top-[5px] left-0 h-1.5 rounded-full bg-control/70" style={{ width: share(now.bps) }} />
      <div
        className="absolute top-[13px] left-0 h-1.5 rounded-full bg-accent"
        style={{ width: share(projected.bps) }}
      />
      <div
        className="absolute inset-y-0 w-0.5 -translate-x-px rounded-full bg-ink"
        style={{ left: share(target.bps) }}
      />
    </div>
  )
}

const planLabels = { now: 'Now', projected: 'Projected' } as const

type WeightTableProps = {
  readonly rows: readonly WeightRow[]
  /** What the first two columns are called. */
  readonly labels?: { readonly now: string; readonly projected: string }
}

/** Now, projected and target of every asset side by side. */
export function WeightTable({ rows, labels = planLabels }: WeightTableProps) {
  const largestBps = Math.max(1, ...rows.flatMap(({ now, projected, target }) => [now.bps, projected.bps, target.bps]))
  const fullBps = Math.min(10_000, Math.ceil((largestBps * 1.08) / 100) * 100)
  return (
    <table
      className={table}
      aria-label={`Weights ${labels.now.toLowerCase()}, ${labels.projected.toLowerCase()} and target`}
    >
      <thead>
        <tr>
          <th scope="col" className={cx(headCell, narrow, 'text-left')}>
            Asset
          </th>
          <td className="hidden w-[38%] px-3 text-[12px] text-ink-faint sm:table-cell">
            <span aria-hidden="true" className="flex items-center gap-3">
              <span className="inline-flex items-center gap-1.5">
                <span className="h-1.5 w-4 rounded-full bg-control/70" /> {labels.now.toLowerCase()}
              </span>
              <span className="inline-flex items-center gap-1.5">
                <span className="h-1.5 w-4 rounded-full bg-accent" /> {labels.projected.toLowerCase()}
              </span>
              <span className="inline-flex items-center gap-1.5">
                <span className="h-3 w-0.5 rounded-full bg-ink" /> target
              </span>
            </span>
          </td>
          <th scope="col" className={cx(headCell, narrow, 'text-right')}>
            {labels.now}
          </th>
          <th scope="col" className={cx(headCell, narrow, 'text-right')}>
            {labels.projected}
          </th>
          <th scope="col" className={cx(headCell, narrow, 'text-right')}>
            Target
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((weights) => (
          <tr key={weights.assetId} className={row}>
            <th scope="row" className={cx(cell, narrow, 'text-left font-medium')}>
              <span className="inline-flex items-center gap-2.5">
                <TokenLogo symbol={weights.assetId} size="sm" />
                <span title={weights.name}>{weights.assetId}</span>
              </span>
            </th>
            <td className="hidden px-3 py-2 align-middle sm:table-cell">
              <WeightBars row={weights} fullBps={fullBps} />
            </td>
            <td className={cx(cell, narrow, number, 'text-ink-soft')}>{weights.now.text}</td>
            <td className={cx(cell, narrow, number, 'font-semibold')}>{weights.projected.text}</td>
            <td className={cx(cell, narrow, number, 'text-ink-soft')}>{weights.target.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
