import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { DecodedBundle } from '@/lib/core/bundle'
import { type Address, toUsd } from '@/lib/core/units'
import type { Review } from '@/lib/query/readReview'
import { describeSending, ReviewPanel } from './ReviewPanel'
import { examplePlan } from './testing/examplePlan'

const { assets, contracts } = localDeployment
const { account, block, deadline } = examplePlan
const [usdc, link] = ['USDC', 'LINK'].map((id) => assets.find((asset) => asset.id === id)?.poolToken.address)
if (usdc === undefined || link === undefined) throw new Error('USDC and LINK are listed.')

const decoded: DecodedBundle = {
  approvals: [{ kind: 'erc20', token: usdc, spender: contracts.swapRouter02, amount: 1_000_000_000n }],
  steps: [
    {
      kind: 'swap',
      tokenIn: usdc,
      tokenOut: link,
      route: [{ tokenIn: usdc, tokenOut: link, venue: { version: 'v3', feePips: 3000 } }],
      amountIn: 1_000_000_000n,
      minimumOut: 65n * 10n ** 18n,
      recipient: account,
      paidFrom: 'token',
    },
  ],
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
  refusals: [],
}

const draw = (of: Review) =>
  renderToStaticMarkup(<ReviewPanel review={of} deployment={localDeployment} block={undefined} action={null} />)

const textOf = (html: string) => html.replace(/<[^>]+>/g, '').replaceAll('\u00a0', ' ')

describe('ReviewPanel', () => {
  test('default: calls, exact approval, minimum, full addresses and simulated changes', () => {
    const html = draw(review)
    const text = textOf(html)
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
    const steps = decoded.steps.map((step) => (step.kind === 'swap' ? { ...step, minimumOut: 1n } : step))
    expect(draw({ ...review, decoded: { ...decoded, steps } })).not.toBe(draw(review))
  })

  test('behaviour: another recipient than the account is written out in full', () => {
    const stranger: Address = '0x00000000000000000000000000000000DeaDBeef'
    const steps = decoded.steps.map((step) => (step.kind === 'swap' ? { ...step, recipient: stranger } : step))
    expect(draw({ ...review, decoded: { ...decoded, steps } })).toContain(stranger)
  })

  test('behaviour: grants of Permit2 say for whom, how much and for how long', () => {
    const grant = { kind: 'permit2', token: usdc, spender: contracts.universalRouter, amount: 5_000_000n } as const
    const words = (expiration: number) =>
      textOf(draw({ ...review, decoded: { ...decoded, approvals: [{ ...grant, expiration }] } }))
    expect(words(0)).toContain('Permit2 lets exactly 5 USDC be pulled, until this block only')
    expect(words(0)).toContain(contracts.universalRouter)
    expect(words(1_700_000_000)).toContain('until 2023-11-14 22:13 UTC')
  })

  test('behaviour: a swap of the rest and a pay-out say what they do', () => {
    const universal = contracts.universalRouter
    const html = draw({
      ...review,
      decoded: {
        ...decoded,
        router: universal,
        steps: [
          { kind: 'pull', token: usdc, amount: 2_000_000n },
          {
            kind: 'swap',
            tokenIn: usdc,
            tokenOut: link,
            route: [{ tokenIn: usdc, tokenOut: link, venue: { version: 'v4', feePips: 500, tickSpacing: 10 } }],
            amountIn: 'rest',
            minimumOut: 0n,
            recipient: universal,
            paidFrom: 'router',
          },
          { kind: 'payOut', token: link, minimumOut: 10n ** 18n, recipient: account, fromWrapped: false },
        ],
      },
    })
    const text = textOf(html)
    expect(text).toContain('Pull 2 USDC into the router')
    expect(text).toContain('Swap all USDC that the router then holds for LINK')
    expect(text).toContain('v4 0.05 %')
    expect(text).toContain('Stays in the router')
    expect(text).toContain('Pay out all LINK, at least 1 LINK')
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
