import { describe, expect, test } from 'vitest'
import { readWalletAbility, selectAtomicAbility } from './readWalletAbility'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

describe('selectAtomicAbility', () => {
  test.each([
    [{ '0x7a69': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x7A69': { atomic: { status: 'ready' } } }, 'ready'],
    [{ 31337: { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x07a69': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x0': { atomic: { status: 'supported' } } }, 'supported'],
    [{ '0x0': { atomic: { status: 'supported' } }, '0x7a69': { atomic: { status: 'unsupported' } } }, 'unsupported'],
    [{ '0x7a69': { atomicBatch: { supported: true } } }, 'supported'],
    [{ '0x7a69': { atomicBatch: { supported: false } } }, 'unsupported'],
    [{ '0x7a69': { atomic: { status: 'yes' } } }, 'unsupported'],
    [{ '0x7a69': { paymasterService: { supported: true } } }, 'unsupported'],
    [{ '0x1': { atomic: { status: 'supported' } } }, 'unsupported'],
    [{}, 'unsupported'],
    [null, 'unsupported'],
    ['supported', 'unsupported'],
    [[], 'unsupported'],
    [{ '0x7a69': null, hello: 1 }, 'unsupported'],
  ])('behaviour: %j is %s', (answer, ability) => {
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

test('behaviour: a wallet that does not know the question approves and swaps', async () => {
  const request = () => Promise.reject(Object.assign(new Error('no'), { code: -32601 }))
  const ability = await readWalletAbility({ request }, { account, chainId: 1 })
  expect(ability).toEqual({ rung: 'approveThenSwap', atomic: 'unsupported', callLimit: 10 })
})
