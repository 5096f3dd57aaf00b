import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One requested call, as the proxy got it. */
export type ProxiedCall = { readonly method: string; readonly params: readonly unknown[] }

/** What happens to a whole HTTP answer. */
export type AnswerFault =
  /** The connection ends without an answer; with `afterBytes`, in the middle of it. */
  | { readonly kind: 'drop'; readonly afterBytes?: number }
  /** Nothing is ever answered. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'html' }
  | { readonly kind: 'empty' }
  /** The second half of the JSON is missing. */
  | { readonly kind: 'truncate' }
  /** A few bytes at a time. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }

/** What happens to the answer to one call. */
export type CallFault =
  | { readonly kind: 'null' }
  | { readonly kind: 'swapId' }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: unknown }
  /** The node says a result and an error at once. */
  | { readonly kind: 'resultAndError' }
  | { readonly kind: 'mutate'; readonly mutate: (result: unknown, call: ProxiedCall) => unknown }
  /** `latest` means this block, for every call that the rule fits. */
  | { readonly kind: 'pinBlock'; readonly number: bigint }

/** What goes wrong, with which calls, how often. */
export type FaultRule = {
  /** Every method, unless told. */
  readonly method?: string
  readonly match?: (call: ProxiedCall) => boolean
  readonly action: AnswerFault | CallFault
  /** How often it happens before the rule is used up; for ever, unless told. */
  readonly times?: number
  /** Only every so many times that it fits: 3 for the third, the sixth, … */
  readonly every?: number
}

/**
 * A JSON-RPC proxy that stands in front of a node and fails by rule. Its address stays the same while the node behind it changes. As
 * many as there are endpoints can run at once: a second one, or the one that the wallet uses.
 */
export type FaultyRpc = {
  readonly url: string
  /** Every call that arrived since the last `connectTo`, answered or not. */
  readonly calls: readonly ProxiedCall[]
  /** HTTP requests with calls in them that arrived since then. */
  readonly requestCount: number
  /** Passes calls on to a node, without faults; to none, it hangs up. */
  connectTo(rpcUrl: string | undefined): void
  /** From now on. The first rule that fits a call is applied to it; a fault of a whole answer befalls all calls in it. */
  setRules(rules: readonly FaultRule[]): void
  stop(): Promise<void>
}

type Request = { readonly id?: unknown; readonly method: string; readonly params?: readonly unknown[] }
type Answer = Readonly<Record<string, unknown>>
type ActiveRule = FaultRule & { seen: number; used: number }

const callFaults: ReadonlySet<string> = new Set(['null', 'swapId', 'error', 'resultAndError', 'mutate', 'pinBlock'])

function isCallFault(action: AnswerFault | CallFault): action is CallFault {
  return callFaults.has(action.kind)
}

const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'content-type',
  'Access-Control-Expose-Headers': 'retry-after',
  'Access-Control-Max-Age': '600',
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function toCall({ method, params }: Request): ProxiedCall {
  return { method, params: params ?? [] }
}

function pin(request: Request, action: CallFault | undefined): Request {
  if (action?.kind !== 'pinBlock') return request
  const number = `0x${action.number.toString(16)}`
  const params = (request.params ?? []).map((param) => (param === 'latest' || param === 'pending' ? number : param))
  return { ...request, params }
}

function spoil(answer: Answer, action: CallFault | undefined, request: Request): Answer {
  switch (action?.kind) {
    case undefined:
      return answer
    case 'null':
      return { jsonrpc: '2.0', id: answer.id, result: null }
    case 'swapId':
      return { ...answer, id: typeof answer.id === 'number' ? answer.id + 1_000_000 : 'another' }
    case 'error': {
      const { code, message, data } = action
      return { jsonrpc: '2.0', id: answer.id, error: { code, message, ...(data === undefined ? {} : { data }) } }
    }
    case 'resultAndError':
      return { jsonrpc: '2.0', id: answer.id, result: answer.result ?? '0x', error: { code: -32000, message: 'both' } }
    case 'mutate':
      return 'result' in answer ? { ...answer, result: action.mutate(answer.result, toCall(request)) } : answer
    case 'pinBlock':
      return request.method === 'eth_blockNumber' ? { ...answer, result: `0x${action.number.toString(16)}` } : answer
  }
}

