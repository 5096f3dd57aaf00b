import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { ChartTooltip } from './ChartTooltip'
import type { ChartRow } from './chartRows'
import { ticksFromZero } from './niceTicks'

/** What each asset makes up now, beside what it is meant to make up. */
export function AllocationChart({ rows, hasTargets }: { rows: readonly ChartRow[]; hasTargets: boolean }) {
  const widest = Math.max(...rows.flatMap(({ nowPercent, targetPercent }) => [nowPercent, targetPercent]))
  const ticks = ticksFromZero(widest, 4)
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={[...rows]}
        layout="vertical"
        margin={{ top: 4, right: 20, bottom: 0, left: 0 }}
        barCategoryGap="26%"
        barGap={2}
      >
        <XAxis
          type="number"
          domain={[0, ticks.at(-1) ?? widest]}
          ticks={[...ticks]}
          interval={0}
          tickFormatter={(percent: number) => `${percent} %`}
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
        <Tooltip
          cursor={{ fill: 'var(--hover)', fillOpacity: 0.5 }}
          content={<ChartTooltip />}
          isAnimationActive={false}
        />
        <Bar dataKey="nowPercent" name="Now" fill="var(--accent)" isAnimationActive={false} radius={3} />
        {hasTargets && (
          <Bar dataKey="targetPercent" name="Target" fill="var(--line-strong)" isAnimationActive={false} radius={3} />
        )}
      </BarChart>
    </ResponsiveContainer>
  )
}
