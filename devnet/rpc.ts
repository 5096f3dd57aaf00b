/** One JSON-RPC request. */
export type RpcCall = { readonly method: string; readonly params: readonly unknown[] }

type RpcAnswer = {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** The local chain refused a request. */
export class DevnetRpcError extends Error {
  override readonly name = 'DevnetRpcError'
  constructor(
    readonly method: string,
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(`${method} failed on the local chain: ${message}`)
  }
}

/** Sends several requests in one body; the answers come in the order of the requests. */
export async function sendBatch(rpcUrl: string, calls: readonly RpcCall[]): Promise<readonly unknown[]> {
  if (calls.length === 0) return []
  const body = JSON.stringify(calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })))
  const response = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const answers = (await response.json()) as readonly RpcAnswer[]
  const byId = new Map(answers.map((answer) => [answer.id, answer]))
  return calls.map(({ method }, id) => {
    const answer = byId.get(id)
    if (answer === undefined) throw new DevnetRpcError(method, -32603, 'no answer')
    if (answer.error !== undefined)
      throw new DevnetRpcError(method, answer.error.code, answer.error.message, answer.error.data)
    return answer.result
  })
}

/** Sends one request. */
export async function sendRpc(rpcUrl: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const [result] = await sendBatch(rpcUrl, [{ method, params }])
  return result
}