async function writeSlowly(response: ServerResponse, text: string, bytesPerSecond: number): Promise<void> {
  const step = Math.max(1, Math.floor(bytesPerSecond / 10))
  response.writeHead(200, { ...crossOrigin, 'Content-Type': 'application/json' })
  for (let start = 0; start < text.length && !response.destroyed; start += step) {
    response.write(text.slice(start, start + step))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  response.end()
}

function write(response: ServerResponse, text: string, fault: AnswerFault | undefined): Promise<void> | undefined {
  const json = { ...crossOrigin, 'Content-Type': 'application/json' }
  switch (fault?.kind) {
    case 'drop':
      response.writeHead(200, { ...json, 'Content-Length': text.length })
      response.write(text.slice(0, fault.afterBytes), () => response.destroy())
      return undefined
    case 'truncate':
      response.writeHead(200, json).end(text.slice(0, Math.floor(text.length / 2)))
      return undefined
    case 'slow':
      return writeSlowly(response, text, fault.bytesPerSecond)
    default:
      response.writeHead(200, json).end(text)
      return undefined
  }
}

/** What is answered without asking the node. Says whether it was. */
function writeAtOnce(response: ServerResponse, fault: AnswerFault | undefined): boolean {
  switch (fault?.kind) {
    case 'drop':
      if (fault.afterBytes !== undefined) return false
      response.destroy()
      return true
    case 'hang':
      return true
    case 'status':
      response.writeHead(fault.status, { ...crossOrigin, ...fault.headers }).end('{"error":"unavailable"}')
      return true
    case 'html':
      response.writeHead(200, { ...crossOrigin, 'Content-Type': 'text/html' })
      response.end('<html><body>Bad gateway</body></html>')
      return true
    case 'empty':
      response.writeHead(200, { ...crossOrigin, 'Content-Type': 'application/json' }).end()
      return true
    default:
      return false
  }
}

/** Starts a proxy on a port that the system chooses. */
export async function startFaultyRpc(rpcUrl?: string): Promise<FaultyRpc> {
  let target = rpcUrl
  let rules: ActiveRule[] = []
  let requestCount = 0
  const calls: ProxiedCall[] = []

  function selectAction(call: ProxiedCall): FaultRule['action'] | undefined {
    for (const rule of rules) {
      const isOver = rule.times !== undefined && rule.used >= rule.times
      const fits = (rule.method === undefined || rule.method === call.method) && (rule.match?.(call) ?? true)
      if (isOver || !fits) continue
      rule.seen += 1
      if (rule.every !== undefined && rule.seen % rule.every !== 0) continue
      rule.used += 1
      return rule.action
    }
    return undefined
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.method === 'OPTIONS') {
      response.writeHead(204, crossOrigin).end()
      return
    }
    const parsed = JSON.parse(await readBody(incoming)) as Request | readonly Request[]
    const requests = Array.isArray(parsed) ? (parsed as readonly Request[]) : [parsed as Request]
    requestCount += 1
    calls.push(...requests.map(toCall))
    const actions = requests.map((request) => selectAction(toCall(request)))
    const fault = actions.find((action): action is AnswerFault => action !== undefined && !isCallFault(action))
    const faultOf = (index: number) => {
      const action = actions[index]
      return action !== undefined && isCallFault(action) ? action : undefined
    }
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms).unref())
    if (target === undefined) {
      response.destroy()
      return
    }
    if (writeAtOnce(response, fault)) return
    const body = JSON.stringify(requests.map((request, index) => pin(request, faultOf(index))))
    const passed = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const answers = (await passed.json()) as readonly Answer[]
    const byId = new Map(answers.map((answer) => [answer.id, answer]))
    const spoilt = requests.map((request, index) => spoil(byId.get(request.id) ?? {}, faultOf(index), request))
    await write(response, JSON.stringify(Array.isArray(parsed) ? spoilt : spoilt[0]), fault)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    get requestCount() {
      return requestCount
    },
    connectTo(next) {
      target = next
      rules = []
      requestCount = 0
      calls.length = 0
    },
    setRules(next) {
      rules = next.map((rule) => ({ ...rule, seen: 0, used: 0 }))
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
