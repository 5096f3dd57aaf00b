import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest, sideOf } from '@/lib/testing/builders/market'
import { buildSingletonPool, unitsWorth } from '@/lib/testing/builders/pools'
import { nativeAddress } from '../asset'
import type { Pool } from '../snapshot'
import { toBps } from '../units'
import type { ReplayedLeg } from './composeLegs'
import type { Hop, Spending } from './plan'
import { priceFlow } from './priceFlow'
import { oracleFloorOf } from './priceLegs'
import { screenAssets } from './screenAssets'

const snapshot = buildMarket({ holdings: { ETH: 1_000n } })
const { settings, ...request } = buildPlanRequest({ snapshot, weights: { USDC: 10_000 } })
const screened = screenAssets({ ...request, settings })
if (screened.status === 'blocked') throw new Error(screened.obstacle.kind)
const assetOf = new Map(screened.priced.map((asset) => [asset.assetId, asset]))
const unit = (id: string, usd: bigint) => unitsWorth(sideOf(id), usd)
const tokenOf = (id: string) => sideOf(id).asset.poolToken.address

/** A leg that pays what the feeds say less so many basis points. */
function leg(sell: string, buy: string, soldUsd: bigint, lossBps: bigint, feePips = 3000): ReplayedLeg {
  const [amountIn, quotedOut] = [unit(sell, soldUsd), (unit(buy, soldUsd) * (10_000n - lossBps)) / 10_000n]
  const pool = { kind: 'concentrated', id: `0x${sell}${buy}`, feePips } as const
  const hop: Hop = { pool, sell, buy, tokenIn: tokenOf(sell), tokenOut: tokenOf(buy), amountIn, amountOut: quotedOut }
  return { sell, buy, paidFrom: 'router', paidTo: 'router', hops: [hop], amountIn, quotedOut, gas: 0n }
}
const spend = (assetId: string, amount: bigint): Spending => ({ assetId, token: tokenOf(assetId), amount })

function price(legs: readonly ReplayedLeg[], spendings: readonly Spending[], pools = new Map<string, Pool>()) {
  return priceFlow({ legs, spendings, pools, assetOf, settings, toleranceBps: 100 })
}

describe('priceFlow', () => {
  test('default: along one path the floor is that of the path', () => {
    const first = leg('LINK', 'ETH', 900n, 40n)
    const second = { ...leg('ETH', 'UNI', 896n, 40n, 500), amountIn: first.quotedOut }
    const { purchases, legs } = price([first, second], [spend('LINK', first.amountIn)])
    const [sell, buy] = [assetOf.get('LINK'), assetOf.get('UNI')]
    if (!sell || !buy) throw new Error('both are listed')
    const hops = [first.hops[0], second.hops[0]] as const
    const oracleFloor = oracleFloorOf({ amountIn: first.amountIn, hops, sell, buy, toleranceBps: 100 })
    expect(purchases).toEqual([
      {
        assetId: 'UNI',
        token: tokenOf('UNI'),
        quotedOut: second.quotedOut,
        minimumOut: (second.quotedOut * 9_950n + 9_999n) / 10_000n,
        oracleFloor,
      },
    ])
    expect(legs.map(({ minimumOut, oracleFloor: own }) => [minimumOut, own])).toEqual([
      [0n, 0n],
      [0n, 0n],
    ])
  })

  test('behaviour: what is passed through mixes in proportion what was given for it', () => {
    // $900 came for a fee of 1 % and $100 for none: of every ether $0.991 are kept of each dollar.
    const dear = leg('LINK', 'ETH', 900n, 0n, 10_000)
    const free = leg('USDC', 'ETH', 100n, 0n, 0)
    const half = leg('ETH', 'UNI', 500n, 0n, 0)
    const { purchases } = price([dear, free, half], [spend('LINK', dear.amountIn), spend('USDC', free.amountIn)])
    const [eth, uni] = purchases
    // {out} = $500 x (0.991 - 0.01) at $8 and at $3,000; a sixth of an ether is not quite $500
    expect(Number(uni?.oracleFloor) / 1e18).toBeCloseTo((500 * 0.981) / 8, 12)
    expect(Number(eth?.oracleFloor) / 1e18).toBeCloseTo((500 * 0.981) / 3_000, 12)
    expect(eth?.token).toBe(nativeAddress)
    expect(purchases.map(({ assetId }) => assetId)).toEqual(['ETH', 'UNI'])
  })

  test('behaviour: the slippage of stable assets holds where only such were given', () => {
    const stable = leg('USDT', 'USDC', 100n, 0n, 100)
    const other = leg('LINK', 'USDC', 100n, 0n, 100)
    const minimumOf = (legs: readonly ReplayedLeg[]) => {
      const { purchases } = price(
        legs,
        legs.map(({ sell, amountIn }) => spend(sell, amountIn)),
      )
      const [purchase] = purchases
      return Number(((purchase?.minimumOut ?? 0n) * 10_000n) / (purchase?.quotedOut ?? 1n))
    }
    expect(settings.stableSlippageBps).toBe(toBps(10))
    expect(minimumOf([stable])).toBe(9_990)
    expect(minimumOf([stable, other])).toBe(9_950)
  })

  test('behaviour: a leg that alone pays the account holds the minimum itself', () => {
    const only = { ...leg('LINK', 'UNI', 100n, 20n), paidTo: 'account' } as const
    const { legs, purchases } = price([only], [spend('LINK', only.amountIn)])
    expect(legs[0]?.minimumOut).toBe(purchases[0]?.minimumOut)
    expect(legs[0]?.minimumOut).toBeGreaterThan(0n)
  })

  test('behaviour: the fee of v4 holds that of the protocol for the way it is raised', () => {
    const bands = [{ halfWidthSpacings: 900_000, depthUsd: 1_000_000n }]
    const sides = [sideOf('LINK'), sideOf('UNI')] as const
    const pool = buildSingletonPool({ sides, bands, feePips: 3000, protocolFeePips: [1000, 0] })
    const feeOf = (sell: 'LINK' | 'UNI', buy: 'LINK' | 'UNI') => {
      const plain = leg(sell, buy, 1_000n, 50n)
      const hop = {
        ...plain.hops[0],
        pool: { kind: 'singleton', id: pool.id, feePips: 3000, tickSpacing: 60 },
      } as const
      const { legs } = price([{ ...plain, hops: [hop] }], [spend(sell, plain.amountIn)], new Map([[pool.id, pool]]))
      return legs[0]?.feeUsd
    }
    const [forth, back] = pool.assetIds[0] === 'LINK' ? (['LINK', 'UNI'] as const) : (['UNI', 'LINK'] as const)
    // 0.1 % and then 0.3 % of the rest
    expect(feeOf(forth, back)).toBe(3_997n * 10n ** 15n)
    expect(feeOf(back, forth)).toBe(3_000n * 10n ** 15n)
  })
})
