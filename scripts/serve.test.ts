import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finishPages } from './build.mjs'
import { startServer } from './serve.mjs'
import { StopLine } from './stopLine.mjs'

const page = (title: string) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><script>go()</script></body></html>`
const longScript = `export const text = '${'ballast '.repeat(400)}'\n`
const runtimeConfig = { version: 1, chains: [{ chainId: 31_337, rpcUrls: ['http://127.0.0.1:8545'] }] }

const site = {
  'index.html': page('Home'),
  'plan/index.html': page('Plan'),
  '404.html': page('Not found'),
  '_next/static/chunk.js': longScript,
  'font.woff2': 'w'.repeat(2_000),
  '.hidden': 'secret',
}

let folder = ''
let server: Awaited<ReturnType<typeof startServer>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'))
  for (const [name, text] of Object.entries(site)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  finishPages(folder)
  server = await startServer({ folder, runtimeConfig })
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const get = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, { redirect: 'manual', ...init })

/** A request whose path is sent exactly as written. */
function getRaw(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method: 'GET' }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.once('error', reject)
    sent.end()
  })
}

describe('pages', () => {
  test('default', async () => {
    const response = await get('/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toContain('<title>Home</title>')
  })

  test('behaviour: the first script of a page makes the Trusted Types policy', async () => {
    const html = await (await get('/plan/')).text()
    expect(html).toMatch(/^<!DOCTYPE html><html><head><script>[^<]*createPolicy\("default"/)
  })

  test('behaviour: every answer carries the protecting headers', async () => {
    for (const path of ['/', '/plan', '/nothing', '/_next/static/chunk.js', '/ballast.config.json', '/%']) {
      const { headers } = await get(path)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('permissions-policy')).toContain('camera=()')
      expect(headers.get('set-cookie')).toBeNull()
      expect(headers.get('strict-transport-security')).toBeNull()
    }
  })

  test('behaviour: A-28 the policy names the inline scripts and the endpoints, and Trusted Types go with pages alone', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? ''
    expect(policy.match(/'sha256-[^']+'/g)).toHaveLength(2)
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:8545 ws://127.0.0.1:8545")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toContain('upgrade-insecure-requests')
    const scriptHeaders = (await get('/_next/static/chunk.js')).headers
    expect(scriptHeaders.get('content-security-policy')).not.toContain('trusted-types')
  })
})

describe('addresses', () => {
  test('behaviour: a folder without its slash is passed on, query and all', async () => {
    const response = await get('/plan?a=1')
    expect([response.status, response.headers.get('location')]).toEqual([308, '/plan/?a=1'])
  })

  test('behaviour: what is not there is the page for that', async () => {
    const response = await get('/nothing/at/all')
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('<title>Not found</title>')
  })

  test.each([
    '/../index.html',
    '/plan/../../secret',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/.hidden',
    '/csp.json',
    '//etc/passwd',
  ])('behaviour: %s leads nowhere', async (path) => {
    expect(await getRaw(path)).toBe(404)
  })

  test('behaviour: a malformed address is refused', async () => {
    expect(await getRaw('/%zz')).toBe(400)
    expect(await getRaw('/a%00b')).toBe(400)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('behaviour: %s is refused', async (method) => {
    const response = await get('/', { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('behaviour: HEAD answers with headers alone', async () => {
    const response = await get('/', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
})

describe('content', () => {
  test('behaviour: built files are kept for good, and compressed', async () => {
    const response = await get('/_next/static/chunk.js', { headers: { 'accept-encoding': 'br' } })
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-encoding')).toBe('br')
    expect(Number(response.headers.get('content-length'))).toBeLessThan(longScript.length / 4)
    expect(await response.text()).toBe(longScript)
    const gzipped = await get('/_next/static/chunk.js', { headers: { 'accept-encoding': 'gzip' } })
    expect(gzipped.headers.get('content-encoding')).toBe('gzip')
    expect(await gzipped.text()).toBe(longScript)
  })

  test('behaviour: what is compressed already is left alone', async () => {
    expect((await get('/font.woff2')).headers.get('content-encoding')).toBeNull()
  })

  test('behaviour: a page that has not changed is not sent again', async () => {
    const etag = (await get('/')).headers.get('etag') ?? ''
    expect((await get('/', { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('behaviour: the run-time configuration is served as given, never cached', async () => {
    const response = await get('/ballast.config.json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual(runtimeConfig)
  })
})

test('error: StopLine where there is no build', async () => {
  await expect(startServer({ folder: join(folder, 'plan') })).rejects.toBeInstanceOf(StopLine)
})
