import { describe, expect, test } from 'vitest'
import { measureVolatilities } from './covariance'
import { measurePortfolioRisk, steadyVolatility } from './portfolioRisk'
import type { PriceSeries } from './returns'

/** Prices that go up and down by a share, each with its own rhythm. */
const wave = (id: string, share: number, rhythm: number, days = 200): PriceSeries => ({
  id,
  prices: Array.from({ length: days }, (_, day) => ({ day, price: 100 * (1 + share * Math.sin(day / rhythm)) })),
})

const flat: PriceSeries = { id: 'PEG', prices: Array.from({ length: 200 }, (_, day) => ({ day, price: 1 })) }
const moving = (id: string) => ({ id, isStable: false })
const stable = (id: string) => ({ id, isStable: true })
const request = { estimator: 'ledoitWolf', windowDays: 365 } as const

describe('measurePortfolioRisk', () => {
  test('default', () => {
    const risk = measurePortfolioRisk({
      ...request,
      assets: [moving('ETH'), stable('USDC'), moving('WBTC')],
      series: [wave('WBTC', 0.05, 2), wave('ETH', 0.1, 3)],
    })
    if (risk.status !== 'measured') throw new Error(risk.status)
    expect(risk.covariance.ids).toEqual(['ETH', 'WBTC', 'USDC'])
    expect(risk).toMatchObject({ observations: 199, fromDay: 1, toDay: 199, steadyIds: ['USDC'], uncoveredIds: [] })
    expect(measureVolatilities(risk.covariance).at(-1)).toEqual({ id: 'USDC', volatility: steadyVolatility })
  })

  test('behaviour: the latest days count', () => {
    const risk = measurePortfolioRisk({
      ...request,
      windowDays: 100,
      assets: [moving('ETH')],
      series: [wave('ETH', 0.1, 3)],
    })
    expect(risk).toMatchObject({ observations: 100, fromDay: 100, toDay: 199 })
  })

  test('behaviour: what never moves is set apart, what has no prices is named', () => {
    const risk = measurePortfolioRisk({
      ...request,
      assets: [moving('PEG'), moving('ETH'), moving('MKR')],
      series: [flat, wave('ETH', 0.1, 3)],
    })
    expect(risk).toMatchObject({ status: 'measured', steadyIds: ['PEG'], uncoveredIds: ['MKR'] })
  })

  test('behaviour: too little history is said, not guessed', () => {
    const series = [wave('ETH', 0.1, 3, 90)]
    expect(measurePortfolioRisk({ ...request, assets: [moving('ETH')], series })).toEqual({
      status: 'tooFew',
      observations: 89,
      needed: 90,
    })
    expect(measurePortfolioRisk({ ...request, assets: [stable('USDC'), moving('MKR')], series })).toEqual({
      status: 'noPrices',
      uncoveredIds: ['MKR'],
    })
  })

  test('behaviour: two names of one price are named', () => {
    const risk = measurePortfolioRisk({
      ...request,
      estimator: 'sample',
      assets: [moving('ETH'), moving('WETH')],
      series: [wave('ETH', 0.1, 3), { ...wave('ETH', 0.1, 3), id: 'WETH' }],
    })
    expect(risk).toMatchObject({ status: 'notPositiveDefinite', id: 'WETH', others: ['ETH'] })
  })
})
