import { describe, expect, it } from 'vitest'
import { measurePortfolio } from '@/lib/core/portfolio/portfolio'
import { selectDisplayWeights, selectRows } from '@/lib/core/portfolio/selectRows'
import type { AssetReading } from '@/lib/core/snapshot'
import { toBps, toUsd, usdUnit } from '@/lib/core/units'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { blockTimestamp, buildReading, freshPrice } from '@/lib/testing/builders/snapshot'
import { toChartRows } from './chartRows'
import { describePrice, selectBalanceParts, selectBandScale } from './holdingsWords'
import { describePortfolio } from './portfolioWords'
import { toStripParts } from './stripParts'

const ether = 10n ** 18n
const usdc = buildAsset('USDC', { decimals: 6, isStable: true })
const uni = buildAsset('UNI')
const settings = { bandBps: toBps(50) }

const readings: readonly AssetReading[] = [
  buildReading({ asset: etherAsset, amounts: [12n * ether, 3n * ether], price: freshPrice(200_000n) }),
  buildReading({ asset: usdc, amounts: [10_000_000_000n], price: freshPrice(100n) }),
  buildReading({ asset: uni, amounts: [0n], price: { status: 'noFeed' } }),
]
const targets = {
  weights: [
    { assetId: 'ETH', weightBps: toBps(7000) },
    { assetId: 'USDC', weightBps: toBps(3000) },
  ],
}

describe('describePortfolio', () => {
  it('default', () => {
    const portfolio = measurePortfolio({ assets: readings }, targets, settings)
    expect(describePortfolio(portfolio, true)).toBe('Drift 5.0 % · 2 of 2 assets out of band · furthest ETH +5.0 pp')
  })

  it('behaviour: says when all is in band, and when nothing is wanted yet', () => {
    const wide = measurePortfolio({ assets: readings }, targets, { bandBps: toBps(1000) })
    expect(describePortfolio(wide, true)).toBe('Drift 5.0 % · all 2 assets in band')
    expect(describePortfolio(measurePortfolio({ assets: readings }, undefined, settings), false)).toContain(
      'No targets',
    )
  })

  it('behaviour: an empty account is not an unreadable one', () => {
    const nothing = buildReading({ asset: usdc, amounts: [0n], price: freshPrice(100n) })
    expect(describePortfolio(measurePortfolio({ assets: [nothing] }, undefined, settings), false)).toContain(
      'No listed',
    )
    const unpriced = buildReading({ asset: uni, amounts: [ether], price: { status: 'noFeed' } })
    expect(describePortfolio(measurePortfolio({ assets: [unpriced] }, undefined, settings), false)).toContain(
      'could not be read',
    )
  })
})

describe('selectBalanceParts', () => {
  it('default', () => {
    const [etherPosition, usdcPosition, uniPosition] = measurePortfolio(
      { assets: readings },
      targets,
      settings,
    ).positions
    expect(etherPosition && selectBalanceParts(etherPosition).map(({ text, symbol }) => `${text} ${symbol}`)).toEqual([
      '12 ETH',
      '3 WETH',
    ])
    expect(usdcPosition && selectBalanceParts(usdcPosition)).toEqual([
      { symbol: 'USDC', text: '10,000', isUnreadable: false },
    ])
    expect(uniPosition && selectBalanceParts(uniPosition)).toEqual([{ symbol: 'UNI', text: '0', isUnreadable: false }])
  })

  it('behaviour: an unreadable token is shown as unknown beside what is known', () => {
    const reading = buildReading({ asset: etherAsset, amounts: [ether, 0n], price: freshPrice(200_000n) })
    const [native, wrapped] = reading.tokens
    if (native === undefined || wrapped === undefined) throw new Error('ether has two tokens')
    const tokens = [native, { ...wrapped, balance: { status: 'unreadable', reason: 'timeout' } as const }]
    expect(selectBalanceParts({ asset: etherAsset, tokens })).toEqual([
      { symbol: 'ETH', text: '1', isUnreadable: false },
      { symbol: 'WETH', text: '–', isUnreadable: true },
    ])
  })
})

describe('describePrice', () => {
  it('default', () => {
    expect(describePrice(freshPrice(100n), blockTimestamp)).toMatchObject({ text: '1 min', tone: 'quiet' })
  })

  it('behaviour: marks what no plan can use', () => {
    const stale = {
      status: 'stale',
      usd: toUsd(usdUnit),
      updatedAt: blockTimestamp - 7200,
      maxAgeSeconds: 4260,
    } as const
    expect(describePrice(stale, blockTimestamp)).toMatchObject({ text: 'stale, 2 h', tone: 'warn' })
    expect(describePrice({ status: 'invalid', reason: 'notPositive' }, blockTimestamp).tone).toBe('warn')
    expect(describePrice({ status: 'noFeed' }, blockTimestamp).text).toBe('unpriced')
  })
})

describe('selectBandScale', () => {
  it('default', () => {
    expect(selectBandScale([{ driftBps: -600 }, { driftBps: 200 }], 50)).toBe(630)
    expect(selectBandScale([], 500)).toBe(1000)
    expect(selectBandScale([{ driftBps: 3 }], 10)).toBe(100)
  })
})

describe('charts', () => {
  it('default', () => {
    const portfolio = measurePortfolio({ assets: readings }, targets, settings)
    expect(toChartRows(portfolio.positions)).toEqual([
      { assetId: 'ETH', nowPercent: 75, targetPercent: 70, driftPoints: 5, isInBand: false },
      { assetId: 'USDC', nowPercent: 25, targetPercent: 30, driftPoints: -5, isInBand: false },
    ])
    const rows = selectRows(portfolio)
    expect(toStripParts(rows, selectDisplayWeights(rows), [etherAsset, usdc, uni])).toEqual([
      { key: 'ETH', place: 0, nowTenths: 750, targetTenths: 700 },
      { key: 'USDC', place: 1, nowTenths: 250, targetTenths: 300 },
    ])
  })
})
