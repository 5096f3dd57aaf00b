import { expect, test } from 'vitest'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle, DecodedStep } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { checkSimulation } from './checkSimulation'
import type { BundleSimulation, SimulatedToken } from './simulateBundle'

const account: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const router: Address = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'
const permit2: Address = '0x000000000022D473030F116dDEE9F6B43aC78BA3'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const dai: Address = '0x6B175474E89094C44Da98b954EedeAC495271d0F'
const weth: Address = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'

const swap = (change: Partial<Extract<DecodedStep, { kind: 'swap' }>>): DecodedStep => ({
  kind: 'swap',
  tokenIn: usdc,
  tokenOut: dai,
  route: [],
  amountIn: 100n,
  minimumOut: 90n,
  recipient: account,
  paidFrom: 'token',
  ...change,
})

const decodedOf = (steps: readonly DecodedStep[], value = 0n): DecodedBundle => ({
  approvals: [],
  steps,
  value,
  deadline: 1,
  router,
})

function moved(token: Address, by: bigint, change: Partial<SimulatedToken> = {}): SimulatedToken {
  return {
    token,
    balanceBefore: 1_000n,
    balanceAfter: 1_000n + by,
    allowances: [],
    routerBalanceBefore: 0n,
    routerBalanceAfter: 0n,
    ...change,
  }
}

function check(steps: readonly DecodedStep[], tokens: readonly SimulatedToken[], more: { value?: bigint } = {}) {
  const simulation: Extract<BundleSimulation, { status: 'succeeded' }> = {
    status: 'succeeded',
    deltas: [],
    tokens,
    unreadable: [],
    gasUsed: 1n,
    gasUsedByCall: [1n],
  }
  return checkSimulation(simulation, decodedOf(steps, more.value))
}

test('default', () => {
  expect(check([swap({})], [moved(usdc, -100n), moved(dai, 90n), moved(weth, 0n)])).toEqual([])
})

test('behaviour: what is sold leaves exactly', () => {
  const spent = (delta: bigint) => check([swap({})], [moved(usdc, delta), moved(dai, 95n)])
  expect(spent(-101n)).toEqual([{ kind: 'spendsDifferently', token: usdc, delta: -101n, expected: -100n }])
  expect(spent(-99n)).toEqual([{ kind: 'spendsDifferently', token: usdc, delta: -99n, expected: -100n }])
  expect(spent(-100n)).toEqual([])
})

test('behaviour: what is sold by several swaps, pulled, or sent as value is one sum', () => {
  const steps = [
    { kind: 'pull', token: usdc, amount: 40n },
    swap({ amountIn: 'rest', paidFrom: 'router', minimumOut: 5n }),
    swap({ amountIn: 60n, minimumOut: 5n }),
    swap({ tokenIn: nativeAddress, amountIn: 7n, paidFrom: 'native', minimumOut: 5n }),
  ] as const
  expect(check(steps, [moved(usdc, -100n), moved(dai, 15n), moved(nativeAddress, -7n)], { value: 7n })).toEqual([])
  expect(check(steps, [moved(nativeAddress, -8n)], { value: 7n })).toEqual([
    { kind: 'spendsDifferently', token: nativeAddress, delta: -8n, expected: -7n },
  ])
})

test('behaviour: what is bought arrives with the sum of its minimums at least', () => {
  const steps = [swap({}), swap({ minimumOut: 10n })]
  expect(check(steps, [moved(dai, 99n)])).toEqual([
    { kind: 'receivesTooLittle', token: dai, delta: 99n, minimum: 100n },
  ])
  expect(check(steps, [moved(dai, 100n)])).toEqual([])
})

test('behaviour: what is paid out at the end counts, what swaps leave in the router does not', () => {
  const steps = [
    swap({ recipient: router, minimumOut: 0n }),
    { kind: 'payOut', token: nativeAddress, minimumOut: 50n, recipient: account, fromWrapped: true },
  ] as const
  expect(check(steps, [moved(nativeAddress, 50n)])).toEqual([])
  expect(check(steps, [moved(nativeAddress, 49n)])).toEqual([
    { kind: 'receivesTooLittle', token: nativeAddress, delta: 49n, minimum: 50n },
  ])
  expect(check(steps, [moved(dai, 1n)])).toEqual([{ kind: 'changesForeignToken', token: dai, delta: 1n }])
})

test('behaviour: a coin that is both sent and paid out may end lower by no more than the difference', () => {
  const steps = [
    { kind: 'payOut', token: nativeAddress, minimumOut: 50n, recipient: account, fromWrapped: true },
  ] as const
  expect(check(steps, [moved(nativeAddress, -20n)], { value: 70n })).toEqual([])
  expect(check(steps, [moved(nativeAddress, -21n)], { value: 70n })).toEqual([
    { kind: 'receivesTooLittle', token: nativeAddress, delta: -21n, minimum: -20n },
  ])
})

test('behaviour: nothing else moves, neither up nor down', () => {
  expect(check([swap({})], [moved(weth, 1n), moved(nativeAddress, -1n)])).toEqual([
    { kind: 'changesForeignToken', token: weth, delta: 1n },
    { kind: 'changesForeignToken', token: nativeAddress, delta: -1n },
  ])
})

test('behaviour: A-05 no allowance ends higher, whoever holds it', () => {
  const allowances = [
    { kind: 'erc20', spender: router, before: 5n, after: 5n },
    { kind: 'erc20', spender: permit2, before: 5n, after: 6n },
    { kind: 'permit2', spender: router, before: 9n, after: 0n },
  ] as const
  expect(check([], [moved(weth, 0n, { allowances })])).toEqual([
    { kind: 'raisesAllowance', token: weth, spender: permit2, before: 5n, after: 6n },
  ])
})

test('behaviour: A-06 nothing more stays in the router than stood there', () => {
  const held = (before: bigint, after: bigint) =>
    check([], [moved(weth, 0n, { routerBalanceBefore: before, routerBalanceAfter: after })])
  expect(held(3n, 5n)).toEqual([{ kind: 'leavesInRouter', token: weth, amount: 2n }])
  expect([...held(3n, 3n), ...held(3n, 0n)]).toEqual([])
})

test('behaviour: a token that matters must have answered, however its address is written', () => {
  const simulation = {
    status: 'succeeded',
    deltas: [],
    tokens: [],
    unreadable: [dai.toLowerCase() as Address, weth],
    gasUsed: 1n,
    gasUsedByCall: [1n],
  } as const
  expect(checkSimulation(simulation, decodedOf([swap({})]))).toEqual([{ kind: 'unreadable', token: dai.toLowerCase() }])
  expect(check([swap({})], [moved(dai.toLowerCase() as Address, 90n)])).toEqual([])
})
