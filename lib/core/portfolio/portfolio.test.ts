import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { buildReading, freshPrice } from '@/lib/testing/builders/snapshot'
import type { AssetReading, PriceReading } from '../snapshot'
import { toTargets } from '../targets'
import { toBps, toUsd, usdUnit } from '../units'
import { measurePortfolio } from './portfolio'
import { selectDisplayWeights, selectRows } from './selectRows'

const settings = { bandBps: toBps(100) }
const ether = 10n ** 18n
const usdc = buildAsset('USDC', { decimals: 6, isStable: true })
const link = buildAsset('LINK')
const noFeed: PriceReading = { status: 'noFeed' }

const ethReading = buildReading({ asset: etherAsset, amounts: [2n * ether, ether], price: freshPrice(200_000n) })
const usdcReading = buildReading({ asset: usdc, amounts: [4_000_000_000n], price: freshPrice(100n) })
const targets = toTargets(
  [
    { assetId: 'ETH', weightBps: 5000 },
    { assetId: 'USDC', weightBps: 5000 },
  ],
  ['ETH', 'USDC'],
)

function unreadable(reading: AssetReading): AssetReading {
  return {
    ...reading,
    tokens: reading.tokens.map((token) => ({ ...token, balance: { status: 'unreadable', reason: 'reverted' } })),
  }
}

describe('measurePortfolio', () => {
  test('default: ETH and WETH are one position', () => {
    const portfolio = measurePortfolio({ assets: [ethReading, usdcReading] }, targets, settings)
    expect(portfolio).toMatchObject({ status: 'funded', isPartial: false, driftBps: 1000, outOfBandCount: 2 })
    expect(portfolio.positions[0]).toMatchObject({
      assetId: 'ETH',
      amount: 3n * ether,
      valueUsd: 6000n * usdUnit,
      weightBps: 6000,
      targetBps: 5000,
      driftBps: 1000,
      isInBand: false,
    })
  })

  test('behaviour: an account that holds nothing is empty', () => {
    const nothing = buildReading({ asset: usdc, amounts: [0n], price: noFeed })
    expect(measurePortfolio({ assets: [nothing] }, targets, settings).status).toBe('empty')
    expect(measurePortfolio({ assets: [] }, undefined, settings).status).toBe('empty')
  })

  test('behaviour: A-33 what cannot be read is not nothing', () => {
    expect(measurePortfolio({ assets: [unreadable(usdcReading)] }, targets, settings).status).toBe('unknown')
    const portfolio = measurePortfolio({ assets: [ethReading, unreadable(usdcReading)] }, targets, settings)
    expect(portfolio).toMatchObject({ status: 'funded', isPartial: true, totalUsd: 6000n * usdUnit })
    expect(portfolio.positions[1]?.valueUsd).toBeUndefined()
    expect(portfolio.positions[1]?.amount).toBeUndefined()
  })

  test('behaviour: A-33 of a half-readable asset the known part counts', () => {
    const [native, wrapped] = ethReading.tokens
    if (!native || !wrapped) throw new Error('ETH has two tokens')
    const half = {
      ...ethReading,
      tokens: [native, { ...wrapped, balance: { status: 'unreadable', reason: 'x' } }],
    } as const
    const portfolio = measurePortfolio({ assets: [half, usdcReading] }, targets, settings)
    expect(portfolio).toMatchObject({ isPartial: true, totalUsd: 8000n * usdUnit })
    expect(portfolio.positions[0]).toMatchObject({ amount: 2n * ether, isPartial: true })
  })

  test('behaviour: what has no price has weight 0, and the total is at least what is known', () => {
    const unpriced = buildReading({ asset: link, amounts: [ether], price: noFeed })
    const portfolio = measurePortfolio({ assets: [usdcReading, unpriced] }, targets, settings)
    expect(portfolio).toMatchObject({ isPartial: true, totalUsd: 4000n * usdUnit })
    expect(portfolio.positions[1]).toMatchObject({ weightBps: 0, amount: ether, isPartial: true })
    const none = buildReading({ asset: link, amounts: [0n], price: noFeed })
    expect(measurePortfolio({ assets: [usdcReading, none] }, targets, settings)).toMatchObject({ isPartial: false })
  })

  test('behaviour: a stale price still values', () => {
    const price: PriceReading = { status: 'stale', usd: toUsd(usdUnit), updatedAt: 1, maxAgeSeconds: 10 }
    const stale = buildReading({ asset: usdc, amounts: [5_000_000n], price })
    expect(measurePortfolio({ assets: [stale] }, undefined, settings)).toMatchObject({ totalUsd: 5n * usdUnit })
  })

  test('behaviour: without targets nothing is out of band', () => {
    const portfolio = measurePortfolio({ assets: [ethReading, usdcReading] }, undefined, settings)
    expect(portfolio).toMatchObject({ driftBps: 0, outOfBandCount: 0 })
  })

  const readings = fc
    .array(fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 8n })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((rows) =>
      rows.map(([amount, cents], position) =>
        buildReading({ asset: buildAsset(`T${position}`), amounts: [amount], price: freshPrice(cents) }),
      ),
    )

  test('property: weights sum to 10 000, values to the total, shown weights to 100.0', () => {
    fc.assert(
      fc.property(readings, (assets) => {
        const portfolio = measurePortfolio({ assets }, undefined, settings)
        if (portfolio.status !== 'funded') return
        expect(portfolio.positions.reduce((sum, { weightBps }) => sum + weightBps, 0)).toBe(10_000)
        expect(portfolio.positions.reduce((sum, { valueUsd }) => sum + (valueUsd ?? 0n), 0n)).toBe(portfolio.totalUsd)
        const shown = selectDisplayWeights(selectRows(portfolio))
        expect([...shown.values()].reduce((sum, tenths) => sum + tenths, 0)).toBe(1000)
      }),
    )
  })

  test('property: A-19 the order of the assets does not change any weight', () => {
    fc.assert(
      fc.property(readings, (assets) => {
        const weights = (list: readonly AssetReading[]) =>
          new Map(
            measurePortfolio({ assets: list }, undefined, settings).positions.map((p) => [p.assetId, p.weightBps]),
          )
        const turned = weights([...assets].reverse())
        for (const [assetId, weightBps] of weights(assets)) expect(turned.get(assetId)).toBe(weightBps)
      }),
    )
  })
})

describe('selectRows', () => {
  test('default: dust without a target is grouped, what is neither held nor wanted is left out', () => {
    const dust = buildReading({ asset: link, amounts: [ether / 100n], price: freshPrice(1500n) })
    const absent = buildReading({ asset: buildAsset('UNI'), amounts: [0n], price: freshPrice(700n) })
    const portfolio = measurePortfolio({ assets: [ethReading, usdcReading, dust, absent] }, targets, settings)
    const { rows, other } = selectRows(portfolio)
    expect(rows.map(({ assetId }) => assetId)).toEqual(['ETH', 'USDC'])
    expect(other).toMatchObject({ valueUsd: (15n * usdUnit) / 100n })
    expect(other?.positions.map(({ assetId }) => assetId)).toEqual(['LINK'])
  })

  test('behaviour: dust with a target and unknown values keep their rows', () => {
    const little = buildReading({ asset: usdc, amounts: [1n], price: freshPrice(100n) })
    const unpriced = buildReading({ asset: link, amounts: [1n], price: noFeed })
    const { rows, other } = selectRows(measurePortfolio({ assets: [ethReading, little, unpriced] }, targets, settings))
    expect(rows.map(({ assetId }) => assetId)).toEqual(['ETH', 'USDC', 'LINK'])
    expect(other).toBeUndefined()
  })
})
