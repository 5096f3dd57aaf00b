import Link from 'next/link'
import type { ReactNode } from 'react'
import { WorthNote } from '@/components/policy/WorthNote'
import { ReadFailure } from '@/components/portfolio/ReadFailure'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import type { Asset, AssetId } from '@/lib/core/asset'
import { formatTokenAmount, formatWeight } from '@/lib/core/numbers/format'
import type { PlanMode } from '@/lib/core/policy/policy'
import type { PlanObstacle } from '@/lib/core/rebalance/plan'
import type { usePlan } from '@/lib/hooks/usePlan'
import type { PlanState } from '@/lib/query/planQuery'
import { linkStyles } from './linkStyles'
import { PartNotice } from './PartNotice'
import { PlanPanel } from './PlanPanel'
import { PlanSkeleton } from './PlanSkeleton'
import { findAsset } from './planView'
import { describeChanges, describeMinimumMove, describeObstacle, type NextStep } from './planWords'
import { SkippedList } from './SkippedList'

type PlanPhaseProps = {
  readonly plan: ReturnType<typeof usePlan>
  readonly assets: readonly Asset[]
  /** What the plan is for. */
  readonly mode: PlanMode
  /** Asks for as much cash as there is, where more was asked for. */
  readonly onTakeMost: (assetId: AssetId, amount: bigint) => void
  /** The most calls that the wallet takes at once, where it batches. */
  readonly callLimit: number | undefined
  readonly action: ReactNode
  readonly frontier: ReactNode
  readonly exportAction: ReactNode
}

/** The plan in each of its states: being made, made, nothing to do, blocked, failed. */
export function PlanPhase(props: PlanPhaseProps) {
  const { plan, assets, callLimit } = props
  const { data, error, isFetching } = plan
  const onRefresh = () => plan.refetch()
  if (data === undefined) {
    if (error !== null) return <PlanFailure error={error} isFetching={isFetching} onRefresh={onRefresh} />
    return <PlanSkeleton />
  }
  return (
    <div className="space-y-6">
      {error !== null && (
        <PlanFailure error={error} isFetching={isFetching} onRefresh={onRefresh} readAtMs={data.checkedAtMs} />
      )}
      {data.renewal !== undefined && <RenewalNote state={data} assets={assets} />}
      {data.outcome.status === 'planned' && data.outcome.plan.part !== undefined && (
        <PartNotice part={data.outcome.plan.part} callLimit={callLimit} skipped={data.outcome.plan.skipped} />
      )}
      <PlanBody {...props} state={data} isFetching={isFetching} onRefresh={onRefresh} />
    </div>
  )
}

type PlanFailureProps = {
  readonly error: Error
  readonly isFetching: boolean
  readonly onRefresh: () => void
  readonly readAtMs?: number
}

function PlanFailure({ error, isFetching, onRefresh, readAtMs }: PlanFailureProps) {
  if (error.name === 'PlannerFailedError') {
    return (
      <Alert
        tone="danger"
        code="plannerFailed"
        title="The planner stopped"
        action={
          <Button size="sm" icon="refresh" isBusy={isFetching} onClick={onRefresh}>
            Plan again
          </Button>
        }
      >
        {error.message}
      </Alert>
    )
  }
  return (
    <ReadFailure
      error={error}
      isRetrying={isFetching}
      onRetry={onRefresh}
      {...(readAtMs === undefined ? {} : { readAtMs })}
    />
  )
}

/** Tells that the plan was made again and what moved. */
function RenewalNote({
  state: { renewal, outcome, snapshot },
  assets,
}: {
  state: PlanState
  assets: readonly Asset[]
}) {
  if (renewal === undefined || outcome.status !== 'planned') return null
  const causes = describeChanges(renewal.changes)
  const write = (assetId: string, amount: bigint) =>
    formatTokenAmount(amount, findAsset(assets, assetId)?.decimals ?? 18)
  const moves = renewal.minimums.map((move) => describeMinimumMove(move, write))
  return (
    <Alert tone="info" title={`Planned again at block ${snapshot.block.number}${causes === '' ? '' : `: ${causes}`}`}>
      {moves.length > 0 ? `Minimum received: ${moves.join('; ')}.` : 'No minimum moved.'}
    </Alert>
  )
}

