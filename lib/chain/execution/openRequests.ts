import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { Execution, ExecutionFailure, SentId } from '@/lib/core/execution/execution'
import { UncertainRequestError } from './requestErrors'

/** How a request ended. Without a failure that is sure, it may have been sent all the same. */
export type RequestAnswer =
  | { readonly id: SentId }
  | { readonly error: unknown; readonly failure?: { readonly failure: ExecutionFailure } }

/** A request that a wallet has been asked and has perhaps not answered yet. */
export type OpenRequest = {
  readonly answered: Promise<RequestAnswer>
  readonly settled: () => RequestAnswer | undefined
}

const requests = new Map<string, OpenRequest>()

function keyOf({ id }: Execution, stepIndex: number): string {
  return `${id}/${stepIndex}`
}

/**
 * Keeps a request to the wallet for as long as this page lives, so that an answer that comes after the waiting was called off is not
 * lost.
 */
export function keepRequest(execution: Execution, stepIndex: number, sending: Promise<SentId>): OpenRequest {
  let settled: RequestAnswer | undefined
  const answered = sending
    .then(
      (id): RequestAnswer => ({ id }),
      (error: unknown): RequestAnswer =>
        error instanceof UncertainRequestError ? { error } : { error, failure: { failure: toExecutionFailure(error) } },
    )
    .then((answer) => {
      settled = answer
      return answer
    })
  const open = { answered, settled: () => settled }
  requests.set(keyOf(execution, stepIndex), open)
  return open
}

/** The request of a step that this page has made and not yet learned the end of. */
export function openRequestOf(execution: Execution, stepIndex: number): OpenRequest | undefined {
  return requests.get(keyOf(execution, stepIndex))
}

/** Forgets a request whose end is in the journal. */
export function closeRequest(execution: Execution, stepIndex: number): void {
  requests.delete(keyOf(execution, stepIndex))
}
