import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  RuntimeConfigError,
  type RuntimeConfigFailure,
  readRuntimeConfig,
  toRuntimeConfig,
} from '@/lib/config/runtimeConfig'

const good = { version: 1, chains: [{ chainId: 31_337, rpcUrls: ['http://127.0.0.1:8545'] }] }

function failureOf(value: unknown): RuntimeConfigFailure {
  try {
    toRuntimeConfig(value)
  } catch (error) {
    if (error instanceof RuntimeConfigError) return error.failure
    throw error
  }
  throw new Error('The configuration was taken.')
}

const answer = (body: string, status = 200) => (async () => new Response(body, { status })) as typeof fetch

describe('toRuntimeConfig', () => {
  test('default', () => {
    expect(toRuntimeConfig(good)).toEqual(good)
    expect(toRuntimeConfig({ ...good, siteUrl: 'https://ballast.example' }).siteUrl).toBe('https://ballast.example')
  })

  test.each<[string, unknown, string, string]>([
    ['no object', null, '', 'must be an object'],
    ['a list', [], 'version', 'is missing'],
    ['another version', { ...good, version: 2 }, 'version', 'must be 1'],
    ['no chains', { version: 1 }, 'chains', 'is missing'],
    ['chains as a text', { version: 1, chains: '31337' }, 'chains', 'must be a list'],
    ['no chain', { version: 1, chains: [] }, 'chains', 'must name at least one chain'],
    ['a chain twice', { version: 1, chains: [...good.chains, ...good.chains] }, 'chains', 'names the same chain twice'],
    ['an unknown field', { ...good, theme: 'dark' }, 'theme', 'is not a known field'],
    [
      'a chain id as a text',
      { version: 1, chains: [{ chainId: '1', rpcUrls: ['http://a'] }] },
      'chains.0.chainId',
      'must be a number',
    ],
    [
      'a chain id of zero',
      { version: 1, chains: [{ chainId: 0, rpcUrls: ['http://a'] }] },
      'chains.0.chainId',
      'must be positive',
    ],
    [
      'no endpoint',
      { version: 1, chains: [{ chainId: 1, rpcUrls: [] }] },
      'chains.0.rpcUrls',
      'must name at least one RPC endpoint',
    ],
    [
      'six endpoints',
      {
        version: 1,
        chains: [{ chainId: 1, rpcUrls: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://${name}`) }],
      },
      'chains.0.rpcUrls',
      'must name at most five RPC endpoints',
    ],
    [
      'a script as an endpoint',
      { version: 1, chains: [{ chainId: 1, rpcUrls: ['https://a', 'javascript:alert(1)'] }] },
      'chains.0.rpcUrls.1',
      'must be an http:// or https:// address without user name and password',
    ],
    [
      'a password in an endpoint',
      { version: 1, chains: [{ chainId: 1, rpcUrls: ['https://user:secret@a'] }] },
      'chains.0.rpcUrls.0',
      'must be an http:// or https:// address without user name and password',
    ],
  ])('error: RuntimeConfigError for %s', (_, value, field, problem) => {
    expect(failureOf(value)).toEqual({ kind: 'wrongShape', field, problem })
  })

  test('property: any value is taken or refused with RuntimeConfigError', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(failureOf(value).kind).toBe('wrongShape')
      }),
    )
  })
})

describe('readRuntimeConfig', () => {
  test('default', async () => {
    expect(await readRuntimeConfig(answer(JSON.stringify(good)))).toEqual(good)
  })

  test('behaviour: asks for the file beside the app, never from a cache', async () => {
    const asked: unknown[] = []
    const spy = (async (...request: unknown[]) => {
      asked.push(request)
      return new Response(JSON.stringify(good))
    }) as typeof fetch
    await readRuntimeConfig(spy)
    expect(asked).toEqual([['/ballast.config.json', { cache: 'no-store', credentials: 'omit' }]])
  })

  test('error: RuntimeConfigError where there is no file, naming what to do', async () => {
    const failure = await readRuntimeConfig(answer('<html>', 404)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RuntimeConfigError)
    expect(failure).toMatchObject({ failure: { kind: 'missing', httpStatus: 404 } })
    expect(String(failure)).toContain('--config FILE')
  })

  test('error: RuntimeConfigError where a page is served in its place', async () => {
    await expect(readRuntimeConfig(answer('<!DOCTYPE html>'))).rejects.toMatchObject({ failure: { kind: 'notJson' } })
  })

  test('error: RuntimeConfigError where nothing answers, with the cause', async () => {
    const cause = new TypeError('Failed to fetch')
    const failing = (async () => {
      throw cause
    }) as typeof fetch
    await expect(readRuntimeConfig(failing)).rejects.toMatchObject({ failure: { kind: 'unreachable' }, cause })
  })

  test('behaviour: an abort stays an abort', async () => {
    const controller = new AbortController()
    controller.abort()
    const reading = readRuntimeConfig(fetch, { signal: controller.signal })
    await expect(reading).rejects.not.toBeInstanceOf(RuntimeConfigError)
  })
})
