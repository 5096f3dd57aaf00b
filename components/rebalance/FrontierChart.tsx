import {
  Bar,
  Cell,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  type XAxisTickContentProps,
  YAxis,
} from 'recharts'
import { ticksFromZero } from '@/components/portfolio/niceTicks'
import { formatUsd } from '@/lib/core/numbers/format'
import { countTrades, type FrontierPoint, type FrontierRow, formatDriftLeft, toFrontierRows } from './frontierView'

type FrontierChartProps = {
  readonly points: readonly FrontierPoint[]
  readonly chosenLegs: number
  readonly plannerLegs: number
}

const tickInk = { fill: 'var(--ink-faint)', fontSize: 12 }

const formatDollars = (dollars: number) => (dollars < 1000 ? `$${dollars}` : `$${dollars / 1000}k`)

/** The most of a column, never nothing, so that an axis has a length. */
function mostOf(values: readonly number[], least: number): number {
  return Math.max(least, ...values)
}

/** Drift that is left as bars and cost as a line, over the number of trades. The chosen plan is filled, the planner's underlined. */
export function FrontierChart({ points, chosenLegs, plannerLegs }: FrontierChartProps) {
  const rows = toFrontierRows(points)
  const driftTicks = ticksFromZero(
    mostOf(
      rows.map(({ driftPoints }) => driftPoints),
      0.1,
    ),
    4,
  )
  const costTicks = ticksFromZero(
    mostOf(
      rows.map(({ costDollars }) => costDollars),
      0.01,
    ),
    4,
  )
  const costs = new Map(points.map(({ legs, costUsd }) => [legs, formatUsd(costUsd)]))

  const drawTick = ({ x, y, payload }: XAxisTickContentProps) => {
    const legs: number = payload.value
    const isChosen = legs === chosenLegs
    return (
      <g transform={`translate(${x},${y})`}>
        <text
          dy={12}
          textAnchor="middle"
          fontSize={13}
          fontWeight={isChosen ? 700 : 400}
          fill={isChosen ? 'var(--ink)' : 'var(--ink-faint)'}
        >
          {legs}
        </text>
        {legs === plannerLegs && <rect x={-9} y={17} width={18} height={2} rx={1} fill="var(--ink-soft)" />}
      </g>
    )
  }

  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={[...rows]}
        margin={{ top: 10, right: 0, bottom: 4, left: 0 }}
        barCategoryGap="30%"
        accessibilityLayer={false}
      >
        <XAxis dataKey="legs" interval={0} axisLine={false} tickLine={false} height={24} tick={drawTick} />
        <YAxis
          yAxisId="drift"
          domain={[0, driftTicks.at(-1) ?? 1]}
          ticks={[...driftTicks]}
          interval={0}
          width={36}
          axisLine={false}
          tickLine={false}
          tick={tickInk}
        />
        <YAxis
          yAxisId="cost"
          orientation="right"
          domain={[0, costTicks.at(-1) ?? 1]}
          ticks={[...costTicks]}
          interval={0}
          width={44}
          tickFormatter={formatDollars}
          axisLine={false}
          tickLine={false}
          tick={tickInk}
        />
        <Tooltip
          cursor={{ fill: 'var(--hover)', fillOpacity: 0.5 }}
          content={<FrontierTooltip costs={costs} />}
          isAnimationActive={false}
        />
        <Bar
          yAxisId="drift"
          dataKey="driftPoints"
          isAnimationActive={false}
          radius={3}
          minPointSize={2}
          maxBarSize={44}
        >
          {rows.map(({ legs }) => (
            <Cell key={legs} fill={legs === chosenLegs ? 'var(--accent)' : 'var(--line-strong)'} />
          ))}
        </Bar>
        <Line
          yAxisId="cost"
          dataKey="costDollars"
          stroke="var(--ink-soft)"
          strokeWidth={1.5}
          strokeDasharray="4 3"
          isAnimationActive={false}
          activeDot={false}
          dot={({ cx, cy, payload }: { cx?: number; cy?: number; payload?: FrontierRow }) => (
            <circle
              key={payload?.legs}
              cx={cx}
              cy={cy}
              r={payload?.legs === chosenLegs ? 6 : 4}
              fill={payload?.legs === chosenLegs ? 'var(--ink)' : 'var(--surface)'}
              stroke="var(--ink-soft)"
              strokeWidth={1.5}
            />
          )}
        />
      </ComposedChart>
    </ResponsiveContainer>
  )
}

type FrontierTooltipProps = {
  readonly costs: ReadonlyMap<number, string>
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: FrontierRow }[]
}

/** What the chart says of the plan under the pointer. Recharts hands in all but the costs. */
function FrontierTooltip({ costs, active, payload }: FrontierTooltipProps) {
  const row = payload?.[0]?.payload
  if (active !== true || row === undefined) return null
  return (
    <div className="rounded-control border border-line bg-raised px-3 py-2 text-[13px] shadow-float">
      <p className="font-semibold">{countTrades(row.legs)}</p>
      <dl className="mt-1 grid grid-cols-[auto_auto] gap-x-4 tabular-nums">
        <dt className="text-ink-faint">Cost</dt>
        <dd className="text-right">{costs.get(row.legs)}</dd>
        <dt className="text-ink-faint">Drift left</dt>
        <dd className="text-right">{formatDriftLeft(Math.round(row.driftPoints * 100))}</dd>
      </dl>
    </div>
  )
}
