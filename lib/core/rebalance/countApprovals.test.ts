import { describe, expect, test } from 'vitest'
import { buildMarket } from '@/lib/testing/builders/market'
import { blockTimestamp } from '@/lib/testing/builders/snapshot'
import { nativeAddress } from '../asset'
import type { TokenReading } from '../snapshot'
import { countApprovals } from './countApprovals'

const deadline = blockTimestamp + 600
const { assets } = buildMarket({ holdings: {} })
const addressOf = (id: string) => {
  const reading = assets.find(({ asset }) => asset.id === id)
  if (!reading) throw new Error(`${id} is listed`)
  return reading.asset.poolToken.address
}
const readingsWith = (change: Partial<TokenReading>) =>
  assets.map((reading) => ({ ...reading, tokens: reading.tokens.map((token) => ({ ...token, ...change })) }))
const count = (router: 'swapRouter02' | 'universalRouter', id: string, change: Partial<TokenReading> = {}) =>
  countApprovals({
    router,
    taken: [{ token: addressOf(id), amount: 1_000n }],
    readings: readingsWith(change),
    deadline,
  })
const known = (amount: bigint) => ({ status: 'known', amount }) as const

describe('countApprovals', () => {
  test('default: one for SwapRouter02, one and a grant for the Universal Router', () => {
    expect(count('swapRouter02', 'LINK')).toEqual({ erc20: 1, firstGrants: 0, laterGrants: 0 })
    expect(count('universalRouter', 'LINK')).toEqual({ erc20: 1, firstGrants: 1, laterGrants: 0 })
  })

  test('behaviour: none where what is allowed suffices, a reset more where the token asks for it', () => {
    expect(count('swapRouter02', 'USDT', { routerAllowance: known(1_000n) })?.erc20).toBe(0)
    expect(count('swapRouter02', 'USDT', { routerAllowance: known(999n) })?.erc20).toBe(2)
    expect(count('universalRouter', 'USDT', { routerAllowance: known(999n) })?.erc20).toBe(1)
    expect(count('universalRouter', 'USDT', { permit2Allowance: known(999n) })?.erc20).toBe(2)
  })

  test('behaviour: a grant counts while it lasts beyond the deadline, and its traces make the next one cheaper', () => {
    const grant = (amount: bigint, expiration: number) => ({
      universalRouterGrant: { status: 'known', amount, expiration } as const,
    })
    expect(count('universalRouter', 'LINK', grant(1_000n, deadline))).toMatchObject({ firstGrants: 0, laterGrants: 0 })
    expect(count('universalRouter', 'LINK', grant(1_000n, deadline - 1))).toMatchObject({ laterGrants: 1 })
    expect(count('universalRouter', 'LINK', grant(0n, 1))).toMatchObject({ firstGrants: 0, laterGrants: 1 })
  })

  test('behaviour: what cannot be told is a reset for SwapRouter02, and closes the Universal Router', () => {
    const unreadable = { status: 'unreadable', reason: 'reverted' } as const
    expect(count('swapRouter02', 'USDT', { routerAllowance: unreadable })?.erc20).toBe(2)
    expect(count('universalRouter', 'LINK', { permit2Allowance: unreadable })).toBeUndefined()
    expect(count('universalRouter', 'LINK', { universalRouterGrant: unreadable })).toBeUndefined()
  })

  test('behaviour: the native coin needs none', () => {
    const taken = [{ token: nativeAddress, amount: 1_000n }]
    expect(countApprovals({ router: 'universalRouter', taken, readings: assets, deadline })).toEqual({
      erc20: 0,
      firstGrants: 0,
      laterGrants: 0,
    })
  })
})
