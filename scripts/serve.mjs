// Serves the static build with the headers that protect it.
import { existsSync, realpathSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { parseFlags } from './flags.mjs'
import { commonHeaders, pagePolicy, scriptPolicy, toConnectSources } from './headers.mjs'
import { outFolder } from './paths.mjs'
import { requireFreePort } from './ports.mjs'
import { endWithParent, onEndRequested } from './processes.mjs'
import { readServedConfig } from './servedConfig.mjs'
import { checkNode } from './setup.mjs'
import { chooseEncoding, isCompressible, mimeType, readSite, resolveTarget } from './staticFiles.mjs'
import { runMain, StopLine } from './stopLine.mjs'

const configPath = '/ballast.config.json'
const policyPath = '/csp.json'

const squeeze = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(gzip),
}

/**
 * A request handler for one build and one run-time configuration. The build is held in memory, so that building anew
 * never changes what a running server answers.
 *
 * @param {{ folder?: string, runtimeConfig?: any }} site without `runtimeConfig`, a file in the build's folder is served
 * @returns {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => Promise<void>}
 */
export function createSite({ folder = outFolder, runtimeConfig }) {
  if (!existsSync(join(folder, 'index.html')) || !existsSync(join(folder, 'csp.json'))) {
    throw new StopLine('There is no build to serve yet. Run: npm run build')
  }
  const files = readSite(folder)
  const inlineScripts = JSON.parse(files.get(policyPath).body.toString('utf8')).inlineScripts
  files.delete(policyPath)
  if (runtimeConfig !== undefined) {
    files.set(configPath, { body: Buffer.from(`${JSON.stringify(runtimeConfig, null, 2)}\n`), etag: undefined })
  }
  const servedConfig = files.get(configPath)
  const connectSources =
    servedConfig === undefined ? [] : toConnectSources(JSON.parse(servedConfig.body.toString('utf8')))
  const encoded = new Map()

  function policyHeader(path) {
    if (path.endsWith('.html')) {
      return { 'Content-Security-Policy': pagePolicy({ scriptHashes: inlineScripts[path] ?? [], connectSources }) }
    }
    return { 'Content-Security-Policy': scriptPolicy({ connectSources }) }
  }

  function cacheHeader(path) {
    if (path === configPath) return 'no-store'
    return path.startsWith('/_next/static/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  }

  async function encode(path, body, encoding) {
    const key = `${encoding} ${path}`
    if (!encoded.has(key)) encoded.set(key, squeeze[encoding](body))
    return encoded.get(key)
  }

  async function sendFile({ request, response, path, status }) {
    const { body, etag } = files.get(path)
    const headers = {
      ...commonHeaders,
      ...policyHeader(path),
      'Content-Type': mimeType(path),
      'Cache-Control': cacheHeader(path),
      ...(etag === undefined ? {} : { ETag: etag }),
      Vary: 'Accept-Encoding',
    }
    if (status === 200 && etag !== undefined && request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end()
      return
    }
    const encoding =
      isCompressible(path) && body.length > 1_024 ? chooseEncoding(request.headers['accept-encoding']) : undefined
    const content = encoding === undefined ? body : await encode(path, body, encoding)
    response.writeHead(status, {
      ...headers,
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
      'Content-Length': content.length,
    })
    response.end(request.method === 'HEAD' ? undefined : content)
  }

  function sendText(response, status, text, more = {}) {
    const body = Buffer.from(`${text}\n`)
    response.writeHead(status, {
      ...commonHeaders,
      'Content-Security-Policy': scriptPolicy({ connectSources: [] }),
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Length': body.length,
      ...more,
    })
    response.end(body)
  }

  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendText(response, 405, 'Only GET and HEAD are answered.', { Allow: 'GET, HEAD' })
      return
    }
    const target = resolveTarget(request.url ?? '/', files)
    if (target.kind === 'file') await sendFile({ request, response, path: target.path, status: 200 })
    else if (target.kind === 'redirect') sendText(response, 308, 'Moved.', { Location: target.location })
    else if (target.kind === 'malformed') sendText(response, 400, 'This address is malformed.')
    else if (files.has('/404.html')) await sendFile({ request, response, path: '/404.html', status: 404 })
    else sendText(response, 404, 'There is nothing at this address.')
  }
}

function listen(server, port, host) {
  return new Promise((resolveListen, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolveListen(server.address().port)
    })
  })
}

/**
 * Serves a build. With `port` 0 the system chooses one.
 *
 * @param {{ port?: number, host?: string, folder?: string, runtimeConfig?: any }} [options] without `host`, only this
 *   machine can reach it
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>}
 */
export async function startServer({ port = 0, host, folder, runtimeConfig } = {}) {
  const site = createSite({ folder, runtimeConfig })
  const answer = (request, response) => {
    site(request, response).catch((error) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      response.destroy()
    })
  }
  const servers = [createServer(answer)]
  const taken = await listen(servers[0], port, host ?? '127.0.0.1')
  if (host === undefined) {
    // Browsers may take "localhost" for the IPv6 loopback; a machine without one does without.
    const second = createServer(answer)
    await listen(second, taken, '::1').then(
      () => servers.push(second),
      () => undefined,
    )
  }
  const stop = async () => {
    await Promise.all(
      servers.map((server) => {
        const closed = new Promise((resolveClose) => server.close(resolveClose))
        server.closeAllConnections()
        return closed
      }),
    )
  }
  return { url: `http://localhost:${taken}`, port: taken, stop }
}

const help = `Serves the build in out/ with its security headers.

  npm start -- [flags]

  --port N        where to listen (3000)
  --host ADDRESS  which address to listen on (this machine only; 0.0.0.0 for every address)
  --config FILE   the run-time configuration to serve as ${configPath}
                  (without it, the file of that name in the build's folder)
  --out FOLDER    the build to serve (out)
  --help          this text

The configuration names the chains and their RPC endpoints:
  {"version":1,"chains":[{"chainId":31337,"rpcUrls":["http://127.0.0.1:8545"]}]}
`

async function main() {
  checkNode()
  const flags = parseFlags(
    process.argv.slice(2),
    {
      port: { kind: 'port', fallback: 3000 },
      host: { kind: 'text' },
      config: { kind: 'text' },
      out: { kind: 'text', fallback: outFolder },
      help: { kind: 'switch' },
    },
    'npm start --',
  )
  if (flags.help) {
    process.stdout.write(help)
    return
  }
  await requireFreePort(flags.port, 'port')
  const folder = resolve(flags.out)
  const runtimeConfig = flags.config === undefined ? undefined : readServedConfig(resolve(flags.config))
  const beside = join(folder, configPath)
  if (runtimeConfig === undefined && existsSync(beside)) readServedConfig(beside)
  const server = await startServer({ port: flags.port, host: flags.host, folder, runtimeConfig })
  endWithParent()
  onEndRequested(() => server.stop())
  if (runtimeConfig === undefined && !existsSync(beside)) {
    process.stderr.write(`No ${configPath} is served: the app will say so. Give it one with --config FILE.\n`)
  }
  process.stdout.write(`Ballast is ready at ${server.url}\n`)
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(main)
}
