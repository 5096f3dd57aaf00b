import type { Bundle } from '../bundle'
import type { Address, Hex } from '../units'

/** Why a step was not sent, or what is unknown about it. Words for people are chosen in components. */
export const executionFailures = [
  'rejected',
  'wrongChain',
  'wrongAccount',
  'walletPending',
  'walletLocked',
  'batchUnsupported',
  'batchTooLarge',
  'insufficientGas',
  'hashMismatch',
  'quoteMoved',
  'balanceChanged',
  'deadlinePassed',
  'simulationFailed',
  'differentChainState',
  'unreachable',
  'staleHead',
  'sourcesDisagree',
  'foreignContracts',
  'timeout',
  'unknownDelegate',
  'dropped',
  'unknown',
] as const

/** One of {@link executionFailures}. */
export type ExecutionFailure = (typeof executionFailures)[number]

/** What the wallet answered when it took a request: a transaction's hash, or the id of a call batch (EIP-5792). */
export type SentId =
  | { readonly kind: 'transaction'; readonly hash: Hex }
  | { readonly kind: 'batch'; readonly batchId: string }

/**
 * Why what was sent will not run: its nonce went to an empty transaction of the account to itself (`cancelled`) or to something else
 * (`replaced`), its deadline passed on chain (`expired`), or the wallet gave it up before any of it reached the chain.
 */
export type NotIncludedCause = 'cancelled' | 'replaced' | 'expired' | 'droppedByWallet'

/**
 * In which block the chain showed something. `included`: a reorganisation may take it back, without harm; `final`: by the chain's own
 * rule it cannot.
 */
export type Shown = {
  readonly blockNumber: bigint
  readonly blockHash: Hex
  readonly finality: 'included' | 'final'
}

/** A call of a batch that ran in a transaction of its own. `callIndex` counts approvals and then the swap. */
export type ExecutedCall = { readonly callIndex: number; readonly txHash: Hex }

/** A transaction of the account that waits already. `before`: ours would wait behind it; `after`: ours would let it go. */
export type WaitingTransaction = { readonly nonce: number; readonly order: 'before' | 'after' }

/**
 * One request to the wallet and what became of it: what was asked, and from then on what the chain showed. Plain data: it is saved and
 * checked by a schema on load.
 */
export type StepState =
  | { readonly status: 'idle' }
  /** Nothing was asked: another transaction of the account waits, and the person has not said that this may go out all the same. */
  | { readonly status: 'held'; readonly waiting: WaitingTransaction }
  | { readonly status: 'awaitingSignature' }
  | { readonly status: 'awaitingReceipt'; readonly id: SentId }
  /** It ran as agreed. `txHash` is not the wallet's where it was sped up. */
  | ({
      readonly status: 'confirmed'
      readonly id: SentId
      readonly txHash: Hex
      /** The transactions that made approvals outside of `txHash`, although the wallet promised one for all. */
      readonly splitHashes?: readonly Hex[]
    } & Shown)
  | ({ readonly status: 'reverted'; readonly id: SentId; readonly txHash: Hex; readonly reason: string } & Shown)
  | ({
      readonly status: 'notIncluded'
      readonly id: SentId
      readonly cause: NotIncludedCause
      /** The transaction that took its nonce. */
      readonly txHash?: Hex
    } & Shown)
  /** The wallet ran some calls of an atomic batch and not the swap. `mayRun`: until the deadline the swap can still come. */
  | ({
      readonly status: 'broken'
      readonly id: SentId
      readonly executed: readonly ExecutedCall[]
      readonly rest: 'mayRun' | 'over'
    } & Shown)
  | { readonly status: 'unsent'; readonly failure: ExecutionFailure }
  | { readonly status: 'unresolved'; readonly id: SentId; readonly failure: ExecutionFailure }

/** Where the chain stood when a step was asked for: what is searched from there on after a reload or a replacement. */
export type StepRequest = {
  /** The account's next nonce. */
  readonly nonce: number
  /** The newest block; of the first request where there were several. */
  readonly blockNumber: bigint
  /** keccak256 of the very call or calls that were asked for. */
  readonly callsHash: Hex
}

export type StepKind = 'batch' | 'resetApproval' | 'approval' | 'swap'

/** One thing that the wallet is asked to sign. */
export type ExecutionStep = {
  readonly kind: StepKind
  /** The token of an approval. */
  readonly token?: Address
  readonly state: StepState
  /** Set when the step is asked for, and kept. */
  readonly request?: StepRequest
  /** The nonce under which the chain showed it. */
  readonly nonce?: number
  /** The nonce of a waiting transaction of which the person said that this step may go out all the same. */
  readonly acknowledgedNonce?: number
  /** Transactions of it that were in a block which the chain took back. */
  readonly undone?: readonly { readonly txHash: Hex; readonly blockNumber: bigint }[]
}

/** Rung of the ladder in PRODUCT, "How a bundle is executed". */
export type Rung = 'atomicBatch' | 'approveThenSwap'

/** One rebalance from review to its end. At most one is unresolved for each account and chain. */
export type Execution = {
  readonly id: string
  readonly account: Address
  readonly chainId: number
  readonly rung: Rung
  /** keccak256 of what was reviewed. */
  readonly bundleHash: Hex
  /** Unix seconds; once the chain is past it, the swap can never run. */
  readonly deadline: number
  readonly steps: readonly ExecutionStep[]
}

/**
 * What an execution as a whole is doing. `active` waits for the wallet or the chain, `held` for a word of the person, `paused` can be
 * continued or given up (nothing is under way), `unresolved` can only be waited for. `done` until it is `final` may go back to `active`.
 */
export type ExecutionSummary =
  | { readonly status: 'ready' }
  | { readonly status: 'active'; readonly stepIndex: number }
  | { readonly status: 'held'; readonly stepIndex: number; readonly waiting: WaitingTransaction }
  | { readonly status: 'paused'; readonly stepIndex: number; readonly failure: ExecutionFailure }
  | { readonly status: 'unresolved'; readonly stepIndex: number; readonly failure: ExecutionFailure }
  | { readonly status: 'failed'; readonly stepIndex: number }
  | {
      readonly status: 'done'
      readonly txHash: Hex
      readonly blockNumber: bigint
      /** `final` once nothing that the execution did can be taken back. */
      readonly finality: Shown['finality']
    }

/** What is saved before each request and after each change, so that a reload loses nothing. */
export type ExecutionRecord = {
  readonly execution: Execution
  /** What was reviewed. */
  readonly bundle: Bundle
  /** What the swap step asked for, when it was quoted again after approvals. */
  readonly requoted?: Bundle
}
