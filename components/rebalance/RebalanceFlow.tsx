import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/Button'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { noRelief, type Relief } from '@/lib/core/drought/relief'
import { lowerCallLimit } from '@/lib/core/execution/callLimit'
import type { Rung } from '@/lib/core/execution/execution'
import type { FrontierPlan } from '@/lib/core/rebalance/plan'
import type { BlockRef } from '@/lib/core/snapshot'
import { leaveUndo } from '@/lib/hooks/activity/undoFragment'
import { useExecution } from '@/lib/hooks/useExecution'
import { useKnownSnapshot } from '@/lib/hooks/useKnownSnapshot'
import { useNow } from '@/lib/hooks/useNow'
import { usePlan } from '@/lib/hooks/usePlan'
import { useRebalanceReview } from '@/lib/hooks/useRebalanceReview'
import type { Session } from '@/lib/hooks/useSession'
import { useSettledText } from '@/lib/hooks/useSettledText'
import { useSwitchToDeployment } from '@/lib/hooks/useSwitchToDeployment'
import { measureLateness } from '@/lib/query/headAge'
import { judgeReview } from '@/lib/query/judgeReview'
import { type PlanState, type PlanSubject, readPlanNow } from '@/lib/query/planQuery'
import type { Review } from '@/lib/query/readReview'
import { assertWalletAgrees, selectNewestSnapshot } from '@/lib/query/secondOpinion'
import { ActionButton } from './ActionButton'
import { AimLine } from './AimLine'
import { announceFlow } from './announce'
import { DroughtAdvice } from './DroughtAdvice'
import { ExecutionPhase } from './ExecutionPhase'
import { ExportPlan } from './ExportPlan'
import { FailureAlert } from './FailureAlert'
import { FrontierPanel } from './FrontierPanel'
import { isReviewOutdatedBy, isVoid, selectPhase, selectUnsentFailure } from './flowPhase'
import { LeftoverAllowances } from './LeftoverAllowances'
import { ModeSwitch } from './ModeSwitch'
import { selectMainAction } from './mainAction'
import { amountText, type ModeDraft, readMode, rebalanceDraft } from './modeDraft'
import { askForAmount } from './modeWords'
import { PageHead } from './PageHead'
import { PlanPhase } from './PlanPhase'
import { type Problem, toProblem } from './problem'
import { QuoteStatus } from './QuoteStatus'
import { ReceiptPhase } from './ReceiptPhase'
import { ReviewPhase } from './ReviewPhase'

type RebalanceFlowProps = {
  readonly session: Extract<Session, { status: 'connected' | 'watching' }>
  readonly subject: PlanSubject
  /** Whether the plan may be for something else than a rebalance. */
  readonly hasModes: boolean
  /** What is taken out of the plan because of a drought; the subject is without it already. */
  readonly relief: Relief
  readonly onRelieve: (relief: Relief) => void
  /** Signs in another way than the wallet offers first. */
  readonly onChooseRung: (rung: Rung) => void
  /** Plans with at most so many calls in a batch from now on: the wallet refused one for its size. */
  readonly onLimitCalls: (callLimit: number) => void
  /** The wallet asks to make the account a smart one before it sends its first batch. */
  readonly isUpgradeAsked: boolean
}

/** Nothing is planned while somebody types. */
const typingMs = 350

const titles = { plan: 'Rebalance', review: 'Review', execution: 'Signing', receipt: 'Receipt' } as const

