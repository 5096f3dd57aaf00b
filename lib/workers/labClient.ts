import type { LabProgress, LabRequest, LabResult } from '@/lib/core/backtest/runLab'
import type { LabMessage, LabResponse } from './labMessages'
import { createThreadClient, type Thread } from './threadClient'

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

/** The lab's thread. */
export type LabThread = Thread<LabResponse>

/** What a lab found and how long its thread worked on it. */
export type LabAnswer = { readonly result: LabResult; readonly elapsedMs: number }

/** How a run is watched and ended. */
export type LabWatch = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: LabProgress) => void
}

type LastResponse = Exclude<LabResponse, { readonly kind: 'progress' }>

/** Talks to a lab's thread. */
export function createLabClient(startThread: () => LabThread) {
  const thread = createThreadClient<LabMessage, LabResponse, LastResponse>({
    startThread,
    isLast: (response) => response.kind !== 'progress',
    toThreadError: (detail) => new LabFailedError('ThreadError', detail),
    toCancelledError: () => new LabCancelledError(),
  })
  return {
    /**
     * Runs a lab in the thread.
     * @throws {LabFailedError} when the request cannot be run or the thread ends.
     * @throws {LabCancelledError} when the signal says so.
     */
    async run(request: LabRequest, { signal, onProgress }: LabWatch = {}): Promise<LabAnswer> {
      const response = await thread.ask((id) => ({ kind: 'run', id, request }), {
        signal,
        onUnderWay: (underWay) => underWay.kind === 'progress' && onProgress?.(underWay.progress),
      })
      if (response.kind === 'failed') throw new LabFailedError(response.name, response.message, response.field)
      return { result: response.result, elapsedMs: response.elapsedMs }
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
