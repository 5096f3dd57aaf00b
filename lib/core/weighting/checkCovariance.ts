import type { AssetId } from '../asset'
import type { Matrix } from '../numbers/cholesky'
import { factorCholesky } from '../numbers/cholesky'
import type { WeightRefusal } from './scheme'

/** A covariance that holds: volatilities above zero and a positive definite correlation. */
export type CheckedCovariance =
  | {
      readonly status: 'checked'
      readonly covariance: Matrix
      readonly correlation: Matrix
      readonly deviations: readonly number[]
    }
  | { readonly status: 'infeasible'; readonly reason: WeightRefusal }

/** Two entries across the diagonal that differ by more, as a correlation, are not the same. */
const symmetryTolerance = 1e-9
/** What is left of a variance of one once all that others explain is taken off; under this it is noise of floats. */
const leastIndependence = 1e-12

/**
 * Checks the covariance of some of the assets.
 * @param covariance rows in the order of all assets
 * @param assetIds of all assets
 * @param positions the assets that matter, in the order of the answer
 */
export function checkCovariance(
  covariance: Matrix | undefined,
  assetIds: readonly AssetId[],
  positions: readonly number[],
): CheckedCovariance {
  const refuse = (reason: WeightRefusal) => ({ status: 'infeasible', reason }) as const
  if (covariance === undefined) return refuse({ kind: 'missingCovariance' })
  const assetCount = assetIds.length
  if (covariance.length !== assetCount || covariance.some((row) => row.length !== assetCount)) {
    return refuse({ kind: 'covarianceShape', assetCount })
  }
  const nameOf = (position: number) => assetIds[position] as AssetId
  const at = (row: number, column: number) => covariance[row]?.[column] as number
  for (const row of positions) {
    for (const column of positions) {
      if (!Number.isFinite(at(row, column))) {
        return refuse({ kind: 'covarianceEntry', assetIds: [nameOf(row), nameOf(column)] })
      }
    }
  }
  const still = positions.filter((position) => at(position, position) === 0)
  if (still.length > 0) return refuse({ kind: 'zeroVolatility', assetIds: still.map(nameOf) })
  const negative = positions.find((position) => at(position, position) < 0)
  if (negative !== undefined) return refuse({ kind: 'covarianceNotPositiveDefinite', assetId: nameOf(negative) })

  const deviations = positions.map((position) => Math.sqrt(at(position, position)))
  const scaled = positions.map((row, i) =>
    positions.map((column, j) => at(row, column) / ((deviations[i] as number) * (deviations[j] as number))),
  )
  for (const [i, row] of positions.entries()) {
    for (const [j, column] of positions.entries()) {
      if (Math.abs((scaled[i]?.[j] as number) - (scaled[j]?.[i] as number)) > symmetryTolerance) {
        return refuse({ kind: 'covarianceEntry', assetIds: [nameOf(row), nameOf(column)] })
      }
    }
  }
  const correlation = scaled.map((row, i) =>
    row.map((entry, j) => (i === j ? 1 : (entry + (scaled[j]?.[i] as number)) / 2)),
  )
  const factors = factorCholesky(correlation, leastIndependence)
  if (factors.status !== 'factored') {
    return refuse({
      kind: 'covarianceNotPositiveDefinite',
      assetId: nameOf(positions[factors.row] as number),
    })
  }
  const even = correlation.map((row, i) =>
    row.map((entry, j) => entry * (deviations[i] as number) * (deviations[j] as number)),
  )
  return { status: 'checked', covariance: even, correlation, deviations }
}
