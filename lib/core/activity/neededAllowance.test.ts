import { expect, test } from 'vitest'
import { addressOf, buildAsset } from '@/lib/testing/builders/assets'
import { examplePlan as plan } from '@/lib/testing/builders/receipt'
import { findLowerAmount } from './neededAllowance'

const { poolToken: usdc } = buildAsset('USDC', { decimals: 6 })
const { poolToken: link } = buildAsset('LINK')
const contracts = { swapRouter02: addressOf('router'), permit2: addressOf('permit2') }
const allowance = { kind: 'erc20', token: usdc, spender: contracts.swapRouter02, amount: 10n ** 30n } as const
const needed = plan.spendings[0].amount

test('default', () => {
  expect(findLowerAmount(allowance, { plan, contracts })).toBe(needed)
})

test('behaviour: the router of the plan counts', () => {
  const throughPermit2 = { ...plan, router: 'universalRouter' } as const
  expect(findLowerAmount(allowance, { plan: throughPermit2, contracts })).toBeUndefined()
  const ofPermit2 = { ...allowance, spender: contracts.permit2 }
  expect(findLowerAmount(ofPermit2, { plan: throughPermit2, contracts })).toBe(needed)
  expect(findLowerAmount(ofPermit2, { plan, contracts })).toBeUndefined()
})

test.each([
  ['just enough', { ...allowance, amount: needed }],
  ['too little', { ...allowance, amount: needed - 1n }],
  ['of a token that the plan does not sell', { ...allowance, token: link }],
  ['of a token that is reset first', { ...allowance, token: { ...usdc, resetsAllowance: true } }],
  ['a grant of Permit2', { ...allowance, kind: 'permit2' } as const],
])('behaviour: %s', (_, of) => {
  expect(findLowerAmount(of, { plan, contracts })).toBeUndefined()
})
