import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { poolArbitrary } from '@/lib/testing/arbitraries/pools'
import { buildMarket, buildPlanRequest, buildPool, marketPlans, sideOf } from '@/lib/testing/builders/market'
import { buildSingletonPool, reservesOf } from '@/lib/testing/builders/pools'
import { swapExactIn } from '../amm/swapExactIn'
import { quotePool } from '../routing/quote'
import { toUsd, usdUnit } from '../units'
import { composePools, toRoutingPool, toWhole } from './composePools'
import { screenAssets } from './screenAssets'

const snapshot = buildMarket({ holdings: { ETH: 1000n } })
const screened = screenAssets(buildPlanRequest({ snapshot, weights: { USDC: 10_000 } }))
if (screened.status === 'blocked') throw new Error(screened.obstacle.kind)
const { priced, native } = screened
type Pools = Parameters<typeof composePools>[0]['pools']
const compose = (pools: Pools, assets = priced, rung: 'atomicBatch' | 'approveThenSwap' = 'atomicBatch') =>
  composePools({ pools, assets, rung, maxFeePerGas: 10n ** 9n, nativePrice: native.price })
const keptOf = (pools: Pools) => compose(pools).kept.swapRouter02
const reasonOf = (pools: Pools, assets = priced) => compose(pools, assets).leftOut[0]?.reason

describe('composePools', () => {
  test('default: all pools in the order of their ids, with the gas of a call in dollars', () => {
    const { kept, leftOut } = compose(snapshot.pools)
    expect(kept.swapRouter02).toHaveLength(marketPlans.length)
    expect(kept.universalRouter).toEqual(kept.swapRouter02)
    expect(leftOut).toEqual([])
    const ids = kept.swapRouter02.map(({ node }) => node.id)
    expect(ids).toEqual([...ids].sort())
    // 62,000 units at 1 gwei and $3,000
    expect(kept.swapRouter02.find(({ node }) => node.kind === 'constantProduct')?.node.gasCost).toBeCloseTo(0.186, 9)
  })

  const [plan] = marketPlans
  if (!plan) throw new Error('the market has pools')
  const pool = buildPool(plan)

  test('behaviour: pools that are empty or unpriced are left out', () => {
    expect(reasonOf([{ ...pool, reserve0: 0n } as typeof pool])).toBe('noLiquidity')
    const without = priced.filter(({ assetId }) => assetId !== 'USDC')
    expect(reasonOf([pool], without)).toBe('unpriced')
  })

  test('behaviour: pools far from the feeds are left out, and say how far', () => {
    expect(keptOf([buildPool({ ...plan, skewPpm: 22_000n })])).toHaveLength(1)
    expect(compose([buildPool({ ...plan, skewPpm: 24_000n })]).leftOut).toMatchObject([
      { reason: 'offPrice', offBps: 240, assetIds: ['USDC', 'ETH'] },
    ])
    const stable = { pair: ['USDC', 'DAI'] as const, venue: 100 as const, depthUsd: 1_000_000n }
    expect(keptOf([buildPool({ ...stable, skewPpm: 4_000n })])).toHaveLength(1)
    expect(reasonOf([buildPool({ ...stable, skewPpm: 6_000n })])).toBe('offPrice')
  })

  test('behaviour: pools that less than $500 move by 2 % are left out, by the better of both ways', () => {
    // sqrt(1.02) - 1 of a side is 0.995 %: $502 of $50,300, plus the fee.
    expect(keptOf([buildPool({ ...plan, depthUsd: 50_300n })])).toHaveLength(1)
    expect(reasonOf([buildPool({ ...plan, depthUsd: 49_900n })])).toBe('tooShallow')
    const [pair] = snapshot.pools.filter((one) => one.kind === 'concentrated')
    if (!pair) throw new Error('the market has v3 pools')
    // Liquidity on one side of the price only.
    const oneSided = { ...pair, knownTicks: { ...pair.knownTicks, lower: Math.floor(pair.tick / 10) * 10 } }
    expect(keptOf([oneSided])).toHaveLength(1)
  })

  test('behaviour: v4 is for the Universal Router, and for wallets that can batch', () => {
    const singleton = buildSingletonPool({
      sides: [sideOf('ETH'), sideOf('USDC')],
      feePips: 500,
      bands: [{ halfWidthSpacings: 900_000, depthUsd: 1_000_000n }],
      protocolFeePips: [100, 300],
    })
    const { kept } = compose([singleton])
    expect(kept.swapRouter02).toEqual([])
    // The cheaper way: the bound has to hold for both.
    expect(kept.universalRouter[0]?.node.fee).toBeCloseTo(0.0006, 12)
    expect(compose([singleton], priced, 'approveThenSwap')).toEqual({
      kept: { swapRouter02: [], universalRouter: [] },
      leftOut: [
        {
          pool: { kind: 'singleton', id: singleton.id, feePips: 500, tickSpacing: 10 },
          assetIds: ['ETH', 'USDC'],
          reason: 'batchOnly',
        },
      ],
    })
  })

  test('property: the floating pool pays what the exact one pays', () => {
    fc.assert(
      fc.property(poolArbitrary, fc.boolean(), fc.integer({ min: 1, max: 200 }), (drawn, sellsFirst, permille) => {
        // The optimiser knows one fee for both ways.
        const pool = drawn.kind === 'singleton' ? { ...drawn, protocolFeePips: [7, 7] as const } : drawn
        // Feeds that agree with the pool, whatever the decimals of the tokens are taken for.
        const [first, second] = [6, 18].map((decimals, position) => {
          return { ...native, assetId: pool.assetIds[position] ?? '', isStable: false, decimals, price: toUsd(usdUnit) }
        })
        if (!first || !second) return
        const mid = midOf(pool, first.decimals, second.decimals)
        if (mid < 1e-9 || mid > 1e9) return
        const node = toRoutingPool(pool, [{ ...first, price: toUsd(BigInt(Math.round(mid * 1e18))) }, second], 0)
        if (!node) throw new Error('left out')
        const side = sellsFirst ? 0 : 1
        const amountIn = (reservesOf(pool)[side] * BigInt(permille)) / 1000n
        // Below a million units rounding shows.
        if (amountIn < 10n ** 6n) return
        const exact = swapExactIn({ pool, tokenIn: sellsFirst ? pool.token0 : pool.token1, amountIn })
        const [decimalsIn, decimalsOut] = sellsFirst
          ? [first.decimals, second.decimals]
          : [second.decimals, first.decimals]
        const quoted = quotePool(node, side, toWhole(amountIn, decimalsIn))
        if (exact.status !== 'swapped' || exact.amountOut < 10n ** 6n) return
        expect(quoted).toBeDefined()
        expect(Math.abs((quoted ?? 0) / toWhole(exact.amountOut, decimalsOut) - 1)).toBeLessThan(1e-5)
      }),
    )
  })
})

function midOf(pool: (typeof snapshot.pools)[number], decimals0: number, decimals1: number): number {
  const raw =
    pool.kind !== 'constantProduct'
      ? (Number(pool.sqrtPriceX96) / 2 ** 96) ** 2
      : Number(pool.reserve1) / Number(pool.reserve0)
  return raw * 10 ** (decimals0 - decimals1)
}
