import { AppError } from '@/lib/chain/appErrors'
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

/** A wallet's error of which it is not sure that nothing was sent becomes an {@link UncertainRequestError}. */
export function toRequestError(error: unknown, method: string): AppError {
  const known = toAppError(error)
  switch (known.failure) {
    case 'unknown':
    case 'timeout':
    case 'unreachable':
      return new UncertainRequestError(method, known.failure, { cause: error })
    default:
      return known
  }
}
