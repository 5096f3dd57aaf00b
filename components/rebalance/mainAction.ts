import { assertNever } from '@/lib/core/units'

/** What the main button depends on before anything is reviewed. */
export type MainActionFacts = {
  readonly session: 'starting' | 'none' | 'watching' | 'connected'
  readonly isOnOtherChain: boolean
  readonly chainName: string
  /** `amountMissing`: the plan is for an amount that is not said yet. */
  readonly plan: 'amountMissing' | 'loading' | 'planned' | 'nothingToDo' | 'blocked' | 'failed'
  readonly isPreparingReview: boolean
}

/** The main button: what it says and does, and if it does nothing, why. */
export type MainAction = {
  readonly kind: 'connect' | 'switchChain' | 'review'
  readonly label: string
  readonly isBusy: boolean
  readonly isDisabled: boolean
  /** Always there when the button is disabled; otherwise what the next click leads to, where that needs a word. */
  readonly reason?: string
}

const open = { isBusy: false, isDisabled: false } as const
const closed = { isBusy: false, isDisabled: true } as const

/** Chooses the main button of the plan. Connecting and switching come first, since without them nothing can be signed. */
export function selectMainAction(facts: MainActionFacts): MainAction {
  const review = { kind: 'review', label: 'Review' } as const
  switch (facts.session) {
    case 'starting':
      return { ...review, ...closed, reason: 'Looking for your wallet.' }
    case 'none':
      return { kind: 'connect', label: 'Connect wallet', ...open, reason: 'A plan is made from what a wallet holds.' }
    case 'watching':
      return {
        kind: 'connect',
        label: 'Connect wallet',
        ...open,
        reason: 'You are watching this address. Signing needs its wallet.',
      }
    case 'connected':
      if (facts.isOnOtherChain) {
        return {
          kind: 'switchChain',
          label: `Switch to ${facts.chainName}`,
          ...open,
          reason: `Your wallet is on another chain. This plan is for ${facts.chainName}.`,
        }
      }
      return selectReview(facts)
    default:
      return assertNever(facts.session)
  }
}

function selectReview({ plan, isPreparingReview }: MainActionFacts): MainAction {
  const review = { kind: 'review', label: 'Review' } as const
  switch (plan) {
    case 'amountMissing':
      return { ...review, ...closed, reason: 'Enter an amount first.' }
    case 'loading':
      return { ...review, ...closed, reason: 'Reading the chain and planning.' }
    case 'nothingToDo':
      return { ...review, ...closed, reason: 'There is nothing to trade.' }
    case 'blocked':
      return { ...review, ...closed, reason: 'The plan is blocked for the reason above.' }
    case 'failed':
      return { ...review, ...closed, reason: 'There is no plan yet. Read the chain again.' }
    case 'planned':
      return isPreparingReview
        ? { ...review, isBusy: true, isDisabled: true, reason: 'Decoding and simulating the exact calls.' }
        : { ...review, ...open }
    default:
      return assertNever(plan)
  }
}
