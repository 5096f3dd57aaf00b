import type { DecodedApproval } from '@/lib/core/bundle'
import type { ExecutionFailure, ExecutionStep, NotIncludedCause } from '@/lib/core/execution/execution'
import { isSpedUp } from '@/lib/core/execution/reduceExecution'
import { assertNever } from '@/lib/core/units'

/** What a failure means to a person. `neutral` is a choice of theirs and no error. */
export type FailureWords = {
  readonly code: ExecutionFailure
  readonly tone: 'neutral' | 'warn' | 'danger'
  readonly title: string
  readonly body: string
}

/** Where somebody stands when a failure is told. */
export type FailureContext = {
  readonly chainName: string
  /** Approvals that were already made, and stay. */
  readonly approvalsMade?: number
}

/** Says what went wrong, what did not happen, and what can be done. */
export function describeFailure(
  failure: ExecutionFailure,
  { chainName, approvalsMade = 0 }: FailureContext,
): FailureWords {
  const code = failure
  const nothing = approvalsMade === 0 ? 'Nothing was sent.' : 'Nothing was traded.'
  switch (failure) {
    case 'rejected':
      return {
        code,
        tone: 'neutral',
        title: `You cancelled. ${nothing}`,
        body:
          approvalsMade === 0
            ? 'Your holdings are as they were. Sign again whenever you like.'
            : `${approvalsMade === 1 ? 'One approval was' : `${approvalsMade} approvals were`} made. Go on, or stop here and revoke.`,
      }
    case 'wrongChain':
      return {
        code,
        tone: 'warn',
        title: `Your wallet is on another chain`,
        body: `${nothing} Switch it to ${chainName}, then go on.`,
      }
    case 'wrongAccount':
      return {
        code,
        tone: 'warn',
        title: 'Your wallet uses another account',
        body: `${nothing} A plan belongs to one account: switch back to it, or plan again for the other one.`,
      }
    case 'walletPending':
      return {
        code,
        tone: 'warn',
        title: 'A request already waits in your wallet',
        body: 'Open the wallet and answer it. Nothing new was sent.',
      }
    case 'walletLocked':
      return {
        code,
        tone: 'warn',
        title: 'Your wallet is locked',
        body: `${nothing} Unlock it, connect it to this site, then go on.`,
      }
    case 'batchUnsupported':
      return {
        code,
        tone: 'warn',
        title: 'Your wallet does not take an atomic batch here',
        body: `${nothing} The same swaps can go out as exact approvals one by one and then a single swap transaction.`,
      }
    case 'batchTooLarge':
      return {
        code,
        tone: 'warn',
        title: 'The batch has more calls than your wallet takes',
        body: `${nothing} It can go out as exact approvals one by one and then a single swap transaction.`,
      }
    case 'insufficientGas':
      return {
        code,
        tone: 'danger',
        title: 'There is not enough ETH for gas',
        body: `${nothing} Send some ETH to this account, then plan again.`,
      }
    case 'hashMismatch':
      return {
        code,
        tone: 'danger',
        title: 'What would go out is not what you reviewed',
        body: 'It was stopped before it reached your wallet. Plan again; if this comes back, do not use this page.',
      }
    case 'quoteMoved':
      return {
        code,
        tone: 'warn',
        title: 'The market moved since you reviewed',
        body: `${nothing} Review the new amounts, then sign.`,
      }
    case 'balanceChanged':
      return {
        code,
        tone: 'warn',
        title: 'A balance changed since you reviewed',
        body: 'Nothing was traded. Review the new amounts, then sign.',
      }
    case 'deadlinePassed':
      return {
        code,
        tone: 'warn',
        title: 'This plan is past its deadline',
        body: 'Nothing was traded. Plan again for fresh quotes.',
      }
    case 'simulationFailed':
      return {
        code,
        tone: 'danger',
        title: 'The simulation of these calls fails',
        body: `${nothing} Plan again; the market may have moved.`,
      }
    case 'differentChainState':
      return {
        code,
        tone: 'danger',
        title: 'Your wallet and this page look at different chains',
        body: 'Both say the same chain id, but their blocks differ. Correct the RPC address of this network in your wallet.',
      }
    case 'unreachable':
      return {
        code,
        tone: 'danger',
        title: 'The chain cannot be reached',
        body: 'Check the connection, then try again. Nothing is lost: this page remembers what was sent.',
      }
    case 'staleHead':
      return {
        code,
        tone: 'warn',
        title: 'Prices are too old to trade on',
        body: `${nothing} The node lags behind the chain, or the clock of this device is wrong: set it right, or go on once newer blocks are read.`,
      }
    case 'sourcesDisagree':
      return {
        code,
        tone: 'danger',
        title: 'Your wallet and our node disagree',
        body: `${nothing} One of them shows another state of the chain. Go on once both show the same; if they never do, choose another endpoint in your wallet.`,
      }
    case 'foreignContracts':
      return {
        code,
        tone: 'danger',
        title: 'The contracts here are not the ones that Ballast knows',
        body: `${nothing} Their code differs from what this release was built for. Check which network and endpoint are in use, and sign nothing here until they are right.`,
      }
    case 'timeout':
      return {
        code,
        tone: 'warn',
        title: 'No answer yet',
        body: 'It may still be confirmed. Wait again; do not send it a second time.',
      }
    case 'unknownDelegate':
      return {
        code,
        tone: 'danger',
        title: 'Your account is controlled by code that Ballast does not know',
        body: `${nothing} That code could take whatever you buy. Remove the delegation in your wallet, then go on.`,
      }
    case 'dropped':
      return {
        code,
        tone: 'warn',
        title: 'No node has this transaction waiting any more',
        body: 'It may still come back and be confirmed until its deadline. This page keeps looking; do not send it a second time.',
      }
    case 'unknown':
      return {
        code,
        tone: 'danger',
        title: 'Your wallet answered something unexpected',
        body: 'Look into the wallet whether something is waiting there. This page remembers what was sent.',
      }
    default:
      return assertNever(failure)
  }
}

