import { describe, expect, test } from 'vitest'
import { checkNode, packagesMatch } from './setup.mjs'
import { StopLine } from './stopLine.mjs'

describe('checkNode', () => {
  test.each(['20.19.0', '20.20.2', '21.0.0', '24.1.0', '100.0.0'])('behaviour: takes %s', (version) => {
    expect(() => checkNode(version)).not.toThrow()
  })

  test.each(['20.18.3', '18.20.0', '9.99.0'])('error: StopLine for %s, on one line', (version) => {
    expect(() => checkNode(version)).toThrow(StopLine)
    expect(() => checkNode(version)).toThrow(/^Ballast needs Node 20\.19 or newer; this is [0-9.]+\.[^\n]*$/)
  })
})

describe('packagesMatch', () => {
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b-other-platform': { version: '2.0.0', optional: true },
    },
  }

  test('default', () => {
    expect(packagesMatch(wanted, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true)
  })

  test.each([
    ['a package is missing', {}],
    ['a version differs', { 'node_modules/a': { version: '1.0.1' } }],
    [
      'an optional version differs',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-other-platform': { version: '2.0.1' } },
    ],
  ])('behaviour: does not match when %s', (_, packages) => {
    expect(packagesMatch(wanted, { packages })).toBe(false)
  })
})
