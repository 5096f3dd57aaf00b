import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { pagePolicy, scriptPolicy, toConnectSources, trustedTypesScript } from './headers.mjs'

type Policy = {
  createHTML(text: string): string
  createScript(text: string): string
  createScriptURL(text: string): string
}

function runTrustedTypesScript(href: string): { policy: Policy; removed: number; name: string } {
  let policy: Policy | undefined
  let name = ''
  let removed = 0
  const page = {
    URL,
    location: new URL(href),
    document: {
      currentScript: {
        remove() {
          removed += 1
        },
      },
    },
    trustedTypes: {
      createPolicy(policyName: string, rules: Policy) {
        name = policyName
        policy = rules
      },
    },
  }
  runInContext(trustedTypesScript, createContext({ ...page, window: page }))
  if (policy === undefined) throw new Error('The script made no policy.')
  return { policy, removed, name }
}

describe('toConnectSources', () => {
  test('default', () => {
    const chains = [{ chainId: 1, rpcUrls: ['http://127.0.0.1:8545', 'https://rpc.example/v3/key?a=b;c'] }]
    expect(toConnectSources({ chains })).toEqual([
      'http://127.0.0.1:8545',
      'ws://127.0.0.1:8545',
      'https://rpc.example',
      'wss://rpc.example',
    ])
  })

  test('behaviour: names each origin once', () => {
    const chains = [{ rpcUrls: ['https://a.example/x'] }, { rpcUrls: ['https://a.example/y'] }]
    expect(toConnectSources({ chains })).toEqual(['https://a.example', 'wss://a.example'])
  })
})

describe('pagePolicy', () => {
  const policy = pagePolicy({ scriptHashes: ['sha256-aaa='], connectSources: ['http://127.0.0.1:8545'] })

  test('default', () => {
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self' 'sha256-aaa='",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self' http://127.0.0.1:8545",
      "manifest-src 'self'",
      "worker-src 'self'",
      "frame-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types default nextjs nextjs#bundler 'allow-duplicates'",
    ])
  })

  test('behaviour: neither inline nor evaluated scripts are let through as a class', () => {
    expect(policy.split('; ').find((part) => part.startsWith('script-src'))).not.toContain('unsafe')
  })
})

test('behaviour: the policy of scripts leaves Trusted Types out', () => {
  expect(scriptPolicy({ connectSources: [] })).not.toContain('trusted-types')
})

describe('trustedTypesScript', () => {
  const { policy, removed, name } = runTrustedTypesScript('http://localhost:3000/plan/?a=1#b')

  test('default', () => {
    expect(name).toBe('default')
    expect(policy.createScriptURL('/_next/static/chunks/a.js')).toBe('/_next/static/chunks/a.js')
  })

  test('behaviour: leaves no trace in the page', () => {
    expect(removed).toBe(1)
  })

  test.each([
    'https://evil.example/_next/static/a.js',
    '//evil.example/_next/static/a.js',
    '/other.js',
    '/_next/static/../../other.js',
    '/_next/static/%2e%2e/%2e%2e/other.js',
    'data:text/javascript,alert(1)',
    'blob:http://localhost:3000/_next/static/1',
    'javascript:alert(1)',
  ])('behaviour: refuses the script %s', (url) => {
    expect(() => policy.createScriptURL(url)).toThrow('Trusted Types')
  })

  test('behaviour: refuses HTML and code from strings', () => {
    expect(() => policy.createHTML('<b>text</b>')).toThrow('Trusted Types')
    expect(() => policy.createScript('1')).toThrow('Trusted Types')
  })
})
