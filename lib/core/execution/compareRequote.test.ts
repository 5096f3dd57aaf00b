import { describe, expect, test } from 'vitest'
import type { DecodedBundle, DecodedStep, DecodedSwap } from '../bundle'
import { compareRequote } from './compareRequote'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const router = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'
const link = '0x514910771AF9Ca656af840dff83E8264EcF986CA'
const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'

const swap = {
  kind: 'swap',
  tokenIn: link,
  tokenOut: weth,
  route: [{ tokenIn: link, tokenOut: weth, venue: { version: 'v3', feePips: 3000 } }],
  amountIn: 5n,
  minimumOut: 100_000n,
  recipient: router,
  paidFrom: 'token',
} as const
const payOut = { kind: 'payOut', token: weth, minimumOut: 100_000n, recipient: account, fromWrapped: true } as const
const pull = { kind: 'pull', token: link, amount: 5n } as const
const reviewed: DecodedBundle = {
  approvals: [{ kind: 'erc20', token: link, spender: router, amount: 5n }],
  steps: [pull, swap, { kind: 'unwrap' }, payOut],
  value: 0n,
  deadline: 600,
  router,
}
const withSwap = (change: Partial<DecodedSwap>): DecodedBundle => ({
  ...reviewed,
  steps: [pull, { ...swap, ...change }, { kind: 'unwrap' }, payOut],
})
const withEnd = (...end: readonly DecodedStep[]): DecodedBundle => ({ ...reviewed, steps: [pull, swap, ...end] })

test('default', () => {
  expect(compareRequote(reviewed, { ...reviewed, approvals: [], deadline: 900 })).toBe('same')
})

test('behaviour: a minimum may be better, or worse by 0.1 % at most', () => {
  const minimums = [100_000_000n, 100_001n, 99_900n, 99_899n]
  const verdicts = ['same', 'same', 'same', 'quoteMoved']
  expect(minimums.map((minimumOut) => compareRequote(reviewed, withSwap({ minimumOut })))).toEqual(verdicts)
  expect(
    minimums.map((minimumOut) => compareRequote(reviewed, withEnd({ kind: 'unwrap' }, { ...payOut, minimumOut }))),
  ).toEqual(verdicts)
})

describe('behaviour: everything else must be as it was', () => {
  const hop = { tokenIn: link, tokenOut: weth } as const
  const v4 = { version: 'v4', feePips: 3000, tickSpacing: 60 } as const
  test.each<readonly [string, DecodedBundle]>([
    ['amount', withSwap({ amountIn: 6n })],
    ['all instead of an amount', withSwap({ amountIn: 'rest' })],
    ['recipient', withSwap({ recipient: account })],
    ['source', withSwap({ paidFrom: 'native' })],
    ['version', withSwap({ route: [{ ...hop, venue: { version: 'v2' } }] })],
    ['fee', withSwap({ route: [{ ...hop, venue: { version: 'v3', feePips: 500 } }] })],
    ['manager', withSwap({ route: [{ ...hop, venue: v4 }] })],
    ['token', withSwap({ route: [{ ...swap.route[0], tokenIn: weth }] })],
    ['length of a route', withSwap({ route: [...swap.route, ...swap.route] })],
    ['pulled amount', { ...reviewed, steps: [{ ...pull, amount: 6n }, ...reviewed.steps.slice(1)] }],
    ['pulled token', { ...reviewed, steps: [{ ...pull, token: weth }, ...reviewed.steps.slice(1)] }],
    ['number of steps', withEnd({ kind: 'unwrap' }, payOut, { kind: 'refund' })],
    ['a step less', withEnd({ kind: 'unwrap' })],
    ['kind of a step', withEnd({ kind: 'wrap' }, payOut)],
    ['order of the steps', withEnd(payOut, { kind: 'unwrap' })],
    ['who is paid', withEnd({ kind: 'unwrap' }, { ...payOut, recipient: router })],
    ['what is paid', withEnd({ kind: 'unwrap' }, { ...payOut, token: link })],
    ['as what it is paid', withEnd({ kind: 'unwrap' }, { ...payOut, fromWrapped: false })],
    ['value', { ...reviewed, value: 1n }],
    ['router', { ...reviewed, router: account }],
  ])('%s', (_, fresh) => {
    expect(compareRequote(reviewed, fresh)).toBe('quoteMoved')
  })

  test('the tick spacing of a v4 pool', () => {
    const other = { ...v4, tickSpacing: 10 } as const
    const [a, b] = [withSwap({ route: [{ ...hop, venue: v4 }] }), withSwap({ route: [{ ...hop, venue: other }] })]
    expect(compareRequote(a, a)).toBe('same')
    expect(compareRequote(a, b)).toBe('quoteMoved')
  })
})
