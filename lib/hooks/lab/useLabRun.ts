import { useEffect, useRef, useState } from 'react'
import type { LabProgress, LabRequest, LabResult } from '@/lib/core/backtest/runLab'
import { LabCancelledError, labClient } from '@/lib/workers/labClient'

/** Where a run of the lab stands. `Facts` go with the request to its result, for whoever shows it. */
export type LabRun<Facts> =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly progress: LabProgress | undefined }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly error: Error }
  | { readonly status: 'finished'; readonly result: LabResult; readonly elapsedMs: number; readonly facts: Facts }

/** Runs the lab in its thread, one run at a time: a new one, or leaving the screen, ends the one before. */
export function useLabRun<Facts>() {
  const [run, setRun] = useState<LabRun<Facts>>({ status: 'idle' })
  const running = useRef<AbortController>(undefined)

  useEffect(() => () => running.current?.abort(), [])

  async function start(request: LabRequest, facts: Facts) {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setRun({ status: 'running', progress: undefined })
    try {
      const onProgress = (progress: LabProgress) => setRun({ status: 'running', progress })
      const { result, elapsedMs } = await labClient().run(request, { signal, onProgress })
      setRun({ status: 'finished', result, elapsedMs, facts })
    } catch (error) {
      if (error instanceof LabCancelledError) return
      setRun({ status: 'failed', error: error instanceof Error ? error : new Error(String(error)) })
    }
  }

  function cancel() {
    running.current?.abort()
    setRun({ status: 'cancelled' })
  }

  return { run, start, cancel }
}
