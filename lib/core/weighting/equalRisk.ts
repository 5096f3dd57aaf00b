import type { Matrix } from '../numbers/cholesky'
import { factorCholesky, multiply, solveCholesky } from '../numbers/cholesky'
import { limitEqualRisk } from './boundedEqualRisk'
import { descendRisk, riskCurvature, riskSlope } from './riskDescent'
import type { ShareLimits } from './scheme'

/** `unequal`: no shares within the limits give all assets that are at no limit the same risk. */
export type EqualRiskShares =
  | { readonly status: 'shared'; readonly shares: readonly number[] }
  | { readonly status: 'unequal' }

/** Contributions that differ by less, as a part of all risk, are the same. */
const contributionTolerance = 1e-10
const mostNewtonSteps = 100
const settledAt = 1e-14

/**
 * Long-only shares x with the same risk contribution x_i (C x)_i everywhere, summing to the total (equal risk contribution: Maillard,
 * Roncalli and Teiletche 2010). They minimise `x' C x / 2 - sum ln x` up to scale (Spinu 2013); found by cyclical coordinate descent and
 * finished by Newton steps. Where they break a limit, the same function is minimised within the limits, see {@link limitEqualRisk}.
 * @param correlation positive definite, with a diagonal of ones
 * @param deviations above zero, in any unit
 * @param limits `total` is between n x least and n x most
 */
export function equaliseRisk(correlation: Matrix, deviations: readonly number[], limits: ShareLimits): EqualRiskShares {
  const all = correlation.flat().reduce((sum, entry) => sum + entry, 0)
  const from = correlation.map(() => 1 / Math.sqrt(all))
  // In risk rather than money, r = deviation x share, the matrix is the correlation.
  const open = finish(correlation, descendRisk(correlation, { factor: 1, from }))
  const size = open.reduce((sum, risk, at) => sum + risk / (deviations[at] as number), 0)
  const risks = open.map((risk) => (risk * limits.total) / size)
  const shares = risks.map((risk, at) => risk / (deviations[at] as number))
  if (shares.some((share) => share < limits.least || share > limits.most)) {
    const bounded = limitEqualRisk(correlation, deviations, { ...limits, risks, factor: (limits.total / size) ** 2 })
    return bounded ? { status: 'shared', shares: bounded } : { status: 'unequal' }
  }
  return contributionGap(correlation, risks) <= contributionTolerance
    ? { status: 'shared', shares }
    : { status: 'unequal' }
}

/** Damped Newton steps on `r' C r / 2 - sum ln r`: it is self-concordant, so that each step comes closer (Spinu 2013). */
function finish(correlation: Matrix, from: readonly number[]): readonly number[] {
  let risks = from
  for (let step = 0; step < mostNewtonSteps; step++) {
    const slope = riskSlope(correlation, risks, 1)
    const factors = factorCholesky(riskCurvature(correlation, risks, 1))
    if (factors.status !== 'factored') break
    const move = solveCholesky(factors.lower, slope)
    const decrement = Math.sqrt(
      Math.max(
        0,
        slope.reduce((sum, value, at) => sum + value * (move[at] as number), 0),
      ),
    )
    const length = decrement < 0.25 ? 1 : 1 / (1 + decrement)
    risks = risks.map((risk, at) => risk - length * (move[at] as number))
    if (decrement < settledAt) break
  }
  return risks
}

/** How far the largest and the smallest contribution are apart, as a part of all risk. */
function contributionGap(correlation: Matrix, risks: readonly number[]): number {
  const contributions = multiply(correlation, risks).map((value, at) => value * (risks[at] as number))
  const whole = contributions.reduce((sum, value) => sum + value, 0)
  return (Math.max(...contributions) - Math.min(...contributions)) / whole
}
