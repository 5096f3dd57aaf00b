import { AppError, BatchUnsupportedError, UnknownFailureError } from '@/lib/chain/appErrors'
import { toAppError } from '@/lib/chain/toAppError'
import type { ExecutionFailure } from '@/lib/core/execution/execution'

/** What was about to go to the wallet is not what was reviewed. */
export class HashMismatchError extends AppError {
  override readonly name = 'HashMismatchError'
  readonly failure = 'hashMismatch'
  constructor(options?: ErrorOptions) {
    super('What would be sent is not what was reviewed. Nothing was sent; plan again.', options)
  }
}

/** The wallet neither took nor clearly refused a request: it may have been sent. The chain must be asked before anything else. */
export class UncertainRequestError extends AppError {
  override readonly name = 'UncertainRequestError'
  constructor(
    readonly method: string,
    readonly failure: ExecutionFailure,
    options?: ErrorOptions,
  ) {
    super(`The wallet gave no usable answer to ${method}. Look at the account on chain before sending again.`, options)
  }
}

/** Malformed parameters, as JSON-RPC has them: older wallets say so of a batch whose version they do not know. */
const invalidParams = -32602

/**
 * Reads what a wallet answered a request with: an error of which it is not sure that nothing was sent becomes an
 * {@link UncertainRequestError}.
 */
export function toRequestError(error: unknown, method: 'wallet_sendCalls' | 'eth_sendTransaction'): AppError {
  const known = toAppError(error)
  switch (known.failure) {
    case 'unknown':
      return method === 'wallet_sendCalls' && known instanceof UnknownFailureError && known.code === invalidParams
        ? new BatchUnsupportedError(invalidParams, { cause: error })
        : new UncertainRequestError(method, 'unknown', { cause: error })
    case 'timeout':
    case 'unreachable':
      return new UncertainRequestError(method, known.failure, { cause: error })
    case 'batchUnsupported':
    case 'batchTooLarge':
      return method === 'wallet_sendCalls' ? known : new UncertainRequestError(method, 'unknown', { cause: error })
    default:
      return known
  }
}
