import { useSyncExternalStore } from 'react'

const stepMs = 1_000
const minuteMs = 60_000

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, stepMs)
  return () => clearInterval(timer)
}

/** Unix seconds of the last full minute, growing as time passes. For what need not be drawn again every second. */
export function useMinute(): number {
  return useSyncExternalStore(
    subscribe,
    () => (Math.floor(Date.now() / minuteMs) * minuteMs) / 1_000,
    () => 0,
  )
}
