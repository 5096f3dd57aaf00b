import type { PlanFile } from '@/lib/core/certificate/planFile'
import type { FrontierPlan, PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { assertNever } from '@/lib/core/units'
import type { PlannerJob, PlannerRequest, PlannerResponse, RouterAddresses } from './plannerMessages'

/** What the queue needs from the thread that it runs in. */
export type PlannerHost = {
  readonly plan: (request: PlanRequest) => PlanOutcome
  /** A frontier step by step; a step may bring no plan. */
  readonly walkFrontier: (request: PlanRequest) => Iterator<FrontierPlan | undefined, void, undefined>
  readonly exportPlan: (request: PlanRequest, routers: RouterAddresses) => PlanFile | undefined
  readonly respond: (response: PlannerResponse) => void
  /** Runs a task after the messages that already wait were received, so that a cancellation overtakes its plan. */
  readonly schedule: (task: () => void) => void
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number
}

/** A frontier under way. */
type Walk = {
  readonly id: number
  readonly steps: ReturnType<PlannerHost['walkFrontier']>
  readonly plans: FrontierPlan[]
  elapsedMs: number
}

/**
 * Answers planner requests one at a time, plans and exports in their order. A frontier is walked step by step while nothing else waits:
 * a newer plan is never kept waiting by more than one step. A request that was cancelled before its turn is never computed, a frontier
 * not to its end.
 */
export function createPlannerQueue(host: PlannerHost) {
  const { respond, schedule, clock } = host
  const waiting: PlannerJob[] = []
  const walks: Walk[] = []
  let isScheduled = false

  function attempt(id: number, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'UnknownError', message: String(error) }
      respond({ kind: 'failed', id, name, message })
      return false
    }
  }

  function run(job: PlannerJob) {
    const { id, request } = job
    const startedMs = clock()
    attempt(id, () => {
      switch (job.kind) {
        case 'plan': {
          const outcome = host.plan(request)
          return respond({ kind: 'planned', id, outcome, elapsedMs: clock() - startedMs })
        }
        case 'export': {
          const file = host.exportPlan(request, job.routers)
          return respond({ kind: 'exported', id, ...(file === undefined ? {} : { file }) })
        }
        case 'frontier':
          walks.push({ id, steps: host.walkFrontier(request), plans: [], elapsedMs: 0 })
          return
        default:
          return assertNever(job)
      }
    })
  }

  /** One step of the oldest frontier; it leaves the queue at its end, or where it fails. */
  function walkOn(walk: Walk) {
    const startedMs = clock()
    const isWell = attempt(walk.id, () => {
      const step = walk.steps.next()
      walk.elapsedMs += clock() - startedMs
      if (step.done !== true) {
        if (step.value !== undefined) walk.plans.push(step.value)
        return
      }
      leave(walks, walk.id)
      respond({ kind: 'frontier', id: walk.id, plans: walk.plans, elapsedMs: walk.elapsedMs })
    })
    if (!isWell) leave(walks, walk.id)
  }

  function runNext() {
    isScheduled = false
    const job = waiting.shift()
    const [walk] = walks
    if (job !== undefined) run(job)
    else if (walk !== undefined) walkOn(walk)
    ensureScheduled()
  }

  function ensureScheduled() {
    if (isScheduled || (waiting.length === 0 && walks.length === 0)) return
    isScheduled = true
    schedule(runNext)
  }

  return {
    receive(message: PlannerRequest) {
      if (message.kind !== 'cancel') {
        waiting.push(message)
        ensureScheduled()
        return
      }
      leave(waiting, message.id)
      leave(walks, message.id)
    },
  }
}

function leave(queue: { readonly id: number }[], id: number) {
  const index = queue.findIndex((one) => one.id === id)
  if (index >= 0) queue.splice(index, 1)
}
