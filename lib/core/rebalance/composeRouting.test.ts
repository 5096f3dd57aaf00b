import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { poolArbitrary } from '@/lib/testing/arbitraries/pools'
import { buildMarket, buildPlanRequest, buildPool, marketPlans } from '@/lib/testing/builders/market'
import { reservesOf } from '@/lib/testing/builders/pools'
import { swapExactIn } from '../amm/swapExactIn'
import { quotePool } from '../routing/quote'
import { toUsd, usdUnit } from '../units'
import { composePools, connectedGroups, toWhole } from './composeRouting'
import { screenAssets } from './screenAssets'

const snapshot = buildMarket({ holdings: { ETH: 1000n } })
const screened = screenAssets(buildPlanRequest({ snapshot, weights: { USDC: 10_000 } }))
if (screened.status === 'blocked') throw new Error(screened.obstacle.kind)
const { priced, native } = screened
const compose = (pools: Parameters<typeof composePools>[0]['pools'], assets = priced) =>
  composePools({ pools, assets, maxFeePerGas: 10n ** 9n, nativePrice: native.price })

describe('composePools', () => {
  test('default: all pools in the order of their addresses, with the gas of a call in dollars', () => {
    const composed = compose(snapshot.pools)
    expect(composed).toHaveLength(marketPlans.length)
    const ids = composed.map(({ node }) => node.id)
    expect(ids).toEqual([...ids].sort())
    // 62,000 units at 1 gwei and $3,000
    expect(composed.find(({ node }) => node.kind === 'constantProduct')?.node.gasCost).toBeCloseTo(0.186, 9)
  })

  test('behaviour: pools that are empty, unpriced or far from the feeds are left out', () => {
    const [plan] = marketPlans
    if (!plan) throw new Error('the market has pools')
    const pool = buildPool(plan)
    expect(compose([{ ...pool, reserve0: 0n } as typeof pool])).toEqual([])
    expect(
      compose(
        [pool],
        priced.filter(({ assetId }) => assetId !== 'USDC'),
      ),
    ).toEqual([])
    expect(compose([buildPool({ ...plan, skewPpm: 22_000n })])).toHaveLength(1)
    expect(compose([buildPool({ ...plan, skewPpm: 24_000n })])).toEqual([])
    const stable = { pair: ['USDC', 'DAI'] as const, venue: 100 as const, depthUsd: 1_000_000n }
    expect(compose([buildPool({ ...stable, skewPpm: 4_000n })])).toHaveLength(1)
    expect(compose([buildPool({ ...stable, skewPpm: 6_000n })])).toEqual([])
  })

  test('property: the floating pool pays what the exact one pays', () => {
    fc.assert(
      fc.property(poolArbitrary, fc.boolean(), fc.integer({ min: 1, max: 200 }), (pool, sellsFirst, permille) => {
        // Feeds that agree with the pool, whatever the decimals of the tokens are taken for.
        const [first, second] = [6, 18].map((decimals, position) => {
          return { ...native, assetId: pool.assetIds[position] ?? '', isStable: false, decimals, price: toUsd(usdUnit) }
        })
        if (!first || !second) return
        const mid = midOf(pool, first.decimals, second.decimals)
        if (mid < 1e-9 || mid > 1e9) return
        const assets = [{ ...first, price: toUsd(BigInt(Math.round(mid * 1e18))) }, second]
        const [composed] = compose([pool], assets)
        if (!composed) throw new Error('left out')
        const side = sellsFirst ? 0 : 1
        const amountIn = (reservesOf(pool)[side] * BigInt(permille)) / 1000n
        // Below a million units rounding shows.
        if (amountIn < 10n ** 6n) return
        const exact = swapExactIn({ pool, tokenIn: sellsFirst ? pool.token0 : pool.token1, amountIn })
        const [decimalsIn, decimalsOut] = sellsFirst
          ? [first.decimals, second.decimals]
          : [second.decimals, first.decimals]
        const quoted = quotePool(composed.node, side, toWhole(amountIn, decimalsIn))
        if (exact.status !== 'swapped' || exact.amountOut < 10n ** 6n) return
        expect(quoted).toBeDefined()
        expect(Math.abs((quoted ?? 0) / toWhole(exact.amountOut, decimalsOut) - 1)).toBeLessThan(1e-5)
      }),
    )
  })
})

function midOf(pool: (typeof snapshot.pools)[number], decimals0: number, decimals1: number): number {
  const raw =
    pool.kind === 'concentrated'
      ? (Number(pool.sqrtPriceX96) / 2 ** 96) ** 2
      : Number(pool.reserve1) / Number(pool.reserve0)
  return raw * 10 ** (decimals0 - decimals1)
}

describe('connectedGroups', () => {
  test('default', () => {
    const pools = compose(snapshot.pools).filter(
      ({ pool }) => !pool.assetIds.includes('ETH') && !pool.assetIds.includes('AAVE'),
    )
    expect(connectedGroups(['USDC', 'DAI', 'LINK', 'ETH', 'AAVE'], pools)).toEqual([
      ['AAVE'],
      ['DAI', 'LINK', 'USDC'],
      ['ETH'],
    ])
  })
})
