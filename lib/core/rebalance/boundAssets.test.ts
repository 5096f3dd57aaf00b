import { describe, expect, test } from 'vitest'
import { openPolicy, type PlanMode, type PlanPolicy } from '../policy/policy'
import { toBps, toUsd, usdUnit } from '../units'
import { type BoundsRequest, boundAssets, maySell } from './boundAssets'
import type { PricedAsset } from './screenAssets'

const unit = 10n ** 18n

/** An asset of which a whole token is worth a dollar. */
const asset = (assetId: string, usd: bigint): PricedAsset =>
  ({ assetId, decimals: 18, price: toUsd(usdUnit), amount: usd * unit, valueUsd: usd * usdUnit }) as PricedAsset
const [ether, cash, link] = [asset('ETH', 500n), asset('USDC', 300n), asset('LINK', 200n)]

const boundsOf = (change: Partial<BoundsRequest> = {}) =>
  boundAssets({
    ...{ assets: [ether, cash, link], native: ether, policy: openPolicy, mode: { kind: 'rebalance' }, keptNative: 0n },
    ...{ totalUsd: 1_000n * usdUnit, extraUsd: 0n },
    ...change,
  })
const under = (policy: Partial<PlanPolicy>, change: Partial<BoundsRequest> = {}) =>
  boundsOf({ policy: { ...openPolicy, ...policy }, ...change })
const shortly = ({ bounds }: ReturnType<typeof boundsOf>) =>
  Object.fromEntries([...bounds].map(([id, { lowest, highest }]) => [id, [lowest, highest].map(dollars)]))
function dollars(bound: { readonly usd: bigint; readonly reason?: string } | undefined) {
  return bound && [Number(bound.usd / usdUnit), bound.reason]
}
const withCash = (kind: 'investCash' | 'raiseCash' | 'withdraw', usd: bigint): PlanMode => ({
  ...{ kind, assetId: 'USDC', amount: usd * unit },
})

