import { useSyncExternalStore } from 'react'

const stepMs = 1_000

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, stepMs)
  return () => clearInterval(timer)
}

/** Milliseconds since 1970 in whole seconds, growing as time passes. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => 0,
  )
}
