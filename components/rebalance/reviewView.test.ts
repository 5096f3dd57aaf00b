import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { toReviewView } from './reviewView'

const { assets, contracts } = localDeployment
const account: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const usdt: Address = '0xdAC17F958D2ee523a2206206994597C13D831ec7'
const weth = contracts.wrappedNative
const router = contracts.swapRouter02

const decoded: DecodedBundle = {
  approvals: [
    { token: usdt, spender: router, amount: 0n },
    { token: usdt, spender: router, amount: 7_000_000n },
  ],
  swaps: [
    {
      tokenIn: weth,
      tokenOut: usdc,
      route: [{ tokenIn: weth, tokenOut: usdc, venue: 500 }],
      amountIn: 10n ** 18n,
      minimumOut: 2_400_000_000n,
      recipient: account,
      paidFrom: 'native',
    },
    {
      tokenIn: usdt,
      tokenOut: usdc,
      route: [{ tokenIn: usdt, tokenOut: usdc, venue: 'v2' }],
      amountIn: 7_000_000n,
      minimumOut: 6_900_000n,
      recipient: account,
      paidFrom: 'token',
    },
  ],
  refundsNative: true,
  value: 10n ** 18n,
  deadline: 1_700_000_600,
  router,
}

describe('toReviewView', () => {
  test('default', () => {
    const view = toReviewView(decoded, assets)
    expect(view.calls.map(({ kind }) => kind)).toEqual(['reset', 'approval', 'swap', 'swap', 'refund'])
    expect(view.spends).toEqual([
      { symbol: 'ETH', decimals: 18, amount: 10n ** 18n },
      { symbol: 'USDT', decimals: 6, amount: 7_000_000n },
    ])
    expect(view.minimums).toEqual([{ symbol: 'USDC', decimals: 6, amount: 2_406_900_000n }])
    expect(view.calls[3]).toMatchObject({ route: [{ from: 'USDT', to: 'USDC', venue: 'Uniswap v2', fee: '0.3 %' }] })
  })

  test('behaviour: what the router keeps counts once, at the unwrap', () => {
    const bought: DecodedBundle = {
      ...decoded,
      approvals: [],
      swaps: [
        {
          tokenIn: usdc,
          tokenOut: weth,
          route: [{ tokenIn: usdc, tokenOut: weth, venue: 3000 }],
          amountIn: 1n,
          minimumOut: 2n,
          recipient: router,
          paidFrom: 'token',
        },
      ],
      unwrap: { minimumOut: 2n, recipient: account },
      refundsNative: false,
      value: 0n,
    }
    const view = toReviewView(bought, assets)
    expect(view.calls[0]).toMatchObject({ kind: 'swap', isUnwrappedLater: true })
    expect(view.calls[1]).toMatchObject({ kind: 'unwrap', recipient: account })
    expect(view.minimums).toEqual([{ symbol: 'ETH', decimals: 18, amount: 2n }])
  })

  test('behaviour: a token that is not listed appears by its full address', () => {
    const foreign: Address = '0x00000000000000000000000000000000000000ff'
    const [approval] = toReviewView(
      { ...decoded, approvals: [{ token: foreign, spender: router, amount: 1n }] },
      assets,
    ).calls
    expect(approval).toMatchObject({ kind: 'approval', amount: { symbol: foreign, decimals: 0, amount: 1n } })
  })
})
