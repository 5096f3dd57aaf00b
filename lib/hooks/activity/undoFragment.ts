import { parseUndoFragment } from '@/lib/core/activity/undoLink'
import type { Hex } from '@/lib/core/units'

const listeners = new Set<() => void>()

/** Calls back whenever the page's fragment may have changed, and returns how to stop that. */
export function subscribeToUndo(listener: () => void): () => void {
  listeners.add(listener)
  globalThis.addEventListener?.('hashchange', listener)
  globalThis.addEventListener?.('popstate', listener)
  return () => {
    listeners.delete(listener)
    globalThis.removeEventListener?.('hashchange', listener)
    globalThis.removeEventListener?.('popstate', listener)
  }
}

/** The transaction that the page's address asks to go back behind, if any. */
export function selectUndo(): Hex | undefined {
  return parseUndoFragment(globalThis.location?.hash ?? '')
}

/** Takes the wish to go back out of the page's address: from now on the saved targets count again. */
export function leaveUndo() {
  if (selectUndo() === undefined) return
  const { pathname, search } = globalThis.location
  globalThis.history.replaceState(globalThis.history.state, '', pathname + search)
  for (const listener of listeners) listener()
}
