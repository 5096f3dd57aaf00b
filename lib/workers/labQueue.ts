import { InvalidBacktestError } from '@/lib/core/backtest/priceMatrix'
import type { LabProgress, LabRequest, LabResult } from '@/lib/core/backtest/runLab'
import type { LabMessage, LabResponse } from './labMessages'

/** What the queue needs from the thread that it runs in. */
export type LabHost = {
  readonly walkLab: (request: LabRequest) => Iterator<LabProgress, LabResult, undefined>
  readonly respond: (response: LabResponse) => void
  /** Runs a task after the messages that already wait were received, so that a cancellation is heard. */
  readonly schedule: (task: () => void) => void
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number
}

/** Back-tests run this long before the queue listens again and says how far it is. */
const sliceMs = 40

type Run = {
  readonly id: number
  readonly steps: ReturnType<LabHost['walkLab']>
  elapsedMs: number
}

/** Runs labs one after the other, in slices: one that is cancelled ends within a slice, or never begins. */
export function createLabQueue({ walkLab, respond, schedule, clock }: LabHost) {
  const runs: Run[] = []
  let isScheduled = false

  function leave(id: number) {
    const index = runs.findIndex((run) => run.id === id)
    if (index >= 0) runs.splice(index, 1)
  }

  function walkOn(run: Run) {
    const startedMs = clock()
    for (;;) {
      const step = run.steps.next()
      const sinceMs = clock() - startedMs
      if (step.done === true) {
        leave(run.id)
        respond({ kind: 'finished', id: run.id, result: step.value, elapsedMs: run.elapsedMs + sinceMs })
        return
      }
      if (sinceMs >= sliceMs) {
        run.elapsedMs += sinceMs
        respond({ kind: 'progress', id: run.id, progress: step.value })
        return
      }
    }
  }

  function runNext() {
    isScheduled = false
    const [run] = runs
    if (run === undefined) return
    try {
      walkOn(run)
    } catch (error) {
      leave(run.id)
      const { name, message } = error instanceof Error ? error : { name: 'UnknownError', message: String(error) }
      const fault = error instanceof InvalidBacktestError ? { field: error.field } : {}
      respond({ kind: 'failed', id: run.id, name, message, ...fault })
    }
    ensureScheduled()
  }

  function ensureScheduled() {
    if (isScheduled || runs.length === 0) return
    isScheduled = true
    schedule(runNext)
  }

  return {
    receive(message: LabMessage) {
      if (message.kind === 'cancel') return leave(message.id)
      runs.push({ id: message.id, steps: walkLab(message.request), elapsedMs: 0 })
      ensureScheduled()
    },
  }
}
