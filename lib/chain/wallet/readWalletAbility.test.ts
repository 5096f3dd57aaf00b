import { describe, expect, test } from 'vitest'
import { readWalletAbility, selectAtomicAbility } from './readWalletAbility'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

describe('selectAtomicAbility', () => {
  test.each([
    [{ '0x7a69': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x7A69': { atomic: { status: 'ready' } } }, 'ready'],
    [{ 31337: { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x07a69': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0X7A69': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x0': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x0': { atomic: { status: 'ready' } } }, 'ready'],
    [{ '0x0': { paymasterService: {} }, '0x7a69': { atomic: { status: 'ready' } } }, 'ready'],
    [{ '0x0': { atomic: { status: 'supported' } }, '0x7a69': { atomic: { status: 'unsupported' } } }, 'unsupported'],
    [{ '0x7a69': { atomicBatch: { supported: true } } }, 'supported'],
    [{ '0x7a69': { atomicBatch: { supported: false } } }, 'unsupported'],
    [{ '0x7a69': { atomic: { status: 'yes' } } }, 'unsupported'],
    [{ '0x7a69': { atomic: { status: true } } }, 'unsupported'],
    [{ '0x7a69': { atomic: 'supported' } }, 'unsupported'],
    [{ '0x7a69': { atomic: null, atomicBatch: null } }, 'unsupported'],
    [{ '0x7a69': { atomic: { status: 'unsupported' }, atomicBatch: { supported: true } } }, 'unsupported'],
    [{ '0x7a69': { paymasterService: { supported: true } } }, 'unsupported'],
    [{ '0x1': { atomic: { status: 'supported' } } }, 'unsupported'],
    [{}, 'unsupported'],
    [null, 'unsupported'],
    ['supported', 'unsupported'],
    [[], 'unsupported'],
    [{ '0x7a69': null, hello: 1 }, 'unsupported'],
    [{ '0x7a6': { atomic: { status: 'supported' } } }, 'unsupported'],
    [{ '': { atomic: { status: 'supported' } } }, 'unsupported'],
    [undefined, 'unsupported'],
    [7, 'unsupported'],
  ])('behaviour: F-28 %j is %s', (answer, ability) => {
    expect(selectAtomicAbility(answer, 31337)).toBe(ability)
  })
})

test('default', async () => {
  const asked: unknown[] = []
  const provider = {
    request: async (args: unknown) => {
      asked.push(args)
      return { '0x7a69': { atomic: { status: 'ready' } } }
    },
  }
  const ability = await readWalletAbility(provider, { account, chainId: 31337 })
  expect(ability).toEqual({ rung: 'atomicBatch', atomic: 'ready', callLimit: 10 })
  expect(asked).toEqual([{ method: 'wallet_getCapabilities', params: [account, ['0x7a69']] }])
})

const refusals: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['does not know the question', () => Promise.reject(Object.assign(new Error('no'), { code: -32601 }))],
  ['refuses', () => Promise.reject(Object.assign(new Error('no'), { code: 4100 }))],
  ['rejects with nothing', () => Promise.reject(undefined)],
  [
    'throws',
    () => {
      throw new TypeError('no')
    },
  ],
  ['answers nothing', () => Promise.resolve(undefined)],
]

test.each(refusals)('behaviour: F-28 a wallet that %s approves and swaps', async (_, request) => {
  const ability = await readWalletAbility({ request }, { account, chainId: 1 })
  expect(ability).toEqual({ rung: 'approveThenSwap', atomic: 'unsupported', callLimit: 10 })
})
