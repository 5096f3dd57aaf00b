import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest, buildPool, marketPlans } from '@/lib/testing/builders/market'
import { composeDrafts, replayDrafts, splitAmount } from './composeLegs'
import type { FlowPath } from './decomposeFlow'
import { screenAssets } from './screenAssets'

const ether = 10n ** 18n

function screened(holdings: Parameters<typeof buildMarket>[0]['holdings'], allowance?: bigint) {
  const snapshot = buildMarket({ holdings, ...(allowance === undefined ? {} : { allowance }) })
  const result = screenAssets(buildPlanRequest({ snapshot, weights: { USDC: 10_000 } }))
  if (result.status === 'blocked') throw new Error(result.obstacle.kind)
  return result
}

const path = (sell: string, buy: string, amountIn: number, value: number): FlowPath => ({
  sell,
  buy,
  edges: [{ poolId: `${sell}${buy}`, from: sell, to: buy, amountIn, amountOut: amountIn }],
  amountIn,
  value,
})

describe('splitAmount', () => {
  test('default: the last part takes the dust', () => {
    expect(splitAmount(100n, [1, 1, 1])).toEqual([33n, 33n, 34n])
    expect(splitAmount(7n, [5])).toEqual([7n])
  })

  test('property: A-21 parts add up exactly and none is above its share', () => {
    const weights = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), weights, (amount, shares) => {
        const parts = splitAmount(amount, shares)
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount)
        for (const part of parts) expect(part).toBeGreaterThanOrEqual(0n)
      }),
    )
  })
})

describe('composeDrafts', () => {
  // $30,000 of ether and $15,000 of the wrapped coin: 10 and 5.
  const { native } = screened({ ETH: 30_000n, WETH: 15_000n })

  test('default: the wrapped coin is used up first, and the path between both becomes two legs', () => {
    const paths = [path('ETH', 'USDC', 2.5, 7_500), path('ETH', 'DAI', 7.5, 22_500)]
    const drafts = composeDrafts({ paths, sells: new Map([['ETH', 10n * ether]]), native })
    expect(drafts.map(({ paidFrom, buy, amountIn }) => [paidFrom, buy, amountIn])).toEqual([
      ['native', 'USDC', (5n * ether) / 2n],
      ['native', 'DAI', (5n * ether) / 2n],
      ['token', 'DAI', 5n * ether],
    ])
  })

  test('behaviour: with enough of the wrapped coin nothing native is sent', () => {
    const drafts = composeDrafts({ paths: [path('ETH', 'USDC', 4, 1)], sells: new Map([['ETH', 4n * ether]]), native })
    expect(drafts.map(({ paidFrom }) => paidFrom)).toEqual(['token'])
  })

  test('behaviour: legs that buy ether stand last, the smallest of each group first', () => {
    const paths = [
      path('UNI', 'ETH', 1, 5),
      path('UNI', 'DAI', 3, 40),
      path('LINK', 'DAI', 1, 7),
      path('LINK', 'ETH', 1, 99),
    ]
    const sells = new Map([
      ['UNI', 4n * ether],
      ['LINK', 2n * ether],
    ])
    const drafts = composeDrafts({ paths, sells, native })
    expect(drafts.map(({ sell, buy }) => `${sell}>${buy}`)).toEqual(['LINK>DAI', 'UNI>DAI', 'UNI>ETH', 'LINK>ETH'])
  })
})

describe('replayDrafts', () => {
  const pools = marketPlans.map(buildPool)
  const pool = pools[0]
  if (!pool) throw new Error('the market has pools')
  const payment = { paidFrom: 'token', paidTo: 'account' } as const
  const draft = { ...payment, sell: 'ETH', buy: 'USDC', poolIds: [pool.id], amountIn: ether }

  test('default: a pool that is called twice pays less the second time', () => {
    const replay = replayDrafts([draft, draft], pools)
    if (replay.status === 'failed') throw new Error('failed')
    const [first, second] = replay.legs
    expect(second?.quotedOut).toBeLessThan(first?.quotedOut ?? 0n)
  })

  test('behaviour: what no pool can carry fails with the draft', () => {
    const tooMuch = { ...draft, amountIn: 10n ** 40n }
    expect(replayDrafts([draft, tooMuch], pools)).toEqual({ status: 'failed', draft: tooMuch })
    const unknown = { ...draft, poolIds: ['0x0'] }
    expect(replayDrafts([unknown], pools)).toEqual({ status: 'failed', draft: unknown })
  })
})
