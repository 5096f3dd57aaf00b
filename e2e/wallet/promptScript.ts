import type { Call } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'

/** What the test wallet asks its person. */
export type WalletPrompt =
  | { readonly kind: 'connect'; readonly account: Address }
  | { readonly kind: 'switchChain'; readonly chainId: number }
  | { readonly kind: 'transaction'; readonly account: Address; readonly call: Call }
  | {
      readonly kind: 'batch'
      readonly account: Address
      readonly calls: readonly Call[]
      /** Set when the account is delegated to this contract by the same transaction (EIP-7702). */
      readonly upgradeTo?: Address
    }

/** A "no": 4001 where the person declines, another code where the wallet itself fails. */
export type Refusal = { readonly code: number; readonly message: string }

/** How a prompt ends. */
export type Verdict = { readonly kind: 'approved' } | { readonly kind: 'refused'; readonly refusal: Refusal }

/** A prompt that stays open until the test answers it. */
export type HeldPrompt = {
  /** Settles once the wallet shows the prompt. */
  readonly shown: Promise<WalletPrompt>
  approve(): void
  reject(refusal?: Refusal): void
}

/** What the person does. Without a word from the test, each prompt is approved as soon as it is shown. */
export type PromptScript = {
  /** All prompts that were shown, in their order. */
  readonly shown: readonly WalletPrompt[]
  /** Puts a prompt to the person. */
  ask(prompt: WalletPrompt): Promise<Verdict>
  rejectNext(refusal?: Refusal): void
  delayNext(delayMs: number): void
  holdNext(): HeldPrompt
}

const approved: Verdict = { kind: 'approved' }
const declined: Refusal = { code: 4001, message: 'User rejected the request.' }
const refused = (refusal: Refusal): Verdict => ({ kind: 'refused', refusal })

type Answer = (prompt: WalletPrompt) => Promise<Verdict>

function makeLatch<Value>() {
  let open: (value: Value) => void = () => undefined
  const opened = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/** Starts with a person who approves everything. */
export function createPromptScript(): PromptScript {
  const shown: WalletPrompt[] = []
  const answers: Answer[] = []
  return {
    shown,
    async ask(prompt) {
      shown.push(prompt)
      const answer = answers.shift()
      return answer === undefined ? approved : answer(prompt)
    },
    rejectNext(refusal = declined) {
      answers.push(async () => refused(refusal))
    },
    delayNext(delayMs) {
      answers.push(() => new Promise((resolve) => setTimeout(() => resolve(approved), delayMs)))
    },
    holdNext() {
      const showing = makeLatch<WalletPrompt>()
      const verdict = makeLatch<Verdict>()
      answers.push((prompt) => {
        showing.open(prompt)
        return verdict.opened
      })
      return {
        shown: showing.opened,
        approve: () => verdict.open(approved),
        reject: (refusal = declined) => verdict.open(refused(refusal)),
      }
    },
  }
}
