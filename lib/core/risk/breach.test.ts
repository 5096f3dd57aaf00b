import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seedNumbers } from '../backtest/seededNumbers'
import { type BreachProblem, measureBreach, measureExitProbability } from './breach'
import { InvalidBandInputError } from './costAwareBand'

/** 30 % tracking error at a weight of a fifth, a band of 4 points. */
const problem = (more: Partial<BreachProblem> = {}): BreachProblem => ({
  deviation: 0,
  trigger: 0.04,
  varianceRate: 0.06 ** 2,
  checkedEveryDays: 0,
  ...more,
})

function inside(one: BreachProblem, horizonDays: number) {
  const breach = measureBreach(one, horizonDays)
  if (breach.status !== 'inside') throw new Error(breach.status)
  return breach
}

/** Walks from the deviation by normal steps, one for each check, until it is found outside. */
function simulate({ deviation, trigger, varianceRate, checkedEveryDays }: BreachProblem, horizonDays: number) {
  const { normal } = seedNumbers(5)
  const step = Math.sqrt((varianceRate / 365) * checkedEveryDays)
  const paths = 5_000
  let days = 0
  let found = 0
  for (let path = 0; path < paths; path++) {
    let at = deviation
    let checks = 0
    while (Math.abs(at) < trigger) {
      at += step * normal()
      checks++
    }
    days += (checks * checkedEveryDays) / paths
    if (checks * checkedEveryDays <= horizonDays) found += 1 / paths
  }
  return { days, found }
}

describe('measureExitProbability', () => {
  test.each([
    [0, 0.01, 3.04794120966421e-23],
    [0, 0.05, 1.5488432862088168e-5],
    [0, 0.3, 0.1357782233143969],
    [0.5, 0.2, 0.2643486847558099],
    [0.5, 0.49999, 0.5129811575270683],
    [0.5, 0.5, 0.5129872807924488],
    [-0.9, 0.02, 0.47950012218695354],
    [0.3, 1, 0.6696301951229767],
    [0, 5, 0.9973333659983065],
  ])('default: from %d with a variance of %d is %d', (start, variance, wanted) => {
    // 200 eigenfunctions in mpmath with 80 digits.
    expect(Math.abs(measureExitProbability(start, 1, variance) - wanted)).toBeLessThanOrEqual(2e-13 * wanted)
    expect(measureExitProbability(3 * start, 3, 9 * variance)).toBeCloseTo(wanted, 12)
  })

  test('property: symmetric, rising with time and with the distance from the middle, from 0 to 1', () => {
    const share = fc.double({ min: 0, max: 0.999, noNaN: true })
    const variance = fc.double({ min: 0, max: 4, noNaN: true })
    fc.assert(
      fc.property(share, share, variance, variance, (x, y, v, w) => {
        const probability = measureExitProbability(x, 1, v)
        expect(probability).toBeGreaterThanOrEqual(0)
        expect(probability).toBeLessThanOrEqual(1)
        expect(measureExitProbability(-x, 1, v)).toBeCloseTo(probability, 13)
        if (y > x) expect(measureExitProbability(y, 1, v)).toBeGreaterThanOrEqual(probability - 1e-13)
        if (w > v) expect(measureExitProbability(x, 1, w)).toBeGreaterThanOrEqual(probability - 1e-13)
      }),
    )
  })
})

describe('measureBreach', () => {
  test('default', () => {
    const { expectedDays, probability } = inside(problem({ deviation: 0.02 }), 30)
    expect(expectedDays).toBeCloseTo(((0.04 ** 2 - 0.02 ** 2) / 0.06 ** 2) * 365, 9)
    expect(probability).toBeCloseTo(measureExitProbability(0.5, 1, ((0.06 / 0.04) ** 2 * 30) / 365), 12)
  })

  test('behaviour: looked at every day, as 5,000 simulated walks', () => {
    const one = problem({ deviation: -0.025, checkedEveryDays: 1 })
    const { days, found } = simulate(one, 56)
    const { expectedDays, probability } = inside(one, 56)
    // Four standard errors of the simulation.
    expect(Math.abs(probability - found)).toBeLessThan(0.03)
    expect(Math.abs(expectedDays / days - 1)).toBeLessThan(0.06)
  })

  test.each([
    [0, 1, 14, 0.0008428225406009737, 1e-5],
    [0.035, 1, 14, 0.5647108569904282, 2e-4],
    [0.01, 1, 56, 0.2043767807244642, 3e-5],
    [0.025, 1, 56, 0.4794353528265758, 1e-5],
    [0, 1, 350, 0.8885436419705661, 1e-5],
    [0.025, 7, 14, 0.11355822526394155, 3e-3],
    [0, 7, 56, 0.12091271445719709, 5e-4],
    [0.025, 7, 56, 0.4094816757278752, 5e-4],
    [0.035, 7, 350, 0.9476040684082135, 2e-3],
  ])('behaviour: from %d, looked at every %d days for %d days: %d', (deviation, every, horizon, wanted, within) => {
    // The probability of staying inside at each check, handed on from check to check at 400 Gauss points in numpy.
    const { probability } = inside(problem({ deviation, checkedEveryDays: every }), horizon)
    expect(Math.abs(probability - wanted)).toBeLessThan(within)
    // Without the correction the check would seem to find what came back unseen.
    const unseen = inside(problem({ deviation }), horizon)
    expect(unseen.probability).toBeGreaterThan(wanted + within)
  })

  test.each([
    [0, 1, 177.6523124366767, 1e-9],
    [0.025, 1, 114.28424594487157, 1e-6],
    [0.035, 1, 53.42036266622772, 1e-3],
    [0, 7, 205.61283190867724, 1e-6],
    [0.01, 7, 195.47442400212122, 1e-5],
    [0.025, 7, 142.17340565319518, 1e-3],
    [0.035, 7, 83.40158261143458, 0.03],
    [0.0399, 1, 19.42070618921681, 0.2],
  ])('behaviour: from %d, looked at every %d days, found outside after %d days', (deviation, every, wanted, within) => {
    // u(x) = 1 + the integral of u over the band under a normal step, solved at 400 Gauss points in numpy.
    const { expectedDays } = inside(problem({ deviation, checkedEveryDays: every }), 30)
    expect(Math.abs(expectedDays / wanted - 1)).toBeLessThan(within)
  })

  test('behaviour: on the edge and beyond it the band is left already', () => {
    for (const deviation of [0.04, -0.04, 0.1]) expect(measureBreach(problem({ deviation }), 1).status).toBe('outside')
  })

  test('behaviour: before the first check nothing is found', () => {
    expect(inside(problem({ deviation: 0.0399, checkedEveryDays: 7 }), 6).probability).toBe(0)
    expect(inside(problem({ deviation: 0.0399, checkedEveryDays: 7 }), 7).probability).toBeGreaterThan(0.3)
    expect(inside(problem(), 0).probability).toBe(0)
  })

  test.each<[string, Partial<BreachProblem>]>([
    ['trigger', { trigger: 0 }],
    ['varianceRate', { varianceRate: 0 }],
    ['deviation', { deviation: Number.NaN }],
    ['checkedEveryDays', { checkedEveryDays: -1 }],
  ])('error: InvalidBandInputError for %s', (field, more) => {
    expect(() => measureBreach(problem(more), 1)).toThrow(InvalidBandInputError)
    expect(() => measureBreach(problem(more), 1)).toThrow(field)
  })

  test('error: InvalidBandInputError for a horizon in the past', () => {
    expect(() => measureBreach(problem(), -1)).toThrow(InvalidBandInputError)
  })
})
