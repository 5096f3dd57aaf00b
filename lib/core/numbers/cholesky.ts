/** A square table of numbers, row by row. */
export type Matrix = readonly (readonly number[])[]

/** A symmetric positive definite matrix as `lower` times its transpose, or the first row that is not independent of those above. */
export type Factors =
  | { readonly status: 'factored'; readonly lower: Matrix }
  | { readonly status: 'notPositiveDefinite'; readonly row: number }

/**
 * Factors a symmetric matrix (Cholesky). Only its lower triangle is read.
 * @param leastPivot what is left of a diagonal entry once the rows above are taken off must be above this part of it
 */
export function factorCholesky(matrix: Matrix, leastPivot = 0): Factors {
  const lower: number[][] = []
  for (const [row, entries] of matrix.entries()) {
    const factors: number[] = []
    for (let column = 0; column <= row; column++) {
      const above = column === row ? factors : (lower[column] as number[])
      let left = entries[column] as number
      for (let k = 0; k < column; k++) left -= (factors[k] as number) * (above[k] as number)
      if (column < row) factors.push(left / (above[column] as number))
      else if (left > leastPivot * (entries[row] as number)) factors.push(Math.sqrt(left))
      else return { status: 'notPositiveDefinite', row }
    }
    lower.push(factors)
  }
  return { status: 'factored', lower }
}

/** Solves a factored system. */
export function solveCholesky(lower: Matrix, constants: readonly number[]): readonly number[] {
  const solution = [...constants]
  for (let row = 0; row < solution.length; row++) {
    let value = solution[row] as number
    for (let k = 0; k < row; k++) value -= (lower[row]?.[k] as number) * (solution[k] as number)
    solution[row] = value / (lower[row]?.[row] as number)
  }
  for (let row = solution.length - 1; row >= 0; row--) {
    let value = solution[row] as number
    for (let k = row + 1; k < solution.length; k++) value -= (lower[k]?.[row] as number) * (solution[k] as number)
    solution[row] = value / (lower[row]?.[row] as number)
  }
  return solution
}

/** A matrix times a vector. */
export function multiply(matrix: Matrix, vector: readonly number[]): readonly number[] {
  return matrix.map((row) => row.reduce((sum, entry, column) => sum + entry * (vector[column] as number), 0))
}

/** The rows and columns of a matrix at these positions, in this order. */
export function submatrix(matrix: Matrix, positions: readonly number[]): Matrix {
  return positions.map((row) => positions.map((column) => matrix[row]?.[column] as number))
}
