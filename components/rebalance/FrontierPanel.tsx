import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { InfoTip } from '@/components/ui/InfoTip'
import { Panel } from '@/components/ui/Panel'
import { formatUsd } from '@/lib/core/numbers/format'
import type { FrontierPlan } from '@/lib/core/rebalance/plan'
import { useFrontier } from '@/lib/hooks/useFrontier'
import type { PlanSubject } from '@/lib/query/planQuery'
import { FrontierChoice } from './FrontierChoice'
import { FrontierSkeleton } from './FrontierSkeleton'
import { countTrades, toFrontierPoints } from './frontierView'

type FrontierPanelProps = {
  /** What is planned, without a choice of the number of trades. */
  readonly subject: PlanSubject
  /** At most so many trades were chosen; missing where the planner chooses. */
  readonly chosenLegs: number | undefined
  readonly onChoose: (choice: FrontierPlan | undefined) => void
}

/** For every number of trades what it costs and what drift it leaves, with a slider that chooses. */
export function FrontierPanel(props: FrontierPanelProps) {
  return (
    <Panel
      title="Fewer trades, less cost"
      description={
        <>
          What each number of trades costs, and the drift that it leaves{' '}
          <InfoTip label="About fewer trades">
            Each number of trades has a plan of its own, made from the same quotes. Fewer trades pay less gas and leave
            more drift, or take thinner pools. Without a choice the planner weighs all of them by what is left in
            dollars.
          </InfoTip>
        </>
      }
    >
      <Frontier {...props} />
    </Panel>
  )
}

function Frontier({ subject, chosenLegs, onChoose }: FrontierPanelProps) {
  const frontier = useFrontier(subject)
  if (frontier.data === undefined) {
    if (!frontier.isError) return <FrontierSkeleton />
    return (
      <Alert
        tone="warn"
        code="frontierFailed"
        title="Plans with fewer trades could not be made"
        action={
          <Button size="sm" icon="refresh" isBusy={frontier.isFetching} onClick={() => frontier.refetch()}>
            Try again
          </Button>
        }
      >
        <p>{frontier.error.message}</p>
        <p>The plan on this screen is not affected.</p>
      </Alert>
    )
  }
  const plans = frontier.data
  const points = toFrontierPoints(plans)
  const [only] = points
  if (only === undefined) {
    return <p className="text-ink-soft text-sm">There is no plan to choose from: nothing has to be traded.</p>
  }
  if (points.length === 1) {
    return (
      <p className="text-ink-soft text-sm">
        There is one plan, with {countTrades(only.legs)} for {formatUsd(only.costUsd)}.{' '}
        {only.legs === 1 ? 'Fewer than one is none.' : 'With fewer trades no plan brings these weights closer.'}
      </p>
    )
  }
  return (
    <FrontierChoice
      points={points}
      chosenLegs={chosenLegs}
      onChoose={(legs) =>
        onChoose(legs === undefined ? undefined : plans.find(({ plan }) => plan.legs.length === legs))
      }
    />
  )
}
