import { describe, expect, test } from 'vitest'
import { etherAsset, wethToken } from '@/lib/testing/builders/assets'
import { sideOf } from '@/lib/testing/builders/market'
import { buildConcentratedPool, buildSingletonPool } from '@/lib/testing/builders/pools'
import { nativeAddress } from '../asset'
import type { Pool } from '../snapshot'
import { type FlowEnd, replayFlow } from './composeFlow'
import type { FlowEdge } from './decomposeFlow'

const ether = 10n ** 18n
const bands = [{ halfWidthSpacings: 900_000, depthUsd: 50_000_000n }]
const v3 = (a: 'LINK' | 'ETH' | 'USDC', b: 'UNI' | 'ETH' | 'USDC', feePips: 500 | 3000 = 3000) =>
  buildConcentratedPool({ sides: [sideOf(a), sideOf(b)], bands, feePips })
const v4 = (a: 'LINK' | 'ETH', b: 'UNI' | 'ETH' | 'USDC', feePips: 500 | 3000 = 3000) =>
  buildSingletonPool({ sides: [sideOf(a), sideOf(b)], bands, feePips })

const edge = (pool: Pool, from: string, to: string, amountIn: number): FlowEdge => ({
  poolId: pool.id,
  from,
  to,
  amountIn,
  amountOut: amountIn,
})

function replay(flow: readonly (readonly [Pool, string, string, number])[], ends: readonly FlowEnd[]) {
  const replayed = replayFlow({
    flow: flow.map(([pool, from, to, amountIn]) => edge(pool, from, to, amountIn)),
    ends: new Map(ends.map((end) => [end.assetId, end])),
    pools: new Map(flow.map(([pool]) => [pool.id, pool])),
    wrappedNative: wethToken.address,
  })
  if (replayed.status === 'failed') throw new Error(`${replayed.sell} to ${replayed.buy}`)
  return replayed
}
const shortly = ({ legs }: ReturnType<typeof replay>) =>
  legs.map(({ sell, buy, paidFrom, paidTo }) => `${sell}>${buy} ${paidFrom} ${paidTo}`)
const sells = (assetId: string, token: `0x${string}`, amount: bigint): FlowEnd => ({
  assetId,
  spendings: [{ assetId, token, amount }],
  kept: 0,
})
const linkToken = sideOf('LINK').asset.poolToken.address

