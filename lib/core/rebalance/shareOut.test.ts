import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PricedAsset } from './screenAssets'
import { shareOut, type WorthBounds } from './shareOut'

const asset = (assetId: string, valueUsd: bigint, targetBps: number) =>
  ({ assetId, valueUsd, targetBps }) as PricedAsset
const sharesOf = (assets: readonly PricedAsset[], bounds: Readonly<Record<string, WorthBounds>> = {}) =>
  shareOut(assets, new Map(Object.entries(bounds)))
const worth = (...given: Parameters<typeof sharesOf>) => sharesOf(...given).map(({ wantedUsd }) => wantedUsd)

const assets = [asset('A', 600n, 5000), asset('B', 400n, 3000), asset('C', 0n, 2000)]

describe('shareOut', () => {
  test('default: in proportion to the targets', () => {
    expect(worth(assets)).toEqual([500n, 300n, 200n])
    expect(sharesOf(assets).some(({ bound }) => bound !== undefined)).toBe(false)
  })

  test('behaviour: what one has to keep the others lack, in proportion', () => {
    const shared = sharesOf(assets, { A: { lowest: { usd: 600n, reason: 'mayNotSell' } } })
    expect(shared.map(({ wantedUsd }) => wantedUsd)).toEqual([600n, 240n, 160n])
    expect(shared.map(({ bound }) => bound?.reason)).toEqual(['mayNotSell', undefined, undefined])
  })

  test('behaviour: what one cannot take the others share', () => {
    const shared = sharesOf(assets, { C: { highest: { usd: 40n, reason: 'mayNotBuy' } } })
    expect(shared.map(({ wantedUsd }) => wantedUsd)).toEqual([600n, 360n, 40n])
    expect(shared.map(({ bound }) => bound?.reason)).toEqual([undefined, undefined, 'mayNotBuy'])
  })

  test('behaviour: bounds that are not in the way change nothing', () => {
    expect(worth(assets, { A: { lowest: { usd: 100n }, highest: { usd: 900n } } })).toEqual([500n, 300n, 200n])
  })

  test('behaviour: an asset without a target keeps what it has to', () => {
    const untargeted = [asset('A', 600n, 10_000), asset('B', 400n, 0)]
    expect(worth(untargeted)).toEqual([1_000n, 0n])
    const shared = sharesOf(untargeted, { B: { lowest: { usd: 400n, reason: 'locked' }, highest: { usd: 400n } } })
    expect(shared.map(({ wantedUsd }) => wantedUsd)).toEqual([600n, 400n])
    expect(shared[1]?.bound?.reason).toBe('locked')
  })

  test('behaviour: bounds that leave too much or too little all hold', () => {
    const two = [asset('A', 600n, 5000), asset('B', 400n, 5000)]
    expect(worth(two, { A: { lowest: { usd: 900n } }, B: { lowest: { usd: 400n } } })).toEqual([900n, 400n])
    expect(worth(two, { A: { highest: { usd: 100n } }, B: { highest: { usd: 200n } } })).toEqual([100n, 200n])
  })

  test('property: no bound is broken, and nothing is shared out that is not there', () => {
    const one = fc.record({
      value: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      target: fc.integer({ min: 0, max: 5000 }),
      bounds: fc.tuple(
        fc.option(fc.bigInt({ min: 0n, max: 10n ** 9n })),
        fc.option(fc.bigInt({ min: 0n, max: 10n ** 9n })),
      ),
    })
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (drawn) => {
        const rows = drawn.map(({ value, target }, at) => asset(`${at}`, value, target))
        const bounds = Object.fromEntries(
          drawn.map(({ bounds: [a, b] }, at): [string, WorthBounds] => {
            const isOrdered = a === null || b === null || a <= b
            const [lowest, highest] = isOrdered ? [a, b] : [b, a]
            return [
              `${at}`,
              {
                ...(lowest === null ? {} : { lowest: { usd: lowest } }),
                ...(highest === null ? {} : { highest: { usd: highest } }),
              },
            ]
          }),
        )
        const shared = sharesOf(rows, bounds)
        const total = rows.reduce((sum, { valueUsd }) => sum + valueUsd, 0n)
        for (const {
          asset: { assetId },
          wantedUsd,
        } of shared) {
          const { lowest, highest } = bounds[assetId] ?? {}
          // What is shared out is rounded down, each by less than a unit for all of them.
          if (lowest !== undefined) expect(wantedUsd).toBeGreaterThanOrEqual(lowest.usd - BigInt(rows.length))
          if (highest !== undefined) expect(wantedUsd).toBeLessThanOrEqual(highest.usd + BigInt(rows.length))
        }
        const sum = shared.reduce((all, { wantedUsd }) => all + wantedUsd, 0n)
        const kept = Object.values(bounds).reduce((all, { lowest }) => all + (lowest?.usd ?? 0n), 0n)
        expect(sum).toBeLessThanOrEqual((total > kept ? total : kept) + BigInt(rows.length))
      }),
    )
  })
})
