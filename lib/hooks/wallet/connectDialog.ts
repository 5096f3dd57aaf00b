import { useSyncExternalStore } from 'react'

/** RainbowKit's dialog as the rest of the app sees it: absent, being fetched, ready; and whether it is asked to open. */
export type ConnectDialog = {
  readonly isWanted: boolean
  readonly isReady: boolean
  /** Grows with each click that asks for the dialog. */
  readonly openRequests: number
}

const absent: ConnectDialog = { isWanted: false, isReady: false, openRequests: 0 }
let dialog = absent
const listeners = new Set<() => void>()

function update(change: Partial<ConnectDialog>) {
  dialog = { ...dialog, ...change }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Fetches the dialog ahead of the click that probably follows. */
export function prepareConnectDialog() {
  if (!dialog.isWanted) update({ isWanted: true })
}

/** Asks the dialog to open as soon as it is there. */
export function openConnectDialog() {
  update({ isWanted: true, openRequests: dialog.openRequests + 1 })
}

/** Said by the dialog itself once it can open. */
export function markConnectDialogReady() {
  update({ isReady: true })
}

/** The state of RainbowKit's dialog. */
export function useConnectDialog(): ConnectDialog {
  return useSyncExternalStore(
    subscribe,
    () => dialog,
    () => absent,
  )
}
