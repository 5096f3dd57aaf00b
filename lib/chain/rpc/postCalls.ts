import { RequestCancelledError, RequestTimeoutError, RpcResponseError, RpcUnreachableError } from '../appErrors'
import { isLimit, mayBeNull, type RpcCall, type RpcOutcome, type RpcRefusal } from './rpcCall'

/** Where and how patiently calls are posted. */
export type PostOptions = {
  readonly url: string
  /** For the whole answer, its body included. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** More than this of one answer is not read. */
export const maxBodyBytes = 32 * 1024 * 1024

/** What is wrong with the answer of a node that takes one request at a time. */
export const noBatches = 'one answer to several questions'

type Body = { readonly status: number; readonly isOk: boolean; readonly retryAfterMs?: number; readonly text: string }

let lastId = 0

/** Seconds, or a date, of a Retry-After header in milliseconds from now. */
function toRetryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined
}

async function readText(response: Response): Promise<string> {
  const declared = Number(response.headers.get('content-length') ?? 0)
  if (declared > maxBodyBytes) throw new RpcResponseError('too large')
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBodyBytes) {
      reader.cancel().catch(() => undefined)
      throw new RpcResponseError('too large')
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** Posts a text and reads the answer, all within a time. `fetch` itself has none, and ends with the headers. */
async function post(body: string, { url, timeoutMs, signal }: PostOptions): Promise<Body> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), timeoutMs)
  const both = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'omit',
      body,
      signal: both,
    })
    const retryAfterMs = toRetryAfterMs(response.headers.get('retry-after'))
    return {
      status: response.status,
      isOk: response.ok,
      text: await readText(response),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  } catch (cause) {
    if (cause instanceof RpcResponseError) throw cause
    if (signal?.aborted === true) throw new RequestCancelledError({ cause })
    if (limit.signal.aborted) throw new RequestTimeoutError({ cause })
    throw new RpcUnreachableError(undefined, { cause })
  } finally {
    clearTimeout(timer)
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toRefusal(error: unknown): RpcRefusal | undefined {
  if (!isFields(error) || typeof error.code !== 'number') return undefined
  const message = typeof error.message === 'string' ? error.message : ''
  return { code: error.code, message, ...(error.data === undefined ? {} : { data: error.data }) }
}

function toOutcome(answer: Fields): RpcOutcome {
  const isRefused = answer.error !== undefined && answer.error !== null
  if (!isRefused) {
    if (answer.result === undefined) throw new RpcResponseError('no result')
    return { status: 'answered', result: answer.result }
  }
  if (answer.result !== undefined && answer.result !== null) throw new RpcResponseError('a result and an error')
  const error = toRefusal(answer.error)
  if (error === undefined) throw new RpcResponseError('an error without a code')
  if (isLimit(error)) throw new RpcUnreachableError(429)
  return { status: 'refused', error }
}

/** A refusal of all that was asked at once: then it bears no id. */
function toWholeRefusal(answer: unknown): RpcRefusal | undefined {
  return isFields(answer) && (answer.id === null || answer.id === undefined) ? toRefusal(answer.error) : undefined
}

type Asked = { readonly id: number; readonly call: RpcCall }

/** Takes a parsed body for the outcomes of calls, each by the id that it was asked under. */
function toOutcomes(parsed: unknown, asked: readonly Asked[]): readonly RpcOutcome[] {
  const [first] = Array.isArray(parsed) ? parsed : [parsed]
  const whole = toWholeRefusal(first)
  if (whole !== undefined && isLimit(whole)) throw new RpcUnreachableError(429)
  if (asked.length > 1 && isFields(parsed)) throw new RpcResponseError(noBatches)
  if (whole !== undefined) throw new RpcResponseError(`error ${whole.code}`)
  const answers: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  const byId = new Map<unknown, Fields>()
  for (const answer of answers) {
    if (!isFields(answer) || byId.has(answer.id)) throw new RpcResponseError('not what was asked for')
    byId.set(answer.id, answer)
  }
  if (byId.size !== asked.length) throw new RpcResponseError('not as many answers as questions')
  return asked.map(({ id, call }) => {
    const answer = byId.get(id)
    if (answer === undefined) throw new RpcResponseError('an answer to something else')
    const outcome = toOutcome(answer)
    if (outcome.status === 'answered' && outcome.result === null && !mayBeNull(call)) throw new RpcResponseError('null')
    return outcome
  })
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new RpcResponseError('empty')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RpcResponseError('not JSON', { cause })
  }
}

/**
 * Sends calls in one HTTP request and reads what is answered to each. An answer counts only as a whole: one that is cut off, bears
 * other ids than were asked, or says a result and an error at once, counts for nothing.
 * @throws {RpcUnreachableError} when there is no connection, an HTTP error, or a limit.
 * @throws {RequestTimeoutError} when the answer is not there in time.
 * @throws {RpcResponseError} when the answer is none.
 * @throws {RequestCancelledError} when `signal` is aborted.
 */
export async function postCalls(calls: readonly RpcCall[], options: PostOptions): Promise<readonly RpcOutcome[]> {
  const asked = calls.map((call): Asked => {
    lastId += 1
    return { id: lastId, call }
  })
  const requests = asked.map(({ id, call: { method, params } }) => ({
    jsonrpc: '2.0',
    id,
    method,
    ...(params === undefined ? {} : { params }),
  }))
  const { status, isOk, retryAfterMs, text } = await post(
    JSON.stringify(requests.length === 1 ? requests[0] : requests),
    options,
  )
  const unreachable = (cause?: unknown) => new RpcUnreachableError(status, { retryAfterMs, cause })
  if (status === 429 || status === 503) throw unreachable()
  try {
    return toOutcomes(parse(text), asked)
  } catch (error) {
    // Some nodes say with the status too that a call was refused; all others say nothing that counts.
    throw isOk ? error : unreachable(error)
  }
}
