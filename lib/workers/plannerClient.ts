import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { assertNever } from '@/lib/core/units'
import type { PlannerRequest, PlannerResponse } from './plannerMessages'

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

type Pending = {
  readonly resolve: (answer: PlannedAnswer) => void
  readonly reject: (error: Error) => void
}

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
        return settle(response.id, ({ resolve }) =>
          resolve({ outcome: response.outcome, elapsedMs: response.elapsedMs }),
        )
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

  function ask(request: PlanRequest, signal?: AbortSignal): Promise<PlannedAnswer> {
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(new PlannerCancelledError())
      const onAbort = () => {
        settle(id, () => reject(new PlannerCancelledError()))
        thread?.postMessage({ kind: 'cancel', id } satisfies PlannerRequest)
      }
      const release = () => signal?.removeEventListener('abort', onAbort)
      signal?.addEventListener('abort', onAbort, { once: true })
      pending.set(id, {
        resolve: (answer) => {
          release()
          resolve(answer)
        },
        reject: (error) => {
          release()
          reject(error)
        },
      })
      currentThread().postMessage({ kind: 'plan', id, request } satisfies PlannerRequest)
    })
  }

  return {
    /** Plans in the thread. Rejects with {@link PlannerFailedError} or, through the signal, {@link PlannerCancelledError}. */
    plan: ask,
  }
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
