import { describe, expect, test } from 'vitest'
import { estimateCovariance } from '../risk/estimateCovariance'
import { measureReturns } from '../risk/returns'
import { toUsd } from '../units'
import type { AssetHistory } from './priceHistory'
import { measureRiskHistory, toPriceSeries } from './riskHistory'

/** Closes that swing around a price, each asset in its own rhythm. */
function composeHistory(
  assetId: string,
  {
    days = 120,
    first = 1_000,
    rhythm = 1,
    swing = 0.05,
  }: Partial<Record<'days' | 'first' | 'rhythm' | 'swing', number>> = {},
) {
  const closes = Array.from({ length: days }, (_, index) => ({
    day: first + index,
    usd: toUsd(BigInt(Math.round(1e8 * (1 + swing * Math.sin(rhythm * (first + index) ** 1.3)))) * 10n ** 10n),
  }))
  return { status: 'known', assetId, closes, gaps: [] } as const satisfies AssetHistory
}

const eth = composeHistory('ETH')
const link = composeHistory('LINK', { rhythm: 2.3 })

test('default: the covariance of the returns, with what follows from it', () => {
  const risk = measureRiskHistory([eth, link], 'sample')
  if (risk.status !== 'known') throw new Error(risk.status)
  const returns = measureReturns([toPriceSeries(eth), toPriceSeries(link)])
  const estimate = estimateCovariance(returns, 'sample')
  if (estimate.status !== 'estimated') throw new Error(estimate.status)
  expect(risk.covariance).toEqual(estimate.covariance)
  expect(risk.observations).toBe(119)
  const [[own = Number.NaN] = []] = risk.covariance.matrix
  expect(risk.volatilities[0]).toEqual({ id: 'ETH', volatility: Math.sqrt(own) })
  expect(risk.correlation[0]?.[0]).toBe(1)
  expect(toPriceSeries({ ...eth, closes: [{ day: 3, usd: toUsd(1_982_8n * 10n ** 17n) }] })).toEqual({
    id: 'ETH',
    prices: [{ day: 3, price: 1982.8 }],
  })
})

describe('behaviour: too little is said, not guessed', () => {
  test('behaviour: one young asset leaves too few common days, and is named', () => {
    const young = composeHistory('UNI', { days: 40, first: 1_080 })
    expect(measureRiskHistory([eth, young], 'ledoitWolf')).toEqual({
      status: 'tooLittle',
      assets: [eth, young],
      days: 39,
      needed: 90,
      closes: [
        { assetId: 'ETH', days: 120 },
        { assetId: 'UNI', days: 40 },
      ],
    })
  })

  test('behaviour: 90 returns are enough, 89 are not', () => {
    expect(measureRiskHistory([composeHistory('ETH', { days: 91 })], 'sample').status).toBe('known')
    expect(measureRiskHistory([composeHistory('ETH', { days: 90 })], 'sample').status).toBe('tooLittle')
  })

  test('behaviour: no return is measured over a gap', () => {
    const closes = eth.closes.filter(({ day }) => day !== 1_050)
    const gaps = [{ fromDay: 1_050, toDay: 1_050, reason: 'stale' }] as const
    const risk = measureRiskHistory([{ ...eth, closes, gaps }, link], 'sample')
    if (risk.status !== 'known') throw new Error(risk.status)
    expect(risk.observations).toBe(117)
    expect(risk.returns.gaps).toEqual([{ id: 'ETH', fromDay: 1_050, toDay: 1_050 }])
    expect(risk.assets[0]?.gaps).toEqual(gaps)
  })

  test('behaviour: assets without any day in common', () => {
    const later = composeHistory('UNI', { first: 5_000 })
    expect(measureRiskHistory([eth, later], 'sample')).toMatchObject({ status: 'tooLittle', days: 0 })
  })

  test('behaviour: no assets', () => {
    expect(measureRiskHistory([], 'sample')).toMatchObject({ status: 'tooLittle', days: 0, closes: [] })
  })
})

test('behaviour: an asset without a past is named with its reason', () => {
  const lost: AssetHistory = { status: 'unavailable', assetId: 'CRV', reason: 'noFeed' }
  expect(measureRiskHistory([eth, lost], 'sample')).toEqual({
    status: 'unavailable',
    assets: [eth],
    missing: [{ assetId: 'CRV', reason: 'noFeed' }],
  })
})

test('behaviour: a price that never moved', () => {
  const still = composeHistory('USDC', { swing: 0 })
  expect(measureRiskHistory([eth, still], 'sample')).toMatchObject({ status: 'zeroVolatility', ids: ['USDC'] })
})

test('behaviour: two assets with the same prices', () => {
  const twin = { ...eth, assetId: 'STETH' }
  expect(measureRiskHistory([eth, twin], 'sample')).toMatchObject({
    status: 'notPositiveDefinite',
    id: 'STETH',
    others: ['ETH'],
  })
})
