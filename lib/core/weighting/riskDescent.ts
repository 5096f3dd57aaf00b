import type { Matrix } from '../numbers/cholesky'
import { multiply } from '../numbers/cholesky'

/** Least and most of each asset's risk, deviation x share. */
export type RiskLimits = { readonly least: readonly number[]; readonly most: readonly number[] }

const mostCycles = 5_000
const settledAt = 1e-13

/**
 * Minimises `r' C r / 2 - factor sum ln r` one coordinate after the other (cyclical coordinate descent: Griveau-Billion, Richard and
 * Roncalli 2013): each is the positive root of `r^2 + b r - factor = 0`, b the pull of the others, brought within its limits.
 * @param correlation positive definite, with a diagonal of ones
 * @param request `factor` and all of `from` are above zero
 */
export function descendRisk(
  correlation: Matrix,
  request: { readonly factor: number; readonly from: readonly number[]; readonly limits?: RiskLimits },
): readonly number[] {
  const { factor, limits } = request
  const risks = [...request.from]
  for (let cycle = 0; cycle < mostCycles; cycle++) {
    let moved = 0
    for (const [at, row] of correlation.entries()) {
      const now = risks[at] as number
      let pull = -now
      for (let other = 0; other < row.length; other++) pull += (row[other] as number) * (risks[other] as number)
      const root = Math.sqrt(pull * pull + 4 * factor)
      // Of the two forms of the root the one that subtracts nothing.
      const free = pull > 0 ? (2 * factor) / (pull + root) : (root - pull) / 2
      const next = limits ? Math.min(limits.most[at] as number, Math.max(limits.least[at] as number, free)) : free
      moved = Math.max(moved, Math.abs(next - now) / next)
      risks[at] = next
    }
    if (moved < settledAt) break
  }
  return risks
}

/** The slope of `r' C r / 2 - factor sum ln r`. */
export function riskSlope(correlation: Matrix, risks: readonly number[], factor: number): readonly number[] {
  return multiply(correlation, risks).map((value, at) => value - factor / (risks[at] as number))
}

/** The curvature of `r' C r / 2 - factor sum ln r`. */
export function riskCurvature(correlation: Matrix, risks: readonly number[], factor: number): Matrix {
  return correlation.map((row, at) =>
    row.map((entry, column) => (column === at ? entry + factor / (risks[at] as number) ** 2 : entry)),
  )
}
