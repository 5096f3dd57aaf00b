import {
  AppError,
  RequestCancelledError,
  RequestTimeoutError,
  RpcResponseError,
  RpcUnreachableError,
  WrongChainError,
} from '../appErrors'
import { type Endpoint, growPause, type Jitter } from './endpoints'
import { isWorthAnotherMoment, isWorthAnotherNode, isWrite, type RpcCall, type RpcOutcome } from './rpcCall'

/** Who is asked, how often again, and after how long the next one as well. */
export type SendOptions = {
  readonly endpoints: readonly Endpoint[]
  /** How often a round of all endpoints is repeated. */
  readonly retryCount: number
  /** With no answer after this time the next endpoint is asked as well; the first good answer counts. */
  readonly hedgeMs: number
  readonly jitter: Jitter
}

const longestPauseMs = 2_000

/** Waits, or fails as soon as the signal is aborted. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new RequestCancelledError())
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Whether waiting may help: what a node says of another chain or of the request itself stays as it is. */
function isPassing(error: AppError): boolean {
  if (error instanceof RpcUnreachableError) return error.status === undefined || !isRefusedForGood(error.status)
  return error instanceof RequestTimeoutError || error instanceof RpcResponseError
}

function isRefusedForGood(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 413 && status !== 429
}

const gravity: readonly (new (...args: never) => AppError)[] = [
  WrongChainError,
  RpcUnreachableError,
  RequestTimeoutError,
  RpcResponseError,
]

/** Of the failures of several endpoints the one that says most. */
function selectFailure(failures: readonly AppError[]): AppError {
  const found = gravity.flatMap((kind) => failures.find((failure) => failure instanceof kind) ?? [])
  return found[0] ?? failures[0] ?? new RpcUnreachableError(undefined)
}

function byRank(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...endpoints].sort((one, other) => one.readRank() - other.readRank())
}

type Round = Pick<SendOptions, 'endpoints' | 'hedgeMs'> & { readonly signal: AbortSignal }
type Answer = { readonly by: Endpoint; readonly outcomes: readonly RpcOutcome[] }

/**
 * Asks one endpoint after the other until one answers: the next as soon as one fails, or as well when one takes long. All others are
 * called off then.
 */
function askRound(calls: readonly RpcCall[], { endpoints, hedgeMs, signal }: Round): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const rest = [...endpoints]
    const asked = new Map<Endpoint, AbortController>()
    const failures: AppError[] = []
    let timer: ReturnType<typeof setTimeout> | undefined

    function stop(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      for (const controller of asked.values()) controller.abort()
    }
    function cancel(): void {
      stop()
      reject(new RequestCancelledError())
    }
    function askNext(): void {
      clearTimeout(timer)
      const endpoint = rest.shift()
      if (endpoint !== undefined) ask(endpoint)
      else if (asked.size === 0) {
        stop()
        reject(selectFailure(failures))
      }
    }
    function ask(endpoint: Endpoint): void {
      const controller = new AbortController()
      const earlier = [...asked.keys()]
      asked.set(endpoint, controller)
      timer = setTimeout(askNext, hedgeMs)
      endpoint.ask(calls, controller.signal).then(
        (outcomes) => {
          if (controller.signal.aborted) return
          for (const slower of earlier) if (asked.has(slower)) slower.noteSlow()
          asked.delete(endpoint)
          stop()
          resolve({ by: endpoint, outcomes })
        },
        (error: unknown) => {
          if (controller.signal.aborted) return
          asked.delete(endpoint)
          failures.push(error instanceof AppError ? error : new RpcUnreachableError(undefined, { cause: error }))
          askNext()
        },
      )
    }
    if (signal.aborted) return cancel()
    signal.addEventListener('abort', cancel, { once: true })
    askNext()
  })
}

/** Asks endpoints until each call has an outcome that no other of them would improve. */
async function askAll(calls: readonly RpcCall[], round: Round): Promise<readonly RpcOutcome[]> {
  let left = byRank(round.endpoints)
  const first = await askRound(calls, { ...round, endpoints: left })
  const outcomes = [...first.outcomes]
  left = left.filter((endpoint) => endpoint !== first.by)
  while (left.length > 0) {
    const open = calls.flatMap((call, index) => {
      const outcome = outcomes[index]
      return outcome !== undefined && isWorthAnotherNode(outcome) ? [{ call, index }] : []
    })
    if (open.length === 0) break
    const asked = open.map(({ call }) => call)
    const answer = await askRound(asked, { ...round, endpoints: left }).catch((error: unknown) => {
      if (error instanceof RequestCancelledError) throw error
    })
    // What one has refused and no other answers stays refused.
    if (answer === undefined) break
    left = left.filter((endpoint) => endpoint !== answer.by)
    open.forEach(({ index }, position) => {
      const outcome = answer.outcomes[position]
      if (outcome?.status === 'answered') outcomes[index] = outcome
    })
  }
  return outcomes
}

/**
 * Has calls answered by whichever endpoint can: falls over to the next, asks it as well when one takes long, and repeats the round
 * after growing pauses. Where all demand to be left alone for long, it fails at once instead of asking.
 * @throws {AppError} of the endpoint whose failure says most, when none answers.
 */
export async function sendCalls(
  calls: readonly RpcCall[],
  { endpoints, retryCount, hedgeMs, jitter, signal }: SendOptions & { readonly signal: AbortSignal },
): Promise<readonly RpcOutcome[]> {
  if (calls.some(isWrite)) {
    const [first] = byRank(endpoints)
    return first === undefined ? [] : first.ask(calls, signal)
  }
  for (let attempt = 0; ; attempt += 1) {
    const isLast = attempt >= retryCount
    const restMs = Math.min(...endpoints.map((endpoint) => endpoint.readRestMs()))
    if (restMs > longestPauseMs) throw new RpcUnreachableError(429, { retryAfterMs: restMs })
    if (restMs > 0) await wait(restMs, signal)
    try {
      const outcomes = await askAll(calls, { endpoints, hedgeMs, signal })
      const isComplete = calls.every((call, index) => {
        const outcome = outcomes[index]
        return outcome !== undefined && !isWorthAnotherMoment(call, outcome)
      })
      if (isLast || isComplete) return outcomes
    } catch (error) {
      if (isLast || !(error instanceof AppError) || !isPassing(error)) throw error
    }
    await wait(growPause(attempt, { longestMs: longestPauseMs, jitter }), signal)
  }
}
