import { Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { ticksFromZero } from '@/components/portfolio/niceTicks'
import type { CurveRow, Curves } from './backtestView'
import { curveStyle } from './curveStyle'

type CurveChartProps = {
  readonly curves: Curves
  readonly unit: 'usd' | 'share'
  readonly describeStep: (step: number) => string
  readonly write: (value: number) => string
}

const tickInk = { fill: 'var(--ink-faint)', fontSize: 12 }

function writeDollars(dollars: number): string {
  if (dollars >= 1e6) return `$${dollars / 1e6}M`
  return dollars >= 1000 ? `$${dollars / 1000}k` : `$${dollars}`
}

/** So many marks on the axis of time, the first and the last left out so that none is cut off. */
const marks = 4

/** A curve for every rule over time. */
export function CurveChart({ curves, unit, describeStep, write }: CurveChartProps) {
  const { names, rows } = curves
  const scale = unit === 'usd' ? 1 : 100
  const most = rows.reduce((largest, { values }) => Math.max(largest, ...values), 0) * scale
  const ticks = ticksFromZero(Math.max(most, 0.01), 4)
  const last = rows.at(-1)?.x ?? 1
  const times = Array.from({ length: marks }, (_, at) => ((at + 0.5) / marks) * last)
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={[...rows]} margin={{ top: 10, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <XAxis
          dataKey="x"
          type="number"
          domain={[0, last]}
          ticks={times}
          interval="equidistantPreserveStart"
          minTickGap={18}
          tickFormatter={(step: number) => describeStep(step).replace(/^\d+ (?=\D)/, '')}
          axisLine={{ stroke: 'var(--line-strong)' }}
          tickLine={false}
          height={24}
          tick={tickInk}
        />
        <YAxis
          domain={[0, ticks.at(-1) ?? 1]}
          ticks={[...ticks]}
          interval={0}
          width={52}
          tickFormatter={(value: number) => (unit === 'usd' ? writeDollars(value) : `${value} %`)}
          axisLine={false}
          tickLine={false}
          tick={tickInk}
        />
        <Tooltip
          cursor={{ stroke: 'var(--control)' }}
          content={<CurveTooltip names={names} describeStep={describeStep} write={write} />}
          isAnimationActive={false}
        />
        {names.map((name, at) => {
          const { stroke, dash, width } = curveStyle(at, name)
          return (
            <Line
              key={name}
              dataKey={({ values }: CurveRow) => (values[at] ?? Number.NaN) * scale}
              name={name}
              stroke={stroke}
              strokeWidth={width}
              strokeDasharray={dash}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          )
        })}
      </LineChart>
    </ResponsiveContainer>
  )
}

type CurveTooltipProps = Pick<CurveChartProps, 'describeStep' | 'write'> & {
  readonly names: readonly string[]
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: CurveRow }[]
}

/** What the curves say of the place under the pointer. Recharts hands in all but the words. */
function CurveTooltip({ names, describeStep, write, active, payload }: CurveTooltipProps) {
  const row = payload?.[0]?.payload
  if (active !== true || row === undefined) return null
  return (
    <div className="rounded-control border border-line bg-raised px-3 py-2 text-[13px] shadow-float">
      <p className="font-semibold">{describeStep(row.x)}</p>
      <dl className="mt-1 grid grid-cols-[auto_auto] gap-x-4 tabular-nums">
        {names.map((name, at) => (
          <div key={name} className="contents">
            <dt className="text-ink-faint">{name}</dt>
            <dd className="text-right">{write(row.values[at] ?? Number.NaN)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
