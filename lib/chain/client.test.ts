import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { answeringFetch, type PostedCall, type Respond, respondWith } from '@/lib/testing/answeringFetch'
import {
  type AppError,
  RequestCancelledError,
  RequestTimeoutError,
  RpcResponseError,
  RpcUnreachableError,
  WrongChainError,
} from './appErrors'
import { type ChainClientOptions, createChainClient, MissingRpcUrlError } from './client'
import { localDeployment } from './deployments/local'
import { maxBodyBytes } from './rpc/postCalls'
import { toAppError } from './toAppError'

const [one, two] = ['http://one.example', 'http://two.example'] as const

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

type Posted = { readonly url: string; readonly calls: readonly PostedCall[]; readonly atMs: number }

/** Answers in place of the network, and keeps what was posted. */
function answerWith(respond: Respond): Posted[] {
  const posted: Posted[] = []
  const started = performance.now()
  vi.stubGlobal(
    'fetch',
    answeringFetch((request) => {
      posted.push({ ...request, atMs: performance.now() - started })
      return respond(request)
    }),
  )
  return posted
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const failed = (status: number, headers: Record<string, string> = {}) => new Response('no', { status, headers })
/** A node that answers at once: its chain id, and a block number. */
const healthy = respondWith(({ method }) => ({ result: method === 'eth_chainId' ? '0x7a69' : '0x5' }))

function createClient(options: Partial<ChainClientOptions> = {}) {
  return createChainClient({ deployment: localDeployment, rpcUrls: [one], jitter: () => 1, ...options })
}
type Client = ReturnType<typeof createClient>

const read = (client: Client, signal?: AbortSignal) =>
  client.request({ method: 'eth_blockNumber' }, signal === undefined ? {} : { signal })

/** Lets as much time pass as a request takes; says how long, and what came of it. */
async function settle<T>(request: Promise<T>): Promise<{ ms: number; result?: T; error?: AppError }> {
  const started = performance.now()
  let outcome: { ms: number; result?: T; error?: AppError } | undefined
  request.then(
    (result) => {
      outcome = { ms: performance.now() - started, result }
    },
    (error) => {
      outcome = { ms: performance.now() - started, error: toAppError(error) }
    },
  )
  for (let steps = 0; outcome === undefined && steps < 10_000; steps += 1) await vi.advanceTimersByTimeAsync(25)
  if (outcome === undefined) throw new Error('never settled')
  return outcome
}

const asked = (posted: readonly Posted[], url: string) => posted.filter((of) => of.url === url).length

test('default', async () => {
  const posted = answerWith(healthy)
  const client = createClient()
  const { result } = await settle(Promise.all([read(client), read(client), client.request({ method: 'eth_gasPrice' })]))
  expect(result).toEqual(['0x5', '0x5', '0x5'])
  expect(posted.map(({ calls }) => calls.map(({ method }) => method))).toEqual([
    ['eth_blockNumber', 'eth_blockNumber', 'eth_gasPrice', 'eth_chainId'],
  ])
  const ids = posted.flatMap(({ calls }) => calls.map(({ id }) => id))
  expect(new Set(ids).size).toBe(4)
})

test('error: MissingRpcUrlError', () => {
  expect(() => createClient({ rpcUrls: [] })).toThrow(MissingRpcUrlError)
})

describe('F-34: too many requests', () => {
  test.each([
    ['for as long as it is told to', () => ({ 'Retry-After': '30' })],
    ['until a date', (until: number) => ({ 'Retry-After': new Date(until).toUTCString() })],
    ['without being told how long', () => ({})],
  ] as const)('behaviour: it backs off %s, and recovers alone', async (_, composeHeaders) => {
    const started = performance.now()
    const headers: Record<string, string> = composeHeaders(Date.now() + 30_000)
    const posted = answerWith((request) =>
      performance.now() - started < 30_000 ? failed(429, headers) : healthy(request),
    )
    const client = createClient()
    // The page asks again with every block, whatever comes of it.
    const outcomes: string[] = []
    while (performance.now() - started < 44_000) {
      const { error } = await settle(read(client))
      outcomes.push(error === undefined ? 'read' : error.name)
      await vi.advanceTimersByTimeAsync(2_000)
    }
    const firstRead = outcomes.indexOf('read')
    expect(new Set(outcomes.slice(0, firstRead))).toEqual(new Set(['RpcUnreachableError']))
    expect(new Set(outcomes.slice(firstRead))).toEqual(new Set(['read']))
    const inVain = posted.filter(({ atMs }) => atMs < 30_000).length
    expect(inVain).toBeLessThanOrEqual('Retry-After' in headers ? 4 : 10)
  })

  test('behaviour: while one rests, only the other is asked', async () => {
    const posted = answerWith((request) =>
      request.url === one ? failed(429, { 'Retry-After': '30' }) : healthy(request),
    )
    const client = createClient({ rpcUrls: [one, two] })
    for (let count = 0; count < 5; count += 1) expect((await settle(read(client))).result).toBe('0x5')
    expect([asked(posted, one), asked(posted, two)]).toEqual([1, 5])
  })

  test('error: RpcUnreachableError: a limit that a 200 hides, of one call or of the whole body', async () => {
    answerWith(respondWith(() => ({ error: { code: 429, message: 'slow down' } })))
    expect((await settle(read(createClient()))).error).toMatchObject({ name: 'RpcUnreachableError', status: 429 })
    answerWith(() => Response.json({ jsonrpc: '2.0', id: null, error: { code: -32005, message: 'limit' } }))
    expect((await settle(read(createClient()))).error).toMatchObject({ name: 'RpcUnreachableError', status: 429 })
  })
})

const withAnswer =
  (change: (answer: Record<string, unknown>) => unknown): Respond =>
  (request) =>
    Response.json(request.calls.map(({ id }) => change({ jsonrpc: '2.0', id, result: '0x7a69' })))

const unusable: readonly (readonly [string, Respond, string])[] = [
  ['500', () => failed(500), 'RpcUnreachableError'],
  ['502 with HTML', () => new Response('<html>', { status: 502 }), 'RpcUnreachableError'],
  ['HTML', () => new Response('<html>gateway</html>'), 'RpcResponseError'],
  ['nothing', () => new Response(''), 'RpcResponseError'],
  ['cut off', () => new Response('[{"jsonrpc":"2.0","id":1,"res'), 'RpcResponseError'],
  ['null', () => Response.json(null), 'RpcResponseError'],
  ['null as a result', withAnswer((answer) => ({ ...answer, result: null })), 'RpcResponseError'],
  ['another id', withAnswer((answer) => ({ ...answer, id: 0 })), 'RpcResponseError'],
  ['an id as text', withAnswer((answer) => ({ ...answer, id: `${answer.id}` })), 'RpcResponseError'],
  [
    'a result and an error',
    withAnswer((answer) => ({ ...answer, error: { code: 1, message: '' } })),
    'RpcResponseError',
  ],
  ['neither', withAnswer(({ id }) => ({ id })), 'RpcResponseError'],
  ['an error without a code', withAnswer(({ id }) => ({ id, error: 'no' })), 'RpcResponseError'],
  ['a number of answers', () => Response.json([7, 7]), 'RpcResponseError'],
  ['too much', () => new Response('', { headers: { 'Content-Length': `${maxBodyBytes + 1}` } }), 'RpcResponseError'],
  ['a network failure', () => Promise.reject(new TypeError('fetch failed')), 'RpcUnreachableError'],
]

describe('F-35: answers that are none', () => {
  test.each(unusable)('error: %s', async (_, respond, name) => {
    const posted = answerWith(respond)
    const { error, result } = await settle(read(createClient()))
    expect(result).toBeUndefined()
    expect(error?.name).toBe(name)
    expect(posted).toHaveLength(4)
  })

  test.each(unusable)('behaviour: %s: the second endpoint answers', async (_, respond) => {
    const posted = answerWith((request) => (request.url === one ? respond(request) : healthy(request)))
    expect(await settle(read(createClient({ rpcUrls: [one, two] })))).toMatchObject({ result: '0x5' })
    expect([asked(posted, one), asked(posted, two)]).toEqual([1, 1])
  })

  test.each(unusable)('behaviour: %s, once: the same endpoint answers the second time', async (_, respond) => {
    let isFirst = true
    answerWith((request) => {
      const answer = isFirst ? respond(request) : healthy(request)
      isFirst = false
      return answer
    })
    expect(await settle(read(createClient()))).toMatchObject({ result: '0x5' })
  })

  test('behaviour: answers in another order go to whom they belong', async () => {
    answerWith(({ calls }) =>
      Response.json(
        calls.map(({ id, method }) => ({ id, result: method === 'eth_chainId' ? '0x7a69' : method })).reverse(),
      ),
    )
    const client = createClient()
    const both = Promise.all([
      client.request({ method: 'eth_gasPrice' }),
      client.request({ method: 'eth_blockNumber' }),
    ])
    expect((await settle(both)).result).toEqual(['eth_gasPrice', 'eth_blockNumber'])
  })

  test('behaviour: one answer twice and another not at all counts for nothing', async () => {
    answerWith(({ calls }) => Response.json(calls.map(() => ({ id: calls[0]?.id, result: '0x7a69' }))))
    const client = createClient({ retryCount: 0 })
    expect((await settle(read(client))).error).toBeInstanceOf(RpcResponseError)
  })

  test('behaviour: a null result is handed on as it is', async () => {
    answerWith(respondWith(({ method }) => ({ result: method === 'eth_chainId' ? '0x7a69' : null, error: null })))
    const receipt = createClient().request({ method: 'eth_getTransactionReceipt', params: [`0x${'1'.repeat(64)}`] })
    expect(await settle(receipt)).toMatchObject({ result: null })
  })

  test('behaviour: a node that takes one request at a time is asked one at a time from then on', async () => {
    const posted = answerWith((request) =>
      request.calls.length === 1
        ? healthy(request)
        : Response.json({ jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no batches' } }),
    )
    const client = createClient()
    expect((await settle(Promise.all([read(client), read(client)]))).result).toEqual(['0x5', '0x5'])
    expect(posted.map(({ calls }) => calls.length)).toEqual([3, 1, 1, 1])
    await settle(Promise.all([read(client), read(client)]))
    expect(posted.slice(4).map(({ calls }) => calls.length)).toEqual([1, 1])
  })
})

const p95 = (times: readonly number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0

describe('F-36: slow answers', () => {
  async function readOften(client: Client, count: number): Promise<readonly number[]> {
    const times: number[] = []
    for (let index = 0; index < count; index += 1) {
      const { ms, result } = await settle(read(client))
      expect(result).toBe('0x5')
      times.push(ms)
      await vi.advanceTimersByTimeAsync(2_000)
    }
    return times
  }
  const afterDelay =
    (ms: number): Respond =>
    async (request) => {
      await after(ms)
      return healthy(request)
    }

  test('behaviour: one endpoint that never answers costs one short wait in half a minute', async () => {
    const posted = answerWith((request) => (request.url === one ? undefined : afterDelay(80)(request)))
    const times = await readOften(createClient({ rpcUrls: [one, two] }), 60)
    expect(times[0]).toBeLessThan(1_000)
    expect(p95(times)).toBeLessThan(1_000)
    expect(times.filter((ms) => ms > 150).length).toBeLessThanOrEqual(5)
    expect(asked(posted, one)).toBeLessThanOrEqual(5)
  })

  test('behaviour: 20 seconds for every third answer of one endpoint do not show with a second', async () => {
    let count = 0
    answerWith((request) => {
      if (request.url === two) return afterDelay(200)(request)
      count += 1
      return afterDelay(count % 3 === 0 ? 20_000 : 80)(request)
    })
    const times = await readOften(createClient({ rpcUrls: [one, two] }), 60)
    expect(Math.max(...times)).toBeLessThan(1_100)
    expect(p95(times)).toBeLessThan(1_100)
  })

  test('behaviour: an endpoint that was slow is preferred again when it no longer is', async () => {
    let isSlow = true
    const posted = answerWith((request) => (request.url === one && isSlow ? undefined : healthy(request)))
    const client = createClient({ rpcUrls: [one, two] })
    await settle(read(client))
    isSlow = false
    await vi.advanceTimersByTimeAsync(31_000)
    posted.length = 0
    await settle(read(client))
    expect(posted.map(({ url }) => url)).toEqual([one])
  })

  test('behaviour: who lost the race is called off', async () => {
    const signals: (AbortSignal | null | undefined)[] = []
    const answer = answeringFetch((request) => (request.url === one ? undefined : healthy(request)))
    vi.stubGlobal('fetch', (input: string, init: RequestInit) => {
      signals.push(init.signal)
      return answer(input, init)
    })
    await settle(read(createClient({ rpcUrls: [one, two] })))
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false])
  })

  test('error: RequestTimeoutError: nobody ever answers', async () => {
    answerWith(() => undefined)
    const { error, ms } = await settle(read(createClient({ timeoutMs: 1_000, retryCount: 1 })))
    expect(error).toBeInstanceOf(RequestTimeoutError)
    expect(ms).toBeLessThan(3_000)
  })
})

describe('F-37: nobody there', () => {
  test('error: RpcUnreachableError: all endpoints down; it recovers alone', async () => {
    let isDown = true
    answerWith((request) => (isDown ? Promise.reject(new TypeError('fetch failed')) : healthy(request)))
    const client = createClient({ rpcUrls: [one, two] })
    const { error, ms } = await settle(read(client))
    expect(error).toBeInstanceOf(RpcUnreachableError)
    expect(ms).toBeLessThan(5_000)
    isDown = false
    expect(await settle(read(client))).toMatchObject({ result: '0x5' })
  })

  test('behaviour: the failure that says most is the one that counts', async () => {
    answerWith(({ url }) => (url === one ? new Response('<html>') : failed(502)))
    const { error } = await settle(read(createClient({ rpcUrls: [one, two] })))
    expect(error).toMatchObject({ name: 'RpcUnreachableError', status: 502 })
  })

  test.each([
    [0, [0, 125, 375, 875]],
    [1, [0, 250, 750, 1_750]],
  ])('behaviour: three more attempts, with pauses that grow and jitter %d', async (jitter, times) => {
    const posted = answerWith(() => failed(500))
    await settle(read(createClient({ jitter: () => jitter })))
    expect(posted.map(({ atMs }) => atMs - (posted[0]?.atMs ?? 0))).toEqual(times)
  })

  test('behaviour: what is refused for good is not asked again', async () => {
    const posted = answerWith(() => failed(403))
    expect((await settle(read(createClient()))).error).toMatchObject({ status: 403 })
    expect(posted).toHaveLength(1)
  })
})

describe('T-42: the chain that answers', () => {
  const onChain = (id: string) => respondWith(({ method }) => ({ result: method === 'eth_chainId' ? id : '0x5' }))

  test('error: WrongChainError', async () => {
    answerWith(onChain('0x1'))
    const { error } = await settle(read(createClient()))
    expect(error).toMatchObject({ name: 'WrongChainError', expected: 31_337, actual: 1 })
  })

  test('behaviour: an endpoint on another chain is left out', async () => {
    const posted = answerWith((request) => onChain(request.url === one ? '0x1' : '0x7a69')(request))
    const client = createClient({ rpcUrls: [one, two] })
    expect(await settle(read(client))).toMatchObject({ result: '0x5' })
    await settle(read(client))
    expect(asked(posted, one)).toBe(1)
  })

  test('error: WrongChainError: F-33: the chain id changes while the page is open', async () => {
    let id = '0x7a69'
    answerWith((request) => onChain(id)(request))
    const client = createClient()
    await settle(read(client))
    id = '0x1'
    expect((await settle(read(client))).result).toBe('0x5')
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await settle(read(client))).error).toBeInstanceOf(WrongChainError)
  })
})

