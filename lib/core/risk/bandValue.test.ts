import { describe, expect, test } from 'vitest'
import { type BandProblem, measureCostAwareBand } from './costAwareBand'

/** One side of a grid of deviations, from 0 outwards. */
interface Grid {
  readonly step: number
  readonly points: number
}

/**
 * The same problem without its equations: at each step of a lattice walk (a quarter up, a quarter down, half still) the
 * controller may pay k + c per unit to jump to any other point. Relative value iteration finds the least long-run loss and
 * who acts where.
 */
function iterate({ varianceRate, runningLoss, proportionalCost, fixedCost }: BandProblem, { step, points }: Grid) {
  const years = (step * step) / (2 * varianceRate)
  let values = new Float64Array(points)
  let loss = 0
  let band = { trigger: 0, destination: 0 }
  for (let round = 0; round < 60_000; round++) {
    const next = new Float64Array(points)
    let cheapest = Number.POSITIVE_INFINITY
    let target = 0
    band = { trigger: (points - 1) * step, destination: 0 }
    let acts = false
    for (let i = 0; i < points; i++) {
      const down = values[Math.abs(i - 1)] ?? 0
      const up = values[Math.min(points - 1, i + 1)] ?? 0
      const waiting = runningLoss * (i * step) ** 2 * years + (down + up) / 4 + (values[i] ?? 0) / 2
      const jumping = cheapest + proportionalCost * i * step + fixedCost
      if (jumping < waiting && !acts) {
        acts = true
        band = { trigger: i * step, destination: target * step }
      }
      if (waiting - proportionalCost * i * step < cheapest) {
        cheapest = waiting - proportionalCost * i * step
        target = i
      }
      next[i] = Math.min(waiting, jumping)
    }
    const base = next[0] ?? 0
    const changed = Math.abs(base / years - loss)
    loss = base / years
    values = next.map((value) => value - base)
    if (round > 1000 && changed < 1e-10 * loss) break
  }
  return { loss, ...band }
}

describe('measureCostAwareBand beside value iteration', () => {
  test.each([
    [0.25, 0.003, 1e-6],
    [0.1, 0.0005, 1e-6],
    [0.5, 0.003, 5e-4],
    [0.3, 0, 1e-5],
  ])('behaviour: weight %d, fee %d, gas %d', (weight, proportionalCost, fixedCost) => {
    const problem: BandProblem = {
      varianceRate: (weight * 0.7) ** 2,
      runningLoss: (0.7 / (1 - weight)) ** 2,
      proportionalCost,
      fixedCost,
    }
    const band = measureCostAwareBand(problem)
    const step = band.trigger / 60
    const found = iterate(problem, { step, points: 120 })
    expect(Math.abs(found.loss / band.lossPerYear - 1)).toBeLessThan(0.005)
    expect(Math.abs(found.trigger - band.trigger)).toBeLessThan(3 * step)
    expect(Math.abs(found.destination - band.destination)).toBeLessThan(3 * step)
  })
})
