import type { ExecutionFailure } from '@/lib/core/execution/execution'

/**
 * What every failure outside the product becomes. `failure` is the word that an execution keeps; `name` and the fields
 * say more; nobody reads `message` to decide.
 */
export abstract class AppError extends Error {
  abstract override readonly name: string
  abstract readonly failure: ExecutionFailure
}

/** The person declined in the wallet: EIP-1193 code 4001, CAIP code 5000, or the refused upgrade of EIP-5792, 5750. */
export class WalletRejectedError extends AppError {
  override readonly name = 'WalletRejectedError'
  readonly failure = 'rejected'
  constructor(
    readonly code: number,
    options?: ErrorOptions,
  ) {
    super('The request was declined in the wallet. Nothing was sent; ask again when ready.', options)
  }
}

/** The wallet still shows an earlier request (-32002), or already took a batch with this id (5720). */
export class WalletPendingError extends AppError {
  override readonly name = 'WalletPendingError'
  readonly failure = 'walletPending'
  constructor(
    readonly code: number,
    options?: ErrorOptions,
  ) {
    super('The wallet already has a request waiting. Open the wallet and answer it.', options)
  }
}

/** The wallet is locked, not connected, or does not let this site use the account (4100). */
export class WalletLockedError extends AppError {
  override readonly name = 'WalletLockedError'
  readonly failure = 'walletLocked'
  constructor(
    readonly code: number | undefined,
    options?: ErrorOptions,
  ) {
    super('The wallet is locked or not connected to this site. Unlock it and connect again.', options)
  }
}

/** The wallet no longer offers the account that was asked for. */
export class WrongAccountError extends AppError {
  override readonly name = 'WrongAccountError'
  readonly failure = 'wrongAccount'
  constructor(options?: ErrorOptions) {
    super('The wallet uses another account. Switch back to the account of this plan, or plan again.', options)
  }
}

/** A wallet or a node is on another chain than the one that was asked for. */
export class WrongChainError extends AppError {
  override readonly name = 'WrongChainError'
  readonly failure = 'wrongChain'
  /** The chain id that was wanted and the one that answered, where known. */
  readonly expected: number | undefined
  readonly actual: number | undefined
  constructor(
    { expected, actual }: { readonly expected?: number | undefined; readonly actual?: number | undefined },
    options?: ErrorOptions,
  ) {
    super(
      expected === undefined || actual === undefined
        ? 'The wallet is on another chain. Switch it to the chain shown here.'
        : `Chain ${actual} answered where chain ${expected} was expected. Switch the chain or correct the endpoint.`,
      options,
    )
    this.expected = expected
    this.actual = actual
  }
}

/** The wallet offers no atomic batch here: 4200, 5700, 5710, 5760, -32004 or -32601. */
export class BatchUnsupportedError extends AppError {
  override readonly name = 'BatchUnsupportedError'
  readonly failure = 'batchUnsupported'
  constructor(
    readonly code: number,
    options?: ErrorOptions,
  ) {
    super('The wallet cannot sign this as one batch. Use approvals and one swap transaction instead.', options)
  }
}

/** The batch has more calls than the wallet takes (5740). */
export class BatchTooLargeError extends AppError {
  override readonly name = 'BatchTooLargeError'
  readonly failure = 'batchTooLarge'
  constructor(options?: ErrorOptions) {
    super('The wallet refuses a batch of this size. Rebalance fewer assets at once.', options)
  }
}

/** The wallet does not know the batch that its status was asked of (5730). The batch may nevertheless be on chain. */
export class UnknownBatchError extends AppError {
  override readonly name = 'UnknownBatchError'
  readonly failure = 'unknown'
  constructor(options?: ErrorOptions) {
    super('The wallet does not know this batch. Look at the account on chain before sending again.', options)
  }
}

/** The account cannot pay for gas and value. */
export class InsufficientGasError extends AppError {
  override readonly name = 'InsufficientGasError'
  readonly failure = 'insufficientGas'
  constructor(options?: ErrorOptions) {
    super('The account does not hold enough of the native coin for gas. Add some, or sell less of it.', options)
  }
}

/**
 * What a revert's reason means for the bundle: the words of SwapRouter02 and its libraries, then the errors of the Universal Router,
 * its libraries and Permit2.
 */
