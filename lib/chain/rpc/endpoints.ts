import { AppError, RequestCancelledError, RpcResponseError, RpcUnreachableError, WrongChainError } from '../appErrors'
import { noBatches, postCalls } from './postCalls'
import type { RpcCall, RpcOutcome } from './rpcCall'

/** Numbers from 0 up to 1, in no order. */
export type Jitter = () => number

/** What an endpoint should be, and how patiently it is asked. */
export type EndpointOptions = {
  readonly chainId: number
  readonly timeoutMs: number
  readonly jitter: Jitter
}

/** A JSON-RPC endpoint, and what is remembered of it. */
export type Endpoint = {
  readonly url: string
  /** Asks it. Fails as `postCalls` does, and with WrongChainError where it is on another chain. */
  ask(calls: readonly RpcCall[], signal: AbortSignal | undefined): Promise<readonly RpcOutcome[]>
  /** Another endpoint was asked because this one took long, and answered first. */
  noteSlow(): void
  /** How many milliseconds it asked to be left alone from now on. */
  readRestMs(): number
  /** 0 where it does as it should, more the less is to be expected of it. */
  readRank(): number
}

const chainCheckMs = 60_000
const slowMs = 30_000
/** Nobody is left alone for longer than this on its own demand. */
const longestRestMs = 60_000
const longestLimitMs = 8_000
const longestFailureMs = 2_000
const firstPauseMs = 250

/** A pause that doubles with every failure, up to a longest one, of which half is left to chance. */
export function growPause(failures: number, { longestMs, jitter }: { longestMs: number; jitter: Jitter }): number {
  return Math.min(longestMs, firstPauseMs * 2 ** failures) * (0.5 + jitter() / 2)
}

/** Reads the chain id of an outcome. */
function toChainId(outcome: RpcOutcome | undefined): number {
  const result = outcome?.status === 'answered' ? outcome.result : undefined
  if (typeof result !== 'string' || !/^0x[0-9a-f]+$/i.test(result)) throw new RpcResponseError('no chain id')
  return Number(result)
}

/** Makes an endpoint. Its chain id is asked with the first calls, and with those of every later minute. */
export function createEndpoint(url: string, { chainId, timeoutMs, jitter }: EndpointOptions): Endpoint {
  let checkedAtMs = Number.NEGATIVE_INFINITY
  let slowUntilMs = Number.NEGATIVE_INFINITY
  let failingUntilMs = Number.NEGATIVE_INFINITY
  let restUntilMs = Number.NEGATIVE_INFINITY
  let failures = 0
  let takesBatches = true

  async function postAll(calls: readonly RpcCall[], signal: AbortSignal | undefined): Promise<readonly RpcOutcome[]> {
    if (takesBatches || calls.length === 1) return postCalls(calls, { url, timeoutMs, signal })
    const answers = await Promise.all(calls.map((call) => postCalls([call], { url, timeoutMs, signal })))
    return answers.flat()
  }

  async function askChecked(
    calls: readonly RpcCall[],
    signal: AbortSignal | undefined,
  ): Promise<readonly RpcOutcome[]> {
    const isCheckDue = performance.now() - checkedAtMs >= chainCheckMs
    if (!isCheckDue) return postAll(calls, signal)
    const outcomes = await postAll([...calls, { method: 'eth_chainId' }], signal)
    const actual = toChainId(outcomes.at(-1))
    if (actual !== chainId) throw new WrongChainError({ expected: chainId, actual })
    checkedAtMs = performance.now()
    return outcomes.slice(0, -1)
  }

  function noteFailure(error: unknown): void {
    const now = performance.now()
    if (error instanceof RpcResponseError && error.defect === noBatches) {
      takesBatches = false
      return
    }
    const isLimited = error instanceof RpcUnreachableError && (error.status === 429 || error.retryAfterMs !== undefined)
    const pauseMs = growPause(failures, { longestMs: isLimited ? longestLimitMs : longestFailureMs, jitter })
    failures += 1
    failingUntilMs = now + (error instanceof WrongChainError ? chainCheckMs : pauseMs)
    if (isLimited) restUntilMs = now + Math.min(longestRestMs, error.retryAfterMs ?? pauseMs)
  }

  return {
    url,
    async ask(calls, signal) {
      try {
        const outcomes = await askChecked(calls, signal)
        failures = 0
        failingUntilMs = Number.NEGATIVE_INFINITY
        return outcomes
      } catch (error) {
        if (error instanceof AppError && !(error instanceof RequestCancelledError)) noteFailure(error)
        throw error
      }
    },
    noteSlow() {
      slowUntilMs = performance.now() + slowMs
    },
    readRestMs: () => Math.max(0, restUntilMs - performance.now()),
    readRank() {
      const now = performance.now()
      return (restUntilMs > now ? 4 : 0) + (failingUntilMs > now ? 2 : 0) + (slowUntilMs > now ? 1 : 0)
    },
  }
}
