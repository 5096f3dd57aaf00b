import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { assertNever } from '@/lib/core/units'
import type { PlannerRequest, PlannerResponse } from './plannerMessages'

/** What the queue needs from the thread that it runs in. */
export type PlannerHost = {
  readonly plan: (request: PlanRequest) => PlanOutcome
  readonly respond: (response: PlannerResponse) => void
  /** Runs a task after the messages that already wait were received, so that a cancellation overtakes its plan. */
  readonly schedule: (task: () => void) => void
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number
}

type Job = Extract<PlannerRequest, { kind: 'plan' }>

/**
 * Answers planner requests one at a time, in their order. A request that was cancelled before its turn is never computed.
 */
export function createPlannerQueue({ plan, respond, schedule, clock }: PlannerHost) {
  const waiting: Job[] = []
  let isScheduled = false

  function run(job: Job) {
    const startedMs = clock()
    try {
      const outcome = plan(job.request)
      respond({ kind: 'planned', id: job.id, outcome, elapsedMs: clock() - startedMs })
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'UnknownError', message: String(error) }
      respond({ kind: 'failed', id: job.id, name, message })
    }
  }

  function runNext() {
    isScheduled = false
    const job = waiting.shift()
    if (job !== undefined) run(job)
    ensureScheduled()
  }

  function ensureScheduled() {
    if (isScheduled || waiting.length === 0) return
    isScheduled = true
    schedule(runNext)
  }

  return {
    receive(message: PlannerRequest) {
      switch (message.kind) {
        case 'plan':
          waiting.push(message)
          ensureScheduled()
          return
        case 'cancel': {
          const index = waiting.findIndex(({ id }) => id === message.id)
          if (index >= 0) waiting.splice(index, 1)
          return
        }
        default:
          assertNever(message)
      }
    },
  }
}
