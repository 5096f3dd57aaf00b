import { concatHex, encodeFunctionData, numberToHex, toFunctionSelector, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { erc20Abi, permit2Abi, swapRouter02Abi } from '@/lib/chain/abis'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Address, Hex } from '@/lib/core/units'
import { UndecodableBundleError } from './canonical'
import { decodeBundle } from './decodeBundle'
import { decodeSwapRouter02 } from './decodeSwapRouter02'

const account: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const { swapRouter02: router, wrappedNative: weth, permit2 } = deployment.contracts
const caller: Address = '0x0000000000000000000000000000000000000001'
const self: Address = '0x0000000000000000000000000000000000000002'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const dai: Address = '0x6B175474E89094C44Da98b954EedeAC495271d0F'
const deadline = 1_750_000_600

const abi = swapRouter02Abi
const multicall = (calls: readonly Hex[], until = BigInt(deadline)) =>
  encodeFunctionData({ abi, functionName: 'multicall', args: [until, calls] })

type Single = {
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly recipient: Address
  readonly amountIn: bigint
  readonly amountOutMinimum: bigint
  readonly sqrtPriceLimitX96: bigint
}
const single = (change: Partial<Single> = {}) =>
  encodeFunctionData({
    abi,
    functionName: 'exactInputSingle',
    args: [
      {
        ...{ tokenIn: usdc, tokenOut: dai, fee: 500, recipient: caller },
        ...{ amountIn: 5n, amountOutMinimum: 3n, sqrtPriceLimitX96: 0n, ...change },
      },
    ],
  })
const v2 = (path: readonly Address[], change: { amountIn?: bigint; minimum?: bigint; to?: Address } = {}) =>
  encodeFunctionData({
    abi,
    functionName: 'swapExactTokensForTokens',
    args: [change.amountIn ?? 5n, change.minimum ?? 3n, path, change.to ?? caller],
  })
const along = (path: Hex) =>
  encodeFunctionData({
    abi,
    functionName: 'exactInput',
    args: [{ path, recipient: caller, amountIn: 5n, amountOutMinimum: 3n }],
  })
const unwrap = (recipient: Address, minimum = 3n) =>
  encodeFunctionData({ abi, functionName: 'unwrapWETH9', args: [minimum, recipient] })
const refund = encodeFunctionData({ abi, functionName: 'refundETH' })
const packed = (tokens: readonly Address[], fees: readonly number[]) =>
  concatHex(
    tokens.flatMap((token, i) => [token, ...(fees[i] === undefined ? [] : [numberToHex(fees[i], { size: 3 })])]),
  )

function decode(calls: readonly Hex[], value = 0n) {
  return decodeSwapRouter02({ data: multicall(calls), value }, { account, router, wrappedNative: weth })
}

test('default', () => {
  const venue = { version: 'v3', feePips: 500 } as const
  expect(decode([single()])).toEqual({
    deadline,
    steps: [
      {
        kind: 'swap',
        tokenIn: usdc,
        tokenOut: dai,
        route: [{ tokenIn: usdc, tokenOut: dai, venue }],
        amountIn: 5n,
        minimumOut: 3n,
        recipient: account,
        paidFrom: 'token',
      },
    ],
  })
})

test('behaviour: a packed path is read pool by pool, fees included', () => {
  const { steps } = decode([along(packed([usdc, weth, dai], [500, 10_000]))])
  expect(steps).toMatchObject([
    {
      tokenIn: usdc,
      tokenOut: dai,
      route: [
        { tokenIn: usdc, tokenOut: weth, venue: { version: 'v3', feePips: 500 } },
        { tokenIn: weth, tokenOut: dai, venue: { version: 'v3', feePips: 10_000 } },
      ],
    },
  ])
})

test('behaviour: a swap of what the one before left in the router is the same path', () => {
  const { steps } = decode([
    v2([usdc, weth], { to: self, minimum: 0n }),
    single({ tokenIn: weth, tokenOut: dai, amountIn: 0n }),
    v2([dai, usdc], { amountIn: 9n }),
  ])
  expect(steps).toMatchObject([
    {
      tokenIn: usdc,
      tokenOut: dai,
      amountIn: 5n,
      minimumOut: 3n,
      route: [{ venue: { version: 'v2' } }, { tokenIn: weth, venue: { version: 'v3' } }],
    },
    { tokenIn: dai, tokenOut: usdc, amountIn: 9n },
  ])
})

test('behaviour: the value pays swaps of wrapped coin as far as it goes, in their order', () => {
  const sells = (amountIn: bigint) => single({ tokenIn: weth, tokenOut: dai, amountIn })
  const paidFrom = (value: bigint) =>
    decode([sells(5n), sells(4n), single()], value).steps.map((step) =>
      step.kind === 'swap' ? step.paidFrom : step.kind,
    )
  expect(paidFrom(0n)).toEqual(['token', 'token', 'token'])
  expect(paidFrom(4n)).toEqual(['token', 'native', 'token'])
  expect(paidFrom(8n)).toEqual(['native', 'token', 'token'])
  expect(paidFrom(9n)).toEqual(['native', 'native', 'token'])
})

test('behaviour: the last two calls may unwrap to somebody and give back what is left', () => {
  const { steps } = decode([single({ tokenOut: weth, recipient: self }), unwrap(account, 7n), refund], 1n)
  expect(steps.slice(1)).toEqual([
    { kind: 'payOut', token: nativeAddress, minimumOut: 7n, recipient: account, fromWrapped: true },
    { kind: 'refund' },
  ])
  expect(steps[0]).toMatchObject({ recipient: router })
})

