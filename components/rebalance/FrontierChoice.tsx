import { type CSSProperties, lazy, Suspense, useId } from 'react'
import { Button } from '@/components/ui/Button'
import { Skeleton } from '@/components/ui/Skeleton'
import { WhenSeen } from '@/components/ui/WhenSeen'
import { formatUsd } from '@/lib/core/numbers/format'
import { countTrades, describePoint, type FrontierPoint, formatDriftLeft, selectPoint, stepTo } from './frontierView'

const FrontierChart = lazy(() => import('./FrontierChart').then(({ FrontierChart }) => ({ default: FrontierChart })))

const waiting = <Skeleton className="size-full opacity-40" />

type FrontierChoiceProps = {
  /** At least two, from the fewest trades on. */
  readonly points: readonly FrontierPoint[]
  readonly chosenLegs: number | undefined
  readonly onChoose: (legs: number | undefined) => void
}

/** Chart, slider and the way back to the planner's choice. */
export function FrontierChoice({ points, chosenLegs, onChoose }: FrontierChoiceProps) {
  const id = useId()
  const [fewest, planners] = [points[0], points.at(-1)]
  const shown = selectPoint(points, chosenLegs)
  if (fewest === undefined || planners === undefined || shown === undefined) return null
  const filled = ((shown.legs - fewest.legs) / (planners.legs - fewest.legs)) * 100

  function slideTo(wanted: number) {
    if (shown === undefined || planners === undefined) return
    const legs = stepTo(points, shown.legs, wanted)
    onChoose(legs === planners.legs ? undefined : legs)
  }

  return (
    <div>
      <p aria-hidden="true" className="flex flex-wrap gap-x-5 gap-y-1 text-[13px] text-ink-faint">
        <span className="inline-flex items-center gap-1.5">
          <span className="size-2.5 rounded-[3px] bg-line-strong" /> drift left, pp
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span className="size-2.5 rounded-full border-[1.5px] border-ink-soft" /> cost, $
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span className="size-2.5 rounded-[3px] bg-accent" /> chosen
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span className="h-0.5 w-3.5 rounded-full bg-ink-soft" /> the planner’s
        </span>
      </p>
      <div
        role="img"
        aria-label="Chart of drift left and cost over the number of trades. A table below has the figures."
        className="mt-3 h-[180px]"
      >
        <WhenSeen className="size-full" placeholder={waiting}>
          <Suspense fallback={waiting}>
            <FrontierChart points={points} chosenLegs={shown.legs} plannerLegs={planners.legs} />
          </Suspense>
        </WhenSeen>
      </div>
      <div className="mt-4 flex items-center gap-4">
        <label htmlFor={id} className="text-ink-soft text-sm">
          Number of trades
        </label>
        <input
          id={id}
          type="range"
          min={fewest.legs}
          max={planners.legs}
          step={1}
          value={shown.legs}
          aria-valuetext={describePoint(shown)}
          onChange={(event) => slideTo(Number(event.target.value))}
          style={{ '--filled': `${filled}%` } as CSSProperties}
          className="range min-w-24 flex-1 rounded-control"
        />
      </div>
      <div className="mt-2 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-sm tabular-nums">
          <strong className="font-semibold">{countTrades(shown.legs)}</strong>
          <span className="text-ink-soft">
            {' '}
            · {formatUsd(shown.costUsd)} · {formatDriftLeft(shown.driftBps)} left
          </span>
        </p>
        <Button
          size="sm"
          variant="ghost"
          className="-mx-3"
          disabled={chosenLegs === undefined}
          onClick={() => onChoose(undefined)}
        >
          {chosenLegs === undefined ? 'The planner’s choice' : 'Back to the planner’s choice'}
        </Button>
      </div>
      <FrontierTable points={points} chosenLegs={shown.legs} plannerLegs={planners.legs} />
    </div>
  )
}

type FrontierTableProps = {
  readonly points: readonly FrontierPoint[]
  readonly chosenLegs: number
  readonly plannerLegs: number
}

/** The chart in figures, for those who do not see it. */
function FrontierTable({ points, chosenLegs, plannerLegs }: FrontierTableProps) {
  const noteOf = (legs: number) =>
    [...(legs === chosenLegs ? ['chosen'] : []), ...(legs === plannerLegs ? ['the planner’s'] : [])].join(', ')
  return (
    <div className="sr-only">
      <table>
        <caption>Plans by their number of trades</caption>
        <thead>
          <tr>
            <th scope="col">Trades</th>
            <th scope="col">Cost</th>
            <th scope="col">Drift left</th>
            <th scope="col">Which</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ legs, costUsd, driftBps }) => (
            <tr key={legs}>
              <th scope="row">{legs}</th>
              <td>{formatUsd(costUsd)}</td>
              <td>{formatDriftLeft(driftBps)}</td>
              <td>{noteOf(legs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
