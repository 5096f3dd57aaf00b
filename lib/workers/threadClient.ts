/** The part of a Worker that a client uses. */
export type Thread<Response> = Pick<Worker, 'postMessage' | 'terminate'> & {
  onmessage: ((event: MessageEvent<Response>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** How one request is watched and ended. */
export type Watch<Response> = {
  readonly signal?: AbortSignal | undefined
  /** Told of every response but the last. */
  readonly onUnderWay?: ((response: Response) => void) | undefined
}

type ThreadClientOptions<Response, Last extends Response> = {
  readonly startThread: () => Thread<Response>
  /** Whether a response ends its request. */
  readonly isLast: (response: Response) => response is Last
  /** What a request rejects with when the thread ends: what the thread said of it. */
  readonly toThreadError: (detail: string) => Error
  /** What a request rejects with when its signal says so. */
  readonly toCancelledError: () => Error
}

type Pending<Response, Last> = {
  readonly resolve: (response: Last) => void
  readonly reject: (error: Error) => void
  readonly onUnderWay: ((response: Response) => void) | undefined
}

/** Asks a thread, which is started on the first request and again after it died, and hands each request its responses. */
export function createThreadClient<
  Message extends { readonly kind: string; readonly id: number },
  Response extends { readonly id: number },
  Last extends Response = Response,
>({ startThread, isLast, toThreadError, toCancelledError }: ThreadClientOptions<Response, Last>) {
  const pending = new Map<number, Pending<Response, Last>>()
  let thread: Thread<Response> | undefined
  let lastId = 0

  function settle(id: number, action: (request: Pending<Response, Last>) => void) {
    const request = pending.get(id)
    if (request === undefined) return
    pending.delete(id)
    action(request)
  }

  function receive(response: Response) {
    if (isLast(response)) settle(response.id, ({ resolve }) => resolve(response))
    else pending.get(response.id)?.onUnderWay?.(response)
  }

  function failAll(detail: string) {
    thread?.terminate()
    thread = undefined
    for (const id of [...pending.keys()]) settle(id, ({ reject }) => reject(toThreadError(detail)))
  }

  function currentThread(): Thread<Response> {
    if (thread === undefined) {
      thread = startThread()
      thread.onmessage = ({ data }) => receive(data)
      thread.onerror = ({ message }) => failAll(message === '' ? 'its thread did not start.' : `${message}.`)
    }
    return thread
  }

  return {
    /**
     * Sends a request with a number of its own, and settles with its last response.
     * @throws what `toThreadError` and `toCancelledError` make.
     */
    ask(toMessage: (id: number) => Message, { signal, onUnderWay }: Watch<Response> = {}): Promise<Last> {
      lastId += 1
      const id = lastId
      return new Promise<Last>((resolve, reject) => {
        if (signal?.aborted === true) return reject(toCancelledError())
        const onAbort = () => {
          settle(id, (request) => request.reject(toCancelledError()))
          thread?.postMessage({ kind: 'cancel', id })
        }
        const release = () => signal?.removeEventListener('abort', onAbort)
        signal?.addEventListener('abort', onAbort, { once: true })
        pending.set(id, {
          resolve: (response) => {
            release()
            resolve(response)
          },
          reject: (error) => {
            release()
            reject(error)
          },
          onUnderWay,
        })
        currentThread().postMessage(toMessage(id))
      })
    },
  }
}
