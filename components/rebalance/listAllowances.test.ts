import { expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { TokenReading } from '@/lib/core/snapshot'
import { listAllowances } from './listAllowances'
import { examplePlan } from './testing/examplePlan'

const { contracts } = localDeployment
const { block } = examplePlan
const [link] = localDeployment.assets.filter(({ id }) => id === 'LINK')
if (link === undefined) throw new Error('LINK is listed.')

const known = (amount: bigint) => ({ status: 'known', amount }) as const
const none: TokenReading = {
  token: link.poolToken,
  balance: known(5n),
  routerAllowance: known(0n),
  permit2Allowance: known(0n),
  universalRouterGrant: { ...known(0n), expiration: 0 },
}

const list = (reading: Partial<TokenReading>) =>
  listAllowances(
    { assets: [{ asset: link, tokens: [{ ...none, ...reading }], price: { status: 'noFeed' } }], block },
    localDeployment,
  )

test('default', () => {
  expect(list({ routerAllowance: known(3n), permit2Allowance: known(4n) })).toEqual([
    { kind: 'erc20', token: link.poolToken, spender: contracts.swapRouter02, amount: 3n, isUnlimited: false },
    { kind: 'erc20', token: link.poolToken, spender: contracts.permit2, amount: 4n, isUnlimited: false },
  ])
  expect(list({})).toEqual([])
})

test('behaviour: what could not be read hides nothing else', () => {
  const readings = {
    routerAllowance: { status: 'unreadable', reason: 'no answer' },
    permit2Allowance: known(4n),
  } as const
  expect(list(readings)).toMatchObject([{ spender: contracts.permit2, amount: 4n }])
})

test('behaviour: a grant of Permit2 counts until its time is over', () => {
  const grant = (expiration: number) => list({ universalRouterGrant: { ...known(7n), expiration } })
  expect(grant(block.timestamp)).toMatchObject([
    { kind: 'permit2', spender: contracts.universalRouter, amount: 7n, expiration: block.timestamp },
  ])
  expect(grant(block.timestamp - 1)).toEqual([])
})

test('behaviour: an allowance without a limit is marked', () => {
  expect(list({ permit2Allowance: known(2n ** 256n - 1n) })).toMatchObject([{ isUnlimited: true }])
})
