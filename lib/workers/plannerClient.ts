import type { PlanFile } from '@/lib/core/certificate/planFile'
import type { FrontierPlan, PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { PlannerJob, PlannerRequest, PlannerResponse, RouterAddresses } from './plannerMessages'
import { createThreadClient, type Thread } from './threadClient'

/** The planner gave up on a problem, or its thread ended. `plannerError` is the name of what went wrong there. */
export class PlannerFailedError extends Error {
  override readonly name = 'PlannerFailedError'
  constructor(
    readonly plannerError: string,
    detail: string,
  ) {
    super(`The planner stopped: ${detail.replace(/\.?$/, '.')} Plan again; if it stops again, reload the page.`)
  }
}

/** A request was cancelled through its signal. */
export class PlannerCancelledError extends Error {
  override readonly name = 'PlannerCancelledError'
  constructor() {
    super('The plan was cancelled. Plan again to get one.')
  }
}

/** The planner's thread. */
export type PlannerThread = Thread<PlannerResponse>

/** A plan and how long the planner's thread worked on it. */
export type PlannedAnswer = { readonly outcome: PlanOutcome; readonly elapsedMs: number }

/** A frontier and how long the planner's thread worked on it. */
export type FrontierAnswer = { readonly plans: readonly FrontierPlan[]; readonly elapsedMs: number }

type Answer = Exclude<PlannerResponse, { readonly kind: 'failed' }>

/** A job before it has its number. */
type Question<Job extends PlannerJob = PlannerJob> = Job extends PlannerJob ? Omit<Job, 'id'> : never

/** Talks to a planner's thread. */
export function createPlannerClient(startThread: () => PlannerThread) {
  const thread = createThreadClient<PlannerRequest, PlannerResponse>({
    startThread,
    isLast: (_response): _response is PlannerResponse => true,
    toThreadError: (detail) => new PlannerFailedError('ThreadError', detail),
    toCancelledError: () => new PlannerCancelledError(),
  })

  /** Asks the thread, and takes only an answer of the kind that the question has. */
  async function ask<Kind extends Answer['kind']>(
    question: Question,
    kind: Kind,
    signal?: AbortSignal,
  ): Promise<Extract<Answer, { readonly kind: Kind }>> {
    const answer = await thread.ask((id) => ({ ...question, id }), { signal })
    if (answer.kind === 'failed') throw new PlannerFailedError(answer.name, answer.message)
    if (!isOfKind(answer, kind)) throw new PlannerFailedError('ProtocolError', `it answered ${answer.kind}.`)
    return answer
  }

  /*
   * All three reject with PlannerFailedError or, through the signal, PlannerCancelledError.
   */
  return {
    /** Plans in the thread. */
    async plan(request: PlanRequest, signal?: AbortSignal): Promise<PlannedAnswer> {
      const { outcome, elapsedMs } = await ask({ kind: 'plan', request }, 'planned', signal)
      return { outcome, elapsedMs }
    },
    /** Walks the frontier in the thread, behind every plan that is asked for meanwhile. */
    async frontier(request: PlanRequest, signal?: AbortSignal): Promise<FrontierAnswer> {
      const { plans, elapsedMs } = await ask({ kind: 'frontier', request }, 'frontier', signal)
      return { plans, elapsedMs }
    },
    /** Composes the file of the plan of a request in the thread; nothing where there is no plan. */
    async exportPlan(
      request: PlanRequest,
      routers: RouterAddresses,
      signal?: AbortSignal,
    ): Promise<PlanFile | undefined> {
      return (await ask({ kind: 'export', request, routers }, 'exported', signal)).file
    },
  }
}

function isOfKind<Kind extends Answer['kind']>(
  answer: Answer,
  kind: Kind,
): answer is Extract<Answer, { readonly kind: Kind }> {
  return answer.kind === kind
}

/** A client of the planner's thread. */
export type PlannerClient = ReturnType<typeof createPlannerClient>

let shared: PlannerClient | undefined

/** The page's one planner. Its thread is started on the first request. */
export function plannerClient(): PlannerClient {
  shared ??= createPlannerClient(
    () => new Worker(new URL('./planner.worker.ts', import.meta.url), { type: 'module', name: 'planner' }),
  )
  return shared
}