/** From the plan to the receipt, one step on the screen at a time. */
export function RebalanceFlow({
  session,
  subject: given,
  hasModes,
  relief,
  onRelieve,
  onChooseRung,
  onLimitCalls,
  isUpgradeAsked,
}: RebalanceFlowProps) {
  const { deployment, account } = given
  const { assets, name: chainName } = deployment
  const [draft, setDraft] = useState<ModeDraft>(rebalanceDraft)
  const settledText = useSettledText(draft.text, typingMs)
  const read = readMode({ ...draft, text: settledText }, assets)
  const subject = draft.kind === 'rebalance' ? given : { ...given, mode: read.mode }
  const snapshot = useKnownSnapshot(subject)
  const queries = useQueryClient()
  const [choice, setChoice] = useState<FrontierPlan>()
  const chosen = choice === undefined ? subject : { ...subject, maxLegs: choice.legs }
  const plan = usePlan(chosen, choice?.plan)
  const reviewing = useRebalanceReview(chosen, session)
  const execution = useExecution(chosen, session)
  const { switchToDeployment, isSwitching, error: switchError } = useSwitchToDeployment()
  const [review, setReview] = useState<Review>()
  const [problem, setProblem] = useState<Problem>()
  const [isStarting, setIsStarting] = useState(false)
  const isSigning = useRef(false)

  const saved = execution.saved
  const record = saved?.record.execution
  const phase = selectPhase({ execution: record, hasReview: review !== undefined })
  const isPreparing = isStarting || (execution.drive.status === 'driving' && phase === 'review')
  const planStatus = selectPlanStatus()
  const isDone = phase === 'receipt'
  const isBroken = phase === 'execution' && record?.steps.some(({ state }) => state.status === 'broken') === true

  function selectPlanStatus() {
    if (read.status !== 'ready') return 'amountMissing'
    // What is on the screen is not yet what was typed.
    if (draft.text !== settledText && draft.kind !== 'rebalance') return 'loading'
    return plan.data?.outcome.status ?? (plan.isError ? 'failed' : 'loading')
  }

  function changeMode(next: ModeDraft) {
    setDraft(next)
    setChoice(undefined)
    setProblem(undefined)
  }

  // What was chosen may no longer lead anywhere; then the planner chooses again.
  if (choice !== undefined && plan.data !== undefined && plan.data.outcome.status !== 'planned') setChoice(undefined)

  useEffect(() => {
    if (!isDone && !isBroken) return
    queries.invalidateQueries({ queryKey: ['snapshot'] })
    queries.removeQueries({ queryKey: ['plan'], type: 'inactive' })
  }, [isDone, isBroken, queries])

  const wasResumed = useRef(false)
  const isUnderWay = phase === 'execution' && execution.drive.status === 'resting'
  useEffect(() => {
    if (!isUnderWay || wasResumed.current) return
    wasResumed.current = true
    execution.resume()
  }, [isUnderWay, execution.resume])

  async function makeReview(reason?: Problem) {
    setProblem(reason)
    try {
      const made = await reviewing.mutateAsync()
      setReview(made)
      // The token says more than the failure that led here.
      if (made !== undefined && made.refusals.length > 0) setProblem(undefined)
    } catch (error) {
      setReview(undefined)
      setProblem(toProblem(error))
    }
  }

  /** Has the wallet's own node confirm what is about to be signed. */
  async function askWallet({ plan: reviewed }: Review, now: PlanState) {
    if (session.status !== 'connected') return
    const provider = (await session.connector.getProvider()) as WalletProvider
    const snapshot = selectNewestSnapshot(queries, chosen, now)
    await assertWalletAgrees(provider, { subject: chosen, plan: reviewed, snapshot })
  }

  async function sign() {
    if (review === undefined || isSigning.current) return
    isSigning.current = true
    wasResumed.current = true
    setIsStarting(true)
    setProblem(undefined)
    try {
      const now = await readPlanNow(queries, chosen)
      const verdict = judgeReview(review, { subject: chosen, now })
      if (verdict.status === 'outdated') return await makeReview({ failure: verdict.failure })
      await askWallet(review, now)
      const earlier = execution.readSaved()?.record.execution
      if (earlier !== undefined && isVoid(earlier)) execution.dismiss()
      await execution.start({ ...review, rung: subject.rung })
      await takeBackUnsent()
    } catch (error) {
      setProblem(toProblem(error))
    } finally {
      isSigning.current = false
      setIsStarting(false)
    }
  }

  /** Where nothing was sent in the end, the review or the plan comes back, with the reason. */
  async function takeBackUnsent() {
    const unsent = selectUnsentFailure(execution.readSaved()?.record.execution)
    if (unsent === undefined) return
    execution.dismiss()
    if (isReviewOutdatedBy(unsent)) await makeReview({ failure: unsent })
    else setProblem({ failure: unsent })
  }

  async function proceed(acknowledgedNonce?: number) {
    setProblem(undefined)
    await execution.proceed(acknowledgedNonce === undefined ? {} : { acknowledgedNonce })
    await takeBackUnsent()
  }

  async function sayDeclined() {
    await execution.resume({ isDeclined: true })
    await takeBackUnsent()
  }

  function endReceipt() {
    const isWhole = saved?.plan.part === undefined
    putAway()
    if (isWhole) leaveUndo()
  }

  function putAway() {
    execution.dismiss()
    if (phase !== 'review') {
      setChoice(undefined)
      setDraft(rebalanceDraft)
      onRelieve(noRelief)
    }
    setReview(undefined)
    setProblem(undefined)
    plan.refetch()
  }

  function describeWayOut() {
    switch (problem?.failure) {
      case 'batchUnsupported':
      case 'batchTooLarge': {
        const smaller =
          problem.failure === 'batchTooLarge' && review !== undefined
            ? lowerCallLimit(review.bundle.approvals.length + 1)
            : undefined
        return (
          subject.rung === 'atomicBatch' && (
            <div className="flex flex-wrap gap-2">
              {smaller !== undefined && (
                <Button
                  size="sm"
                  onClick={() => {
                    setProblem(undefined)
                    setReview(undefined)
                    onLimitCalls(smaller)
                  }}
                >
                  Split into smaller bundles
                </Button>
              )}
              <Button
                size="sm"
                onClick={() => {
                  setProblem(undefined)
                  setReview(undefined)
                  onChooseRung('approveThenSwap')
                }}
              >
                Use approvals and one swap
              </Button>
            </div>
          )
        )
      }
      case 'wrongChain':
        return (
          <Button size="sm" isBusy={isSwitching} onClick={switchToDeployment}>
            Switch to {chainName}
          </Button>
        )
      default:
        return undefined
    }
  }

  function takeMost(assetId: string, amount: bigint) {
    const asset = assets.find(({ id }) => id === assetId)
    if (asset !== undefined) changeMode({ ...draft, text: amountText(amount, asset) })
  }

  const mainAction = selectMainAction({
    session: session.status,
    isOnOtherChain: session.status === 'connected' && session.isOnOtherChain,
    chainName,
    plan: planStatus,
    isPreparingReview: reviewing.isPending,
  })

  const notice = problem !== undefined && (
    <FailureAlert
      problem={problem}
      chainName={chainName}
      assets={assets}
      className={phase === 'plan' && planStatus !== 'planned' ? 'mb-5' : undefined}
      action={describeWayOut()}
    />
  )

  return (
    <>
      <p role="status" aria-live="polite" className="sr-only">
        {announceFlow({
          phase,
          execution: record,
          assets,
          plan: planStatus,
          isPreparingReview: reviewing.isPending,
          isStarting: isPreparing,
          isCancelled: problem?.failure === 'rejected',
        })}
      </p>
      <PageHead title={titles[phase]} isFocused>
        {phase === 'plan' && plan.data !== undefined && (
          <PlanAge
            plan={plan}
            deployment={deployment}
            plannedAt={plan.data.outcome.status === 'planned' ? plan.data.snapshot.block : undefined}
          />
        )}
        {phase === 'review' && (
          <Button variant="ghost" size="sm" icon="arrowLeft" disabled={isPreparing} onClick={putAway}>
            Back to the plan
          </Button>
        )}
      </PageHead>
      {switchError !== null && (
        <FailureAlert problem={{ failure: 'wrongChain' }} chainName={chainName} assets={assets} className="mb-5">
          <p>The wallet did not change the chain. Choose {chainName} in the wallet itself, then come back.</p>
        </FailureAlert>
      )}
      {phase === 'plan' && planStatus !== 'planned' && notice}
      {phase === 'plan' && (
        <section aria-label="Plan">
          {hasModes && <ModeSwitch draft={draft} subject={subject} snapshot={snapshot} onChange={changeMode} />}
          <AimLine mode={read.mode} settings={subject.settings} outcome={plan.data?.outcome} assets={assets} />
          <DroughtAdvice state={plan.data} hubAssetIds={deployment.hubAssetIds} relief={relief} onRelieve={onRelieve} />
          {draft.kind !== 'rebalance' && planStatus === 'amountMissing' ? (
            <p className="rounded-panel border border-line border-dashed px-5 py-10 text-center text-ink-faint">
              {askForAmount(draft.kind, draft.assetId)}
            </p>
          ) : (
            <PlanPhase
              plan={plan}
              assets={assets}
              mode={read.mode}
              onTakeMost={takeMost}
              callLimit={subject.callLimit}
              frontier={<FrontierPanel subject={subject} chosenLegs={choice?.plan.legs.length} onChoose={setChoice} />}
              exportAction={<ExportPlan subject={chosen} />}
              action={
                <div className="space-y-3">
                  {planStatus === 'planned' && notice}
                  <ActionButton
                    action={{ ...mainAction, isBusy: mainAction.isBusy || isSwitching }}
                    onClick={() => (mainAction.kind === 'switchChain' ? switchToDeployment() : makeReview())}
                  />
                </div>
              }
            />
          )}
        </section>
      )}
      {phase === 'review' && review !== undefined && (
        <ReviewPhase
          key={review.bundle.hash}
          review={{ ...review, rung: subject.rung }}
          session={session}
          deployment={deployment}
          notice={notice}
          isStarting={isPreparing || reviewing.isPending}
          isUpgradeAsked={isUpgradeAsked && subject.rung === 'atomicBatch'}
          isHeldElsewhere={execution.drive.status === 'failed' && execution.drive.failure === 'walletPending'}
          onSign={sign}
          onSwitch={switchToDeployment}
        />
      )}
      {phase === 'execution' && saved !== undefined && (
        <ExecutionPhase
          saved={saved}
          drive={execution.drive}
          subject={subject}
          session={session}
          onProceed={proceed}
          onResume={() => execution.resume()}
          onDeclined={sayDeclined}
          onPutAway={putAway}
          onSwitch={switchToDeployment}
        />
      )}
      {phase === 'receipt' && saved !== undefined && (
        <ReceiptPhase key={saved.record.execution.id} saved={saved} subject={subject} onDone={endReceipt} />
      )}
      {(phase === 'plan' || phase === 'receipt' || isBroken) && (
        <LeftoverAllowances key={account} subject={subject} session={session} />
      )}
    </>
  )
}

type PlanAgeProps = {
  readonly plan: ReturnType<typeof usePlan>
  readonly deployment: Deployment
  readonly plannedAt: Pick<BlockRef, 'number'> | undefined
}

/** Ticks by itself, so that the rest of the screen does not. */
function PlanAge({ plan, deployment, plannedAt }: PlanAgeProps) {
  const now = useNow()
  if (plan.data === undefined) return null
  return (
    <QuoteStatus
      plannedAt={plannedAt}
      checkedAt={plan.data.checkedAt}
      ageSeconds={(now - plan.data.checkedAtMs) / 1_000}
      lateSeconds={measureLateness(plan.data, deployment, now)}
      isRefreshing={plan.isFetching}
      onRefresh={() => plan.refetch()}
    />
  )
}
