import { describe, expect, test } from 'vitest'
import { parseFlags } from './flags.mjs'
import { StopLine } from './stopLine.mjs'

const spec = {
  port: { kind: 'port', fallback: 3000 },
  config: { kind: 'text' },
  dev: { kind: 'switch' },
} as const

const parse = (...args: string[]) => parseFlags(args, spec, 'npm run demo --')

describe('parseFlags', () => {
  test('default', () => {
    expect(parse()).toEqual({ port: 3000, config: undefined, dev: false })
    expect(parse('--port', '4000', '--dev')).toEqual({ port: 4000, config: undefined, dev: true })
    expect(parse('--port=4000', '--config=a=b.json')).toEqual({ port: 4000, config: 'a=b.json', dev: false })
  })

  test.each([
    ['an unknown flag', ['--prot', '1']],
    ['a name of the object prototype', ['--constructor', '1']],
    ['a word', ['start']],
    ['a short flag', ['-p', '1']],
    ['no value', ['--port']],
    ['a flag for a value', ['--config', '--dev']],
    ['an empty value', ['--config=']],
    ['a value for a switch', ['--dev=yes']],
    ['a word for a port', ['--port', 'http']],
    ['port zero', ['--port', '0']],
    ['a port too high', ['--port', '65536']],
    ['a negative port', ['--port', '-1']],
    ['a port with a fraction', ['--port', '80.5']],
    ['a port in hexadecimal', ['--port', '0x50']],
  ])('error: StopLine for %s, on one line', (_, args) => {
    expect(() => parse(...args)).toThrow(StopLine)
    expect(() => parse(...args)).toThrow(/^[^\n]+$/)
  })
})
