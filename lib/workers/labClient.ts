import type { LabProgress, LabRequest, LabResult } from '@/lib/core/backtest/runLab'
import { assertNever } from '@/lib/core/units'
import type { LabMessage, LabResponse } from './labMessages'

/** The lab could not run a request, or its thread ended. `labError` is the name of what went wrong there. */
export class LabFailedError extends Error {
  override readonly name = 'LabFailedError'
  constructor(
    readonly labError: string,
    detail: string,
    /** Where the request is at fault, such as `targets`, if it is. */
    readonly field?: string,
  ) {
    super(
      `The back-test stopped: ${detail.replace(/\.?$/, '.')} Change what it names, or reload the page and run it again.`,
    )
  }
}

/** A request was cancelled through its signal. */
export class LabCancelledError extends Error {
  override readonly name = 'LabCancelledError'
  constructor() {
    super('The back-test was cancelled. Run it again to get its figures.')
  }
}

/** The part of a Worker that the client uses. */
export type LabThread = Pick<Worker, 'postMessage' | 'terminate'> & {
  onmessage: ((event: MessageEvent<LabResponse>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** What a lab found and how long its thread worked on it. */
export type LabAnswer = { readonly result: LabResult; readonly elapsedMs: number }

/** How a run is watched and ended. */
export type LabWatch = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: LabProgress) => void
}

type Pending = {
  readonly resolve: (answer: LabAnswer) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ((progress: LabProgress) => void) | undefined
}

/** Talks to a lab's thread, which is started on the first request and again after it died. */
export function createLabClient(startThread: () => LabThread) {
  const pending = new Map<number, Pending>()
  let thread: LabThread | undefined
  let lastId = 0

  function settle(id: number, action: (request: Pending) => void) {
    const request = pending.get(id)
    if (request === undefined) return
    pending.delete(id)
    action(request)
  }

  function receive(response: LabResponse) {
    const { id } = response
    switch (response.kind) {
      case 'progress':
        return pending.get(id)?.onProgress?.(response.progress)
      case 'finished':
        return settle(id, ({ resolve }) => resolve({ result: response.result, elapsedMs: response.elapsedMs }))
      case 'failed':
        return settle(id, ({ reject }) => reject(new LabFailedError(response.name, response.message, response.field)))
      default:
        assertNever(response)
    }
  }

  function failAll(detail: string) {
    thread?.terminate()
    thread = undefined
    for (const id of [...pending.keys()]) settle(id, ({ reject }) => reject(new LabFailedError('ThreadError', detail)))
  }

  function currentThread(): LabThread {
    if (thread === undefined) {
      thread = startThread()
      thread.onmessage = ({ data }) => receive(data)
      thread.onerror = ({ message }) => failAll(message === '' ? 'its thread did not start.' : `${message}.`)
    }
    return thread
  }

  return {
    /**
     * Runs a lab in the thread.
     * @throws {LabFailedError} when the request cannot be run or the thread ends.
     * @throws {LabCancelledError} when the signal says so.
     */
    run(request: LabRequest, { signal, onProgress }: LabWatch = {}): Promise<LabAnswer> {
      lastId += 1
      const id = lastId
      return new Promise<LabAnswer>((resolve, reject) => {
        if (signal?.aborted === true) return reject(new LabCancelledError())
        const onAbort = () => {
          settle(id, (request) => request.reject(new LabCancelledError()))
          thread?.postMessage({ kind: 'cancel', id } satisfies LabMessage)
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
          onProgress,
        })
        currentThread().postMessage({ kind: 'run', id, request } satisfies LabMessage)
      })
    },
  }
}

/** A client of the lab's thread. */
export type LabClient = ReturnType<typeof createLabClient>

let shared: LabClient | undefined

/** The page's one lab. Its thread is started on the first request. */
export function labClient(): LabClient {
  shared ??= createLabClient(
    () => new Worker(new URL('./lab.worker.ts', import.meta.url), { type: 'module', name: 'lab' }),
  )
  return shared
}
