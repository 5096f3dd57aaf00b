import type { Execution, ExecutionStep, WaitingTransaction } from '@/lib/core/execution/execution'
import { mayPutAway, summariseExecution } from '@/lib/core/execution/reduceExecution'
import { assertNever } from '@/lib/core/units'
import type { Drive } from '@/lib/hooks/rebalance/drive'
import { causeWords, describeFailure, type FailureWords } from './executionWords'

/** What a person can do about a rebalance on its way. */
export type SituationAction =
  | { readonly kind: 'proceed' }
  /** The step goes out although the transaction with this nonce waits. */
  | { readonly kind: 'sendAllTheSame'; readonly nonce: number }
  /** Asks for the step again, and holds it again if the other transaction still waits. */
  | { readonly kind: 'waitAndLook' }
  | { readonly kind: 'lookAgain' }
  | { readonly kind: 'waitAgain' }
  /** The person says that the request was declined in the wallet. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'switchChain' }
  | { readonly kind: 'planAgain' }
  | { readonly kind: 'stop' }

/** Where a rebalance stands, in words, and what can be done. The first action is the main one. */
export type Situation = {
  /** Stable name; missing where all goes its way. */
  readonly code?: string
  /** `alert` is read out at once. */
  readonly role: 'note' | 'alert'
  readonly tone: 'info' | 'warn' | 'danger'
  readonly title: string
  readonly body: string
  readonly actions: readonly SituationAction[]
}

/** What the situation depends on. */
export type SituationFacts = {
  readonly execution: Execution
  readonly drive: Drive
  readonly isOnOtherChain: boolean
  readonly chainName: string
  /** The wallet was asked so long ago that its window may have been overlooked. */
  readonly isAnswerLate: boolean
}

const note = { role: 'note', tone: 'info' } as const
const warning = { role: 'alert', tone: 'warn' } as const
const danger = { role: 'alert', tone: 'danger' } as const

/** After these failures the same calls would fail again. */
const voiding: ReadonlySet<string> = new Set(['quoteMoved', 'balanceChanged', 'deadlinePassed', 'hashMismatch'])

/** Approvals of an execution that were made, and stay. */
export function countApprovalsMade({ steps }: Pick<Execution, 'steps'>): number {
  return steps.filter(({ kind, state }) => kind === 'approval' && state.status === 'confirmed').length
}

/** Says where a rebalance stands and what can be done; nothing before it begins and once it is done. */
export function describeSituation(facts: SituationFacts): Situation | undefined {
  const { execution, drive, isOnOtherChain, chainName } = facts
  const summary = summariseExecution(execution)
  const approvalsMade = countApprovalsMade(execution)
  const stop = mayPutAway(execution) ? [{ kind: 'stop' } as const] : []
  if (summary.status === 'done') return undefined
  if (drive.status === 'failed') {
    if (drive.failure === 'walletPending') {
      return {
        ...note,
        tone: 'warn',
        code: 'walletPending',
        title: 'A rebalance is already waiting in another tab',
        body: 'Go on there. This tab shows how it goes.',
        actions: [{ kind: 'lookAgain' }],
      }
    }
    return { ...ofFailure(describeFailure(drive.failure, { chainName })), actions: [{ kind: 'lookAgain' }, ...stop] }
  }
  switch (summary.status) {
    case 'ready':
      return undefined
    case 'active': {
      const step = execution.steps[summary.stepIndex]
      return step === undefined ? undefined : describeActive(step, facts)
    }
    case 'held':
      return {
        ...warning,
        code: `held-${summary.waiting.order}`,
        title: 'You have an unconfirmed transaction',
        body: describeWaiting(summary.waiting),
        actions: [{ kind: 'waitAndLook' }, { kind: 'sendAllTheSame', nonce: summary.waiting.nonce }, ...stop],
      }
    case 'paused': {
      const { failure } = summary
      if (failure === 'timeout') {
        return {
          ...note,
          tone: 'warn',
          code: failure,
          title: 'Your wallet did not answer',
          body: 'Nothing of this step is on the chain. Ask your wallet again, or stop here.',
          actions: [{ kind: 'proceed' }, ...stop],
        }
      }
      const told = ofFailure(describeFailure(failure, { chainName, approvalsMade }))
      if (voiding.has(failure)) return { ...told, actions: [{ kind: 'planAgain' }] }
      const isElsewhere = failure === 'wrongChain' && isOnOtherChain
      return { ...told, actions: [{ kind: isElsewhere ? 'switchChain' : 'proceed' }, ...stop] }
    }
    case 'unresolved':
      return {
        ...ofFailure(describeFailure(summary.failure, { chainName })),
        actions: [{ kind: 'waitAgain' }, ...stop],
      }
    case 'failed': {
      const step = execution.steps[summary.stepIndex]
      return step === undefined ? undefined : describeFailed(step)
    }
    default:
      return assertNever(summary)
  }
}

function ofFailure({ code, tone, title, body }: FailureWords): Omit<Situation, 'actions'> {
  return tone === 'neutral' ? { ...note, code, title, body } : { ...warning, code, title, body }
}

