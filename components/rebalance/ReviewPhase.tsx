import { type ReactNode, useState } from 'react'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { useDrought } from '@/lib/hooks/useMarketMemory'
import type { Session } from '@/lib/hooks/useSession'
import type { Review } from '@/lib/query/readReview'
import { ActionButton } from './ActionButton'
import { DroughtGate, isDroughtTyped } from './DroughtGate'
import { describeDrought, titleDrought } from './droughtWords'
import { isLossTyped, LossGate } from './LossGate'
import { findToken } from './planView'
import { ReviewPanel } from './ReviewPanel'
import { describeRefusal } from './refusalWords'
import { selectSignAction, selectSignBlock } from './signAction'
import { describeViolation } from './violationWords'

type ReviewPhaseProps = {
  readonly review: Review
  readonly session: Session
  readonly deployment: Deployment
  /** What came of an earlier attempt to sign. */
  readonly notice: ReactNode
  readonly isStarting: boolean
  /** The wallet asks to make the account a smart one first. */
  readonly isUpgradeAsked: boolean
  readonly isHeldElsewhere: boolean
  readonly onSign: () => void
  readonly onSwitch: () => void
}

/** The review with the button that signs. */
export function ReviewPhase(props: ReviewPhaseProps) {
  const { review, session, deployment, notice, isStarting, isUpgradeAsked, isHeldElsewhere, onSign, onSwitch } = props
  const { assets, name } = deployment
  const [typedLoss, setTypedLoss] = useState('')
  const [typedWord, setTypedWord] = useState('')
  const { plan, violations, refusals, simulation, delegation } = review
  const nameToken = (token: `0x${string}`) => findToken(assets, token)?.symbol ?? token
  const block = selectSignBlock({
    violations: violations.map((violation) => describeViolation(violation, nameToken)),
    refusals: refusals.map((refusal) => describeRefusal(refusal, nameToken)),
    simulation,
    delegation,
  })
  const drought = useDrought(plan, review.snapshot)
  const isWordAsked = drought.status === 'drought' && block === undefined
  const isLossAsked = plan.impactLevel === 'typeLoss' && block === undefined
  const action = selectSignAction({
    isConnected: session.status === 'connected',
    isSameAccount: session.account === plan.account,
    isOnOtherChain: session.status === 'connected' && session.isOnOtherChain,
    chainName: name,
    isBlocked: block !== undefined,
    isLossMissing: isLossAsked && !isLossTyped(typedLoss, plan.cost.impactUsd),
    isWordMissing: isWordAsked && !isDroughtTyped(typedWord),
    isStarting,
    isHeldElsewhere,
  })
  return (
    <ReviewPanel
      review={review}
      deployment={deployment}
      block={block}
      action={
        <div className="space-y-3">
          {notice}
          {isUpgradeAsked && (
            <p className="text-ink-soft text-sm">
              Your wallet will ask to enable a smart account first, so that all calls can run as one. The app never asks
              for that itself; if you decline, nothing is sent.
            </p>
          )}
          {isLossAsked && <LossGate lossUsd={plan.cost.impactUsd} typed={typedLoss} onType={setTypedLoss} />}
          {isWordAsked && (
            <DroughtGate
              title={titleDrought(drought)}
              evidence={describeDrought(drought)}
              typed={typedWord}
              onType={setTypedWord}
            />
          )}
          <ActionButton action={action} onClick={() => (action.kind === 'switchChain' ? onSwitch() : onSign())} />
        </div>
      }
    />
  )
}
