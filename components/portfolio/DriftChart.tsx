import {
  Bar,
  BarChart,
  Cell,
  LabelList,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatDriftPp } from '@/lib/core/numbers/format'
import { ChartTooltip } from './ChartTooltip'
import type { ChartRow } from './chartRows'
import { ticksAroundZero } from './niceTicks'

const bpsPerPoint = 100
const labelRoom = 1.25

/** How far each asset is above or below its target, with the band shaded. */
export function DriftChart({ rows, bandBps }: { rows: readonly ChartRow[]; bandBps: number }) {
  const band = bandBps / bpsPerPoint
  const widest = Math.max(band * 1.5, ...rows.map(({ driftPoints }) => Math.abs(driftPoints)))
  // The figures beside the bars need room too.
  const ticks = ticksAroundZero(widest * labelRoom, 3)
  const end = ticks.at(-1) ?? widest
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={[...rows]}
        layout="vertical"
        margin={{ top: 4, right: 20, bottom: 0, left: 0 }}
        barCategoryGap="32%"
      >
        <XAxis
          type="number"
          domain={[-end, end]}
          ticks={[...ticks]}
          interval={0}
          tickFormatter={(points: number) => `${points < 0 ? '\u2212' : points > 0 ? '+' : ''}${Math.abs(points)}`}
          axisLine={false}
          tickLine={false}
          tick={{ fill: 'var(--ink-faint)', fontSize: 12 }}
        />
        <YAxis
          type="category"
          dataKey="assetId"
          width={56}
          axisLine={false}
          tickLine={false}
          interval={0}
          tick={{ fill: 'var(--ink-soft)', fontSize: 13 }}
        />
        <ReferenceArea x1={-band} x2={band} fill="var(--line)" fillOpacity={0.6} />
        <ReferenceLine x={0} stroke="var(--control)" />
        <Tooltip
          cursor={{ fill: 'var(--hover)', fillOpacity: 0.5 }}
          content={<ChartTooltip />}
          isAnimationActive={false}
        />
        <Bar dataKey="driftPoints" isAnimationActive={false} radius={3}>
          {rows.map(({ assetId, isInBand }) => (
            <Cell key={assetId} fill={isInBand ? 'var(--accent)' : 'var(--warn)'} />
          ))}
          <LabelList
            dataKey="driftPoints"
            position="right"
            formatter={(points: unknown) => formatDriftPp(Math.round(Number(points) * bpsPerPoint)).replace(' pp', '')}
            fill="var(--ink-soft)"
            fontSize={12}
          />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  )
}
