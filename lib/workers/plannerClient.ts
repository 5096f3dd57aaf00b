import type { PlanFile } from '@/lib/core/certificate/planFile'
import type { FrontierPlan, PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { assertNever } from '@/lib/core/units'
import type { PlannerJob, PlannerRequest, PlannerResponse, RouterAddresses } from './plannerMessages'

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

/** The part of a Worker that the client uses. */
export type PlannerThread = Pick<Worker, 'postMessage' | 'terminate'> & {
  onmessage: ((event: MessageEvent<PlannerResponse>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** A plan and how long the planner's thread worked on it. */
export type PlannedAnswer = { readonly outcome: PlanOutcome; readonly elapsedMs: number }

/** A frontier and how long the planner's thread worked on it. */
export type FrontierAnswer = { readonly plans: readonly FrontierPlan[]; readonly elapsedMs: number }

type Answer = Exclude<PlannerResponse, { readonly kind: 'failed' }>

type Pending = {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** A job before it has its number. */
type Question<Job extends PlannerJob = PlannerJob> = Job extends PlannerJob ? Omit<Job, 'id'> : never

/** Talks to a planner's thread, which is started on the first request and again after it died. */
export function createPlannerClient(startThread: () => PlannerThread) {
  const pending = new Map<number, Pending>()
  let thread: PlannerThread | undefined
  let lastId = 0

  function settle(id: number, action: (request: Pending) => void) {
    const request = pending.get(id)
    if (request === undefined) return
    pending.delete(id)
    action(request)
  }

  function receive(response: PlannerResponse) {
    switch (response.kind) {
      case 'planned':
      case 'frontier':
      case 'exported':
        return settle(response.id, ({ resolve }) => resolve(response))
      case 'failed':
        return settle(response.id, ({ reject }) => reject(new PlannerFailedError(response.name, response.message)))
      default:
        assertNever(response)
    }
  }

  function failAll(detail: string) {
    thread?.terminate()
    thread = undefined
    for (const id of [...pending.keys()]) {
      settle(id, ({ reject }) => reject(new PlannerFailedError('ThreadError', detail)))
    }
  }

  function currentThread(): PlannerThread {
    if (thread === undefined) {
      thread = startThread()
      thread.onmessage = ({ data }) => receive(data)
      thread.onerror = ({ message }) => failAll(message === '' ? 'its thread did not start.' : `${message}.`)
    }
    return thread
  }

  /** Asks the thread, and takes only an answer of the kind that the question has. */
  async function ask<Kind extends Answer['kind']>(
    question: Question,
    kind: Kind,
    signal?: AbortSignal,
  ): Promise<Extract<Answer, { readonly kind: Kind }>> {
    lastId += 1
    const id = lastId
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (signal?.aborted === true) return reject(new PlannerCancelledError())
      const onAbort = () => {
        settle(id, () => reject(new PlannerCancelledError()))
        thread?.postMessage({ kind: 'cancel', id } satisfies PlannerRequest)
      }
      const release = () => signal?.removeEventListener('abort', onAbort)
      signal?.addEventListener('abort', onAbort, { once: true })
      pending.set(id, {
        resolve: (given) => {
          release()
          resolve(given)
        },
        reject: (error) => {
          release()
          reject(error)
        },
      })
      currentThread().postMessage({ ...question, id } satisfies PlannerRequest)
    })
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