describe('what nodes refuse', () => {
  const unknownBlock = { error: { code: -32_000, message: 'header not found' } }
  const pinned = { method: 'eth_call', params: [{ to: one }, { blockHash: `0x${'1'.repeat(64)}` }] } as never
  const node = (answer: (url: string) => unknown) =>
    respondWith(({ method }, url) => (method === 'eth_chainId' ? { result: '0x7a69' } : answer(url)))

  test('behaviour: a block that one does not know is asked of the other', async () => {
    const posted = answerWith(node((url) => (url === one ? unknownBlock : { result: '0x01' })))
    const client = createClient({ rpcUrls: [one, two] })
    expect(await settle(client.request(pinned))).toMatchObject({ result: '0x01' })
    expect(posted.map(({ url }) => url)).toEqual([one, two])
  })

  test('behaviour: a block that the only one does not know yet is asked again', async () => {
    let count = 0
    answerWith(
      node(() => {
        count += 1
        return count < 3 ? unknownBlock : { result: '0x01' }
      }),
    )
    expect(await settle(createClient().request(pinned))).toMatchObject({ result: '0x01' })
  })

  test('behaviour: what all refuse stays refused, and what some answered is kept', async () => {
    answerWith(respondWith(({ method }) => (method === 'eth_call' ? unknownBlock : { result: '0x7a69' })))
    const client = createClient({ rpcUrls: [one, two], retryCount: 0 })
    const both = Promise.allSettled([client.request(pinned), client.request({ method: 'eth_gasPrice' })])
    const { result } = await settle(both)
    expect(result).toMatchObject([{ status: 'rejected', reason: { code: -32_000 } }, { status: 'fulfilled' }])
  })

  test('behaviour: a revert is the same everywhere', async () => {
    const posted = answerWith(node(() => ({ error: { code: 3, message: 'execution reverted', data: '0x' } })))
    const { error } = await settle(createClient({ rpcUrls: [one, two] }).request(pinned))
    expect(error?.name).toBe('CallRevertedError')
    expect(posted).toHaveLength(1)
  })
})

