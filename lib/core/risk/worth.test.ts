import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seedNumbers } from '../backtest/seededNumbers'
import { InvalidPortfolioError } from './bands'
import { composeCovariance, measureProduct } from './covariance'
import { measureWorth, type WorthProblem } from './worth'

const two = composeCovariance(
  [
    { id: 'ETH', volatility: 0.8 },
    { id: 'USDC', volatility: 1e-9 },
  ],
  [
    [1, 0],
    [0, 1],
  ],
)
const problem = (more: Partial<WorthProblem> = {}, before = 0.6, after = 0.5): WorthProblem => ({
  assets: [
    { id: 'ETH', before, after, target: 0.5 },
    { id: 'USDC', before: 1 - before, after: 1 - after, target: 0.5 },
  ],
  covariance: two,
  riskAversion: 3,
  portfolioUsd: 10_000,
  cost: { tradingUsd: 3, gasUsd: 1.5, gasPriceGwei: 2 },
  ...more,
})

function measured(one: WorthProblem) {
  const worth = measureWorth(one)
  if (worth.status === 'removesNothing') throw new Error(worth.status)
  return worth
}

describe('measureWorth', () => {
  test('default', () => {
    // By hand: x^2 sigma^2 = 0.0064; loss 0.0096 a year of $10,000; back after x^2 / (sigma w (1 - w))^2 = 1/4 year.
    const worth = measured(problem())
    expect(worth.status).toBe('pays')
    expect(worth.waitingUsdPerWeek).toBeCloseTo((96 * 7) / 365, 9)
    expect(worth.planUsd).toBe(4.5)
    expect(worth.daysToDriftBack).toBeCloseTo(365 / 4, 6)
    expect(worth.savedUsd).toBeCloseTo(24, 6)
    expect(worth.breakEvenDays).toBeCloseTo((4.5 / 96) * 365, 6)
    if (worth.breakEvenGas.status !== 'at') throw new Error(worth.breakEvenGas.status)
    expect(worth.breakEvenGas.gasPriceGwei).toBeCloseTo(28, 6)
  })

  test('behaviour: at the break-even gas price the plan costs what it saves', () => {
    const { breakEvenGas, savedUsd } = measured(problem())
    if (breakEvenGas.status !== 'at') throw new Error(breakEvenGas.status)
    const times = breakEvenGas.gasPriceGwei / 2
    expect(3 + 1.5 * times).toBeCloseTo(savedUsd, 9)
  })

  test('behaviour: trading dearer than the saving has no break-even, and a plan without gas needs none', () => {
    const dear = measured(problem({ cost: { tradingUsd: 30, gasUsd: 1, gasPriceGwei: 2 } }))
    expect(dear).toMatchObject({ status: 'costsMore', breakEvenGas: { status: 'never' } })
    const free = measured(problem({ cost: { tradingUsd: 3, gasUsd: 0, gasPriceGwei: 0 } }))
    expect(free).toMatchObject({ status: 'pays', breakEvenGas: { status: 'free' } })
  })

  test('behaviour: a plan that leaves as much drift as there was removes nothing', () => {
    expect(measureWorth(problem({}, 0.6, 0.6))).toEqual({ status: 'removesNothing', planUsd: 4.5 })
    expect(measureWorth(problem({}, 0.55, 0.4)).status).toBe('removesNothing')
    const alone = [{ id: 'ETH', before: 1, after: 1, target: 1 }]
    expect(measureWorth(problem({ assets: alone })).status).toBe('removesNothing')
  })

  test('behaviour: four assets gain tracking error as fast as simulated ones, wherever they start', () => {
    const ids = ['A', 'B', 'C', 'D']
    const volatilities = [0.5, 0.8, 1, 0.02]
    const covariance = composeCovariance(
      ids.map((id, i) => ({ id, volatility: volatilities[i] ?? 0 })),
      ids.map((_, i) => ids.map((__, j) => (i === j ? 1 : i === 3 || j === 3 ? 0 : 0.6))),
    )
    const targets = [0.4, 0.3, 0.1, 0.2]
    const before = [-0.06, 0.08, 0.02, -0.04]
    const after = before.map((deviation) => deviation / 3)
    const assets = ids.map((id, i) => {
      const target = targets[i] ?? 0
      return { id, before: target + (before[i] ?? 0), after: target + (after[i] ?? 0), target }
    })
    const { daysToDriftBack } = measured(problem({ assets, covariance }))
    const risk = (deviations: readonly number[]) => measureProduct(deviations, covariance.matrix, deviations)
    // One market behind three of the prices; a weight moves by w_i (r_i - r_portfolio). Over the expected time to drift back.
    const { normal } = seedNumbers(11)
    const years = daysToDriftBack / 365
    const draws = 20_000
    let mean = 0
    for (let draw = 0; draw < draws; draw++) {
      const market = normal() * Math.sqrt(0.6)
      const returns = volatilities.map((volatility, i) => {
        const own = normal()
        return volatility * Math.sqrt(years) * (i === 3 ? own : market + own * Math.sqrt(0.4))
      })
      const whole = returns.reduce((sum, value, i) => sum + value * (targets[i] ?? 0), 0)
      mean += risk(after.map((from, i) => from + (targets[i] ?? 0) * ((returns[i] ?? 0) - whole))) / draws
    }
    expect(Math.abs(mean / risk(before) - 1)).toBeLessThan(0.03)
  })

  test('property: what is saved grows with the square of what is removed and with the portfolio', () => {
    const share = fc.double({ min: 0.51, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(share, fc.double({ min: 1.1, max: 50, noNaN: true }), (before, times) => {
        const worth = measured(problem({}, before))
        const removed = (before - 0.5) ** 2
        expect(worth.savedUsd / (24 * (removed / 0.01) ** 2)).toBeCloseTo(1, 6)
        const greater = measured(problem({ portfolioUsd: 10_000 * times }, before))
        expect(greater.savedUsd / worth.savedUsd).toBeCloseTo(times, 6)
        expect(greater.daysToDriftBack).toBeCloseTo(worth.daysToDriftBack, 9)
        expect(worth.status === 'pays').toBe(worth.breakEvenDays <= worth.daysToDriftBack)
      }),
    )
  })

  test.each<[string, Partial<WorthProblem>]>([
    ['riskAversion', { riskAversion: 0 }],
    ['portfolioUsd', { portfolioUsd: -1 }],
    ['cost.gasUsd', { cost: { tradingUsd: 1, gasUsd: -1, gasPriceGwei: 1 } }],
    ['cost.tradingUsd', { cost: { tradingUsd: Number.NaN, gasUsd: 1, gasPriceGwei: 1 } }],
    ['assets.target', { assets: [{ id: 'ETH', before: 1, after: 1, target: 0.9 }] }],
  ])('error: InvalidPortfolioError names %s', (field, more) => {
    expect(() => measureWorth(problem(more))).toThrow(InvalidPortfolioError)
    expect(() => measureWorth(problem(more))).toThrow(field)
  })
})
