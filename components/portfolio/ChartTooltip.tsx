import { formatDriftPp, formatWeight } from '@/lib/core/numbers/format'
import type { ChartRow } from './chartRows'

type ChartTooltipProps = {
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: ChartRow }[]
}

const bpsPerPercent = 100

/** What a chart says of the asset under the pointer. Recharts hands in the props. */
export function ChartTooltip({ active, payload }: ChartTooltipProps) {
  const row = payload?.[0]?.payload
  if (active !== true || row === undefined) return null
  return (
    <div className="rounded-control border border-line bg-raised px-3 py-2 text-[13px] shadow-float">
      <p className="font-semibold">{row.assetId}</p>
      <dl className="mt-1 grid grid-cols-[auto_auto] gap-x-4 tabular-nums">
        <dt className="text-ink-faint">Now</dt>
        <dd className="text-right">{formatWeight(Math.round(row.nowPercent * bpsPerPercent))}</dd>
        <dt className="text-ink-faint">Target</dt>
        <dd className="text-right">{formatWeight(Math.round(row.targetPercent * bpsPerPercent))}</dd>
        <dt className="text-ink-faint">Drift</dt>
        <dd className="text-right">{formatDriftPp(Math.round(row.driftPoints * bpsPerPercent))}</dd>
      </dl>
    </div>
  )
}
