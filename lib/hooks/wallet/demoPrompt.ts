import { useSyncExternalStore } from 'react'
import type { DemoWalletRequest } from '@/lib/chain/wallet/demoWallet'

/** What the demo wallet waits for: the request, and how to answer it. */
export type DemoPrompt = {
  readonly id: number
  readonly request: DemoWalletRequest
  readonly answer: (isConfirmed: boolean) => void
}

let waiting: readonly DemoPrompt[] = []
let lastId = 0
const listeners = new Set<() => void>()

function update(prompts: readonly DemoPrompt[]) {
  waiting = prompts
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Puts a request of the demo wallet to the person and waits for yes or no; requests queue up. */
export function confirmDemoRequest(request: DemoWalletRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const id = ++lastId
    const answer = (isConfirmed: boolean) => {
      update(waiting.filter((prompt) => prompt.id !== id))
      resolve(isConfirmed)
    }
    update([...waiting, { id, request, answer }])
  })
}

/** The request that the demo wallet waits for at the moment. */
export function useDemoPrompt(): DemoPrompt | undefined {
  return useSyncExternalStore(
    subscribe,
    () => waiting[0],
    () => undefined,
  )
}
