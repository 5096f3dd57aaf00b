import { describe, expect, test } from 'vitest'
import { toUsd, usdUnit } from '../units'
import type { ReplayedLeg } from './composeLegs'
import type { Leg } from './plan'
import { keptAfterFees, oracleFloorOf, priceLegs, ratioBpsAway, slippageMinimum, UnpricedLegError } from './priceLegs'
import type { PricedAsset } from './screenAssets'

const hopsOf = (...fees: readonly number[]) =>
  fees.map((feePips) => ({ pool: { kind: 'concentrated', id: '0x', feePips } })) as unknown as Leg['hops']

/** An asset that costs so many dollars. */
const assetOf = (dollars: bigint, decimals: number) =>
  ({ decimals, price: toUsd(dollars * usdUnit), isStable: false }) as PricedAsset

describe('oracleFloorOf', () => {
  const floorOf = (amountIn: bigint, hops: Leg['hops'], toleranceBps: number) =>
    oracleFloorOf({ amountIn, hops, sell: assetOf(2_000n, 18), buy: assetOf(1n, 6), toleranceBps })

  test('default', () => {
    // 2000 x (1 - 0.003 - 0.01).
    expect(floorOf(10n ** 18n, hopsOf(3000), 100)).toBe(1_974_000_000n)
  })

  test('behaviour: fees of hops multiply, and the least amount is rounded up', () => {
    // 2000 x (0.997 x 0.997 - 0.01).
    expect(floorOf(10n ** 18n, hopsOf(3000, 3000), 100)).toBe(1_968_018_000n)
    expect(floorOf(1n, hopsOf(3000), 100)).toBe(1n)
  })

  test('behaviour: fees and tolerance that leave nothing ask for nothing', () => {
    expect(floorOf(10n ** 18n, hopsOf(500_000, 990_000), 50)).toBe(0n)
    expect(floorOf(10n ** 18n, hopsOf(500_000), 5_000)).toBe(0n)
  })
})

describe('keptAfterFees', () => {
  test('default', () => {
    expect(keptAfterFees(hopsOf(3000, 500))).toEqual({ kept: 997_000n * 999_500n, of: 10n ** 12n })
  })
})

describe('slippageMinimum', () => {
  test('default: rounded up', () => {
    expect([slippageMinimum(10_000n, 50), slippageMinimum(1n, 50), slippageMinimum(10_001n, 50)]).toEqual([
      9_950n,
      1n,
      9_951n,
    ])
  })
})

describe('ratioBpsAway', () => {
  test('default: away from zero', () => {
    expect([ratioBpsAway(1n, 3n), ratioBpsAway(-1n, 3n), ratioBpsAway(1n, 4n), ratioBpsAway(0n, 4n)]).toEqual([
      3_334, -3_334, 2_500, 0,
    ])
  })

  test('behaviour: a part of nothing is nothing', () => {
    expect(ratioBpsAway(5n, 0n)).toBe(0)
  })
})

test('error: UnpricedLegError names the asset that has no price', () => {
  const leg = { sell: 'ETH', buy: 'USDC', hops: hopsOf(500), amountIn: 1n, quotedOut: 1n } as unknown as ReplayedLeg
  const settings = {} as Parameters<typeof priceLegs>[2]
  const price = (ids: readonly string[]) => () =>
    priceLegs([leg], new Map(ids.map((id) => [id, assetOf(1n, 6)])), settings, 100)
  expect(price(['USDC'])).toThrowError(expect.objectContaining({ name: 'UnpricedLegError', assetId: 'ETH' }))
  expect(price(['ETH'])).toThrowError(expect.objectContaining({ name: 'UnpricedLegError', assetId: 'USDC' }))
  expect(new UnpricedLegError('ETH').message).toContain('ETH has no fresh price')
})