describe('replayFlow', () => {
  const [linkEth, ethUni, ethUsdc] = [v3('LINK', 'ETH'), v3('ETH', 'UNI'), v3('ETH', 'USDC', 500)]

  test('default: a hub passes on all that arrives, the larger leg takes what is left', () => {
    const flow = replay(
      [
        [linkEth, 'LINK', 'ETH', 100],
        [ethUni, 'ETH', 'UNI', 0.3],
        [ethUsdc, 'ETH', 'USDC', 0.1],
      ],
      [sells('LINK', linkToken, 100n * ether)],
    )
    expect(shortly(flow)).toEqual(['LINK>ETH token router', 'ETH>USDC router account', 'ETH>UNI router account'])
    const [first, small, large] = flow.legs
    expect(first?.amountIn).toBe(100n * ether)
    expect((small?.amountIn ?? 0n) + (large?.amountIn ?? 0n)).toBe(first?.quotedOut)
    // Rounded down to a quarter.
    expect(small?.amountIn).toBe((first?.quotedOut ?? 0n) / 4n)
    expect(flow.work).toEqual({ wraps: 0, unwraps: 0, sweeps: 0 })
  })

  test('behaviour: a hub that is bought keeps its part, and is paid out at the end', () => {
    const flow = replay(
      [
        [linkEth, 'LINK', 'ETH', 100],
        [ethUni, 'ETH', 'UNI', 0.25],
      ],
      [sells('LINK', linkToken, 100n * ether), { assetId: 'ETH', spendings: [], kept: 0.75 }],
    )
    expect(shortly(flow)).toEqual(['LINK>ETH token router', 'ETH>UNI router account'])
    expect(flow.legs[1]?.amountIn).toBe((flow.legs[0]?.quotedOut ?? 0n) / 4n)
    expect(flow.work).toEqual({ wraps: 0, unwraps: 1, sweeps: 0 })
  })

  test('behaviour: several legs pull one sold token themselves, more than four are pulled for at once', () => {
    const usdc = sideOf('USDC').asset.poolToken.address
    const pools = [500, 3000, 100, 10000].flatMap((feePips, at) => [
      buildConcentratedPool({ sides: [sideOf('USDC'), sideOf('UNI')], bands, feePips: feePips as 500 }),
      ...(at === 0 ? [buildSingletonPool({ sides: [sideOf('USDC'), sideOf('UNI')], bands, feePips: 500 })] : []),
    ])
    const legsOf = (count: number) =>
      replay(
        pools.slice(0, count).map((pool) => [pool, 'USDC', 'UNI', 1_000] as const),
        [sells('USDC', usdc, 5_000_000_000n)],
      )
    expect(new Set(legsOf(4).legs.map(({ paidFrom }) => paidFrom))).toEqual(new Set(['token']))
    const five = legsOf(5)
    expect(new Set(five.legs.map(({ paidFrom }) => paidFrom))).toEqual(new Set(['router']))
    // What several legs buy is swept.
    expect(five.legs.every(({ paidTo }) => paidTo === 'router')).toBe(true)
    expect(five.work).toEqual({ wraps: 0, unwraps: 0, sweeps: 1 })
  })

  describe('of ether, in both forms', () => {
    const native = (amount: bigint): FlowEnd => ({
      assetId: 'ETH',
      kept: 0,
      spendings: [{ assetId: 'ETH', token: nativeAddress, amount }],
    })
    const both = (wrapped: bigint, coin: bigint): FlowEnd => ({
      assetId: 'ETH',
      kept: 0,
      spendings: [
        { assetId: 'ETH', token: wethToken.address, amount: wrapped },
        { assetId: 'ETH', token: nativeAddress, amount: coin },
      ],
    })
    const nativeUsdc = v4('ETH', 'USDC')

    test('default: native pools are paid from the value, without wrapping', () => {
      const flow = replay([[nativeUsdc, 'ETH', 'USDC', 1]], [native(ether)])
      expect(shortly(flow)).toEqual(['ETH>USDC native account'])
      expect(flow.legs[0]?.hops[0].tokenIn).toBe(nativeAddress)
      expect(flow.work.wraps).toBe(0)
    })

    test('behaviour: where wrapped coin is short, native legs stand first and the rest is wrapped once', () => {
      const flow = replay(
        [
          [nativeUsdc, 'ETH', 'USDC', 3],
          [ethUni, 'ETH', 'UNI', 1],
        ],
        [native(4n * ether)],
      )
      expect(shortly(flow)).toEqual(['ETH>USDC native account', 'ETH>UNI router account'])
      expect(flow.legs.map(({ amountIn }) => amountIn)).toEqual([3n * ether, ether])
      expect(flow.work).toEqual({ wraps: 1, unwraps: 0, sweeps: 0 })
    })

    test('behaviour: where there is enough of it, wrapped legs stand first and the rest is unwrapped once', () => {
      const flow = replay(
        [
          [nativeUsdc, 'ETH', 'USDC', 3],
          [ethUni, 'ETH', 'UNI', 1],
        ],
        [both(2n * ether, 2n * ether)],
      )
      expect(shortly(flow)).toEqual(['ETH>UNI router account', 'ETH>USDC router account'])
      expect(flow.legs.map(({ amountIn }) => amountIn)).toEqual([ether, 3n * ether])
      expect(flow.work).toEqual({ wraps: 0, unwraps: 1, sweeps: 0 })
    })

    test('behaviour: each form that is just enough stays what it is', () => {
      const flow = replay(
        [
          [nativeUsdc, 'ETH', 'USDC', 3],
          [ethUni, 'ETH', 'UNI', 1],
        ],
        [both(ether, 3n * ether)],
      )
      expect(flow.work).toEqual({ wraps: 0, unwraps: 0, sweeps: 0 })
    })

    test('behaviour: bought ether goes straight to the account where a native pool alone pays it', () => {
      const nativeLink = v4('LINK', 'ETH')
      const sold = sells('LINK', linkToken, 100n * ether)
      const alone = replay([[nativeLink, 'LINK', 'ETH', 100]], [sold])
      expect(shortly(alone)).toEqual(['LINK>ETH token account'])
      const wrapped = replay([[linkEth, 'LINK', 'ETH', 100]], [sold])
      expect(shortly(wrapped)).toEqual(['LINK>ETH token router'])
      expect(wrapped.work).toEqual({ wraps: 0, unwraps: 1, sweeps: 0 })
      const mixed = replay(
        [
          [nativeLink, 'LINK', 'ETH', 50],
          [linkEth, 'LINK', 'ETH', 50],
        ],
        [sold],
      )
      expect(mixed.legs.every(({ paidTo }) => paidTo === 'router')).toBe(true)
      expect(mixed.work).toEqual({ wraps: 0, unwraps: 1, sweeps: 1 })
    })
  })

  test('behaviour: what a pool cannot take fails with its assets', () => {
    const ends = new Map([['ETH', { ...sells('ETH', etherAsset.poolToken.address, 10n ** 45n) }]])
    const pools = new Map<string, Pool>([[ethUni.id, ethUni]])
    const flow = [edge(ethUni, 'ETH', 'UNI', 1)]
    expect(replayFlow({ flow, ends, pools, wrappedNative: wethToken.address })).toEqual({
      status: 'failed',
      sell: 'ETH',
      buy: 'UNI',
    })
  })
})
