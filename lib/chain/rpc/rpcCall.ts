/** One JSON-RPC request. */
export type RpcCall = { readonly method: string; readonly params?: unknown }

/** The error object of a JSON-RPC answer. */
export type RpcRefusal = { readonly code: number; readonly message: string; readonly data?: unknown }

/** What a node answered to one request: a result, which may be `null`, or its refusal. */
export type RpcOutcome =
  | { readonly status: 'answered'; readonly result: unknown }
  | { readonly status: 'refused'; readonly error: RpcRefusal }

const limitCodes: ReadonlySet<number> = new Set([429, -32005, -32007])
const revertCodes: ReadonlySet<number> = new Set([3, -32015])
const requestCodes: ReadonlySet<number> = new Set([-32600, -32601, -32602, -32004, 4200])

/** Whether a node refused because it was asked too often. */
export function isLimit({ code }: RpcRefusal): boolean {
  return limitCodes.has(code)
}

/** Whether a contract refused: the same everywhere, so that nobody else has to be asked. */
function isRevert({ code, data }: RpcRefusal): boolean {
  return revertCodes.has(code) || (typeof data === 'string' && data.startsWith('0x'))
}

/** Whether another node may answer what this one refused: it may know the method, or the block. */
export function isWorthAnotherNode(outcome: RpcOutcome): boolean {
  return outcome.status === 'refused' && !isRevert(outcome.error)
}

/** Whether a call asks about one block, by its hash or its number. */
function isPinned({ params }: RpcCall): boolean {
  const pin: unknown = Array.isArray(params) ? params.at(-1) : undefined
  if (typeof pin === 'string') return /^0x[0-9a-f]{1,16}$/i.test(pin)
  return typeof pin === 'object' && pin !== null && 'blockHash' in pin
}

/**
 * Whether the same endpoint may answer a moment later what it refused: behind one address stand many nodes, and one of them may not
 * have the block yet.
 */
export function isWorthAnotherMoment(call: RpcCall, outcome: RpcOutcome): boolean {
  if (outcome.status !== 'refused' || !isPinned(call)) return false
  return isWorthAnotherNode(outcome) && !requestCodes.has(outcome.error.code)
}

const neverNull: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getCode',
  'eth_getTransactionCount',
  'eth_simulateV1',
])

/** Whether `null` answers a request: it says that there is no such thing. Code, balances and the newest block there always are. */
export function mayBeNull({ method, params }: RpcCall): boolean {
  const [what]: readonly unknown[] = Array.isArray(params) ? params : []
  return !neverNull.has(method) && !(method === 'eth_getBlockByNumber' && what === 'latest')
}

/** Whether a request changes something: such a one is never sent twice, nor to two nodes. */
export function isWrite({ method }: RpcCall): boolean {
  return method.startsWith('eth_send')
}