function describeWaiting({ nonce, order }: WaitingTransaction): string {
  return order === 'before'
    ? `It has nonce ${nonce}, and ours would wait behind it. Speed it up or cancel it in your wallet, or wait until it is through. Nothing of this step was sent.`
    : `It has nonce ${nonce} and waits for the one before it. Ours would take that place and let it go. Nothing of this step was sent.`
}

function describeActive({ state, undone = [] }: ExecutionStep, { drive, isAnswerLate }: SituationFacts): Situation {
  switch (state.status) {
    case 'awaitingSignature':
      if (drive.status !== 'driving' || drive.mode === 'resume') {
        return {
          ...note,
          code: 'interrupted',
          title: 'This page was left while your wallet was asking',
          body: 'If the request still stands in your wallet, open it and answer there. It cannot be sent a second time: this page looks for it on the chain until its deadline, at most ten minutes after you reviewed. If you declined it, say so, and you can go on at once.',
          actions: [{ kind: 'declined' }, ...(drive.status === 'resting' ? [{ kind: 'lookAgain' } as const] : [])],
        }
      }
      if (isAnswerLate) {
        return {
          ...note,
          code: 'noAnswerYet',
          title: 'Open your wallet',
          body: 'It was asked a while ago and has not answered. Some wallets do not come to the front by themselves, and a locked one shows nothing: open it, unlock it, and answer there. If there is no request, load this page again.',
          actions: [],
        }
      }
      return {
        ...note,
        title: 'Confirm in your wallet',
        body: 'Compare it with the calls shown here. Nothing happens until you confirm. If you see no prompt, open your wallet.',
        actions: [],
      }
    case 'awaitingReceipt':
      return undone.length > 0
        ? {
            ...note,
            code: 'undone',
            title: 'The chain took the block back',
            body: 'Waiting for the new one. Nothing is lost: what you signed still holds.',
            actions: [],
          }
        : {
            ...note,
            title: 'Sent. Waiting for its block',
            body: 'You can leave this page: it finds out again what became of it.',
            actions: [],
          }
    default:
      return drive.status === 'resting'
        ? {
            ...note,
            title: 'The next step waits for you',
            body: 'Everything is where it was. Go on when you are ready.',
            actions: [{ kind: 'proceed' }, { kind: 'stop' }],
          }
        : {
            ...note,
            title: 'Preparing the next step',
            body: 'Checking quotes, balances and the wallet.',
            actions: [],
          }
  }
}

function describeFailed({ state }: ExecutionStep): Situation | undefined {
  const actions = [{ kind: 'planAgain' }] as const
  switch (state.status) {
    case 'reverted':
      return {
        ...danger,
        code: 'reverted',
        title: 'Nothing was traded',
        body: `Reason: ${describeReason(state.reason)}`,
        actions,
      }
    case 'notIncluded': {
      const told = { code: `notIncluded-${state.cause}`, title: 'Nothing was traded', actions }
      const body = causeWords[state.cause].sentence
      return state.cause === 'cancelled' ? { ...note, ...told, body } : { ...danger, ...told, body }
    }
    case 'broken':
      return state.rest === 'mayRun'
        ? {
            ...danger,
            code: 'broken-mayRun',
            title: 'Your wallet broke the batch apart',
            body: 'It promised all or nothing, and ran only a part. Nothing was traded so far. The rest may still run until the deadline, at most ten minutes after you reviewed; this page keeps looking.',
            actions: [{ kind: 'lookAgain' }],
          }
        : {
            ...danger,
            code: 'broken-over',
            title: 'Your wallet broke the batch apart',
            body: 'It promised all or nothing, and ran only a part. Nothing was traded, and the rest cannot run any more. Revoke what is left over, or let the next plan use it.',
            actions,
          }
    default:
      return undefined
  }
}

/** What the own words of routers, pools and Permit2 mean. */
const meanings: Readonly<Record<string, string>> = {
  'Too little received': 'the market moved past your minimum',
  V2TooLittleReceived: 'the market moved past your minimum',
  V3TooLittleReceived: 'the market moved past your minimum',
  V4TooLittleReceived: 'the market moved past your minimum',
  InsufficientToken: 'the market moved past your minimum',
  InsufficientETH: 'the market moved past your minimum',
  'Transaction too old': 'the deadline had passed',
  TransactionDeadlinePassed: 'the deadline had passed',
  STF: 'a balance or an allowance was too small, or a token refused to be taken',
  TRANSFER_FROM_FAILED: 'a balance or an allowance was too small, or a token refused to be taken',
  InsufficientAllowance: 'an allowance was too small',
  AllowanceExpired: 'an allowance had run out',
  TF: 'a token refused to be paid out',
  ST: 'a token refused to be paid out',
  TRANSFER_FAILED: 'a token refused to be paid out',
  'TransferHelper: TRANSFER_FROM_FAILED': 'a balance or an allowance was too small, or a token refused to be taken',
  'UniswapV2: TRANSFER_FAILED': 'a token refused to be paid out',
}

/** A revert's own words, and what they mean where that is known. */
function describeReason(reason: string): string {
  const meaning = Object.hasOwn(meanings, reason) ? meanings[reason] : undefined
  return meaning === undefined ? `“${reason}”.` : `${meaning} (“${reason}”).`
}
