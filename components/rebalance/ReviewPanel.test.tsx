import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { DecodedBundle } from '@/lib/core/bundle'
import { toUsd } from '@/lib/core/units'
import type { Review } from '@/lib/query/readReview'
import { describeSending, ReviewPanel } from './ReviewPanel'
import { examplePlan } from './testing/examplePlan'

const { assets, contracts } = localDeployment
const { account, block, deadline } = examplePlan
const [usdc, link] = ['USDC', 'LINK'].map((id) => assets.find((asset) => asset.id === id)?.poolToken.address)
if (usdc === undefined || link === undefined) throw new Error('USDC and LINK are listed.')

const decoded: DecodedBundle = {
  approvals: [{ token: usdc, spender: contracts.swapRouter02, amount: 1_000_000_000n }],
  swaps: [
    {
      tokenIn: usdc,
      tokenOut: link,
      route: [{ tokenIn: usdc, tokenOut: link, venue: 3000 }],
      amountIn: 1_000_000_000n,
      minimumOut: 65n * 10n ** 18n,
      recipient: account,
      paidFrom: 'token',
    },
  ],
  refundsNative: false,
  value: 0n,
  deadline,
  router: contracts.swapRouter02,
}

const review: Review = {
  plan: examplePlan,
  snapshot: { chainId: 31337, account, block, assets: [], pools: [] },
  rung: 'atomicBatch',
  bundle: {
    chainId: 31337,
    account,
    approvals: [],
    swap: { to: contracts.swapRouter02, data: '0x', value: 0n },
    deadline,
    hash: '0x',
  },
  decoded,
  simulatedAt: block,
  simulation: {
    status: 'succeeded',
    deltas: [
      { token: link, amount: 66n * 10n ** 18n },
      { token: usdc, amount: -1_000_000_000n },
    ],
    tokens: [],
    unreadable: [],
    gasUsed: 200_000n,
    gasUsedByCall: [200_000n],
  },
  delegation: { kind: 'none' },
  violations: [],
}

const draw = (of: Review) =>
  renderToStaticMarkup(<ReviewPanel review={of} assets={assets} block={undefined} action={null} />)

describe('ReviewPanel', () => {
  test('default: calls, exact approval, minimum, full addresses and simulated changes', () => {
    const html = draw(review)
    const text = html.replace(/<[^>]+>/g, '').replaceAll('\u00a0', ' ')
    expect(text).toContain('Allow exactly 1,000 USDC to be taken')
    expect(text).toContain('Swap 1,000 USDC for at least 65 LINK')
    expect(text).toContain(`Uniswap SwapRouter02 ${contracts.swapRouter02}`)
    expect(text).toContain(account)
    expect(text).toContain('+66 LINK')
    expect(text).toContain('−1,000 USDC')
    expect(text).toContain('Ballast never asks you to sign a message')
  })

  test('behaviour: A-11 what is drawn follows the bytes, not the plan', () => {
    const [leg] = examplePlan.legs
    const otherPlan = { ...examplePlan, legs: [{ ...leg, buy: 'UNI', minimumOut: 1n, soldUsd: toUsd(1n) }] as const }
    expect(draw({ ...review, plan: otherPlan })).toBe(draw(review))
    const [swap] = decoded.swaps
    if (swap === undefined) throw new Error('one swap')
    expect(draw({ ...review, decoded: { ...decoded, swaps: [{ ...swap, minimumOut: 1n }] } })).not.toBe(draw(review))
  })

  test('behaviour: another recipient than the account is written out in full', () => {
    const stranger = '0x00000000000000000000000000000000DeaDBeef'
    const swaps = decoded.swaps.map((swap) => ({ ...swap, recipient: stranger }) as const)
    expect(draw({ ...review, decoded: { ...decoded, swaps } })).toContain(stranger)
  })
})

describe('describeSending', () => {
  test('default', () => {
    expect(describeSending('atomicBatch', { approvals: 3, swaps: 5 })).toBe(
      'One signature: 3 approvals and 5 swaps, all or nothing.',
    )
    expect(describeSending('approveThenSwap', { approvals: 1, swaps: 2 })).toBe(
      '2 signatures: 1 approval one by one, then 2 swaps in one transaction.',
    )
    expect(describeSending('approveThenSwap', { approvals: 0, swaps: 1 })).toBe(
      'One signature: 1 swap in one transaction.',
    )
  })
})