describe('what must not happen twice', () => {
  test('behaviour: a transaction is posted once, alone, to one endpoint', async () => {
    const posted = answerWith((request) =>
      request.calls[0]?.method.startsWith('eth_send') ? undefined : healthy(request),
    )
    const client = createClient({ rpcUrls: [one, two], timeoutMs: 2_000 })
    const send = client.request({ method: 'eth_sendRawTransaction', params: ['0x01'] } as never)
    const [{ error }] = await Promise.all([settle(send), settle(read(client))])
    expect(error).toBeInstanceOf(RequestTimeoutError)
    const sends = posted.filter(({ calls }) => calls.some(({ method }) => method.startsWith('eth_send')))
    expect(sends).toHaveLength(1)
  })
})

describe('calling off', () => {
  test('error: RequestCancelledError, at once, while others still get their answer', async () => {
    answerWith(async (request) => {
      await after(500)
      return healthy(request)
    })
    const client = createClient()
    const controller = new AbortController()
    const [called, kept] = [settle(read(client, controller.signal)), settle(read(client))]
    setTimeout(() => controller.abort(), 100)
    const { error, ms } = await called
    expect(error).toBeInstanceOf(RequestCancelledError)
    expect(ms).toBeLessThan(200)
    expect((await kept).result).toBe('0x5')
  })

  test('behaviour: what nobody waits for any more is not asked again', async () => {
    const posted = answerWith(() => failed(500))
    const controller = new AbortController()
    const reading = settle(read(createClient(), controller.signal))
    await vi.advanceTimersByTimeAsync(300)
    controller.abort()
    await reading
    await vi.advanceTimersByTimeAsync(10_000)
    expect(posted.length).toBeLessThanOrEqual(2)
  })

  test('error: RequestCancelledError: called off before it began', async () => {
    const posted = answerWith(healthy)
    expect((await settle(read(createClient(), AbortSignal.abort()))).error).toBeInstanceOf(RequestCancelledError)
    expect(posted).toHaveLength(0)
  })
})