type PlanBodyProps = Omit<PlanPhaseProps, 'plan' | 'callLimit'> & {
  readonly state: PlanState
  readonly isFetching: boolean
  readonly onRefresh: () => void
}

function PlanBody(props: PlanBodyProps) {
  const { state, assets, mode, action, frontier, exportAction, onTakeMost, isFetching, onRefresh } = props
  const { outcome, snapshot } = state
  switch (outcome.status) {
    case 'planned':
      return (
        <PlanPanel
          plan={outcome.plan}
          snapshot={snapshot}
          assets={assets}
          action={action}
          frontier={
            <>
              <WorthNote plan={outcome.plan} assets={assets} />
              {frontier}
            </>
          }
          exportAction={exportAction}
        />
      )
    case 'nothingToDo':
      return (
        <Panel>
          <div className="py-2">
            <h2 className="font-semibold text-lg">Nothing to trade</h2>
            <p className="mt-1 max-w-prose text-ink-soft">
              Drift is {formatWeight(outcome.driftBps)}.{' '}
              {mode.kind === 'rebalance'
                ? 'Everything is inside its band, kept by its limits, or too small to be worth its gas.'
                : 'For this amount no trade is possible within your limits, or none is worth its gas.'}
            </p>
            <div className="mt-4 flex flex-wrap gap-3">
              <Link href="/" className={linkStyles.secondary}>
                Back to the portfolio
              </Link>
            </div>
          </div>
          {outcome.skipped.length > 0 && (
            <div className="-mx-5 sm:-mx-6 -mb-5 sm:-mb-6 mt-5">
              <SkippedList skipped={outcome.skipped} />
            </div>
          )}
        </Panel>
      )
    case 'blocked': {
      const { code, title, body, next } = describeObstacle(outcome.obstacle)
      return (
        <>
          <Alert
            tone="danger"
            code={code}
            title={title}
            action={
              <>
                <TakeMost obstacle={outcome.obstacle} mode={mode} onTakeMost={onTakeMost} />
                <NextStepAction next={next} isFetching={isFetching} onRefresh={onRefresh} />
              </>
            }
          >
            {body}
          </Alert>
          {outcome.skipped.length > 0 && (
            <Panel title="Not traded" isFlush>
              <SkippedList skipped={outcome.skipped} />
            </Panel>
          )}
          <div className="max-w-xs">{action}</div>
        </>
      )
    }
  }
}

type TakeMostProps = Pick<PlanPhaseProps, 'mode' | 'onTakeMost'> & { readonly obstacle: PlanObstacle }

/** Where more is to be spent than there is, all that there is. */
function TakeMost({ obstacle, mode, onTakeMost }: TakeMostProps) {
  if (obstacle.kind !== 'cashShort' || mode.kind !== 'investCash' || obstacle.most === 0n) return null
  const { assetId, most, decimals } = obstacle
  return (
    <Button size="sm" onClick={() => onTakeMost(assetId, most)}>
      Use {formatTokenAmount(most, decimals)} {assetId}
    </Button>
  )
}

type NextStepActionProps = { readonly next: NextStep; readonly isFetching: boolean; readonly onRefresh: () => void }

function NextStepAction({ next, isFetching, onRefresh }: NextStepActionProps) {
  switch (next) {
    case 'readAgain':
      return (
        <Button size="sm" icon="refresh" isBusy={isFetching} onClick={onRefresh}>
          Read again
        </Button>
      )
    case 'editTargets':
      return (
        <Link href="/" className={linkStyles.secondary}>
          Edit targets
        </Link>
      )
    case 'openPortfolio':
      return (
        <Link href="/" className={linkStyles.secondary}>
          Back to the portfolio
        </Link>
      )
  }
}
