import { describe, expect, test } from 'vitest'
import { buildPool } from '@/lib/testing/builders/market'
import { swapExactIn } from '../amm/swapExactIn'
import type { Pool } from '../snapshot'
import { toUsd, usdUnit } from '../units'
import { toHopPool } from './hopPool'
import { type JudgedLegs, judgeLegs } from './judgeLegs'
import type { Leg, Purchase, Spending } from './plan'
import type { PricedAsset } from './screenAssets'

const prices = { ETH: 3_000n, USDC: 1n, LINK: 15n }
const decimals = { ETH: 18, USDC: 6, LINK: 18 }
type Id = keyof typeof prices
const assetOf = new Map<string, PricedAsset>(
  (['ETH', 'USDC', 'LINK'] as const).map((assetId) => [
    assetId,
    { assetId, decimals: decimals[assetId], price: toUsd(prices[assetId] * usdUnit) } as PricedAsset,
  ]),
)
const units = (id: Id, usd: bigint) => (usd * 10n ** BigInt(decimals[id])) / prices[id]

/** A leg over one pool that loses so much against the feeds. */
function leg(sell: Id, buy: Id, soldUsd: bigint, lossBps: bigint): Leg {
  const [amountIn, quotedOut] = [units(sell, soldUsd), (units(buy, soldUsd) * (10_000n - lossBps)) / 10_000n]
  const hop = {
    pool: { kind: 'concentrated', id: `0x${sell}${buy}`, feePips: 0 },
    sell,
    buy,
    amountIn,
    amountOut: quotedOut,
  }
  return {
    ...{ sell, buy, hops: [hop], amountIn, quotedOut, minimumOut: 0n, soldUsd: soldUsd * usdUnit },
    ...{ impactUsd: (soldUsd * usdUnit * lossBps) / 10_000n, impactBps: Number(lossBps) },
  } as unknown as Leg
}
const spend = (assetId: Id, usd: bigint) => ({ assetId, amount: units(assetId, usd) }) as Spending
const buy = (assetId: Id, quotedOut: bigint, minimumOut: bigint) => ({ assetId, quotedOut, minimumOut }) as Purchase

const judge = (change: Partial<JudgedLegs>) =>
  judgeLegs({
    ...{ router: 'universalRouter', legs: [], spendings: [], purchases: [], assetOf, hubAssetIds: ['ETH', 'USDC'] },
    ...{ toleranceBps: 100, pools: new Map() },
    ...change,
  })

describe('judgeLegs', () => {
  test('default: what loses no more than the tolerance is fair', () => {
    expect(judge({ legs: [leg('ETH', 'USDC', 1_000n, 90n)], spendings: [spend('ETH', 1_000n)] })).toEqual({
      status: 'fair',
    })
  })

  test('behaviour: a leg that pays less than its minimum is poor, and says how far it may go', () => {
    const { minimumOut, ...poor } = leg('ETH', 'LINK', 1_000n, 200n)
    const legs = [{ ...poor, minimumOut: units('LINK', 990n) + minimumOut }]
    const judged = judge({ router: 'swapRouter02', legs, spendings: [spend('ETH', 1_000n)] })
    expect(judged).toEqual({
      status: 'poor',
      obstacle: { kind: 'belowOracleFloor', assetIds: ['ETH', 'LINK'] },
      // The pool is not known, so it is tried with half. The one that is no hub goes less far.
      farBps: new Map([['LINK', 5_000]]),
    })
  })

  test('behaviour: a purchase that no leg leads to goes nowhere', () => {
    const judged = judge({ purchases: [buy('LINK', 1n, 2n)] })
    expect(judged).toMatchObject({ status: 'poor', farBps: new Map([['LINK', 0]]) })
  })

  test('behaviour: legs that are each within the limit and together beyond it are the priceImpact of all', () => {
    const legs = [leg('ETH', 'USDC', 3_000n, 400n), leg('USDC', 'LINK', 2_880n, 400n)]
    const judged = judge({ legs, spendings: [spend('ETH', 3_000n)], toleranceBps: 500 })
    expect(judged).toMatchObject({
      status: 'poor',
      obstacle: { kind: 'priceImpact', impactBps: 784, assetIds: ['ETH', 'LINK', 'USDC'] },
    })
  })

  test('behaviour: what one leg gains does not make up for what another loses', () => {
    const legs = [leg('ETH', 'USDC', 1_000n, 900n), leg('ETH', 'LINK', 1_000n, -300n)]
    const judged = judge({ legs, spendings: [spend('ETH', 2_000n)] })
    if (judged.status !== 'poor' || judged.obstacle.kind !== 'priceImpact') throw new Error(judged.status)
    expect(judged.obstacle.lossUsd).toBe(90n * usdUnit)
    expect(judged.obstacle.impactBps).toBe(900)
    expect(judged.farBps.has('LINK')).toBe(false)
  })

  test('behaviour: legs that gain and still miss a minimum go half as far', () => {
    const legs = [{ ...leg('ETH', 'LINK', 1_000n, -100n), minimumOut: units('LINK', 1_200n) }]
    const judged = judge({ router: 'swapRouter02', legs, spendings: [spend('ETH', 1_000n)] })
    expect(judged).toMatchObject({ status: 'poor', farBps: new Map([['LINK', 5_000]]) })
  })

  test('behaviour: in a known pool the amount is found at which the loss is allowed', () => {
    const pool: Pool = buildPool({ pair: ['ETH', 'LINK'], venue: 'v2', depthUsd: 100_000n })
    const tokenIn = pool.assetIds[0] === 'ETH' ? pool.token0 : pool.token1
    const sellInto = (usd: bigint): Leg => {
      const amountIn = units('ETH', usd)
      const outcome = swapExactIn({ pool, tokenIn, amountIn })
      if (outcome.status !== 'swapped') throw new Error(outcome.status)
      const bought = outcome.amountOut
      const hop = { pool: toHopPool(pool), sell: 'ETH', buy: 'LINK', tokenIn, amountIn, amountOut: bought }
      const impactUsd = (usd * usdUnit * 997n) / 1_000n - bought * prices.LINK
      const impactBps = Number((impactUsd * 10_000n) / (usd * usdUnit))
      return {
        ...leg('ETH', 'LINK', usd, 0n),
        ...{ hops: [hop], quotedOut: bought, impactUsd, impactBps },
      } as unknown as Leg
    }
    const judgeSale = (usd: bigint) =>
      judge({ legs: [sellInto(usd)], spendings: [spend('ETH', usd)], pools: new Map([[pool.id, pool]]) })
    const judged = judgeSale(4_000n)
    const far = judged.status === 'poor' ? judged.farBps.get('LINK') : undefined
    expect(far).toBeGreaterThan(2_000)
    expect(far).toBeLessThan(4_000)
    expect(judgeSale((4_000n * BigInt(far ?? 0)) / 10_000n)).toEqual({ status: 'fair' })
  })
})
