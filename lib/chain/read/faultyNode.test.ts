import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { Address } from '@/lib/core/units'
import { answeringFetch, type Respond, respondWith } from '@/lib/testing/answeringFetch'
import { RequestTimeoutError, RpcResponseError, RpcUnreachableError } from '../appErrors'
import { createChainClient, MissingRpcUrlError } from '../client'
import { localDeployment } from '../deployments/local'
import { readSnapshot } from './readSnapshot'

const account: Address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const urls = ['http://one.example', 'http://two.example']

afterEach(() => {
  vi.unstubAllGlobals()
})

function answerWith(respond: Respond) {
  const send = vi.fn(answeringFetch(respond))
  vi.stubGlobal('fetch', send)
  return send
}

type ReadOptions = { rpcUrls?: readonly string[]; retryCount?: number; timeoutMs?: number; signal?: AbortSignal }

function read({ signal, ...options }: ReadOptions = {}) {
  const client = createChainClient({
    deployment: localDeployment,
    rpcUrls: urls.slice(0, 1),
    retryCount: 0,
    ...options,
  })
  return readSnapshot(client, { deployment: localDeployment, account, signal })
}

/** Every call is answered so, but for the chain id. */
const each = (answer: unknown) =>
  respondWith(({ method }) => (method === 'eth_chainId' ? { result: '0x7a69' } : answer))

test.each([
  ['HTML', () => new Response('<html>gateway</html>', { headers: { 'Content-Type': 'text/html' } })],
  ['nothing', () => new Response('')],
  ['cut off', () => new Response('[{"jsonrpc":"2.0","id":1,"res', { headers: { 'Content-Type': 'application/json' } })],
  ['one object for a batch', () => Response.json({ jsonrpc: '2.0', id: 0, result: '0x' })],
  ['too few answers', () => Response.json([])],
  ['null for every request', each({ result: null })],
  ['empty bytes', each({ result: '0x' })],
  ['numbers instead of text', each({ result: 7 })],
  ['an unknown error', each({ error: { code: -32000, message: 'header not found' } })],
  ['no such method', each({ error: { code: -32601, message: 'no' } })],
] as const)('error: RpcResponseError: %s', async (_, respond) => {
  answerWith(respond)
  await expect(read()).rejects.toBeInstanceOf(RpcResponseError)
})

test.each([[403], [429], [500], [502]])('error: RpcUnreachableError: HTTP %i', async (status) => {
  answerWith(() => new Response('no', { status }))
  await expect(read()).rejects.toMatchObject({ name: 'RpcUnreachableError', status })
})

test('error: RpcUnreachableError: a limit in a JSON-RPC answer', async () => {
  answerWith(each({ error: { code: 429, message: 'slow down' } }))
  await expect(read()).rejects.toBeInstanceOf(RpcUnreachableError)
})

test('error: RequestTimeoutError: an answer whose body never ends, and none at all', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/trickle') response.writeHead(200).write('[')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  for (const path of ['trickle', 'silent']) {
    const rpcUrls = [`http://127.0.0.1:${port}/${path}`]
    await expect(read({ rpcUrls, timeoutMs: 60 })).rejects.toBeInstanceOf(RequestTimeoutError)
    const { signal } = new AbortController()
    await expect(read({ rpcUrls, timeoutMs: 60, signal })).rejects.toBeInstanceOf(RequestTimeoutError)
  }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('behaviour: a failed request is sent again, then to the next endpoint', async () => {
  const send = answerWith(() => new Response('no', { status: 503, headers: { 'Retry-After': '0' } }))
  await expect(read({ rpcUrls: urls, retryCount: 2 })).rejects.toBeInstanceOf(RpcUnreachableError)
  const asked = send.mock.calls.map(([input]) => (input instanceof Request ? input.url : String(input)))
  for (const url of urls) expect(asked.filter((of) => of.startsWith(url)).length).toBeGreaterThanOrEqual(3)
})

test('error: MissingRpcUrlError', () => {
  expect(() => createChainClient({ deployment: localDeployment, rpcUrls: [] })).toThrow(MissingRpcUrlError)
})
