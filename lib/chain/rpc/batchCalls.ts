import { type AppError, RequestCancelledError } from '../appErrors'
import { isWrite, type RpcCall, type RpcOutcome } from './rpcCall'

type Waiting = {
  readonly call: RpcCall
  readonly signal: AbortSignal | undefined
  readonly resolve: (outcome: RpcOutcome) => void
  readonly reject: (error: AppError) => void
}

/** Sends calls together; an abort means that nobody waits any more. */
export type SendTogether = (calls: readonly RpcCall[], signal: AbortSignal) => Promise<readonly RpcOutcome[]>

/** Aborts once all signals have; never where one of the calls has none. */
function composeSignal(group: readonly Waiting[]): AbortSignal {
  const controller = new AbortController()
  const signals = new Set(group.map(({ signal }) => signal))
  let left = signals.size
  for (const signal of signals) {
    const leave = () => {
      left -= 1
      if (left === 0) controller.abort()
    }
    if (signal?.aborted === true) leave()
    else signal?.addEventListener('abort', leave, { once: true })
  }
  return controller.signal
}

/**
 * Gathers the calls of one moment and sends them together, at most `batchSize` at once; a call that changes something goes alone.
 * Who calls off a call waits no longer; the others still get their outcomes.
 */
export function createBatcher(
  send: SendTogether,
  { batchSize }: { readonly batchSize: number },
): (call: RpcCall, signal?: AbortSignal) => Promise<RpcOutcome> {
  let waiting: Waiting[] = []

  function sendGroup(group: readonly Waiting[]): void {
    send(
      group.map(({ call }) => call),
      composeSignal(group),
    ).then(
      (outcomes) => {
        group.forEach(({ resolve }, index) => {
          const outcome = outcomes[index]
          if (outcome !== undefined) resolve(outcome)
        })
      },
      (error: AppError) => {
        for (const { reject } of group) reject(error)
      },
    )
  }

  function flush(): void {
    const writes = waiting.filter(({ call }) => isWrite(call))
    const reads = waiting.filter(({ call }) => !isWrite(call))
    waiting = []
    for (const write of writes) sendGroup([write])
    for (let start = 0; start < reads.length; start += batchSize) sendGroup(reads.slice(start, start + batchSize))
  }

  return (call, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(new RequestCancelledError())
      signal?.addEventListener('abort', () => reject(new RequestCancelledError()), { once: true })
      if (waiting.length === 0) setTimeout(flush)
      waiting.push({ call, signal, resolve, reject })
    })
}