describe('boundAssets', () => {
  test('default: what is laid down for nothing bounds nothing', () => {
    expect(boundsOf()).toEqual({ bounds: new Map(), keptOf: new Map() })
  })

  test('behaviour: the native coin for gas stays, at most what there is', () => {
    const { keptOf, bounds } = boundsOf({ keptNative: 20n * unit })
    expect(keptOf.get('ETH')).toEqual({ amount: 20n * unit, usd: 20n * usdUnit })
    expect(bounds.get('ETH')).toEqual({ lowest: { usd: 20n * usdUnit, reason: 'reserve' } })
    expect(boundsOf({ keptNative: 900n * unit }).keptOf.get('ETH')?.amount).toBe(500n * unit)
  })

  test('behaviour: participation', () => {
    const rules = [
      { assetId: 'ETH', participation: 'locked' },
      { assetId: 'USDC', participation: 'buyOnly' },
      { assetId: 'LINK', participation: 'sellOnly' },
    ] as const
    expect(shortly(under({ rules }))).toEqual({
      ETH: [
        [500, 'locked'],
        [500, 'locked'],
      ],
      USDC: [[300, 'mayNotSell'], undefined],
      LINK: [undefined, [200, 'mayNotBuy']],
    })
    expect(['ETH', 'USDC', 'LINK', 'UNI'].map((id) => maySell({ ...openPolicy, rules }, id))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('behaviour: an asset that is locked for this plan only says why', () => {
    const rules = [{ assetId: 'ETH', participation: 'locked', cause: 'drought' }] as const
    expect(shortly(under({ rules }))).toEqual({
      ETH: [
        [500, 'drought'],
        [500, 'drought'],
      ],
    })
  })

  test('behaviour: minimum and maximum weights, and the stricter of two bounds', () => {
    const rule = { assetId: 'USDC', participation: 'free', minimumBps: toBps(1000), maximumBps: toBps(4000) } as const
    expect(shortly(under({ rules: [rule] }))).toEqual({
      USDC: [
        [100, 'weightLimit'],
        [400, 'weightLimit'],
      ],
    })
    const reserve = (usd: bigint) => ({ cashReserve: { assetId: 'USDC', amount: usd * unit } })
    expect(shortly(under({ rules: [rule], ...reserve(150n) })).USDC?.[0]).toEqual([150, 'reserve'])
    expect(shortly(under({ rules: [rule], ...reserve(50n) })).USDC?.[0]).toEqual([100, 'weightLimit'])
    expect(under(reserve(150n)).keptOf.get('USDC')?.amount).toBe(150n * unit)
  })

  test('behaviour: what forbids a trade comes before what asks for one', () => {
    const hold = (participation: 'buyOnly' | 'sellOnly', limit: object) =>
      shortly(under({ rules: [{ assetId: 'USDC', participation, ...limit }] })).USDC
    // It is above its maximum and must not be sold.
    expect(hold('buyOnly', { maximumBps: toBps(2000) })).toEqual([
      [300, 'mayNotSell'],
      [300, 'mayNotSell'],
    ])
    // It is below its minimum and must not be bought.
    expect(hold('sellOnly', { minimumBps: toBps(4000) })).toEqual([
      [300, 'mayNotBuy'],
      [300, 'mayNotBuy'],
    ])
  })

  describe('investCash', () => {
    test('default: the rest of the cash stays, and nothing else is sold', () => {
      expect(shortly(boundsOf({ mode: withCash('investCash', 100n) }))).toEqual({
        ETH: [[500, 'mode'], undefined],
        USDC: [
          [200, undefined],
          [200, undefined],
        ],
        LINK: [[200, 'mode'], undefined],
      })
    })

    test('behaviour: all of it', () => {
      const { bounds, neededCash } = boundsOf({ mode: withCash('investCash', 300n) })
      expect(bounds.get('USDC')).toEqual({ lowest: { usd: 0n }, highest: { usd: 0n } })
      expect(neededCash).toBeUndefined()
    })
  })

  test('behaviour: raiseCash fixes the cash, with what selling costs, and nothing else is bought', () => {
    const raised = boundsOf({ mode: withCash('raiseCash', 100n), extraUsd: 2n * usdUnit })
    expect(shortly(raised)).toEqual({
      ETH: [undefined, [500, 'mode']],
      USDC: [
        [402, undefined],
        [402, undefined],
      ],
      LINK: [undefined, [200, 'mode']],
    })
    expect(raised.neededCash).toBe(100n * unit)
  })

  describe('withdraw', () => {
    test('default: each gives its part, and the cash that is there gives its own', () => {
      const withdrawn = boundsOf({ mode: withCash('withdraw', 100n) })
      expect(shortly(withdrawn)).toEqual({
        ETH: [
          [450, undefined],
          [450, undefined],
        ],
        USDC: [
          [370, undefined],
          [370, undefined],
        ],
        LINK: [
          [180, undefined],
          [180, undefined],
        ],
      })
      // 30 of the 100 are there as cash.
      expect(withdrawn.neededCash).toBe(70n * unit)
    })

    test('behaviour: what must not be sold gives nothing, and the others its part', () => {
      const rules = [{ assetId: 'LINK', participation: 'buyOnly' }] as const
      const mode = withCash('withdraw', 80n)
      expect(shortly(under({ rules }, { mode }))).toEqual({
        ETH: [
          [450, undefined],
          [450, undefined],
        ],
        USDC: [
          [350, undefined],
          [350, undefined],
        ],
        LINK: [
          [200, undefined],
          [200, undefined],
        ],
      })
    })

    test('behaviour: costs are shared by what is sold', () => {
      const { bounds, neededCash } = boundsOf({ mode: withCash('withdraw', 100n), extraUsd: 7n * usdUnit })
      expect(bounds.get('ETH')?.lowest?.usd).toBe(445n * usdUnit)
      expect(bounds.get('LINK')?.lowest?.usd).toBe(178n * usdUnit)
      expect(neededCash).toBe(70n * unit)
    })

    test('behaviour: where nothing else may be sold, nothing has to be bought', () => {
      const nothing = [asset('ETH', 0n), cash]
      const { neededCash, bounds } = boundsOf({ assets: nothing, mode: withCash('withdraw', 100n) })
      expect(neededCash).toBe(0n)
      expect(bounds.get('ETH')).toEqual({ lowest: { usd: 0n }, highest: { usd: 0n } })
    })
  })

  test('behaviour: cash that does not count bounds nothing', () => {
    const { bounds, neededCash } = boundsOf({ assets: [ether, link], mode: withCash('raiseCash', 100n) })
    expect([bounds.size, neededCash]).toEqual([0, undefined])
  })
})
