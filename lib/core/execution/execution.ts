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
  'timeout',
  'unknown',
] as const

/** One of {@link executionFailures}. */
export type ExecutionFailure = (typeof executionFailures)[number]

/** What the wallet answered when it took a request: a transaction's hash, or the id of a call batch (EIP-5792). */
export type SentId =
  | { readonly kind: 'transaction'; readonly hash: Hex }
  | { readonly kind: 'batch'; readonly batchId: string }

/**
 * Proof that what was sent can never run any more: another transaction took its nonce, its deadline passed on chain, or the
 * wallet gave it up before any of it reached the chain.
 */
export type NotIncludedCause = 'replaced' | 'expired' | 'droppedByWallet'

/** One request to the wallet and what became of it. Plain data: it is saved and checked by a schema on load. */
export type StepState =
  | { readonly status: 'idle' }
  | { readonly status: 'awaitingSignature' }
  | { readonly status: 'awaitingReceipt'; readonly id: SentId }
  | { readonly status: 'confirmed'; readonly id: SentId; readonly txHash: Hex; readonly blockNumber: bigint }
  | { readonly status: 'reverted'; readonly id: SentId; readonly txHash: Hex; readonly reason: string }
  | { readonly status: 'notIncluded'; readonly id: SentId; readonly cause: NotIncludedCause }
  | { readonly status: 'unsent'; readonly failure: ExecutionFailure }
  | { readonly status: 'unresolved'; readonly id: SentId; readonly failure: ExecutionFailure }

/** Where the chain stood when a step was asked for: what is searched from there on after a reload or a replacement. */
export type StepRequest = {
  /** The account's next nonce. */
  readonly nonce: number
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
 * What an execution as a whole is doing. `active` waits for the wallet or the chain, `paused` can be continued or given up
 * (nothing is under way), `unresolved` can only be waited for.
 */
export type ExecutionSummary =
  | { readonly status: 'ready' }
  | { readonly status: 'active'; readonly stepIndex: number }
  | { readonly status: 'paused'; readonly stepIndex: number; readonly failure: ExecutionFailure }
  | { readonly status: 'unresolved'; readonly stepIndex: number; readonly failure: ExecutionFailure }
  | { readonly status: 'failed'; readonly stepIndex: number }
  | { readonly status: 'done'; readonly txHash: Hex; readonly blockNumber: bigint }

/** What is saved before each request and after each change, so that a reload loses nothing. */
export type ExecutionRecord = {
  readonly execution: Execution
  /** What was reviewed. */
  readonly bundle: Bundle
  /** What the swap step asked for, when it was quoted again after approvals. */
  readonly requoted?: Bundle
}
