import { describe, expect, test } from 'vitest'
import { emptyLaplacian, factorLaplacian, solveLaplacian } from './laplacian'

function solve(size: number, edges: readonly [number, number, number][], excess: readonly number[], b: number[]) {
  const system = emptyLaplacian(size)
  for (const [i, j, conductance] of edges) system.upper[i * size + j] = conductance
  system.excess.set(excess)
  factorLaplacian(system)
  const x = Float64Array.from(b)
  solveLaplacian(system, x)
  return x
}

describe('solveLaplacian', () => {
  test('default', () => {
    // A chain of two conductances, grounded at its first end.
    const x = solve(
      3,
      [
        [0, 1, 2],
        [1, 2, 1],
      ],
      [4, 0, 0],
      [0, 0, 1],
    )
    expect([...x]).toEqual([0.25, 0.75, 1.75])
  })

  test('behaviour: conductances 24 orders apart keep their digits', () => {
    const x = solve(
      3,
      [
        [0, 1, 1e12],
        [1, 2, 1e-12],
      ],
      [1, 0, 0],
      [0, 0, 1e-12],
    )
    expect(x[2]).toBeCloseTo(1, 11)
    expect((x[1] ?? 0) / 1e-12).toBeCloseTo(1, 11)
  })

  test('behaviour: an unknown tied to nothing stays 0', () => {
    expect([...solve(3, [[0, 2, 1]], [1, 0, 0], [0, 5, 1])]).toEqual([1, 0, 2])
  })
})
