import Link from 'next/link'
import type { ReactNode } from 'react'
import { planPath } from '@/components/app/paths'
import { formatBps } from '@/components/format/formatBps'
import { linkStyles } from '@/components/rebalance/linkStyles'
import { describeObstacle } from '@/components/rebalance/planWords'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Dialog } from '@/components/ui/Dialog'
import { Spinner } from '@/components/ui/Spinner'
import { UsdAmount } from '@/components/ui/UsdAmount'
import type { ChainClient } from '@/lib/chain/client'
import { isKnown, type OrUnknown, type Receipt } from '@/lib/core/activity/receipt'
import { composeRoundTrip, type RoundTrip } from '@/lib/core/activity/roundTrip'
import { composeUndoFragment } from '@/lib/core/activity/undoLink'
import { composeUndoTargets } from '@/lib/core/activity/undoTargets'
import { formatWeight } from '@/lib/core/numbers/format'
import type { Targets } from '@/lib/core/targets'
import { useSavedRebalance } from '@/lib/hooks/activity/useSavedRebalance'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { usePlan } from '@/lib/hooks/usePlan'
import type { Session } from '@/lib/hooks/useSession'
import { useSettings } from '@/lib/hooks/useSettings'
import { useWalletAbility } from '@/lib/hooks/useWalletAbility'
import type { PlanSubject } from '@/lib/query/planQuery'
import { describeUndoRefusal } from './activityWords'

type Present = Extract<Session, { status: 'connected' | 'watching' }>

type UndoDialogProps = {
  /** What is to be undone; closed where nothing is. */
  readonly receipt: Receipt | undefined
  /** How many receipts are newer. */
  readonly laterCount: number
  readonly session: Present
  readonly client: ChainClient
  readonly onClose: () => void
}

/** What going back to before a rebalance costs, before anything is planned for signing. */
export function UndoDialog({ receipt, laterCount, session, client, onClose }: UndoDialogProps) {
  return (
    <Dialog
      isOpen={receipt !== undefined}
      onClose={onClose}
      title="Undo this rebalance"
      description="A rebalance of its own, back to the weights before this one. You review and sign it like any other."
    >
      {receipt !== undefined && (
        <UndoBody receipt={receipt} laterCount={laterCount} session={session} client={client} onClose={onClose} />
      )}
    </Dialog>
  )
}

type UndoBodyProps = Omit<UndoDialogProps, 'receipt'> & { readonly receipt: Receipt }

function UndoBody({ receipt, laterCount, session, client, onClose }: UndoBodyProps) {
  const deployment = useDeployment()
  const { account } = session
  const { settings } = useSettings({ account, chainId: deployment.chainId })
  const ability = useWalletAbility(session)
  const last = useSavedRebalance({ account, chainId: deployment.chainId })
  const undo = composeUndoTargets(
    receipt,
    deployment.assets.map(({ id }) => id),
  )
  if (undo.status !== 'composed') {
    return (
      <Alert tone="warn" code={`undo-${undo.status}`} title="There is no way back to plan">
        {describeUndoRefusal(undo)}
      </Alert>
    )
  }
  if (last.saved !== undefined && !last.isDone) {
    return (
      <Alert
        tone="warn"
        code="undoUnfinished"
        title="Another rebalance is not finished"
        action={
          <Link href={planPath} prefetch={false} className={linkStyles.secondary}>
            Go to it
          </Link>
        }
      >
        One at a time: see it to its end, then come back.
      </Alert>
    )
  }
  if (session.status === 'connected' && ability.isPending) return <Waiting />
  const rung = ability.data?.rung ?? 'approveThenSwap'
  const callLimit = rung === 'atomicBatch' ? ability.data?.callLimit : undefined
  const { targets } = undo
  return (
    <div className="space-y-4">
      <p className="text-sm">
        <span className="text-ink-faint">Back to</span> {describeWeights(targets)}
      </p>
      <UndoPlan
        receipt={receipt}
        subject={{ deployment, account, client, targets, settings, rung, callLimit }}
        onClose={onClose}
        // Its receipt is kept here; on the plan's screen it would stand in the way.
        onPlan={last.putAway}
      />
      <p className="text-[13px] text-ink-faint">
        {laterCount > 0 &&
          `${laterCount === 1 ? 'One rebalance came' : `${laterCount} rebalances came`} after this one; the way back leads to the weights before this one. `}
        Prices have moved since: the weights come back, not the amounts. Your saved targets stay as they are.
      </p>
    </div>
  )
}

