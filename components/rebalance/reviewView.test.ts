import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { toReviewView } from './reviewView'

const { assets, contracts } = localDeployment
const account: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const usdt: Address = '0xdAC17F958D2ee523a2206206994597C13D831ec7'
const weth = contracts.wrappedNative
const router = contracts.swapRouter02
const named = { account, assets }

const decoded: DecodedBundle = {
  approvals: [
    { kind: 'erc20', token: usdt, spender: router, amount: 0n },
    { kind: 'erc20', token: usdt, spender: router, amount: 7_000_000n },
  ],
  steps: [
    {
      kind: 'swap',
      tokenIn: weth,
      tokenOut: usdc,
      route: [{ tokenIn: weth, tokenOut: usdc, venue: { version: 'v3', feePips: 500 } }],
      amountIn: 10n ** 18n,
      minimumOut: 2_400_000_000n,
      recipient: account,
      paidFrom: 'native',
    },
    {
      kind: 'swap',
      tokenIn: usdt,
      tokenOut: usdc,
      route: [{ tokenIn: usdt, tokenOut: usdc, venue: { version: 'v2' } }],
      amountIn: 7_000_000n,
      minimumOut: 6_900_000n,
      recipient: account,
      paidFrom: 'token',
    },
    { kind: 'refund' },
  ],
  value: 10n ** 18n,
  deadline: 1_700_000_600,
  router,
}

const universal = contracts.universalRouter

/** USDC to ETH in v4, all of that ETH to USDT in v3, both through the router's own balance. */
const throughUniversalRouter: DecodedBundle = {
  approvals: [
    { kind: 'erc20', token: usdc, spender: contracts.permit2, amount: 9_000_000n },
    { kind: 'permit2', token: usdc, spender: universal, amount: 9_000_000n, expiration: 0 },
  ],
  steps: [
    { kind: 'pull', token: usdc, amount: 9_000_000n },
    {
      kind: 'swap',
      tokenIn: usdc,
      tokenOut: nativeAddress,
      route: [{ tokenIn: usdc, tokenOut: nativeAddress, venue: { version: 'v4', feePips: 500, tickSpacing: 10 } }],
      amountIn: 9_000_000n,
      minimumOut: 0n,
      recipient: universal,
      paidFrom: 'router',
    },
    { kind: 'wrap' },
    {
      kind: 'swap',
      tokenIn: weth,
      tokenOut: usdt,
      route: [{ tokenIn: weth, tokenOut: usdt, venue: { version: 'v3', feePips: 3000 } }],
      amountIn: 'rest',
      minimumOut: 0n,
      recipient: universal,
      paidFrom: 'router',
    },
    { kind: 'payOut', token: usdt, minimumOut: 8_900_000n, recipient: account, fromWrapped: false },
  ],
  value: 0n,
  deadline: 1_700_000_600,
  router: universal,
}

describe('toReviewView', () => {
  test('default', () => {
    const view = toReviewView(decoded, named)
    expect(view.calls.map(({ kind }) => kind)).toEqual(['reset', 'approval', 'swap', 'swap', 'refund'])
    expect([view.approvalCount, view.swapCount]).toEqual([2, 2])
    expect(view.spends).toEqual([
      { symbol: 'ETH', decimals: 18, amount: 10n ** 18n },
      { symbol: 'USDT', decimals: 6, amount: 7_000_000n },
    ])
    expect(view.minimums).toEqual([{ symbol: 'USDC', decimals: 6, amount: 2_406_900_000n }])
    expect(view.calls[3]).toMatchObject({
      route: [{ from: 'USDT', to: 'USDC', venue: 'v2', fee: '0.3 %' }],
      receiver: { kind: 'account' },
    })
  })

  test('behaviour: what the router keeps counts once, where it is paid out', () => {
    const bought: DecodedBundle = {
      ...decoded,
      approvals: [],
      steps: [
        {
          kind: 'swap',
          tokenIn: usdc,
          tokenOut: weth,
          route: [{ tokenIn: usdc, tokenOut: weth, venue: { version: 'v3', feePips: 3000 } }],
          amountIn: 1n,
          minimumOut: 2n,
          recipient: router,
          paidFrom: 'token',
        },
        { kind: 'payOut', token: weth, minimumOut: 2n, recipient: account, fromWrapped: true },
      ],
      value: 0n,
    }
    const view = toReviewView(bought, named)
    expect(view.calls[0]).toMatchObject({ kind: 'swap', receiver: { kind: 'router' } })
    expect(view.calls[1]).toMatchObject({ kind: 'payOut', symbol: 'ETH', receiver: { kind: 'account' } })
    expect(view.minimums).toEqual([{ symbol: 'ETH', decimals: 18, amount: 2n }])
  })

  test('behaviour: the Universal Router step by step', () => {
    const view = toReviewView(throughUniversalRouter, named)
    expect(view.calls.map(({ kind }) => kind)).toEqual(['approval', 'grant', 'pull', 'swap', 'wrap', 'swap', 'payOut'])
    expect(view.calls[1]).toMatchObject({ spender: universal, expiration: 0, amount: { symbol: 'USDC' } })
    expect(view.calls[3]).toMatchObject({
      sell: { symbol: 'USDC', amount: 9_000_000n },
      buySymbol: 'ETH',
      minimum: undefined,
      route: [{ from: 'USDC', to: 'ETH', venue: 'v4', fee: '0.05 %' }],
      receiver: { kind: 'router' },
    })
    expect(view.calls[5]).toMatchObject({ sellSymbol: 'WETH', sell: undefined })
    expect(view.spends).toEqual([{ symbol: 'USDC', decimals: 6, amount: 9_000_000n }])
    expect(view.minimums).toEqual([{ symbol: 'USDT', decimals: 6, amount: 8_900_000n }])
    expect(view.router).toBe(universal)
  })

  test('behaviour: what goes to a stranger is no minimum of the account', () => {
    const stranger: Address = '0x00000000000000000000000000000000DeaDBeef'
    const steps = throughUniversalRouter.steps.map((step) =>
      step.kind === 'payOut' ? { ...step, recipient: stranger } : step,
    )
    const view = toReviewView({ ...throughUniversalRouter, steps }, named)
    expect(view.calls.at(-1)).toMatchObject({ receiver: { kind: 'stranger', address: stranger } })
    expect(view.minimums).toEqual([])
  })

  test('behaviour: a token that is not listed appears by its full address', () => {
    const foreign: Address = '0x00000000000000000000000000000000000000ff'
    const [approval] = toReviewView(
      { ...decoded, approvals: [{ kind: 'erc20', token: foreign, spender: router, amount: 1n }] },
      named,
    ).calls
    expect(approval).toMatchObject({ kind: 'approval', amount: { symbol: foreign, decimals: 0, amount: 1n } })
  })
})
