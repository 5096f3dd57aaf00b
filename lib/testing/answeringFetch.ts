/** One JSON-RPC request, as it was posted. */
export type PostedCall = { readonly id: number; readonly method: string; readonly params?: readonly unknown[] }

/** What a posted body is answered with: an HTTP answer, or `undefined` for none, ever. */
export type Respond = (posted: {
  readonly url: string
  readonly calls: readonly PostedCall[]
}) => Response | undefined | Promise<Response | undefined>

/** Answers every call of a body with what `answer` says, as a node does. */
export function respondWith(answer: (call: PostedCall, url: string) => unknown): Respond {
  return ({ calls, url }) => {
    const answers = calls.map((call) => ({ jsonrpc: '2.0', id: call.id, ...(answer(call, url) as object) }))
    return Response.json(calls.length === 1 ? answers[0] : answers)
  }
}

/** A `fetch` that posts nowhere. What is called off fails, as `fetch` does. */
export function answeringFetch(respond: Respond): typeof fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const parsed = JSON.parse(String(init?.body)) as PostedCall | readonly PostedCall[]
      const calls = Array.isArray(parsed) ? (parsed as readonly PostedCall[]) : [parsed as PostedCall]
      const stop = () => reject(new DOMException('This operation was aborted', 'AbortError'))
      if (init?.signal?.aborted === true) return stop()
      init?.signal?.addEventListener('abort', stop)
      Promise.resolve()
        .then(() => respond({ url: input instanceof Request ? input.url : String(input), calls }))
        .then((response) => response && resolve(response), reject)
    })
}
