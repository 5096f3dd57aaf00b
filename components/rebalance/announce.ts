import type { Asset } from '@/lib/core/asset'
import type { Execution } from '@/lib/core/execution/execution'
import { currentStepIndex } from '@/lib/core/execution/reduceExecution'
import { announceStep } from './executionWords'
import type { FlowPhase } from './flowPhase'
import { findToken } from './planView'

type AnnounceFacts = {
  readonly phase: FlowPhase
  readonly execution: Execution | undefined
  readonly assets: readonly Asset[]
  readonly plan: 'amountMissing' | 'loading' | 'planned' | 'nothingToDo' | 'blocked' | 'failed'
  readonly isPreparingReview: boolean
  readonly isStarting: boolean
  /** The person said no in the wallet, and nothing had been sent. */
  readonly isCancelled: boolean
}

function announcePlan(plan: AnnounceFacts['plan']): string {
  switch (plan) {
    case 'loading':
      return 'Planning.'
    case 'planned':
      return 'The plan is ready.'
    case 'nothingToDo':
      return 'Nothing to trade.'
    case 'amountMissing':
    case 'blocked':
    case 'failed':
      return ''
  }
}

/** What the status region says. It ends with "Rebalanced" once all is confirmed. */
export function announceFlow(facts: AnnounceFacts): string {
  const { phase, execution, assets, plan, isPreparingReview, isStarting, isCancelled } = facts
  switch (phase) {
    case 'plan':
      return isPreparingReview ? 'Decoding and simulating the exact calls.' : announcePlan(plan)
    case 'review':
      if (isStarting) return 'Checking quotes and balances again.'
      return isCancelled ? 'You cancelled. Nothing was sent.' : 'The review is ready. Nothing is sent before you sign.'
    case 'execution': {
      const index = execution === undefined ? undefined : currentStepIndex(execution)
      const step = index === undefined ? undefined : execution?.steps[index]
      if (execution === undefined || index === undefined || step === undefined) return ''
      const symbol = step.token === undefined ? '' : (findToken(assets, step.token)?.symbol ?? step.token)
      return announceStep(step, { symbol, number: index + 1, count: execution.steps.length })
    }
    case 'receipt':
      return 'Rebalanced'
  }
}
