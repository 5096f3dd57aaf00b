import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { planPath } from '@/components/app/paths'
import { usePlan } from '@/lib/hooks/usePlan'
import type { Session } from '@/lib/hooks/useSession'
import { useWalletAbility } from '@/lib/hooks/useWalletAbility'
import type { PlanSubject } from '@/lib/query/planQuery'
import { describePlanCost } from './portfolioWords'

type PlanCostNoteProps = {
  readonly session: Session
  readonly subject: Omit<PlanSubject, 'rung' | 'callLimit'>
}

/**
 * What a plan costs, as the last part of the status line. It plans what the plan's screen will show, so that the screen
 * has it at once.
 */
export function PlanCostNote({ session, subject }: PlanCostNoteProps) {
  const ability = useWalletAbility(session)
  if (session.status === 'connected' && ability.isPending) return null
  const rung = ability.data?.rung ?? 'approveThenSwap'
  const callLimit = rung === 'atomicBatch' ? ability.data?.callLimit : undefined
  return <PlannedCost subject={{ ...subject, rung, callLimit }} />
}

function PlannedCost({ subject }: { readonly subject: PlanSubject }) {
  const router = useRouter()
  const { data } = usePlan(subject)

  useEffect(() => router.prefetch(planPath), [router])

  const words = data === undefined ? undefined : describePlanCost(data.outcome)
  return words === undefined ? null : <> · {words}</>
}
