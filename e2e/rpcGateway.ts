import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the gateway does with each request instead of passing it on. */
export type GatewayFault = 'hangUp' | 'unavailable' | 'notJson'

/** One requested call, as the page sent it. */
export type GatewayCall = { readonly method: string }

/**
 * Stands between the pages and the local chain of the test that runs: its address stays, so that one served site serves a whole
 * worker, and it can fail as a real endpoint does.
 */
export type RpcGateway = {
  readonly url: string
  /** Every call that was passed on since the last `connectTo`. */
  readonly calls: readonly GatewayCall[]
  /** Passes requests on to a chain, without faults; to none, it hangs up. */
  connectTo(rpcUrl: string | undefined): void
  setFault(fault: GatewayFault | undefined): void
  stop(): Promise<void>
}

const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'content-type',
  'Access-Control-Max-Age': '600',
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function toCalls(body: string): readonly GatewayCall[] {
  const parsed = JSON.parse(body) as GatewayCall | readonly GatewayCall[]
  return (Array.isArray(parsed) ? (parsed as readonly GatewayCall[]) : [parsed as GatewayCall]).map(({ method }) => ({
    method,
  }))
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...crossOrigin, 'Content-Type': 'application/json' }).end(body)
}

/** Starts a gateway on a port that the system chooses. */
export async function startRpcGateway(): Promise<RpcGateway> {
  let target: string | undefined
  let fault: GatewayFault | undefined
  const calls: GatewayCall[] = []

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, crossOrigin).end()
      return
    }
    const body = await readBody(request)
    if (target === undefined || fault === 'hangUp') {
      response.destroy()
      return
    }
    if (fault === 'unavailable') return answer(response, 503, '{"error":"unavailable"}')
    if (fault === 'notJson') return answer(response, 200, '<html><body>Bad gateway</body></html>')
    calls.push(...toCalls(body))
    const passed = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    answer(response, passed.status, await passed.text())
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    connectTo(rpcUrl) {
      target = rpcUrl
      fault = undefined
      calls.length = 0
    },
    setFault(next) {
      fault = next
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
