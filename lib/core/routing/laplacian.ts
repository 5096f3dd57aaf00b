/**
 * A symmetric system A x = b with A = D - C, C >= 0 off the diagonal, and D the row sums of C plus a non-negative excess: the
 * Laplacian of a graph, grounded by the excess. Elimination without a single subtraction (Grassmann, Taksar, Heyman 1985)
 * keeps every entry to nearly full relative precision, however far apart the conductances lie.
 */
export interface LaplacianSystem {
  readonly size: number
  /** Conductances above the diagonal, row by row, size x size; overwritten by the factors. */
  readonly upper: Float64Array
  /** Excess of each row; overwritten. */
  readonly excess: Float64Array
  readonly pivots: Float64Array
  /** Scratch: where a row is not 0. */
  readonly columns: Int32Array
}

/** An empty system for so many unknowns. */
export function emptyLaplacian(size: number): LaplacianSystem {
  return {
    size,
    upper: new Float64Array(size * size),
    excess: new Float64Array(size),
    pivots: new Float64Array(size),
    columns: new Int32Array(size),
  }
}

/** Factors the system in place: at most size^3 / 6 multiplications, far fewer where the first rows have few neighbours. */
export function factorLaplacian({ size, upper, excess, pivots, columns }: LaplacianSystem): void {
  for (let k = 0; k < size; k++) {
    const row = k * size
    const ground = excess[k] as number
    let pivot = ground
    let count = 0
    for (let j = k + 1; j < size; j++) {
      const conductance = upper[row + j] as number
      if (conductance === 0) continue
      pivot += conductance
      columns[count++] = j
    }
    pivots[k] = pivot
    if (!(pivot > 0)) continue
    for (let at = 0; at < count; at++) {
      const i = columns[at] as number
      const factor = (upper[row + i] as number) / pivot
      excess[i] = (excess[i] as number) + factor * ground
      const target = i * size
      for (let to = at + 1; to < count; to++) {
        const j = columns[to] as number
        upper[target + j] = (upper[target + j] as number) + factor * (upper[row + j] as number)
      }
    }
    for (let at = 0; at < count; at++) {
      const i = columns[at] as number
      upper[row + i] = (upper[row + i] as number) / pivot
    }
  }
}

/** Solves a factored system; `vector` holds b before and x after. An unknown tied to nothing stays 0. */
export function solveLaplacian({ size, upper, pivots }: LaplacianSystem, vector: Float64Array): void {
  for (let k = 0; k < size; k++) {
    const value = vector[k] as number
    if (value === 0 || !((pivots[k] as number) > 0)) continue
    const row = k * size
    for (let i = k + 1; i < size; i++) {
      vector[i] = (vector[i] as number) + (upper[row + i] as number) * value
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    const pivot = pivots[k] as number
    if (!(pivot > 0)) {
      vector[k] = 0
      continue
    }
    const row = k * size
    let value = (vector[k] as number) / pivot
    for (let i = k + 1; i < size; i++) value += (upper[row + i] as number) * (vector[i] as number)
    vector[k] = value
  }
}
