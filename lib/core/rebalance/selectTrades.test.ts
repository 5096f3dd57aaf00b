import { describe, expect, test } from 'vitest'
import { buildAsset } from '@/lib/testing/builders/assets'
import { buildReading, freshPrice } from '@/lib/testing/builders/snapshot'
import { toUsd, usdUnit } from '../units'
import type { SkipReason } from './plan'
import type { PricedAsset } from './screenAssets'
import { type Limits, minimumTradeUsd, selectTrades } from './selectTrades'

function asset(assetId: string, usd: bigint, targetBps: number): PricedAsset {
  const amount = usd * 10n ** 18n
  return {
    assetId,
    reading: buildReading({ asset: buildAsset(assetId), amounts: [amount], price: freshPrice(100n) }),
    decimals: 18,
    isStable: false,
    price: toUsd(usdUnit),
    isFresh: true,
    amount,
    nativeAmount: assetId === 'ETH' ? amount : 0n,
    valueUsd: usd * usdUnit,
    targetBps,
  }
}

const select = (assets: readonly PricedAsset[], minimum = 5n, kept = 0n, limits: Limits = new Map()) =>
  selectTrades({
    assets,
    bounds: new Map(kept > 0n ? [['ETH', { lowest: { usd: kept * usdUnit, reason: 'reserve' } }]] : []),
    minimumUsd: toUsd(minimum * usdUnit),
    limits,
    isInBand: ({ assetId }) => assetId !== 'OUT',
  })
const stopAt = (id: string, usd: bigint, reason: SkipReason = 'priceImpact'): Limits =>
  new Map([[id, { wantedUsd: usd * usdUnit, reason }]])
const dollars = ({ traded }: ReturnType<typeof select>) =>
  Object.fromEntries(traded.map(({ asset: { assetId }, wantedUsd }) => [assetId, wantedUsd / usdUnit]))

describe('minimumTradeUsd', () => {
  test('default: the largest of $5, ten times the gas, and 0.1 % of the portfolio', () => {
    expect(minimumTradeUsd(toUsd(usdUnit / 10n), 100n * usdUnit)).toBe(5n * usdUnit)
    expect(minimumTradeUsd(toUsd(2n * usdUnit), 100n * usdUnit)).toBe(20n * usdUnit)
    expect(minimumTradeUsd(toUsd(0n), 100_000n * usdUnit)).toBe(100n * usdUnit)
  })
})

describe('selectTrades', () => {
  test('default', () => {
    const selected = select([asset('A', 600n, 5000), asset('B', 400n, 5000)])
    expect(dollars(selected)).toEqual({ A: 500n, B: 500n })
    expect(selected.frozen.size).toBe(0)
  })

  test('behaviour: what is close to its target stays, and the others share the rest', () => {
    const selected = select([asset('A', 600n, 4000), asset('B', 200n, 4000), asset('C', 202n, 2000)])
    expect(dollars(selected)).toEqual({ A: 400n, B: 400n })
    expect(selected.frozen.get('C')).toBe('inBand')
  })

  test('behaviour: an asset out of its band by less than the minimum says so', () => {
    const selected = select([asset('A', 50n, 5000), asset('OUT', 46n, 5000)])
    expect(selected.traded).toEqual([])
    expect(selected.frozen.get('OUT')).toBe('belowMinimum')
  })

  test('behaviour: two small buys from one sale are joined rather than dropped', () => {
    const selected = select([asset('A', 45n, 5000), asset('B', 45n, 5000), asset('X', 8n, 0)])
    // Each alone would be $4; one of them stays as it is and the other takes what is sold.
    expect(Object.keys(dollars(selected))).toHaveLength(2)
    expect(dollars(selected)).toMatchObject({ X: 0n })
  })

  test('behaviour: untargeted assets leave, dust stays', () => {
    const selected = select([asset('A', 600n, 10_000), asset('X', 300n, 0), asset('Y', 2n, 0)])
    expect(dollars(selected)).toEqual({ A: 900n, X: 0n })
    expect(selected.frozen.get('Y')).toBe('inBand')
  })

  test('behaviour: the native coin is not wanted below what gas needs', () => {
    const selected = select([asset('ETH', 100n, 0), asset('B', 0n, 10_000)], 5n, 30n)
    expect(dollars(selected)).toEqual({ B: 70n, ETH: 30n })
    expect(selected.frozen.get('ETH')).toBe('reserve')
    const spent = select([asset('ETH', 32n, 0), asset('B', 500n, 10_000)], 5n, 30n)
    expect(spent.traded).toEqual([])
    expect(spent.frozen.get('ETH')).toBe('reserve')
  })

  test('behaviour: an asset goes no further than its limit, and nothing else goes beyond its target for it', () => {
    const limits = stopAt('C', 100n)
    const selected = select([asset('A', 900n, 3000), asset('B', 100n, 3000), asset('C', 0n, 4000)], 5n, 0n, limits)
    expect(dollars(selected)).toEqual({ A: 600n, B: 300n, C: 100n })
    expect(selected.frozen.get('C')).toBe('priceImpact')
    const alone = select([asset('A', 600n, 0), asset('B', 400n, 0), asset('C', 0n, 10_000)], 5n, 0n, limits)
    expect(dollars(alone)).toEqual({ A: 540n, B: 360n, C: 100n })
    const unsold = select([asset('C', 900n, 0), asset('A', 100n, 10_000)], 5n, 0n, stopAt('C', 700n))
    expect(dollars(unsold)).toEqual({ A: 300n, C: 700n })
    const little = select([asset('A', 600n, 5000), asset('C', 0n, 5000)], 5n, 0n, stopAt('C', 4n))
    expect(little.traded).toEqual([])
    expect(little.frozen.get('C')).toBe('priceImpact')
  })

  test('behaviour: an asset that waits keeps its part, and what it would have paid for is done later', () => {
    const assets = [asset('A', 50n, 4000), asset('B', 20n, 1000), asset('C', 30n, 5000)]
    const first = select(assets, 5n, 0n, stopAt('B', 20n, 'callBudget'))
    // B waits with $20: nobody sells below, or buys beyond, what all of it would come to.
    expect(dollars(first)).toEqual({ A: 40n, C: 40n })
    expect(first.frozen.get('B')).toBe('callBudget')
    expect(first.frozen.get('C')).toBe('callBudget')
    const rest = select([asset('A', 40n, 4000), asset('B', 20n, 1000), asset('C', 40n, 5000)])
    expect(dollars(rest)).toEqual({ B: 10n, C: 50n })
  })

  test('behaviour: what a limit leaves below the minimum stays too', () => {
    const assets = [asset('A', 100n, 0), asset('B', 0n, 9500), asset('C', 0n, 500)]
    const selected = select(assets, 5n, 0n, stopAt('A', 60n, 'legLimit'))
    expect(dollars(selected)).toEqual({ A: 60n, B: 40n })
    expect(selected.frozen.get('C')).toBe('legLimit')
  })

  test('behaviour: nothing can be bought when nobody is wanted', () => {
    expect(select([asset('X', 600n, 0), asset('Y', 400n, 0)]).traded).toEqual([])
  })
})