const describeWeights = ({ weights }: Targets) =>
  weights
    .filter(({ weightBps }) => weightBps > 0)
    .map(({ assetId, weightBps }) => `${assetId}\u00a0${formatWeight(weightBps).replace(' ', '\u00a0')}`)
    .join(', ')

function Waiting() {
  return (
    <p role="status" className="flex items-center gap-2 py-4 text-ink-soft text-sm">
      <Spinner />
      Planning the way back at fresh quotes
    </p>
  )
}

type UndoPlanProps = {
  readonly receipt: Receipt
  readonly subject: PlanSubject
  readonly onClose: () => void
  readonly onPlan: () => void
}

function UndoPlan({ receipt, subject, onClose, onPlan }: UndoPlanProps) {
  const plan = usePlan(subject)
  if (plan.data === undefined) {
    if (!plan.isError) return <Waiting />
    return (
      <Alert
        code="undoUnplanned"
        title="The way back could not be planned"
        action={
          <Button size="sm" icon="refresh" isBusy={plan.isFetching} onClick={() => plan.refetch()}>
            Try again
          </Button>
        }
      >
        {plan.error.message}
      </Alert>
    )
  }
  const { outcome, snapshot } = plan.data
  switch (outcome.status) {
    case 'planned':
      return (
        <>
          <RoundTripLines trip={composeRoundTrip(receipt, outcome.plan)} block={snapshot.block.number} />
          <div className="flex flex-wrap justify-end gap-3">
            <Button onClick={onClose}>Keep it</Button>
            <Link
              href={`${planPath}${composeUndoFragment(receipt.txHash)}`}
              prefetch={false}
              className={linkStyles.primary}
              onClick={onPlan}
            >
              Plan the way back
            </Link>
          </div>
        </>
      )
    case 'nothingToDo':
      return (
        <Alert tone="info" code="undoNothingToDo" title="There is nothing to trade back">
          What you hold is within your band of the weights before, or too small to be worth its gas.
        </Alert>
      )
    case 'blocked': {
      const { code, title, body } = describeObstacle(outcome.obstacle)
      return (
        <Alert code={code} title={title}>
          {body}
        </Alert>
      )
    }
  }
}

const shown = <Figure,>(figure: OrUnknown<Figure>) => (isKnown(figure) ? figure : undefined)

function RoundTripLines({ trip, block }: { trip: RoundTrip; block: bigint }) {
  const lines: readonly (readonly [string, ReactNode])[] = [
    ['This rebalance, as measured', <UsdAmount key="there" value={shown(trip.thereUsd)} />],
    [`Going back, at the quotes of block ${block}`, <UsdAmount key="back" value={trip.backUsd} />],
  ]
  return (
    <div>
      <p className="text-ink-faint text-sm">There and back</p>
      <p className="font-semibold text-[2rem] tabular-nums leading-tight tracking-[-0.02em]">
        <UsdAmount value={shown(trip.totalUsd)} />
        {isKnown(trip.totalCentiBps) && (
          <span className="ml-2 font-normal text-base text-ink-soft tracking-normal">
            {formatBps(trip.totalCentiBps)} of what you hold
          </span>
        )}
      </p>
      <dl className="mt-3 space-y-1.5 text-sm">
        {lines.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
