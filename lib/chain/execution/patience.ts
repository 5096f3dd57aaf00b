/** How often and how long the chain is asked for something that must come. */
export type Patience = {
  readonly pollMs: number
  readonly timeoutMs: number
  /** Stops waiting; what was sent stays sent. */
  readonly signal?: AbortSignal
}

/** Waiting was called off. What was sent before stays sent. */
export class TrackingStoppedError extends Error {
  override readonly name = 'TrackingStoppedError'
  constructor(options?: ErrorOptions) {
    super('Nobody waits for this any more. Open it again to see what became of it.', options)
  }
}

/**
 * Asks again and again until there is an answer. An error does not end the waiting: nodes come back.
 * @returns the answer, or after `timeoutMs` whether the last attempt failed
 * @throws {TrackingStoppedError} when the signal stops the waiting
 */
export async function pollUntil<Answer>(
  ask: () => Promise<Answer | undefined>,
  { pollMs, timeoutMs, signal }: Patience,
): Promise<{ readonly answer: Answer } | { readonly answer: undefined; readonly error: unknown }> {
  const end = performance.now() + timeoutMs
  for (;;) {
    if (signal?.aborted) throw new TrackingStoppedError()
    let failure: unknown
    try {
      const answer = await ask()
      if (answer !== undefined) return { answer }
    } catch (error) {
      failure = error
    }
    if (performance.now() + pollMs > end) return { answer: undefined, error: failure }
    await pause(pollMs, signal)
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(stop, milliseconds)
    signal?.addEventListener('abort', stop)
  })
}

/** Waits for an answer for so long, and goes on without one then. A refusal is thrown. */
export async function answerWithin<Answer>(answer: Promise<Answer>, timeoutMs: number): Promise<Answer | undefined> {
  const stop = new AbortController()
  try {
    return await Promise.race([answer, pause(timeoutMs, stop.signal).then(() => undefined)])
  } finally {
    stop.abort()
  }
}

/**
 * Waits for an answer until the waiting is called off. The answer may still come afterwards, to others who wait for it.
 * @throws {TrackingStoppedError} when the signal stops the waiting
 */
export async function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal === undefined) return answer
  if (signal.aborted) throw new TrackingStoppedError()
  let stop: () => void = () => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new TrackingStoppedError())
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([answer, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