const cases: readonly (readonly [string, readonly Hex[], RegExp])[] = [
  ['nothing at all', [], /swaps nothing/],
  ['only an unwrap', [unwrap(account)], /swaps nothing/],
  ['a multicall within', [single(), multicall([single()])], /multicall stands inside/],
  ['an unwrap before a swap', [unwrap(account), single()], /an order that/],
  ['a refund before an unwrap', [single(), refund, unwrap(account)], /an order that/],
  ['two unwraps', [single(), unwrap(account), unwrap(account)], /an order that/],
  ['two refunds', [single(), refund, refund], /an order that/],
  ['an unwrap to nobody', [single(), unwrap(zeroAddress)], /burnt/],
  ['a limit that could stop it half-way', [single({ sqrtPriceLimitX96: 1n })], /half-way/],
  ['a path of one token', [along(usdc)], /wrong length/],
  ['a path that ends early', [along(concatHex([usdc, '0x0001f4']))], /wrong length/],
  ['a path with bytes left over', [along(concatHex([packed([usdc, dai], [500]), '0x00']))], /wrong length/],
  ['an empty path', [along('0x')], /wrong length/],
  ['a v2 path of one token', [v2([usdc])], /path is empty/],
  ['a v2 path of none', [v2([])], /path is empty/],
  ['a first swap of what nobody left', [single({ amountIn: 0n })], /no swap before it left/],
  ['a swap of what was paid to the account', [single(), single({ amountIn: 0n })], /no swap before it left/],
  [
    'a swap of another token than was left',
    [v2([usdc, weth], { to: self, minimum: 0n }), single({ tokenIn: usdc, amountIn: 0n })],
    /another one left/,
  ],
  [
    'a swap of a token that an earlier path left too',
    [
      v2([dai, weth], { to: self }),
      v2([usdc, weth], { to: self, minimum: 0n }),
      single({ tokenIn: weth, amountIn: 0n }),
    ],
    /another one left/,
  ],
  [
    'a minimum half-way',
    [v2([usdc, weth], { to: self, minimum: 1n }), single({ tokenIn: weth, amountIn: 0n })],
    /minimum half-way/,
  ],
]

test.each(cases)('error: UndecodableBundleError, %s', (_, calls, reason) => {
  expect(() => decode(calls)).toThrow(UndecodableBundleError)
  expect(() => decode(calls)).toThrow(reason)
})

describe('calls around the multicall', () => {
  const swap = { to: router, data: multicall([single()]), value: 0n }
  const bundle = (change: object, approvals: readonly object[] = []) =>
    ({ account, approvals, swap: { ...swap, ...change } }) as Parameters<typeof decodeBundle>[0]
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, 5n] })

  test('default', () => {
    const grant = encodeFunctionData({ abi: permit2Abi, functionName: 'approve', args: [usdc, router, 6n, 7] })
    const approvals = [
      { to: usdc.toLowerCase(), data: approve, value: 0n },
      { to: permit2, data: grant, value: 0n },
    ]
    expect(decodeBundle(bundle({ value: 4n }, approvals), deployment)).toMatchObject({
      approvals: [
        { kind: 'erc20', token: usdc, spender: router, amount: 5n },
        { kind: 'permit2', token: usdc, spender: router, amount: 6n, expiration: 7 },
      ],
      value: 4n,
      deadline,
      router,
    })
  })

  const reads = encodeFunctionData({ abi: erc20Abi, functionName: 'allowance', args: [account, router] })
  const grants = encodeFunctionData({ abi: permit2Abi, functionName: 'allowance', args: [account, usdc, router] })
  const wrong: readonly (readonly [string, ReturnType<typeof bundle>, RegExp])[] = [
    ['one swap without a multicall', bundle({ data: single() }), /not one multicall/],
    ['a deadline beyond all time', bundle({ data: multicall([single()], 2n ** 53n) }), /no real deadline/],
    ['no data', bundle({ data: '0x' }), /cannot be read \(it starts with 0x\)/],
    ['another function', bundle({ data: `${toFunctionSelector('sweepToken(address)')}00` }), /cannot be read/],
    ['bytes at the end', bundle({ data: `${swap.data}00` }), /canonical encoding/],
    ['an approval with value', bundle({}, [{ to: usdc, data: approve, value: 1n }]), /sends native coin/],
    ['another call of a token', bundle({}, [{ to: usdc, data: reads, value: 0n }]), /not an approval/],
    ['another call of Permit2', bundle({}, [{ to: permit2, data: grants, value: 0n }]), /Permit2 is not an approval/],
  ]
  test.each(wrong)('error: UndecodableBundleError, %s', (_, given, reason) => {
    expect(() => decodeBundle(given, deployment)).toThrow(UndecodableBundleError)
    expect(() => decodeBundle(given, deployment)).toThrow(reason)
  })

  test('behaviour: the latest deadline that a number holds is read', () => {
    const latest = BigInt(Number.MAX_SAFE_INTEGER)
    expect(decodeBundle(bundle({ data: multicall([single()], latest) }), deployment).deadline).toBe(Number(latest))
  })

  test('behaviour: the arguments may be written in capitals', () => {
    const data = `${swap.data.slice(0, 10)}${swap.data.slice(10).toUpperCase()}`
    expect(decodeBundle(bundle({ data }), deployment).deadline).toBe(deadline)
  })
})