const failureOfReason: Readonly<Record<string, ExecutionFailure>> = {
  'Transaction too old': 'deadlinePassed',
  'Too little received': 'quoteMoved',
  'Insufficient WETH9': 'quoteMoved',
  'Insufficient token': 'quoteMoved',
  STF: 'balanceChanged',
  TransactionDeadlinePassed: 'deadlinePassed',
  V2TooLittleReceived: 'quoteMoved',
  V3TooLittleReceived: 'quoteMoved',
  V4TooLittleReceived: 'quoteMoved',
  InsufficientToken: 'quoteMoved',
  InsufficientETH: 'quoteMoved',
  TRANSFER_FAILED: 'quoteMoved',
  TRANSFER_FROM_FAILED: 'balanceChanged',
  InsufficientAllowance: 'balanceChanged',
  AllowanceExpired: 'balanceChanged',
}

/** A contract refused a call. */
export class CallRevertedError extends AppError {
  override readonly name = 'CallRevertedError'
  readonly failure: ExecutionFailure
  constructor(
    /** What the contract says: its message, the panic code or the selector of its error. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The contract refused the call: ${reason}. Nothing was traded; plan again.`, options)
    this.failure = Object.hasOwn(failureOfReason, reason)
      ? (failureOfReason[reason] ?? 'simulationFailed')
      : 'simulationFailed'
  }
}

/** No endpoint answered, or it answered with an HTTP error or a limit. */
export class RpcUnreachableError extends AppError {
  override readonly name = 'RpcUnreachableError'
  readonly failure = 'unreachable'
  /** For how long it asked to be left alone, where it did. */
  readonly retryAfterMs: number | undefined
  constructor(
    /** The HTTP status, where there was one. */
    readonly status: number | undefined,
    options?: ErrorOptions & { readonly retryAfterMs?: number | undefined },
  ) {
    super(
      status === 429
        ? 'The node is asked too often. Wait a little: it is asked again by itself.'
        : 'The node cannot be reached. Check the connection or the endpoint, then try again.',
      options,
    )
    this.retryAfterMs = options?.retryAfterMs
  }
}

/** A node or wallet took longer than it may. What was asked of it may still happen. */
export class RequestTimeoutError extends AppError {
  override readonly name = 'RequestTimeoutError'
  readonly failure = 'timeout'
  constructor(options?: ErrorOptions) {
    super('No answer came in time. Wait and look again before sending anything twice.', options)
  }
}

/** A node answered something that is no answer: not JSON, cut off, of another shape. */
export class RpcResponseError extends AppError {
  override readonly name = 'RpcResponseError'
  readonly failure = 'unreachable'
  constructor(
    /** What is wrong with it. */
    readonly defect: string,
    options?: ErrorOptions,
  ) {
    super(`The node gave an unusable answer (${defect}). Try again or use another endpoint.`, options)
  }
}

/** The newest block that a node shows is too old to plan on: it does not keep up, or the device's clock is wrong (T-42). */
export class StaleHeadError extends AppError {
  override readonly name = 'StaleHeadError'
  readonly failure = 'staleHead'
  constructor(
    readonly ageSeconds: number,
    readonly maxAgeSeconds: number,
    options?: ErrorOptions,
  ) {
    super(
      `Prices are ${ageSeconds} s old, more than the ${maxAgeSeconds} s that a plan may rest on. Wait for the node to catch up, or correct this device's clock.`,
      options,
    )
  }
}

/** A node answered from a block before the one that was read last. */
export class OlderBlockError extends AppError {
  override readonly name = 'OlderBlockError'
  readonly failure = 'staleHead'
  constructor(
    /** The block that was read before, and the one that answered now. */
    readonly known: bigint,
    readonly answered: bigint,
    options?: ErrorOptions,
  ) {
    super(
      `The node went back from block ${known} to ${answered}. What was read before stays; it is asked again.`,
      options,
    )
  }
}

/** What was under way was called off by the one who asked for it. */
export class RequestCancelledError extends AppError {
  override readonly name = 'RequestCancelledError'
  readonly failure = 'unknown'
  constructor(options?: ErrorOptions) {
    super('The request was called off.', options)
  }
}

/** A failure that nothing here knows. */
export class UnknownFailureError extends AppError {
  override readonly name = 'UnknownFailureError'
  readonly failure = 'unknown'
  constructor(
    /** The code that came with it, where there was one. */
    readonly code: number | undefined,
    /** The foreign text, cut to 300 characters, for people who look into it. */
    readonly details: string,
    options?: ErrorOptions,
  ) {
    super('Something unexpected went wrong. Look at the account on chain before sending again.', options)
  }
}
