import { factorCholesky, type Matrix } from '../numbers/cholesky'

/** How returns move, each by itself and together, a year. */
export interface Covariance {
  /** The assets of the rows and columns. */
  readonly ids: readonly string[]
  /** Covariance of log returns a year: symmetric and positive definite. */
  readonly matrix: Matrix
}

/** An asset whose price never moves: nothing can be said of how far it drifts. */
export class ZeroVolatilityError extends Error {
  override readonly name = 'ZeroVolatilityError'
  constructor(
    readonly id: string,
    readonly position: number,
  ) {
    super(
      `${id} has a volatility of zero. Give it a small positive one, such as 0.005 for a stable asset, or leave it out.`,
    )
  }
}

/** Correlations that no returns can have, or prices that determine one another. */
export class NotPositiveDefiniteError extends Error {
  override readonly name = 'NotPositiveDefiniteError'
  constructor(
    readonly id: string,
    readonly position: number,
    /** The assets whose mixture `id` is, or would have to be. */
    readonly others: readonly string[],
  ) {
    super(
      `The covariance is not positive definite: ${id} moves as no asset can beside ${others.join(', ')}. Bring its correlations closer to 0, take all of them from the same days, or leave ${id} out.`,
    )
  }
}

/** A correlation, a volatility or a table of the wrong shape. */
export class InvalidCovarianceError extends Error {
  override readonly name = 'InvalidCovarianceError'
  constructor(
    /** Where, such as `correlation[1][2]`. */
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field} ${reason}`)
  }
}

/** An asset that a covariance does not speak of. */
export class UncoveredAssetError extends Error {
  override readonly name = 'UncoveredAssetError'
  constructor(readonly id: string) {
    super(`The covariance does not cover ${id}. Measure it from a history that holds ${id}.`)
  }
}

/** The entry of a table, which has to be there. */
export function entryOf(matrix: Matrix, row: number, column: number): number {
  return matrix[row]?.[column] ?? Number.NaN
}

/** Sums a_i M_ij b_j. */
export function measureProduct(a: readonly number[], matrix: Matrix, b: readonly number[]): number {
  return a.reduce(
    (sum, left, i) => sum + left * b.reduce((part, right, j) => part + entryOf(matrix, i, j) * right, 0),
    0,
  )
}

/** A pivot below this part of its variance is rounding: the assets determine one another. */
const leastPivot = 1e-10

/**
 * Takes a symmetric table for a covariance, by Cholesky's factorisation.
 * @throws {ZeroVolatilityError} when a variance is not positive.
 * @throws {NotPositiveDefiniteError} naming the first asset that does not fit those before it.
 */
export function toCovariance({ ids, matrix }: Covariance): Covariance {
  const factors = factorCholesky(
    ids.map((_, row) => matrix[row] ?? []),
    leastPivot,
  )
  if (factors.status === 'notPositiveDefinite') {
    const { row } = factors
    const id = ids[row] ?? ''
    if (!(entryOf(matrix, row, row) > 0)) throw new ZeroVolatilityError(id, row)
    throw new NotPositiveDefiniteError(id, row, ids.slice(0, row))
  }
  return { ids, matrix }
}

/** An asset and how much its price moves. */
export interface AssetVolatility {
  readonly id: string
  /** Standard deviation of its log returns a year; positive. */
  readonly volatility: number
}

/**
 * Composes a covariance from volatilities and correlations.
 * @param correlation one row and one column for each asset, in their order: 1 on the diagonal, symmetric, within -1 and 1.
 * @throws {InvalidCovarianceError} when an entry is out of its range or the table has another shape.
 * @throws {ZeroVolatilityError} when an asset does not move.
 * @throws {NotPositiveDefiniteError} when no returns can be correlated like this.
 */
export function composeCovariance(assets: readonly AssetVolatility[], correlation: Matrix): Covariance {
  checkCorrelation(assets.length, correlation)
  for (const [i, { id, volatility }] of assets.entries()) {
    if (volatility === 0) throw new ZeroVolatilityError(id, i)
    if (!(volatility > 0 && Number.isFinite(volatility)))
      throw new InvalidCovarianceError(`assets[${i}].volatility`, `must be positive; got ${volatility}`)
  }
  const matrix = assets.map((a, i) => assets.map((b, j) => a.volatility * entryOf(correlation, i, j) * b.volatility))
  return toCovariance({ ids: assets.map(({ id }) => id), matrix })
}

/** Correlations that were rounded may miss symmetry or 1 by so much. */
const tolerance = 1e-9

function checkCorrelation(size: number, correlation: Matrix): void {
  const refuse = (field: string, reason: string): never => {
    throw new InvalidCovarianceError(field, reason)
  }
  if (correlation.length !== size)
    refuse('correlation', `must have a row for each of the ${size} assets; got ${correlation.length}`)
  for (const [i, row] of correlation.entries()) {
    if (row.length !== size) refuse(`correlation[${i}]`, `must have ${size} entries; got ${row.length}`)
    for (const [j, value] of row.entries()) {
      const field = `correlation[${i}][${j}]`
      if (!(Math.abs(value) <= 1)) refuse(field, `must lie within -1 and 1; got ${value}`)
      if (i === j && Math.abs(value - 1) > tolerance) refuse(field, `must be 1, an asset with itself; got ${value}`)
      const mirrored = entryOf(correlation, j, i)
      if (j < i && Math.abs(value - mirrored) > tolerance)
        refuse(field, `must equal correlation[${j}][${i}]; got ${value} and ${mirrored}`)
    }
  }
}

/**
 * The part of a covariance that some assets have, in their order.
 * @throws {UncoveredAssetError} when it does not speak of one of them.
 */
export function selectCovariance({ ids, matrix }: Covariance, wanted: readonly string[]): Covariance {
  const rows = wanted.map((id) => {
    const row = ids.indexOf(id)
    if (row < 0) throw new UncoveredAssetError(id)
    return row
  })
  return { ids: wanted, matrix: rows.map((i) => rows.map((j) => entryOf(matrix, i, j))) }
}

/** Standard deviation of each asset's log returns a year. */
export function measureVolatilities({ ids, matrix }: Covariance): readonly AssetVolatility[] {
  return ids.map((id, i) => ({ id, volatility: Math.sqrt(entryOf(matrix, i, i)) }))
}

/** Correlations within -1 and 1, 1 on the diagonal. */
export function measureCorrelation({ ids, matrix }: Covariance): Matrix {
  const deviations = ids.map((_, i) => Math.sqrt(entryOf(matrix, i, i)))
  return deviations.map((a, i) =>
    deviations.map((b, j) => (i === j ? 1 : Math.max(-1, Math.min(1, entryOf(matrix, i, j) / (a * b))))),
  )
}
