import { describe, expect, test } from 'vitest'
import type { DecodedBundle } from '../bundle'
import { compareRequote } from './compareRequote'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const router = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'
const link = '0x514910771AF9Ca656af840dff83E8264EcF986CA'
const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'

const swap = {
  tokenIn: link,
  tokenOut: weth,
  route: [{ tokenIn: link, tokenOut: weth, venue: 3000 }],
  amountIn: 5n,
  minimumOut: 100_000n,
  recipient: router,
  paidFrom: 'token',
} as const
const reviewed: DecodedBundle = {
  approvals: [{ token: link, spender: router, amount: 5n }],
  swaps: [swap],
  unwrap: { minimumOut: 100_000n, recipient: account },
  refundsNative: false,
  value: 0n,
  deadline: 600,
  router,
}
const withSwap = (change: Partial<(typeof reviewed.swaps)[0]>): DecodedBundle => ({
  ...reviewed,
  swaps: [{ ...swap, ...change }],
})

test('default', () => {
  expect(compareRequote(reviewed, { ...reviewed, approvals: [], deadline: 900 })).toBe('same')
})

test('behaviour: a minimum may be better, or worse by 0.1 % at most', () => {
  const minimums = [100_000_000n, 100_001n, 99_900n, 99_899n]
  expect(minimums.map((minimumOut) => compareRequote(reviewed, withSwap({ minimumOut })))).toEqual([
    'same',
    'same',
    'same',
    'quoteMoved',
  ])
  const { unwrap, ...rest } = reviewed
  expect(compareRequote(reviewed, { ...reviewed, unwrap: { recipient: account, minimumOut: 99_899n } })).toBe(
    'quoteMoved',
  )
  expect(compareRequote(reviewed, rest)).toBe('quoteMoved')
  expect(unwrap).toBeDefined()
})

describe('behaviour: everything else must be as it was', () => {
  test.each<readonly [string, DecodedBundle]>([
    ['amount', withSwap({ amountIn: 6n })],
    ['recipient', withSwap({ recipient: account })],
    ['source', withSwap({ paidFrom: 'native' })],
    ['pool', withSwap({ route: [{ tokenIn: link, tokenOut: weth, venue: 'v2' }] })],
    ['token', withSwap({ route: [{ tokenIn: weth, tokenOut: weth, venue: 3000 }] })],
    ['number of swaps', { ...reviewed, swaps: [swap, swap] }],
    ['value', { ...reviewed, value: 1n }],
    ['refund', { ...reviewed, refundsNative: true }],
    ['router', { ...reviewed, router: account }],
    ['unwrap', { ...reviewed, unwrap: { minimumOut: 100_000n, recipient: router } }],
  ])('%s', (_, fresh) => {
    expect(compareRequote(reviewed, fresh)).toBe('quoteMoved')
  })
})