/** Where a step stands, in a word. */
export type StepWord =
  | 'Waiting'
  | 'Held'
  | 'In your wallet'
  | 'Confirming'
  | 'Confirming again'
  | 'Dropped'
  | 'Done'
  | 'Sped up'
  | 'Reverted'
  | 'In part'
  | 'Failed'
  | 'Cancelled'
  | 'Replaced'
  | 'Expired'
  | 'Not sent'
  | 'No answer yet'

/** One word for where a step stands. */
export function describeStepState(step: Pick<ExecutionStep, 'kind' | 'state' | 'undone'>): StepWord {
  const { state, undone = [] } = step
  switch (state.status) {
    case 'idle':
      return 'Waiting'
    case 'held':
      return 'Held'
    case 'awaitingSignature':
      return 'In your wallet'
    case 'awaitingReceipt':
      return undone.length > 0 ? 'Confirming again' : 'Confirming'
    case 'confirmed':
      return isSpedUp(step) ? 'Sped up' : 'Done'
    case 'reverted':
      return 'Reverted'
    case 'broken':
      return 'In part'
    case 'notIncluded':
      return causeWords[state.cause].word
    case 'unsent':
      return state.failure === 'rejected' ? 'Cancelled' : 'Not sent'
    case 'unresolved':
      return state.failure === 'dropped' ? 'Dropped' : 'No answer yet'
    default:
      return assertNever(state)
  }
}

/** Why something that was sent will not run, in a word and in a sentence. */
export const causeWords: Readonly<Record<NotIncludedCause, { readonly word: StepWord; readonly sentence: string }>> = {
  cancelled: { word: 'Cancelled', sentence: 'You cancelled it in your wallet.' },
  replaced: { word: 'Replaced', sentence: 'Another transaction of your wallet used its nonce, so it can never run.' },
  expired: { word: 'Expired', sentence: 'Its deadline passed before it got into a block.' },
  droppedByWallet: { word: 'Failed', sentence: 'Your wallet gave it up before any of it reached the chain.' },
}

/** What an approval does, in a line. */
export function describeApproval({ kind, amount }: DecodedApproval, symbol: string): string {
  if (kind === 'permit2') return `Let Permit2 hand on the exact amount of ${symbol}`
  return describeStep({ kind: amount === 0n ? 'resetApproval' : 'approval' }, symbol)
}

/** What a step does, in a line. `symbol` is the approved token's. */
export function describeStep({ kind }: Pick<ExecutionStep, 'kind'>, symbol: string): string {
  switch (kind) {
    case 'batch':
      return 'Approvals and all swaps, one atomic batch'
    case 'resetApproval':
      return `Reset the allowance of ${symbol} to 0`
    case 'approval':
      return `Allow the exact amount of ${symbol}`
    case 'swap':
      return 'All swaps, one transaction'
    default:
      return assertNever(kind)
  }
}

/** What a screen reader hears while a step goes on. */
export function announceStep(
  step: Pick<ExecutionStep, 'kind' | 'state' | 'undone'>,
  { symbol, number, count }: { readonly symbol: string; readonly number: number; readonly count: number },
): string {
  const { state, undone = [] } = step
  const place = count === 1 ? '' : `Step ${number} of ${count}: `
  const what = describeStep(step, symbol)
  switch (state.status) {
    case 'idle':
      return `${place}Preparing. ${what}.`
    case 'held':
      return `${place}Held back. Another transaction of yours waits. ${what}.`
    case 'awaitingSignature':
      return `${place}Confirm in your wallet. ${what}.`
    case 'awaitingReceipt':
      return undone.length > 0
        ? `${place}The chain took its block back. Waiting for the new one. ${what}.`
        : `${place}Sent. Waiting for its block. ${what}.`
    case 'confirmed':
    case 'reverted':
    case 'notIncluded':
    case 'broken':
    case 'unsent':
    case 'unresolved':
      return `${place}${describeStepState(step)}. ${what}.`
    default:
      return assertNever(state)
  }
}
