import { decodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import { erc20Abi } from '@/lib/chain/abis'
import { buildAsset } from '@/lib/testing/builders/assets'
import { composeLower, NotLowerableError } from './composeLower'

const { poolToken: token } = buildAsset('LINK')
const spender = `0x${'5'.repeat(40)}` as const

test('default', () => {
  const { to, data, value } = composeLower({ token, spender, amount: 7n })
  expect([to, value]).toEqual([token.address, 0n])
  expect(decodeFunctionData({ abi: erc20Abi, data })).toEqual({ functionName: 'approve', args: [spender, 7n] })
})

test('error: NotLowerableError', () => {
  const { poolToken: usdt } = buildAsset('USDT', { resetsAllowance: true })
  expect(() => composeLower({ token: usdt, spender, amount: 7n })).toThrow(NotLowerableError)
  expect(() => composeLower({ token, spender, amount: 0n })).toThrow(NotLowerableError)
})
