import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseEncoding, isCompressible, mimeType, resolveTarget } from './staticFiles.mjs'

const files = new Set(['/index.html', '/plan/index.html', '/404.html', '/_next/static/a.js', '/a b.txt'])

describe('resolveTarget', () => {
  test.each([
    ['/', { kind: 'file', path: '/index.html' }],
    ['/plan/', { kind: 'file', path: '/plan/index.html' }],
    ['/plan/?a=1', { kind: 'file', path: '/plan/index.html' }],
    ['/plan', { kind: 'redirect', location: '/plan/' }],
    ['/plan?a=/b?c', { kind: 'redirect', location: '/plan/?a=/b?c' }],
    ['/_next/static/a.js', { kind: 'file', path: '/_next/static/a.js' }],
    ['/a%20b.txt', { kind: 'file', path: '/a b.txt' }],
    ['/nothing', { kind: 'missing' }],
    ['/nothing/', { kind: 'missing' }],
    ['//evil.example', { kind: 'missing' }],
    ['//plan', { kind: 'missing' }],
    ['/../etc/passwd', { kind: 'missing' }],
    ['/%2e%2e/%2e%2e/etc/passwd', { kind: 'missing' }],
    ['/..%2f..%2fetc%2fpasswd', { kind: 'missing' }],
    ['/plan\\..\\index.html', { kind: 'missing' }],
    ['/plan/index.html%00', { kind: 'malformed' }],
    ['/%', { kind: 'malformed' }],
    ['/%ff', { kind: 'malformed' }],
    ['', { kind: 'malformed' }],
    ['http://localhost/plan/', { kind: 'malformed' }],
  ])('behaviour: %s', (target, expected) => {
    expect(resolveTarget(target, files)).toEqual(expected)
  })

  test('property: nothing but a listed file is ever served, and no redirect leaves the site', () => {
    const part = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '%2f',
      '\\',
      'plan',
      'index.html',
      'evil.example',
      '%00',
      '?',
      '#',
      '%',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const result = resolveTarget(`/${parts.join('')}`, files)
        if (result.kind === 'file') expect(files.has(result.path)).toBe(true)
        if (result.kind === 'redirect') expect(new URL(result.location, 'http://localhost').host).toBe('localhost')
      }),
    )
  })
})

test('behaviour: mime types', () => {
  expect(mimeType('/index.html')).toBe('text/html; charset=utf-8')
  expect(mimeType('/a.JS')).toBe('text/javascript; charset=utf-8')
  expect(mimeType('/font.woff2')).toBe('font/woff2')
  expect(mimeType('/LICENSE')).toBe('application/octet-stream')
  expect([isCompressible('/a.svg'), isCompressible('/a.woff2')]).toEqual([true, false])
})

describe('chooseEncoding', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br;q=0.1', 'br'],
    ['*', 'br'],
    ['*, br;q=0', 'gzip'],
    ['identity', undefined],
  ])('behaviour: %s', (header, expected) => {
    expect(chooseEncoding(header)).toBe(expected)
  })
})
